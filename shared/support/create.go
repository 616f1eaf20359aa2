package support

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
	"github.com/tenantry/tenantry/shared/tenant"
)

// NewCase is a request to open a case.
type NewCase struct {
	desk.Fields
	Description string
	// WatcherIDs are people with access to the organization's cases.
	WatcherIDs []string
	// CC are the addresses of people without an account who are notified too.
	CC []string
	// Follows is the ID of a case of the organization that the new one follows up; "" for none.
	Follows string
	// Related is the ID of a case that the new one relates to. Follows and Related exclude each
	// other.
	Related string
	// Extension has fields that Tenantry does not know.
	Extension extension.Fields
}

// earlier returns the case to link the new one to, if any, and the kind of the link.
func (n NewCase) earlier() (id string, kind LinkKind) {
	if n.Follows == "" && n.Related != "" {
		return n.Related, Related
	}
	return n.Follows, Follows
}

// Description is the first text of a case.
type Description struct {
	Text string `json:"text"`
	// RawKey is where the mail that opened the case is stored; empty if it was not opened by mail.
	RawKey string `json:"raw_key,omitempty"`
	// RawSize is how much that mail counts in the storage of the organization, in bytes.
	RawSize int64 `json:"raw_size,omitempty"`
}

// Create opens a case of an organization, submitted by the principal.
func (s *Service) Create(ctx context.Context, by identity.Principal, orgID string, request NewCase) (Case, error) {
	return s.CreateFrom(ctx, by, orgID, request, Origin{Action: "cases.create"})
}

// Origin describes how a comment or case arrived, and what to commit with it.
type Origin struct {
	Action string
	// Files are its attachments, already stored.
	Files []attachment.File
	// Writes are committed with it: for a mail, the record under Seen that it was accepted.
	Writes []table.Write
	Seen   table.Key
	// Also returns further writes for the stored case and its new files; Edit changes the case
	// before it is stored.
	Also func(c Case, files []attachment.File) ([]table.Write, error)
	Edit func(*Case)
	// Repeated are files that the case already has.
	Repeated []attachment.File
	// Automatic is set for generated mail; nobody is notified of it.
	Automatic bool
	// Quiet is set to notify nobody; NoReceipt to notify everybody but the author of a new case.
	Quiet, NoReceipt bool
	// Submitter is the customer for whom an agent opens the case; nil if the principal does it for
	// themselves.
	Submitter *identity.Principal
	// Whole is the full text of a mail of which the comment is only a part.
	Whole string
	// RawKey is where the raw mail is stored, and RawSize its size in bytes.
	RawKey  string
	RawSize int64
	// Forced stores the files even if the organization has no room for them.
	Forced bool
}

// beginning is the data read before a case is opened.
type beginning struct {
	org      tenant.Org
	number   int64
	setting  desk.Setting
	watchers []Party
	follows  *Case
}

// begin checks whether a principal may open a case, reads what is needed and reserves the next case
// number, all concurrently; the number is skipped if the case is not created. Only principals who
// may open a case learn what is wrong with the request.
func (s *Service) begin(
	ctx context.Context,
	by identity.Principal,
	orgID string,
	request NewCase,
	wrong error,
) (beginning, error) {
	var start beginning
	var err error
	if start.org, err = s.tenants.Org(ctx, by, orgID, identity.OpenCases); err != nil || wrong != nil {
		return start, cmp.Or(err, wrong)
	}
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		start.number, err = s.journal.Next(groupCtx, CounterKey())
		return err
	})
	group.Go(func() (err error) {
		start.setting, err = s.desk.Load(groupCtx, start.org.MSPID)
		return err
	})
	group.Go(func() (err error) {
		start.watchers, err = s.watchers(groupCtx, start.org.Place(), request.WatcherIDs, nil)
		return err
	})
	group.Go(func() (err error) {
		earlier, _ := request.earlier()
		start.follows, err = s.followed(groupCtx, orgID, earlier)
		return err
	})
	return start, group.Wait()
}

// CreateFrom opens a case like Create; origin says how it arrived and what to commit with it. It starts over
// if the organization changes in the meantime.
func (s *Service) CreateFrom(
	ctx context.Context,
	by identity.Principal,
	orgID string,
	request NewCase,
	from Origin,
) (Case, error) {
	for attempt := 0; ; attempt++ {
		c, err := s.createFrom(ctx, by, orgID, request, from)
		if !table.ConflictAt(err, tenant.OrgKey(orgID)) {
			return c, err
		}
		if !Again(ctx, fault.Stale(1), attempt) {
			return Case{}, Busy(fault.Stale(1))
		}
	}
}

