//go:build traces

package main

import (
	"context"

	"github.com/tenantry/tenantry/shared/tracing/export"
)

// startTraces begins to record spans if a collector is set; the exporter is nil otherwise.
func startTraces(ctx context.Context, lookup func(string) (string, bool)) (exporter, error) {
	if collector, _ := lookup(export.Endpoint); collector == "" {
		return nil, nil
	}
	return export.Start(ctx, "tenantry")
}
