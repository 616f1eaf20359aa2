package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// deadLetter is a message that failed too often.
type deadLetter struct {
	ID       string `json:"id"`
	Queue    string `json:"queue"`
	Reason   string `json:"reason"`
	Receives int    `json:"receives"`
	Time     int64  `json:"timestamp"`
}

// eachDeadLetter calls do for all dead letters, the newest first.
func eachDeadLetter(ctx context.Context, api client, do func(deadLetter) error) error {
	for path := "/platform/dead_letters?limit=100"; path != ""; {
		var page struct {
			Results []deadLetter `json:"results"`
			Next    string       `json:"next"`
		}
		if err := api.call(ctx, "GET", path, nil, &page); err != nil {
			return err
		}
		for _, one := range page.Results {
			if err := do(one); err != nil {
				return err
			}
		}
		path = page.Next
	}
	return nil
}

func status(ctx context.Context, api client, out io.Writer) error {
	var queues struct {
		Results []struct {
			Name     string `json:"name"`
			Waiting  int64  `json:"waiting"`
			InFlight int64  `json:"in_flight"`
			Delayed  int64  `json:"delayed"`
			Dead     int64  `json:"dead"`
		} `json:"results"`
	}
	if err := api.call(ctx, "GET", "/platform/queues", nil, &queues); err != nil {
		return err
	}
	counts := map[string]int{}
	if err := eachDeadLetter(ctx, api, func(letter deadLetter) error { counts[letter.Queue]++; return nil }); err !=
		nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "queue\twaiting\tin flight\tdelayed\tin dead-letter queue\tdead letters\t")
	for _, q := range queues.Results {
		_, _ = fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t\n", q.Name, q.Waiting, q.InFlight, q.Delayed, q.Dead,
			counts[q.Name])
	}
	return table.Flush()
}

func deadLetters(ctx context.Context, api client, out io.Writer) error {
	return eachDeadLetter(ctx, api, func(letter deadLetter) error {
		_, err := fmt.Fprintf(out, "%s  %s  %s  after %d attempts\n    %q\n",
			letter.ID, time.Unix(letter.Time, 0).UTC().Format(time.RFC3339), letter.Queue, letter.Receives,
			letter.Reason)
		return err
	})
}

// replayAll replays all messages that are dead letters when it begins; those that fail again
// meanwhile stay.
func replayAll(ctx context.Context, api client, out io.Writer) error {
	var ids []string
	if err := eachDeadLetter(ctx, api, func(letter deadLetter) error {
		ids = append(ids, letter.ID)
		return nil
	}); err != nil {
		return err
	}
	var failed []error
	for _, id := range ids {
		failed = append(failed, api.call(ctx, "POST", "/platform/dead_letters/"+id+"/replay", nil, nil))
	}
	_, err := fmt.Fprintf(out, "%d messages will be sent again\n", len(ids))
	return errors.Join(append(failed, err)...)
}

// comparison is what is compared with its copies, a batch of an endpoint at a time.
type comparison struct {
	path, one, many string
}

// verify compares cases with their entries in the lists, and organizations with the index of their lists.
func verify(ctx context.Context, api client, out io.Writer, mend bool) error {
	var failed []error
	for _, all := range []comparison{
		{"/platform/verification", "case", "cases"}, {"/platform/verification/orgs", "organization", "organizations"},
	} {
		failed = append(failed, all.run(ctx, api, out, mend))
	}
	return errors.Join(failed...)
}

func (c comparison) run(ctx context.Context, api client, out io.Writer, mend bool) error {
	checked, differing, repaired := 0, 0, 0
	for from := int64(1); from > 0; {
		var page struct {
			Checked int `json:"checked"`
			Results []struct {
				Number int64  `json:"number"` // of a case
				OrgID  string `json:"org_id"`
				What   string `json:"what"`
				Mended bool   `json:"mended"`
			} `json:"results"`
			Next int64 `json:"next"`
		}
		err := api.call(ctx, "POST", c.path, map[string]any{"from": from, "mend": mend}, &page)
		if err != nil {
			return err
		}
		for _, one := range page.Results {
			word, name := "", one.OrgID
			if differing++; one.Mended {
				repaired++
				word = " (repaired)"
			}
			if one.Number > 0 {
				name = fmt.Sprint(one.Number)
			}
			if _, err := fmt.Fprintf(out, "%s %s: %s%s\n", c.one, name, one.What, word); err != nil {
				return err
			}
		}
		checked, from = checked+page.Checked, page.Next
	}
	_, err := fmt.Fprintf(out, "%d %s compared, %d differ, %d repaired\n", checked, c.many, differing, repaired)
	if err == nil && differing > repaired {
		err = fmt.Errorf("%d %s differ from their lists: run 'operate verify -mend'", differing-repaired, c.many)
	}
	return err
}
