//go:build !traces

package main

import (
	"context"
	"errors"
)

// startTraces returns no exporter. The libraries that send spans make the program larger by half, and
// its start slower, so it is built without them unless traces are wanted.
func startTraces(_ context.Context, lookup func(string) (string, bool)) (exporter, error) {
	if collector, _ := lookup("OTEL_EXPORTER_OTLP_ENDPOINT"); collector != "" {
		return nil, errors.New("the setting traces needs a program that can send them: build it with 'make build-lambda TRACES=1'")
	}
	return nil, nil
}
