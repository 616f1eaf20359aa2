package support

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/table"
)

// The fields by which cases are filtered. An assignee or a value that a case has not is found under none.
const (
	byState     = "state"
	byOrg       = "org"
	bySubmitter = "submitter"
	byAssignee  = "assignee"
	none        = "none"

	// allCases and openCases begin the names of the fields that cases are only counted by.
	allCases  = "all/"
	openCases = "open/"
	// textEnd stands between subject and description, so that no phrase is found over it. It is of no script.
	textEnd = " \uE000 "
)

// state is the list that the case stands in.
func (c Case) state() State {
	return map[string]State{openList: AreOpen, closedList: AreClosed, archivedList: InArchive, deletedList: InBin}[c.listName()]
}

// spaces are the parts of the index in which the case is found: its organization's and its provider's.
func (c Case) spaces() []string { return []string{orgSpace(c.OrgID), deskPartition(c.MSPID)} }

func orgSpace(orgID string) string { return "ORG#" + orgID }

// document is the case as the index keeps it.
func (c Case) document(description string) (search.Document, error) {
	data, err := json.Marshal(c.line())
	return search.Document{
		Number: c.Number, Version: c.Revision, Changed: c.Updated, Terms: c.terms(), Counted: c.counted(), Orders: c.orders(),
		Text: c.Subject + textEnd + description, Data: data,
	}, err
}

// terms are what the case can be filtered by.
func (c Case) terms() []search.Term {
	terms := []search.Term{
		{Field: byState, Value: string(c.state())}, {Field: "status", Value: string(c.Status)}, {Field: "severity", Value: strconv.Itoa(c.Severity)},
		{Field: byOrg, Value: c.OrgID}, {Field: bySubmitter, Value: c.Submitter.ID}, {Field: byAssignee, Value: cmp.Or(c.Assignee.id(), none)},
		{Field: "custom_tag", Value: cmp.Or(c.CustomTag, none)},
	}
	for _, l := range (Setting{}).lists() {
		terms = append(terms, search.Term{Field: l.field, Value: cmp.Or(l.value(c.Fields), none)})
	}
	return terms
}

// Counts lists what cases are counted by.
func Counts() []string {
	return []string{"type", "severity", "component", "reason", "version", "environment", "status", "assignee", "org", "opened", "solved"}
}

// counted are what the case is counted by, unless it was deleted.
func (c Case) counted() []search.Term {
	if c.Deleted > 0 {
		return nil
	}
	values := map[string]string{
		"severity": strconv.Itoa(c.Severity), "status": string(c.Status), "assignee": cmp.Or(c.Assignee.id(), none), "org": c.OrgID, "opened": day(c.Created),
	}
	for _, l := range (Setting{}).lists() {
		values[l.field] = cmp.Or(l.value(c.Fields), none)
	}
	if c.Solved > 0 {
		values["solved"] = day(c.Solved)
	}
	var counted []search.Term
	for _, field := range Counts() {
		value, ok := values[field]
		if !ok {
			continue
		}
		counted = append(counted, search.Term{Field: allCases + field, Value: value})
		if c.state() == AreOpen {
			counted = append(counted, search.Term{Field: openCases + field, Value: value})
		}
	}
	return counted
}

func day(micros int64) string { return time.UnixMicro(micros).UTC().Format(time.DateOnly) }

// Orders lists what lists of cases are sorted by. Numbers are given in the order of opening.
func Orders() []string {
	return []string{"number", "opened", "updated", "subject", "type", "severity", "status", "submitter"}
}

// orders are the case's places in the sorted lists.
func (c Case) orders() map[string]string {
	rank := map[Status]string{Open: "1", Pending: "2", Hold: "3", Solved: "4", Closed: "5"}
	return map[string]string{
		"updated": fmt.Sprintf("%016d", c.Updated), "subject": search.Fold(c.Subject), "type": c.Type, "severity": strconv.Itoa(c.Severity),
		"status": rank[c.Status], "submitter": search.Fold(c.Submitter.Name),
	}
}

// IndexCase makes a changed case be found by what it says now, wherever it is found. Doing it again changes nothing.
func (d *Desk) IndexCase(ctx context.Context, told Indexing) error {
	items, err := d.journal.BatchGet(ctx, []table.Key{caseKey(told.OrgID, told.CaseID, caseSort), caseKey(told.OrgID, told.CaseID, descriptionSort)})
	if err != nil {
		return err
	}
	if items[0].Version == 0 {
		for _, space := range (Case{OrgID: told.OrgID, MSPID: told.MSPID}).spaces() {
			if err := d.found.Remove(ctx, space, told.Number, told.Version+1); err != nil {
				return err
			}
		}
		return nil
	}
	c, document, err := documentOf(items[0], items[1])
	if err != nil {
		return err
	}
	for _, space := range c.spaces() {
		if err := d.found.Put(ctx, space, document); err != nil {
			return err
		}
	}
	return nil
}

func documentOf(item, text table.Item) (Case, search.Document, error) {
	c, err := decodeCase(item)
	if err != nil {
		return Case{}, search.Document{}, err
	}
	var first description
	if text.Version > 0 {
		if err := change.Decode(text, &first); err != nil {
			return Case{}, search.Document{}, err
		}
	}
	document, err := c.document(first.Text)
	return c, document, err
}
