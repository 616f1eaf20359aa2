package support

import (
	"cmp"
	"context"
	"fmt"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/estate"
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

// begin asks whether a principal may open a case, and takes its number at the same time where that is likely: a number that
// is not used after all is left out. What is wrong with the case is said only to who may open one.
func (d *Desk) begin(ctx context.Context, by identity.Principal, orgID string, wrong error) (estate.Org, int64, error) {
	if wrong != nil || !by.Near(orgID) {
		org, err := d.tenants.Org(ctx, by, orgID, identity.OpenCases)
		if err := cmp.Or(err, wrong); err != nil {
			return estate.Org{}, 0, err
		}
		number, err := d.journal.Next(ctx, counterKey())
		return org, number, err
	}
	var org estate.Org
	var number int64
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		org, err = d.tenants.Org(groupCtx, by, orgID, identity.OpenCases)
		return err
	})
	group.Go(func() (err error) {
		number, err = d.journal.Next(groupCtx, counterKey())
		return err
	})
	err := group.Wait()
	return org, number, err
}

func (d *Desk) createCase(ctx context.Context, by identity.Principal, orgID string, wanted NewCase, from origin) (Case, error) {
	if wanted.Type == "" {
		wanted.Type = DefaultType
	}
	if wanted.Severity == 0 {
		wanted.Severity = NormalSeverity
	}
	wrong := wanted.check()
	if wrong == nil {
		wrong = checkText("description", wanted.Description, 1)
	}
	org, number, err := d.begin(ctx, by, orgID, wrong)
	if err != nil {
		return Case{}, err
	}
	watchers, err := d.watchers(ctx, org.Place(), wanted.WatcherIDs)
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
