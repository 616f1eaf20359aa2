// Package support holds the cases: what customers ask for help with, the comments and files that
// belong to it, who is told, and what a mail that comes in becomes. Who may do what is asked of
// shared/identity, right behind every door; how mails are read and written, and how the pages look,
// is known elsewhere.
package support

import (
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
)

// Status is where a case stands.
type Status string

// The states of a case.
const (
	Open    Status = "open"    // waits for the provider
	Pending Status = "pending" // waits for the customer
	Hold    Status = "hold"    // waits for something else
	Solved  Status = "solved"  // the provider thinks it is done
	Closed  Status = "closed"  // it is done
)

// Statuses lists the states of a case.
func Statuses() []Status { return []Status{Open, Pending, Hold, Solved, Closed} }

// Done reports whether a state belongs to the list of closed cases.
func (s Status) Done() bool { return s == Solved || s == Closed }

// MaxWatchers is how many watchers and copied people a case has together, so that a change, its
// files and its notices fit one transaction.
const MaxWatchers = 20

// Case is a support request of an organization.
type Case struct {
	ID string `json:"id"`
	// Number is what people call the case by; unique on the platform.
	Number int64  `json:"number"`
	OrgID  string `json:"org_id"`
	MSPID  string `json:"msp_id,omitempty"`
	desk.Fields
	Status Status `json:"status"`
	// Submitter opened the case; Assignee, if any, works on it for the provider.
	Submitter Party  `json:"submitter"`
	Assignee  *Party `json:"assignee,omitempty"`
	// Watchers are told of every change.
	Watchers []Party `json:"watchers,omitempty"`
	// CC are people without an account whom the case concerns: they are told as the watchers are,
	// and may answer by mail.
	CC []Party `json:"cc,omitempty"`
	// Links are the other cases of the organization that this one has to do with.
	Links []Link `json:"links,omitempty"`
	// MergedInto is the case that goes on in this one's place.
	MergedInto *Link `json:"merged_into,omitempty"`
	// Archived cases are done with and put away; they stand in a list of their own.
	Archived bool `json:"archived,omitempty"`
	// Created and Updated are in microseconds since 1970, as all times here; Updated grows with
	// every change.
	Created int64 `json:"created"`
	Updated int64 `json:"updated"`
	// Solved, Closed and Deleted are when the case came into that state; 0 where it is not in it.
	Solved  int64 `json:"solved,omitempty"`
	Closed  int64 `json:"closed,omitempty"`
	Deleted int64 `json:"deleted,omitempty"`
	// ReturnAt is when a case that waits is open again by itself; CloseAt when a solved one is
	// closed by itself.
	ReturnAt int64 `json:"return_at,omitempty"`
	CloseAt  int64 `json:"close_at,omitempty"`
	// Clock is how the provider's promises stand; nil where nothing was promised when the case was
	// opened.
	Clock *servicelevel.Clock `json:"clock,omitempty"`
	// Asked is when the submitter was asked whether the help was good; Rating what the answer was.
	Asked  int64   `json:"asked,omitempty"`
	Rating *Rating `json:"rating,omitempty"`
	// Due is the earliest of all times at which something is to be done with the case.
	Due int64 `json:"due,omitempty"`
	// Comments and Files count what belongs to the case, internal ones too.
	Comments int `json:"comments"`
	Files    int `json:"files"`
	// Revision is the version of the stored case; it grows with every change.
	Revision int64 `json:"-"`
}

// Party is a person as a case knows them.
type Party struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	// Agent is set where the person works for the provider: customers do not see the address then.
	Agent bool `json:"agent,omitempty"`
	// MailFailure says why nothing is sent any more to somebody without an account; "" where mail
	// arrives.
	MailFailure string `json:"mail_failure,omitempty"`
}

func partyOf(p identity.Principal, place identity.Place) Party {
	return Party{ID: p.UserID, Name: p.Name(), Email: p.Email, Agent: p.IsAgent(place)}
}

// MaxRecipients is how many people at most are told of a change of the case.
func (c Case) MaxRecipients() int {
	recipients := 2 + len(c.Watchers) + len(c.CC)
	if c.Assignee == nil {
		recipients += desk.MaxDeskIDs
	}
	return recipients
}