func (s *Service) createFrom(
	ctx context.Context,
	by identity.Principal,
	orgID string,
	request NewCase,
	from Origin,
) (Case, error) {
	if request.Severity == 0 {
		request.Severity = desk.NormalSeverity
	}
	wrong := request.Check()
	if wrong == nil {
		wrong = identity.CheckParagraphs("description", request.Description, 1, desk.MaxText)
	}
	fields, tooMuch := extension.Fields(nil).With(request.Extension, extension.Small)
	if wrong == nil {
		wrong = tooMuch
	}
	start, err := s.begin(ctx, by, orgID, request, wrong)
	if err != nil {
		return Case{}, err
	}
	org, number := start.org, start.number
	if request.Type == "" {
		request.Type = start.setting.UsualType()
	}
	if err := start.setting.Check(desk.Fields{}, request.Fields); err != nil {
		return Case{}, err
	}
	c := Case{
		ID: s.journal.NewID(), Number: number, OrgID: org.ID, MSPID: org.MSPID, Fields: request.Fields,
		Status: Open, Submitter: partyOf(by, org.Place()), Watchers: start.watchers, Files: len(from.Files),
		Extension: fields,
	}
	if from.Submitter != nil {
		c.Submitter = partyOf(*from.Submitter, org.Place())
	}
	if policy := start.setting.ServiceLevel; policy != nil {
		clock := servicelevel.Start(*policy, c.Severity, s.journal.Now())
		c.Clock = &clock
	}
	if c.CC, c.Watchers, err = s.carbonCopies(ctx, by, org.Place(), c, request.CC); err != nil {
		return Case{}, err
	}
	writes, err := c.firstWrites(request, from)
	if err != nil {
		return Case{}, err
	}
	updates := []Update{{
		After: c, stores: from.stores(org), copies: s.publicCopies(by.IsAgent(org.Place()), nil, c.CC),
	}}
	if !from.Quiet {
		updates[0].Notice = Notice{
			Event: Created, ActorName: by.Name(), ActorSide: sideOf(by, org.Place()), NoReceipt: from.NoReceipt,
		}
	}
	updates[0].Record.Writes = append(append(writes, from.Writes...), stillOf(org))
	if start.follows != nil {
		before := *start.follows
		_, kind := request.earlier()
		updates[0].After.Links = []Link{before.link(kind)}
		updates = append(updates, Update{
			Before: start.follows, After: before.linked(c.link(kind.counterpart())), Org: &org,
		})
	}
	cases, err := s.CommitAll(ctx, by, change.Record{
		Action: from.Action, Message: fmt.Sprintf("Opened case %d: %s", number, c.Subject), After: c.forCustomer(),
	}, updates...)
	if err != nil {
		return Case{}, err
	}
	return View(by, org.Place(), cases[0]), nil
}

// firstWrites returns the items written with a new case: its text, the pointer from its number, its
// files.
func (c Case) firstWrites(request NewCase, from Origin) ([]table.Write, error) {
	text, err := change.Encode(
		CaseKey(c.OrgID, c.ID, DescriptionSort),
		Description{Text: request.Description, RawKey: from.RawKey, RawSize: from.RawSize},
	)
	if err != nil {
		return nil, err
	}
	pointer, err := change.Encode(NumberKey(c.Number), NumberEntry{OrgID: c.OrgID, CaseID: c.ID})
	if err != nil {
		return nil, err
	}
	files, err := c.fileWrites(from.Files)
	writes := append(files, table.Create(text), table.Create(pointer))
	if err != nil || from.Also == nil {
		return writes, err
	}
	also, err := from.Also(c, from.Files)
	return append(writes, also...), err
}

// watchers returns the people to notify of a case. Each must be allowed to see the organization's
// cases, unless they already watch the case.
func (s *Service) watchers(
	ctx context.Context, place identity.Place, ids []string, present []Party,
) ([]Party, error) {
	if len(ids) > MaxWatchers {
		return nil, tooMany("watcher_ids", MaxWatchers)
	}
	for _, id := range ids {
		if uuid.Validate(id) != nil {
			return nil, nobody("watcher_ids", id)
		}
	}
	parties := make(map[string]Party, len(ids))
	for _, party := range present {
		parties[party.ID] = party
	}
	added := slices.DeleteFunc(Distinct(ids), func(id string) bool { return hasParty(present, id) })
	people, err := s.accounts.People(ctx, added)
	if err != nil {
		return nil, err
	}
	for _, person := range people {
		principal := person.Principal("api", "")
		if principal.May(identity.SeeCases, place) {
			parties[person.ID] = partyOf(principal, place)
		}
	}
	watchers := make([]Party, 0, len(ids))
	for _, id := range Distinct(ids) {
		watcher, ok := parties[id]
		if !ok {
			return nil, nobody("watcher_ids", id)
		}
		watchers = append(watchers, watcher)
	}
	return watchers, nil
}
