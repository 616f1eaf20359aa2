package lists

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// The fields that cases can be filtered by. Cases without an assignee or value are filed under
// none.
const (
	byState     = "state"
	byOrg       = "org"
	bySubmitter = "submitter"
	byAssignee  = "assignee"
	none        = "none"

	// allCases and openCases are prefixes of fields that cases are only counted by.
	allCases  = "all/"
	openCases = "open/"
	// textEnd separates subject and description, so that no phrase matches across them. It belongs
	// to no script.
	textEnd = " \uE000 "
)

// state returns the list that the case is in.
func state(c support.Case) support.State {
	return map[string]support.State{support.OpenName: support.OpenList, support.ClosedName: support.ClosedList, support.ArchivedName: support.ArchiveList, support.DeletedName: support.DeletedList}[c.ListName()]
}

// spaces returns the parts of the index that contain the case unless it is binned: its organization's
// and its provider's.
func spaces(c support.Case) []string { return []string{orgSpace(c.OrgID), desk.Partition(c.MSPID)} }

func orgSpace(orgID string) string { return "ORG#" + orgID }

// document returns the case as stored in the index.
func document(c support.Case, description string) (search.Document, error) {
	data, err := json.Marshal(c.Summary())
	return search.Document{
		Number:  c.Number,
		Version: c.Stored,
		Changed: c.Updated,
		Terms:   terms(c),
		Counted: counted(c),
		Orders:  orders(c),
		Text:    c.Subject + textEnd + description,
		Data:    data,
	}, err
}

// terms returns what the case can be filtered by.
func terms(c support.Case) []search.Term {
	terms := []search.Term{
		{
			Field: byState,
			Value: string(state(c)),
		},
		{Field: "status", Value: string(c.Status)},
		{Field: "severity", Value: strconv.Itoa(c.Severity)},
		{
			Field: byOrg,
			Value: c.OrgID,
		},
		{Field: bySubmitter, Value: c.Submitter.ID},
		{Field: byAssignee, Value: cmp.Or(c.Assignee.PartyID(), none)},
		{Field: "custom_tag", Value: cmp.Or(c.CustomTag, none)},
	}
	for _, l := range (desk.Setting{}).Lists() {
		terms = append(terms, search.Term{Field: l.Field, Value: cmp.Or(l.Value(c.Fields), none)})
	}
	return append(terms, dueOf(c)...)
}

// CountFields lists what cases are counted by.
func CountFields() []string {
	return []string{
		"type",
		"severity",
		"component",
		"reason",
		"version",
		"environment",
		"status",
		"assignee",
		"org",
		"opened",
		"solved",
	}
}

// counted returns what the case is counted by; nothing if it was deleted.
func counted(c support.Case) []search.Term {
	if c.Deleted > 0 {
		return nil
	}
	values := map[string]string{
		"severity": strconv.Itoa(
			c.Severity,
		),
		"status":   string(c.Status),
		"assignee": cmp.Or(c.Assignee.PartyID(), none),
		"org":      c.OrgID,
		"opened":   day(c.Created),
	}
	for _, l := range (desk.Setting{}).Lists() {
		values[l.Field] = cmp.Or(l.Value(c.Fields), none)
	}
	if c.Solved > 0 {
		values["solved"] = day(c.Solved)
	}
	var counted []search.Term
	for _, field := range CountFields() {
		value, ok := values[field]
		if !ok {
			continue
		}
		counted = append(counted, search.Term{Field: allCases + field, Value: value})
		if state(c) == support.OpenList {
			counted = append(counted, search.Term{Field: openCases + field, Value: value})
		}
	}
	return counted
}

func day(micros int64) string { return time.UnixMicro(micros).UTC().Format(time.DateOnly) }

// Orders lists the sort orders of lists of cases. Numbers are assigned in the order of opening.
func Orders() []string {
	return []string{"number", "opened", "updated", "subject", "type", "severity", "status", "submitter"}
}

// orders returns the sort keys of the case by order.
func orders(c support.Case) map[string]string {
	rank := map[support.Status]string{
		support.Open:    "1",
		support.Pending: "2",
		support.Hold:    "3",
		support.Solved:  "4",
		support.Closed:  "5",
	}
	return map[string]string{
		"updated": fmt.Sprintf(
			"%016d",
			c.Updated,
		),
		"subject":   search.Fold(c.Subject),
		"type":      c.Type,
		"severity":  strconv.Itoa(c.Severity),
		"status":    rank[c.Status],
		"submitter": search.Fold(c.Submitter.Name),
	}
}

// IndexCase updates a changed case in every search space, and removes it from that of a provider that it no
// longer has; idempotent. A former provider's space keeps what a later change put there again.
func (s *Service) IndexCase(ctx context.Context, task IndexTask) error {
	items, err := s.journal.BatchGet(
		ctx,
		[]table.Key{
			support.CaseKey(task.OrgID, task.CaseID, support.CaseSort),
			support.CaseKey(task.OrgID, task.CaseID, support.DescriptionSort),
		},
	)
	if err != nil {
		return err
	}
	if task.Moved {
		if err := s.index.Remove(ctx, desk.Partition(task.FormerMSPID), task.Number, task.Version); err != nil {
			return err
		}
	}
	if items[0].Version == 0 {
		return s.unindex(ctx, support.Case{
			OrgID: task.OrgID, MSPID: task.MSPID, Number: task.Number, Stored: task.Version + 1,
		})
	}
	c, document, err := documentOf(items[0], items[1])
	if err != nil {
		return err
	}
	if c.Binned > 0 {
		return s.unindex(ctx, c)
	}
	for _, space := range spaces(c) {
		if err := s.index.Put(ctx, space, document); err != nil {
			return err
		}
	}
	return nil
}

// unindex removes a case from every search space. That of an organization that is gone for good has
// nothing left, and must not get anything.
func (s *Service) unindex(ctx context.Context, c support.Case) error {
	gone := spaces(c)
	_, err := s.tenants.LoadStored(ctx, c.OrgID)
	if fault.Is(err, fault.NotFound) {
		gone = gone[1:]
	} else if err != nil {
		return err
	}
	for _, space := range gone {
		if err := s.index.Remove(ctx, space, c.Number, c.Stored); err != nil {
			return err
		}
	}
	return nil
}

func documentOf(item, text table.Item) (support.Case, search.Document, error) {
	c, err := support.DecodeCase(item)
	if err != nil {
		return support.Case{}, search.Document{}, err
	}
	var first support.Description
	if text.Version > 0 {
		if err := change.Decode(text, &first); err != nil {
			return support.Case{}, search.Document{}, err
		}
	}
	document, err := document(c, first.Text)
	return c, document, err
}
