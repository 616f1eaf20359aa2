package support

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Line is a case as a list shows it: small, for a page of many is read at once.
type Line struct {
	ID     string `json:"id"`
	Number int64  `json:"number"`
	OrgID  string `json:"org_id"`
	Fields
	Status    Status `json:"status"`
	Archived  bool   `json:"archived,omitempty"`
	Submitter Party  `json:"submitter"`
	Assignee  *Party `json:"assignee,omitempty"`
	Created   int64  `json:"created"`
	Updated   int64  `json:"updated"`
	Solved    int64  `json:"solved,omitempty"`
	Closed    int64  `json:"closed,omitempty"`
	Deleted   int64  `json:"deleted,omitempty"`
}

// Line is the case as a list shows it.
func (c Case) Line() Line { return c.line() }

func (c Case) line() Line {
	return Line{
		ID: c.ID, Number: c.Number, OrgID: c.OrgID, Fields: c.Fields, Status: c.Status, Archived: c.Archived,
		Submitter: c.Submitter, Assignee: c.Assignee, Created: c.Created, Updated: c.Updated, Solved: c.Solved, Closed: c.Closed, Deleted: c.Deleted,
	}
}

// ListFilter says which cases a list shows that is kept with them.
type ListFilter struct {
	// State says which of the lists; AreOpen where it is empty.
	State State
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

// State is the list that a case stands in.
type State string

// The lists: of what is to be done, of what is solved or closed, of what was put away, of what was deleted.
const (
	AreOpen   State = "open"
	AreClosed State = "closed"
	InArchive State = "archived"
	InBin     State = "deleted"
)

func (s State) list() string {
	switch s {
	case AreClosed:
		return closedList
	case InArchive:
		return archivedList
	case InBin:
		return deletedList
	}
	return openList
}

// linesOf decodes a page of lines, as an agent sees them or as the customer's people do.
func linesOf(page table.Page, agent bool) ([]Line, error) {
	lines := make([]Line, 0, len(page.Items))
	for _, item := range page.Items {
		var line Line
		if err := change.Decode(item, &line); err != nil {
			return nil, err
		}
		lines = append(lines, line.seenBy(agent))
	}
	return lines, nil
}

// queryWhile reads a page while admit asks whether the principal may see it; admit's word comes first.
func (d *Desk) queryWhile(ctx context.Context, query table.Query, admit func(context.Context) error) (table.Page, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var page table.Page
	read := make(chan error, 1)
	go func() {
		var err error
		page, err = d.journal.Query(ctx, query)
		read <- err
	}()
	refused := admit(ctx)
	if refused != nil {
		cancel()
	}
	if err := <-read; refused == nil {
		return page, err
	}
	return table.Page{}, refused
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
	// When the case is taken up again, and how the provider keeps its promises, is the provider's business; when it closes by itself concerns the customer.
	c.ReturnAt, c.Due, c.Clock = 0, 0, nil
	return c
}
