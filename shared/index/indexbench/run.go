// Package indexbench measures shared/index on one machine: the same requests at ten thousand
// documents and at a million, so that the figures, as ratios, mean the same on any machine.
package indexbench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/embedded"
	"github.com/tenantry/tenantry/shared/index"
	"github.com/tenantry/tenantry/shared/table/sqlite"
)

const (
	small = 10_000
	large = 1_000_000
	usual = 400 // samples of each kind of request
	space = "ORG#bench"
)

// Run builds both indexes in files in dir, which it removes again, and prints the figures.
func Run(ctx context.Context, out io.Writer, dir string) error {
	return compare(ctx, out, dir, small, large, usual)
}

func compare(ctx context.Context, out io.Writer, dir string, few, many int64, samples int) error {
	left, err := measure(ctx, out, dir, few, samples)
	if err != nil {
		return err
	}
	right, err := measure(ctx, out, dir, many, samples)
	if err != nil {
		return err
	}
	for i, a := range left {
		b := right[i]
		fmt.Fprintf(out, "%-42s p50 %8v → %8v, ratio %5.2f;  p99 %8v → %8v, ratio %5.2f\n", a.name,
			a.p50, b.p50, float64(b.p50)/float64(a.p50), a.p99, b.p99, float64(b.p99)/float64(a.p99))
	}
	return nil
}

// figure is how long one kind of request takes.
type figure struct {
	name     string
	p50, p99 time.Duration
}

func measure(ctx context.Context, out io.Writer, dir string, size int64, samples int) (figures []figure, err error) {
	path := filepath.Join(dir, fmt.Sprintf("index-%d.db", size))
	defer func() {
		for _, name := range []string{path, path + "-wal", path + "-shm", path + ".lock"} {
			_ = os.Remove(name)
		}
	}()
	corpus := newCorpus(size)
	if err := build(ctx, out, path, corpus); err != nil {
		return nil, err
	}
	// Opened anew, the file has all of its log, as one that has run for a while.
	database, err := embedded.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, database.Close()) }()
	store, err := sqlite.New(ctx, database, sqlite.Options{Now: time.Now})
	if err != nil {
		return nil, err
	}
	found := index.New(store, time.Now)
	for _, kind := range kinds(corpus) {
		next, err := timesOf(ctx, found, kind, samples)
		if err != nil {
			return nil, err
		}
		figures = append(figures, next)
	}
	return figures, units(ctx, out, store, corpus, int64(samples)*5/2)
}

func build(ctx context.Context, out io.Writer, path string, c *corpus) (err error) {
	database, err := embedded.Open(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, database.Close()) }()
	store, err := sqlite.New(ctx, database, sqlite.Options{Now: time.Now})
	if err != nil {
		return err
	}
	began := time.Now()
	if err := index.New(store, time.Now).Rebuild(ctx, space, c.documents()); err != nil {
		return err
	}
	built := time.Since(began)
	file, err := os.Stat(path)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "(an index of %d documents was built in %v; its file has %d MB)\n", c.size, built.Round(time.Second/10), file.Size()>>20)
	return err
}

// timesOf measures one kind of request, after some that warm up.
func timesOf(ctx context.Context, found *index.Index, kind kind, samples int) (figure, error) {
	random := rand.New(rand.NewPCG(3, 4))
	times := make([]time.Duration, 0, samples)
	warm := samples / 4
	for i := range samples + warm {
		began := time.Now()
		if err := kind.ask(ctx, found, random); err != nil {
			return figure{}, fmt.Errorf("%s: %w", kind.name, err)
		}
		if i >= warm {
			times = append(times, time.Since(began))
		}
	}
	slices.Sort(times)
	return figure{kind.name, times[len(times)/2].Round(time.Microsecond), times[len(times)*99/100].Round(time.Microsecond)}, nil
}
