package support

import (
	"slices"

	"github.com/tenantry/tenantry/shared/support/desk"
)

// Summary is a case as shown in a list. It is small, because a page of a list has many.
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

// Summary returns the case as shown in a list.
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

// State selects the list that a case is in.
type State string

// The lists: open cases; solved or closed ones; archived ones; deleted ones.
const (
	OpenList    State = "open"
	ClosedList  State = "closed"
	ArchiveList State = "archived"
	DeletedList State = "deleted"
)

// List returns the name of the list in partition keys; an empty state is the list of open cases.
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

// forCustomer hides the address of an agent.
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

// forCustomer returns the case as customers see it: without the addresses of agents.
func (c Case) forCustomer() Case {
	c.Submitter = c.Submitter.forCustomer()
	c.Assignee = c.Assignee.assigneeForCustomer()
	c.Watchers = slices.Clone(c.Watchers)
	for i := range c.Watchers {
		c.Watchers[i] = c.Watchers[i].forCustomer()
	}
	// Customers do not see when work on the case resumes and how the provider keeps its service
	// level. They do see when it closes automatically.
	c.ReturnAt, c.Due, c.Clock, c.Binned, c.ClockHeld = 0, 0, nil, 0, false
	return c
}

// SeenBy returns the summary as an agent or as a customer sees it.
func (l Summary) SeenBy(agent bool) Summary {
	if !agent {
		l.Submitter = l.Submitter.forCustomer()
		l.Assignee = l.Assignee.assigneeForCustomer()
	}
	return l
}
