package support

import (
	"slices"

	"github.com/tenantry/tenantry/shared/support/desk"
)

// Summary is a case as a list shows it: small, for a page of many is read at once.
type Summary struct {
	ID     string `json:"id"`
	Number int64  `json:"number"`
	OrgID  string `json:"org_id"`
	desk.Fields
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

// Summary gives the case as a list shows it.
func (c Case) Summary() Summary {
	return Summary{
		ID:        c.ID,
		Number:    c.Number,
		OrgID:     c.OrgID,
		Fields:    c.Fields,
		Status:    c.Status,
		Archived:  c.Archived,
		Submitter: c.Submitter,
		Assignee:  c.Assignee,
		Created:   c.Created,
		Updated:   c.Updated,
		Solved:    c.Solved,
		Closed:    c.Closed,
		Deleted:   c.Deleted,
	}
}

// State is the list that a case stands in.
type State string

// The lists: of what is to be done, of what is solved or closed, of what was put away, of what was
// deleted.
const (
	OpenList    State = "open"
	ClosedList  State = "closed"
	ArchiveList State = "archived"
	DeletedList State = "deleted"
)

// List is the name of the list within partition keys; that of open cases where the state is empty.
func (s State) List() string {
	switch s {
	case ClosedList:
		return ClosedName
	case ArchiveList:
		return ArchivedName
	case DeletedList:
		return DeletedName
	}
	return OpenName
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
	// When the case is taken up again, and how the provider keeps its promises, is the provider's
	// business; when it closes by itself concerns the customer.
	c.ReturnAt, c.Due, c.Clock = 0, 0, nil
	return c
}

// SeenBy is the line as an agent sees it, or as the customer's people do.
func (l Summary) SeenBy(agent bool) Summary {
	if !agent {
		l.Submitter = l.Submitter.forCustomer()
		l.Assignee = l.Assignee.assigneeForCustomer()
	}
	return l
}
