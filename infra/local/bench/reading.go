package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

func (b *bench) fillFew(ctx context.Context) error { return b.fill(ctx, b.size.fewCases) }

func (b *bench) fillMany(ctx context.Context) error { return b.fill(ctx, b.size.cases) }

func (b *bench) readFew(ctx context.Context) error { return b.readAmong(ctx, b.size.fewCases) }

// readMany also compares with the results among few.
func (b *bench) readMany(ctx context.Context) error {
	before := len(b.figures)
	if err := b.readAmong(ctx, b.size.cases); err != nil {
		return err
	}
	few, many := b.figures[before-2:before], b.figures[before:before+2]
	for i, what := range []string{"list a page", "read a case"} {
		b.note(fmt.Sprintf("  %s: ratio of many to few", what), many[i].values[0]/few[i].values[0], "", "≤ 1.2")
	}
	return nil
}

// readAmong measures how long a page and a case take, with the program restarted.
func (b *bench) readAmong(ctx context.Context, cases int) error {
	if err := b.start(ctx); err != nil {
		return err
	}
	middle := func(what string, path func() string) (float64, error) {
		b.waitsFor.Store(fmt.Sprintf("%d responses: %s", b.size.samples, what))
		times := make([]time.Duration, 0, b.size.samples)
		warmUp := b.size.samples / 15
		for i := range b.size.samples + warmUp {
			began := time.Now()
			if _, _, err := b.call("GET", path(), nil); err != nil {
				return 0, err
			}
			if i >= warmUp {
				times = append(times, time.Since(began))
			}
		}
		slices.Sort(times)
		return times[len(times)/2].Seconds() * 1000, nil
	}
	path := "/orgs/" + b.orgID + "/cases"
	list, err := middle("a page", func() string { return path + "?limit=50" })
	if err != nil {
		return err
	}
	read, err := middle("a case", func() string { return path + "/" + b.ids[rand.N(len(b.ids))] })
	if err != nil {
		return err
	}
	b.note(fmt.Sprintf("list a page of 50 of %d cases, median", cases), list, "ms", "")
	b.note(fmt.Sprintf("read a case, any of %d, median", cases), read, "ms", "")
	return b.stop()
}
