package support

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/table"
)

// Line is a case as a list shows it: small, for a page of many is read at once.
type Line struct {
	ID        string `json:"id"`
	Number    int64  `json:"number"`
	OrgID     string `json:"org_id"`
	Subject   string `json:"subject"`
	Type      string `json:"type"`
	Severity  int    `json:"severity"`
	Status    Status `json:"status"`
	Submitter Party  `json:"submitter"`
	Assignee  *Party `json:"assignee,omitempty"`
	Created   int64  `json:"created"`
	Updated   int64  `json:"updated"`
}

func (c Case) line() Line {
	return Line{
		ID: c.ID, Number: c.Number, OrgID: c.OrgID, Subject: c.Subject, Type: c.Type, Severity: c.Severity, Status: c.Status,
		Submitter: c.Submitter, Assignee: c.Assignee, Created: c.Created, Updated: c.Updated,
	}
}

// ListFilter says which cases a list shows.
type ListFilter struct {
	// Closed asks for the solved and closed cases instead of those that are not.
	Closed bool
	// SubmitterID asks for one submitter's cases only; not over an MSP.
	SubmitterID string
	// Limit is how many lines a page has at the most; After is the Next of the page before.
	Limit int
	After string
}

// Lines is a page of a list, the newest change first.
type Lines struct {
	Lines []Line
	// Next continues the list; "" at its end.
	Next string
}

// Cases lists an organization's cases.
func (d *Desk) Cases(ctx context.Context, by identity.Principal, orgID string, filter ListFilter) (Lines, error) {
	org, err := d.tenants.Org(ctx, by, orgID, identity.SeeCases)
	if err != nil {
		return Lines{}, err
	}
	partition := "ORG#" + orgID + "#CASES#" + filter.list()
	if filter.SubmitterID != "" {
		if uuid.Validate(filter.SubmitterID) != nil {
			return Lines{}, fault.InField("submitter", "must be the id of a person")
		}
		partition += "#BY#" + filter.SubmitterID
	}
	return d.lines(ctx, partition, filter, func(Line) bool { return by.IsAgent(org.Place()) })
}

// MSPCases lists the cases of all organizations of an MSP, for its agents.
func (d *Desk) MSPCases(ctx context.Context, by identity.Principal, mspID string, filter ListFilter) (Lines, error) {
	if _, err := d.tenants.MSP(ctx, by, mspID, identity.SeeMSP|identity.SeeCases); err != nil {
		return Lines{}, err
	}
	if filter.SubmitterID != "" {
		return Lines{}, fault.InField("submitter", "is for the list of one organization")
	}
	return d.lines(ctx, "MSP#"+mspID+"#CASES#"+filter.list(), filter, func(Line) bool { return true })
}

func (f ListFilter) list() string {
	if f.Closed {
		return closedList
	}
	return openList
}

func (d *Desk) lines(ctx context.Context, partition string, filter ListFilter, agent func(Line) bool) (Lines, error) {
	page, err := d.journal.Query(ctx, table.Query{Partition: partition, Descending: true, Limit: filter.Limit, After: filter.After})
	if err != nil {
		return Lines{}, err
	}
	lines := make([]Line, 0, len(page.Items))
	for _, item := range page.Items {
		var line Line
		if err := change.Decode(item, &line); err != nil {
			return Lines{}, err
		}
		if !agent(line) {
			line.Submitter = line.Submitter.forCustomer()
			line.Assignee = line.Assignee.assigneeForCustomer()
		}
		lines = append(lines, line)
	}
	return Lines{Lines: lines, Next: page.Next}, nil
}

// forCustomer hides the address of somebody who works for the provider.
func (p Party) forCustomer() Party {
	if p.Agent {
		p.Email = ""
	}
	return p
}

func (p *Party) assigneeForCustomer() *Party {
	if p == nil {
		return nil
	}
	hidden := p.forCustomer()
	return &hidden
}

// forCustomer gives the case as the customer's people see it: without the addresses of those who
// work for the provider.
func (c Case) forCustomer() Case {
	c.Submitter = c.Submitter.forCustomer()
	c.Assignee = c.Assignee.assigneeForCustomer()
	c.Watchers = slices.Clone(c.Watchers)
	for i := range c.Watchers {
		c.Watchers[i] = c.Watchers[i].forCustomer()
	}
	return c
}
