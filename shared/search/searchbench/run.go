// Package searchbench measures shared/search on one machine: the same requests at ten thousand
// documents and at a million, so that the figures, as ratios, mean the same on any machine.
// Both files are closed after they were built, read once, so that the operating system has
// them in its cache if it has the memory, and opened again. Then both are asked in
// turns, each kind of request some times before it counts: so both have the same of a warm
// cache and of what else the machine does.
package searchbench

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

	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/table/sqlite"
)

const (
	small = 10_000
	usual = 400 // samples of each kind of request
	space = "ORG#bench"
)

// Run builds both indexes, of ten thousand documents and of so many, in files in dir, which it
// removes again, and prints the figures.
func Run(ctx context.Context, out io.Writer, dir string, large int64) error {
	return compare(ctx, out, dir, min(small, large), large, usual)
}

func compare(ctx context.Context, out io.Writer, dir string, few, many int64, samples int) error {
	var both [2]*installation
	for i, size := range []int64{few, many} {
		path := filepath.Join(dir, fmt.Sprintf("index-%d-%d.db", i, size))
		if err := build(ctx, out, path, newCorpus(size)); err != nil {
			return fmt.Errorf("build an index of %d documents: %w", size, err)
		}
		opened, err := open(ctx, path, size)
		if err != nil {
			return err
		}
		defer opened.remove()
		both[i] = opened
	}
	return measure(ctx, out, both, samples)
}

func measure(ctx context.Context, out io.Writer, both [2]*installation, samples int) error {
	for i := range kinds(both[0].corpus) {
		left, right, err := timesOf(ctx, both, i, samples)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(
			out,
			"%-36s p50 %8v → %8v, ratio %5.2f;  p99 %8v → %8v, ratio %5.2f\n",
			left.name,
			left.p50,
			right.p50,
			float64(right.p50)/float64(left.p50),
			left.p99,
			right.p99,
			float64(right.p99)/float64(left.p99),
		); err != nil {
			return err
		}
	}
	for _, one := range both {
		if err := units(ctx, out, one.store, one.corpus, samples/4); err != nil {
			return err
		}
	}
	return nil
}

// installation is an index in a file.
type installation struct {
	path     string
	database *embedded.Database
	store    *sqlite.Store
	found    *search.Index
	corpus   *corpus
}

func open(ctx context.Context, path string, size int64) (*installation, error) {
	if err := readOnce(path); err != nil {
		return nil, err
	}
	database, err := embedded.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	store, err := sqlite.New(ctx, database, sqlite.Options{Now: time.Now})
	if err != nil {
		return nil, errors.Join(err, database.Close())
	}
	return &installation{path, database, store, search.New(store, time.Now), newCorpus(size)}, nil
}

func readOnce(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, file)
	return errors.Join(err, file.Close())
}

// remove closes the file and removes it; what of it stays goes with its folder.
func (i *installation) remove() {
	_ = i.database.Close()
	for _, end := range []string{"", "-wal", "-shm", ".lock"} {
		_ = os.Remove(i.path + end)
	}
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
	if err := search.New(store, time.Now).Rebuild(ctx, space, c.documents()); err != nil {
		return err
	}
	built := time.Since(began)
	file, err := os.Stat(path)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(
		out,
		"(an index of %d documents was built in %v; its file has %d MB)\n",
		c.size,
		built.Round(time.Second/10),
		file.Size()>>20,
	)
	return err
}

// figure is how long one kind of request takes.
type figure struct {
	name     string
	p50, p99 time.Duration
}

// timesOf measures one kind of request in both, after some that warm up.
func timesOf(ctx context.Context, both [2]*installation, which, samples int) (left, right figure, err error) {
	var figures [2]figure
	var times [2][]time.Duration
	var random [2]*rand.Rand
	for side := range both {
		random[side] = rand.New(rand.NewPCG(3, 4))
	}
	warm := samples / 2
	for i := range samples + warm {
		for side, one := range both {
			kind := kinds(one.corpus)[which]
			ask := kind.prepare(random[side])
			began := time.Now()
			if err := ask(ctx, one.found); err != nil {
				return left, right, fmt.Errorf("%s: %w", kind.name, err)
			}
			if i >= warm {
				times[side] = append(times[side], time.Since(began))
			}
			figures[side].name = kind.name
		}
	}
	for side := range both {
		slices.Sort(times[side])
		figures[side].p50 = times[side][samples/2].Round(time.Microsecond)
		figures[side].p99 = times[side][samples*99/100].Round(time.Microsecond)
	}
	return figures[0], figures[1], nil
}
