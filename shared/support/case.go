// Package support holds support cases: the cases themselves, their comments and files, their
// participants, and their history. Every operation checks permissions with shared/identity. Reading
// and writing mail and rendering pages happen elsewhere.
package support

import (
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
)

// Status is the state of a case.
type Status string

// The states of a case.
const (
	Open    Status = "open"    // waiting for the provider
	Pending Status = "pending" // waiting for the customer
	Hold    Status = "hold"    // waiting for something else
	Solved  Status = "solved"  // the provider considers it done
	Closed  Status = "closed"  // done
)

// Statuses lists the states of a case.
func Statuses() []Status { return []Status{Open, Pending, Hold, Solved, Closed} }

// Done reports whether cases in this state are listed as closed.
func (s Status) Done() bool { return s == Solved || s == Closed }

// MaxWatchers limits the watchers and copied people of a case together, so that a change, its files
// and its notices fit in one transaction.
const MaxWatchers = 20

// Case is a support request of an organization.
type Case struct {
	ID string `json:"id"`
	// Number is the number by which people refer to the case; it is unique on the platform.
	Number int64  `json:"number"`
	OrgID  string `json:"org_id"`
	MSPID  string `json:"msp_id,omitempty"`
	desk.Fields
	Status Status `json:"status"`
	// Submitter opened the case; Assignee, if any, works on it for the provider.
	Submitter Party  `json:"submitter"`
	Assignee  *Party `json:"assignee,omitempty"`
	// Watchers are notified of every change.
	Watchers []Party `json:"watchers,omitempty"`
	// CC are participants without an account. They are notified like watchers, and can reply by
	// mail.
	CC []Party `json:"cc,omitempty"`
	// Links are related cases of the same organization.
	Links []Link `json:"links,omitempty"`
	// MergedInto is the case that this one was merged into.
	MergedInto *Link `json:"merged_into,omitempty"`
	// Archived cases have a list of their own.
	Archived bool `json:"archived,omitempty"`
	// Created and Updated are in microseconds since 1970, like all times here; Updated grows
	// with Revision.
	Created int64 `json:"created"`
	Updated int64 `json:"updated"`
	// Solved, Closed and Deleted are when the case entered that state; 0 if it is not in it.
	Solved  int64 `json:"solved,omitempty"`
	Closed  int64 `json:"closed,omitempty"`
	Deleted int64 `json:"deleted,omitempty"`
	// ReturnAt is when a waiting case reopens automatically; CloseAt is when a solved case closes
	// automatically.
	ReturnAt int64 `json:"return_at,omitempty"`
	CloseAt  int64 `json:"close_at,omitempty"`
	// Clock measures the provider's service level; nil if there was no policy when the case was
	// opened.
	Clock *servicelevel.Clock `json:"clock,omitempty"`
	// Asked is when the submitter was asked to rate the help; Rating is the rating.
	Asked  int64   `json:"asked,omitempty"`
	Rating *Rating `json:"rating,omitempty"`
	// Due is the earliest time at which scheduled work on the case is due.
	Due int64 `json:"due,omitempty"`
	// Comments and Files count the comments and files of the case, including internal ones.
	Comments int `json:"comments"`
	Files    int `json:"files"`
	// Extension has the fields that clients of other portals stored and Tenantry does not know.
	Extension extension.Fields `json:"extension,omitempty"`
	// Revision is incremented by every change that customers can see. Internal notes and the like
	// leave it and Updated unchanged.
	Revision int64 `json:"revision,omitempty"`
	// Stored is the version of the stored case, which every change increments.
	Stored int64 `json:"-"`
}

// Party is a person as recorded on a case.
type Party struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	// Agent is set for people who work for the provider. Customers do not see their addresses.
	Agent bool `json:"agent,omitempty"`
	// MailFailure says why mail is no longer sent to a participant without an account; empty if
	// mail works.
	MailFailure string `json:"mail_failure,omitempty"`
}

// Side is whose side somebody on a case is on. A name does not tell: people choose theirs.
type Side string

// The sides.
const (
	SupportSide  Side = "support"
	CustomerSide Side = "customer"
)

// Side returns whose side the person was on.
func (p Party) Side() Side {
	switch {
	case p.ID == PlatformPrincipal().UserID && p.Name == PlatformPrincipal().Name():
		return ""
	case p.Agent:
		return SupportSide
	}
	return CustomerSide
}

// sideOf returns whose side a principal is on; "" for the platform.
func sideOf(by identity.Principal, place identity.Place) Side { return partyOf(by, place).Side() }

// PartyOf returns a principal as recorded on a case of a place.
func PartyOf(p identity.Principal, place identity.Place) Party { return partyOf(p, place) }

func partyOf(p identity.Principal, place identity.Place) Party {
	return Party{ID: p.UserID, Name: p.Name(), Email: p.Email, Agent: p.IsAgent(place)}
}
