package main

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
)

// labelers is how many clients create organizations at the same time.
const labelers = 16

// labels measures how long one job takes to label each of few organizations, and each of ten times as
// many: the time for one must not grow with their number. The job's results must be exact.
func (b *bench) labels(ctx context.Context) error {
	few, many := b.size.fewOrgs, 10*b.size.fewOrgs
	msp, _, err := b.call("POST", "/msps", object{"name": "Boreal Managed"}, b.operator...)
	if err != nil {
		return err
	}
	path := "/msps/" + msp["id"].(string)
	first, err := b.labelAll(ctx, path, "First", 0, few)
	if err != nil {
		return err
	}
	later, err := b.labelAll(ctx, path, "Later", few, many)
	if err != nil {
		return err
	}
	b.note(fmt.Sprintf("label an organization, in a job for %d", few), first, "ms", "")
	b.note(fmt.Sprintf("label an organization, in a job for %d", many), later, "ms", "")
	b.note("  label: ratio of many to few", later/first, "", "≤ 1.2")
	return nil
}

// labelAll creates organizations of an MSP until there are enough, and has a job label all of them. It
// returns the milliseconds for each.
func (b *bench) labelAll(ctx context.Context, msp, name string, from, to int) (float64, error) {
	b.waitsFor.Store(fmt.Sprintf("%d organizations", to))
	var group errgroup.Group
	group.SetLimit(labelers)
	for number := from; number < to; number++ {
		group.Go(func() error {
			_, _, err := b.call("POST", msp+"/orgs", object{"name": fmt.Sprintf("Organization %d", number)}, b.operator...)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return 0, err
	}
	label, _, err := b.call("POST", msp+"/orggroups", object{"name": name}, b.operator...)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	job, _, err := b.call("POST", msp+"/orgs/bulk",
		object{"action": "label", "add": []any{label["id"]}, "filter": object{}}, b.operator...)
	if err != nil {
		return 0, err
	}
	err = b.await(ctx, 50*time.Millisecond, func() (bool, string, error) {
		now, _, err := b.call("GET", msp+"/jobs/"+job["id"].(string)+"?limit=1", nil, b.operator...)
		if err != nil {
			return false, "", err
		}
		if now["state"] == "failed" || now["done"].(float64) > float64(to) {
			return false, "", fmt.Errorf("the job for %d organizations is %v", to, now)
		}
		return now["state"] == "done" && now["done"] == float64(to), fmt.Sprintf("%v of %d labelled", now["done"], to), nil
	})
	return time.Since(began).Seconds() * 1000 / float64(to), err
}
