package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// letter is a message that was given up.
type letter struct {
	ID       string `json:"id"`
	Queue    string `json:"queue"`
	Reason   string `json:"reason"`
	Receives int    `json:"receives"`
	Time     int64  `json:"timestamp"`
}

// eachLetter goes through all messages that were given up, the newest first.
func eachLetter(ctx context.Context, api client, do func(letter) error) error {
	for path := "/platform/dead_letters?limit=100"; path != ""; {
		var page struct {
			Results []letter `json:"results"`
			Next    string   `json:"next"`
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
	given := map[string]int{}
	if err := eachLetter(ctx, api, func(l letter) error { given[l.Queue]++; return nil }); err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "queue\twaiting\tin work\tdelayed\tdying\tgiven up\t")
	for _, q := range queues.Results {
		_, _ = fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t\n", q.Name, q.Waiting, q.InFlight, q.Delayed, q.Dead,
			given[q.Name])
	}
	return table.Flush()
}

func deadLetters(ctx context.Context, api client, out io.Writer) error {
	return eachLetter(ctx, api, func(l letter) error {
		_, err := fmt.Fprintf(out, "%s  %s  %s  after %d tries\n    %q\n",
			l.ID, time.Unix(l.Time, 0).UTC().Format(time.RFC3339), l.Queue, l.Receives, l.Reason)
		return err
	})
}

// replayAll sends all messages once more that are given up at the beginning: what fails again
// meanwhile stays.
func replayAll(ctx context.Context, api client, out io.Writer) error {
	var ids []string
	if err := eachLetter(ctx, api, func(l letter) error { ids = append(ids, l.ID); return nil }); err != nil {
		return err
	}
	var failed []error
	for _, id := range ids {
		failed = append(failed, api.call(ctx, "POST", "/platform/dead_letters/"+id+"/replay", nil, nil))
	}
	_, err := fmt.Fprintf(out, "%d messages, to be sent once more\n", len(ids))
	return errors.Join(append(failed, err)...)
}

func verify(ctx context.Context, api client, out io.Writer, mend bool) error {
	checked, differing, mended := 0, 0, 0
	for from := int64(1); from > 0; {
		var found struct {
			Checked int `json:"checked"`
			Results []struct {
				Number int64  `json:"number"`
				What   string `json:"what"`
				Mended bool   `json:"mended"`
			} `json:"results"`
			Next int64 `json:"next"`
		}
		if err := api.call(
			ctx,
			"POST",
			"/platform/verification",
			map[string]any{"from": from, "mend": mend},
			&found,
		); err != nil {
			return err
		}
		for _, one := range found.Results {
			word := ""
			if differing++; one.Mended {
				mended++
				word = " (mended)"
			}
			if _, err := fmt.Fprintf(out, "case %d: %s%s\n", one.Number, one.What, word); err != nil {
				return err
			}
		}
		checked, from = checked+found.Checked, found.Next
	}
	_, err := fmt.Fprintf(out, "%d cases compared, %d differ, %d mended\n", checked, differing, mended)
	if err == nil && differing > mended {
		err = fmt.Errorf("%d cases differ from their lines in the lists: run 'operate verify -mend'", differing-mended)
	}
	return err
}
