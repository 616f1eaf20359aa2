package main

import (
	"context"
	"slices"
	"time"
)

// startup measures the time from the start of the process to its first response, with the data of
// the whole run.
func (b *bench) startup(ctx context.Context) error {
	var times []float64
	for range b.size.starts {
		began := time.Now()
		if err := b.start(ctx); err != nil {
			return err
		}
		times = append(times, time.Since(began).Seconds()*1000)
		if err := b.stop(); err != nil {
			return err
		}
	}
	slices.Sort(times)
	b.note("start to first response, median", times[len(times)/2], "ms", "")
	return nil
}
