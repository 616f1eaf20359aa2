package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// step runs a step of the measurement within its time limit. If the limit is exceeded, the error
// says what the step waited for.
func (b *bench) step(ctx context.Context, what string, take func(*bench, context.Context) error) error {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, b.size.limit)
	defer cancel()
	b.waitsFor.Store("nothing yet")
	b.ctx = ctx
	err := take(b, ctx)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("%s: not finished within %v; waited for: %s (%w)", what, b.size.limit, b.waitsFor.Load(), err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	fmt.Fprintf(os.Stderr, "bench: %s of %s took %v\n", what, b.name, time.Since(began).Round(100*time.Millisecond))
	return nil
}

// await waits until a condition holds, and records the progress.
func (b *bench) await(ctx context.Context, pause time.Duration, done func() (bool, string, error)) error {
	for {
		ok, still, err := done()
		if err != nil || ok {
			return err
		}
		b.waitsFor.Store(still)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}
