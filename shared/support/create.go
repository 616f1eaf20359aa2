package support

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/table"
)

// NewCase is what is asked of a new case.
type NewCase struct {
	Fields
	Description string
	// WatcherIDs are people with access to the organization's cases.
	WatcherIDs []string
}

type description struct {
	Text string `json:"text"`
	// RawKey is where the mail lies that opened the case, if one did.
	RawKey string `json:"raw_key,omitempty"`
}

// CreateCase opens a case of an organization, submitted by the principal.
func (d *Desk) CreateCase(ctx context.Context, by identity.Principal, orgID string, wanted NewCase) (Case, error) {
	return d.createCase(ctx, by, orgID, wanted, origin{action: "cases.create"})
}

// origin says by which way something comes in, and what must be written with it.
type origin struct {
	action string
	// files are stored attachments that belong to it.
	files []File
	// writes are committed with it: the note that a mail was taken in.
	writes []table.Write
	// automatic is set for what a program wrote: nobody is told of it.
	automatic bool
	// whole is all of a mail's text where only a part of it was taken over.
	whole string
	// rawKey is where the raw mail lies.
	rawKey string
}

func (d *Desk) createCase(ctx context.Context, by identity.Principal, orgID string, wanted NewCase, from origin) (Case, error) {
	org, err := d.tenants.Org(ctx, by, orgID, identity.OpenCases)
	if err != nil {
		return Case{}, err
	}
	if wanted.Type == "" {
		wanted.Type = DefaultType
	}
	if wanted.Severity == 0 {
		wanted.Severity = NormalSeverity
	}
	if err := wanted.check(); err != nil {
		return Case{}, err
	}
	if err := checkText("description", wanted.Description, 1); err != nil {
		return Case{}, err
	}
	watchers, err := d.watchers(ctx, org.Place(), wanted.WatcherIDs)
	if err != nil {
		return Case{}, err
	}
	number, err := d.journal.Next(ctx, counterKey())
	if err != nil {
		return Case{}, err
	}
	c := Case{
		ID: d.journal.NewID(), Number: number, OrgID: org.ID, MSPID: org.MSPID, Fields: wanted.Fields,
		Status: Open, Submitter: partyOf(by, org.Place()), Watchers: watchers, Files: len(from.files),
	}
	text, err := change.Encode(caseKey(org.ID, c.ID, descriptionSort), description{Text: wanted.Description, RawKey: from.rawKey})
	if err != nil {
		return Case{}, err
	}
	pointer, err := change.Encode(numberKey(number), numberEntry{OrgID: org.ID, CaseID: c.ID})
	if err != nil {
		return Case{}, err
	}
	files, err := c.fileWrites(from.files)
	if err != nil {
		return Case{}, err
	}
	writes := append(append(files, from.writes...), table.Create(text), table.Create(pointer))
	made, err := d.commit(ctx, by, update{
		after: c,
		done: change.Done{
			Action: from.action, Message: fmt.Sprintf("Opened case %d: %s", number, c.Subject), After: c.forCustomer(), Writes: writes,
		},
		notice: Notice{Event: Created, ActorName: by.Name()},
	})
	return view(by, org.Place(), made), err
}

// watchers finds the people to be told of a case; each must be able to see the
// organization's cases.
func (d *Desk) watchers(ctx context.Context, place identity.Place, ids []string) ([]Party, error) {
	if len(ids) > MaxWatchers {
		return nil, tooMany("watcher_ids", MaxWatchers)
	}
	for _, id := range ids {
		if uuid.Validate(id) != nil {
			return nil, nobody("watcher_ids", id)
		}
	}
	people, err := d.accounts.People(ctx, unique(ids))
	if err != nil {
		return nil, err
	}
	found := make(map[string]Party, len(people))
	for _, person := range people {
		principal := person.Principal("api", "")
		if principal.May(identity.SeeCases, place) {
			found[person.ID] = partyOf(principal, place)
		}
	}
	watchers := make([]Party, 0, len(ids))
	for _, id := range unique(ids) {
		watcher, ok := found[id]
		if !ok {
			return nil, nobody("watcher_ids", id)
		}
		watchers = append(watchers, watcher)
	}
	return watchers, nil
}
