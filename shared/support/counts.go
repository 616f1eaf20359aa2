package support

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
)

// Counted is how many cases have a value.
type Counted struct {
	Value string
	// Name is what people call the value, where it is an id.
	Name  string
	Count int64
}

// Tally is how the cases of a scope are distributed.
type Tally struct {
	// Counts are those that are not zero, the greatest first; those of days and ages in the order of time.
	Counts []Counted
	// IndexedUntil and Lags are as in Found.
	IndexedUntil int64
	Lags         bool
}

// CountWanted says what is counted.
type CountWanted struct {
	// By is one of Counts, or "age" or "agent"; "" means the status.
	By string
	// Open leaves the cases out that are solved, closed or archived. Ages are those of open cases in any case.
	Open bool
	// From and To bound what is counted by days: the first day and the last, as in 2026-11-22; "" for no bound.
	From, To string
}

// maxCounts is how many values are counted at once.
const maxCounts = 4000

// CountCases tells how the cases of a scope are distributed, for those who see them. What it costs does not depend on how many cases there
// are, but on how many values.
func (d *Desk) CountCases(ctx context.Context, by identity.Principal, scope Scope, wanted CountWanted) (Tally, error) {
	agent, err := d.admitTo(ctx, by, scope, "")
	if err != nil {
		return Tally{}, err
	}
	field, err := wanted.field()
	if err != nil {
		return Tally{}, err
	}
	state, err := d.found.State(ctx, scope.space())
	if err != nil {
		return Tally{}, err
	}
	newest, err := d.newest(ctx, scope)
	if err != nil {
		return Tally{}, err
	}
	tally := Tally{IndexedUntil: state.Indexed, Lags: newest > state.Indexed}
	for after := ""; ; {
		page, next, err := d.found.Totals(ctx, scope.space(), field, search.MostHits, after)
		if err != nil {
			return Tally{}, err
		}
		for _, count := range page {
			tally.Counts = append(tally.Counts, Counted{Value: count.Value, Count: count.Count})
		}
		if next == "" || len(tally.Counts) >= maxCounts {
			break
		}
		after = next
	}
	if err := d.shape(ctx, &tally, wanted, agent); err != nil {
		return Tally{}, err
	}
	return tally, nil
}

func (w *CountWanted) field() (string, error) {
	w.By = cmp.Or(w.By, "status")
	prefix := allCases
	if w.Open {
		prefix = openCases
	}
	for _, date := range []struct{ field, text string }{{"from", w.From}, {"to", w.To}} {
		if _, err := time.Parse(time.DateOnly, date.text); date.text != "" && err != nil {
			return "", fault.InField(date.field, "must be a day, as in 2026-11-22")
		}
	}
	switch {
	case w.By == "age":
		return openCases + "opened", nil
	case w.By == "agent":
		return prefix + byAssignee, nil
	case !slices.Contains(Counts(), w.By):
		return "", fault.InField("distinct", "must be one of %v, agent or age", Counts())
	}
	return prefix + w.By, nil
}

// shape brings counts into the form that people want them in.
func (d *Desk) shape(ctx context.Context, tally *Tally, wanted CountWanted, agent bool) error {
	switch wanted.By {
	case "opened", "solved":
		tally.Counts = slices.DeleteFunc(tally.Counts, func(c Counted) bool {
			return wanted.From != "" && c.Value < wanted.From || wanted.To != "" && c.Value > wanted.To
		})
		return nil // in the order of the days already
	case "age":
		tally.Counts = ages(tally.Counts, d.journal.Now())
		return nil
	}
	slices.SortStableFunc(tally.Counts, func(a, b Counted) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value)) })
	switch wanted.By {
	case byAssignee, "agent":
		return d.nameAgents(ctx, tally.Counts, agent)
	case byOrg:
		ids := make([]string, len(tally.Counts))
		for i, c := range tally.Counts {
			ids[i] = c.Value
		}
		names, err := d.tenants.Names(ctx, nil, ids)
		for i, c := range tally.Counts {
			tally.Counts[i].Name = names[c.Value]
		}
		return err
	}
	return nil
}

// maxNamedAgents is how many agents are named; their names are read from their accounts.
const maxNamedAgents = 100

func (d *Desk) nameAgents(ctx context.Context, counts []Counted, agent bool) error {
	var ids []string
	for _, c := range counts {
		if c.Value != none && len(ids) < maxNamedAgents {
			ids = append(ids, c.Value)
		}
	}
	people, err := d.accounts.People(ctx, ids)
	if err != nil {
		return err
	}
	for i, c := range counts {
		for _, person := range people {
			if person.ID == c.Value {
				counts[i].Name = partyName(person, agent)
			}
		}
	}
	return nil
}

// partyName is a person's name; customers do not see an agent's address, which stands for a name where there is none.
func partyName(person identity.Person, agent bool) string {
	principal := person.Principal("", "")
	if name := principal.Name(); agent || name != person.Email {
		return name
	}
	return ""
}

// ages puts the days on which open cases were opened into spans of age.
func ages(days []Counted, now time.Time) []Counted {
	spans := []struct {
		name string
		days int
	}{{"1 day", 1}, {"3 days", 3}, {"7 days", 7}, {"30 days", 30}, {"90 days", 90}, {"365 days", 365}, {"older", 1 << 20}}
	counts := make([]Counted, len(spans))
	for i, span := range spans {
		counts[i].Value = span.name
	}
	today := now.UTC().Truncate(24 * time.Hour)
	for _, one := range days {
		opened, err := time.Parse(time.DateOnly, one.Value)
		if err != nil {
			continue // written by hand: of no day
		}
		age := int(today.Sub(opened) / (24 * time.Hour))
		at := slices.IndexFunc(spans, func(span struct {
			name string
			days int
		}) bool {
			return age < span.days
		})
		counts[at].Count += one.Count
	}
	return counts
}

// inUse reports whether cases of a provider have a value of a list.
func (d *Desk) inUse(ctx context.Context, mspID, field, value string) (bool, error) {
	page, err := d.found.Find(ctx, deskPartition(mspID), search.Query{Where: []search.Condition{{Field: field, Values: []string{value}}}, Limit: 1})
	return page.Total > 0, err
}

// checkRemoved refuses to take values out of a list that cases have.
func (d *Desk) checkRemoved(ctx context.Context, mspID string, before, after Setting) error {
	kept := after.lists()
	for i, l := range before.lists() {
		for _, choice := range l.choices {
			if slices.ContainsFunc(kept[i].choices, func(c Choice) bool { return c.Value == choice.Value }) {
				continue
			}
			used, err := d.inUse(ctx, mspID, l.field, choice.Value)
			if err != nil {
				return err
			}
			if used {
				return fault.InField(l.field+"s", "cases have %s: retire it instead of taking it away", strconv.Quote(choice.Value))
			}
		}
	}
	return nil
}
