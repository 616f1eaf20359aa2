package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// startup measures from the start of the process to its first answer, on the data of the whole run.
func (b *bench) startup(ctx context.Context) error {
	var times []time.Duration
	for range 7 {
		began := time.Now()
		if err := b.start(ctx); err != nil {
			return err
		}
		times = append(times, time.Since(began))
		if err := b.stop(); err != nil {
			return err
		}
	}
	slices.Sort(times)
	fmt.Printf(
		"start to first answer:                       median %v\n",
		times[len(times)/2].Round(100*time.Microsecond),
	)
	return nil
}
