// Package flow counts mails by day: those that cases took in, those in quarantine, those that came back,
// and those that were sent. A counter is written in the transaction of what it counts, where there is
// one.
package flow

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/store/table"
)

// Kind is what became of a mail.
type Kind string

// The kinds.
const (
	// Accepted mails became a case or a comment; one for two cases counts twice.
	Accepted Kind = "accepted"
	// Quarantined mails wait for an operator or for the desk of a case.
	Quarantined Kind = "quarantined"
	// Bounced are mails of ours that were reported as not delivered.
	Bounced Kind = "bounced"
	// Sent mails were handed to the mail server or service.
	Sent Kind = "sent"
)

// Kinds lists the kinds.
func Kinds() []Kind { return []Kind{Accepted, Quarantined, Bounced, Sent} }

// partition holds the counters of all days.
const partition = "PLATFORM#MAIL_FLOW"

// keptDays is how many days a counter is kept.
const keptDays = 400

func key(day string, kind Kind) table.Key {
	return table.Key{Partition: partition, Sort: day + "#" + string(kind)}
}

// Count returns the write that counts a mail at a time.
func Count(kind Kind, at time.Time) table.Write {
	at = at.UTC()
	return table.Add(key(at.Format(time.DateOnly), kind), 1, table.Unlimited, at.AddDate(0, 0, keptDays).Unix())
}

// Day is how many mails there were on a day (UTC), as in "2026-11-30".
type Day struct {
	Day   string
	Mails map[Kind]int64
}

// MaxDays is the maximum number of days that can be read.
const MaxDays = 366

// Days returns the last days up to a time, the earliest first, also those without mails. query reads a
// page of a store.
func Days(
	ctx context.Context, query func(context.Context, table.Query) (table.Page, error), until time.Time, count int,
) ([]Day, error) {
	days, at := make([]Day, count), make(map[string]int, count)
	for i := range days {
		day := until.UTC().AddDate(0, 0, i-count+1).Format(time.DateOnly)
		days[i], at[day] = Day{Day: day, Mails: map[Kind]int64{}}, i
	}
	read := table.Query{Partition: partition, From: days[0].Day, To: days[count-1].Day + "#~", Limit: table.MaxPage}
	for {
		page, err := query(ctx, read)
		if err != nil {
			return nil, err
		}
		for _, item := range page.Items {
			day, kind, _ := strings.Cut(item.Sort, "#")
			mails, err := strconv.ParseInt(string(item.Data), 10, 64)
			if err != nil {
				return nil, fmt.Errorf("flow: the counter %q cannot be read: %w", item.Sort, err)
			}
			if i, known := at[day]; known {
				days[i].Mails[Kind(kind)] = mails
			}
		}
		if read.After = page.Next; page.Next == "" {
			return days, nil
		}
	}
}
