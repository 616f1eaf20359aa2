// Package searchbench measures shared/search on one machine. It runs the same requests on indexes of
// ten thousand and of a million documents, and reports ratios, which are comparable between
// machines. Each file is closed after the build, read once to fill the cache of the operating
// system, and opened again. The requests then alternate between the two indexes, after a warm-up of
// each kind, so that caches and other load affect both alike.
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
	small   = 10_000 // documents in the smaller index
	samples = 400    // of each kind of request
	space   = "ORG#bench"
)

// Run builds an index of ten thousand documents and one of large documents, in files in dir, writes
// the measurements to out, and removes the files.
func Run(ctx context.Context, out io.Writer, dir string, large int64) error {
	return compare(ctx, out, dir, min(small, large), large, samples)
}

// compare builds both indexes and measures them.
func compare(ctx context.Context, out io.Writer, dir string, smaller, larger int64, samples int) error {
	var pair [2]*installation
	for i, size := range []int64{smaller, larger} {
		path := filepath.Join(dir, fmt.Sprintf("index-%d-%d.db", i, size))
		if err := build(ctx, out, path, newCorpus(size)); err != nil {
			return fmt.Errorf("build an index of %d documents: %w", size, err)
		}
		installation, err := open(ctx, path, size)
		if err != nil {
			return err
		}
		defer installation.remove()
		pair[i] = installation
	}
	return measure(ctx, out, pair, samples)
}

// measure writes the times of each kind of request on both indexes, and their costs.
func measure(ctx context.Context, out io.Writer, pair [2]*installation, samples int) error {
	for i := range kinds(pair[0].corpus) {
		smaller, larger, err := timesOf(ctx, pair, i, samples)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%-36s p50 %8v → %8v, ratio %5.2f;  p99 %8v → %8v, ratio %5.2f\n",
			smaller.name,
			smaller.p50, larger.p50, float64(larger.p50)/float64(smaller.p50),
			smaller.p99, larger.p99, float64(larger.p99)/float64(smaller.p99))
		if err != nil {
			return err
		}
	}
	for _, installation := range pair {
		if err := units(ctx, out, installation.store, installation.corpus, samples/4); err != nil {
			return err
		}
	}
	return nil
}

// installation is an index in a file of its own.
type installation struct {
	path     string
	database *embedded.Database
	store    *sqlite.Store
	index    *search.Index
	corpus   *corpus
}

// open opens the file of an index.
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

// readOnce reads a file, so that the operating system caches it.
func readOnce(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, file)
	return errors.Join(err, file.Close())
}

// remove closes and deletes the file. If that fails, the file goes with its folder.
func (i *installation) remove() {
	_ = i.database.Close()
	for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
		_ = os.Remove(i.path + suffix)
	}
}

// build builds an index in a file.
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
	start := time.Now()
	if err := search.New(store, time.Now).Rebuild(ctx, space, c); err != nil {
		return err
	}
	duration := time.Since(start)
	file, err := os.Stat(path)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "(built an index of %d documents in %v; its file has %d MB)\n",
		c.size, duration.Round(time.Second/10), file.Size()>>20)
	return err
}

// figure is the time that a kind of request takes.
type figure struct {
	name     string
	p50, p99 time.Duration
}

// timesOf measures a kind of request on both indexes, after a warm-up.
func timesOf(ctx context.Context, pair [2]*installation, kindIndex, samples int) (smaller, larger figure, err error) {
	var figures [2]figure
	var times [2][]time.Duration
	var random [2]*rand.Rand
	for side := range pair {
		random[side] = rand.New(rand.NewPCG(3, 4))
	}
	warm := samples / 2
	for i := range samples + warm {
		for side, installation := range pair {
			kind := kinds(installation.corpus)[kindIndex]
			request := kind.prepare(random[side])
			start := time.Now()
			if err := request(ctx, installation.index); err != nil {
				return figure{}, figure{}, fmt.Errorf("%s: %w", kind.name, err)
			}
			if i >= warm {
				times[side] = append(times[side], time.Since(start))
			}
			figures[side].name = kind.name
		}
	}
	for side := range pair {
		slices.Sort(times[side])
		figures[side].p50 = times[side][samples/2].Round(time.Microsecond)
		figures[side].p99 = times[side][samples*99/100].Round(time.Microsecond)
	}
	return figures[0], figures[1], nil
}
