package support

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// CaseChange is a request to change a case; nil fields stay as they are. Revision, if not 0, is the
// revision that the caller read.
type CaseChange struct {
	Subject, Type, Component, Reason, Version, Environment, CustomTag *string

	Severity *int
	Status   *Status
	// AssigneeID is an agent who works on the cases of the organization; "" unassigns the case.
	AssigneeID *string
	WatcherIDs *[]string
	// CC are the addresses of participants without an account.
	CC *[]string
	// ReturnAt is when a waiting case reopens automatically, in microseconds since 1970; 0 for
	// never.
	ReturnAt *int64
	// Extension has fields that Tenantry does not know; nulls remove them.
	Extension extension.Fields
	Revision  int64
}

// Change changes the fields of a case. Customers can solve, close and reopen cases; other states
// and the assignment are for agents.
func (s *Service) Change(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID string,
	request CaseChange,
) (Case, error) {
	for attempt := 0; ; attempt++ {
		opened, _, err := s.Open(ctx, by, orgID, caseID, identity.OpenCases)
		if err != nil {
			return Case{}, err
		}
		if request.Revision != 0 && request.Revision != opened.Revision {
			return Case{}, fault.Stale(opened.Revision)
		}
		c, err := s.commitChange(ctx, by, opened, request)
		if Again(ctx, err, attempt) {
			continue // apply the change to the present case, if it has the same revision
		}
		return View(by, opened.Place, c), Busy(err)
	}
}

func (s *Service) commitChange(
	ctx context.Context,
	by identity.Principal,
	opened Opened,
	request CaseChange,
) (Case, error) {
	after := opened.Case
	request.applyFields(&after.Fields)
	if err := after.Check(); err != nil {
		return Case{}, err
	}
	var err error
	if after.Extension, err = after.Extension.With(request.Extension, extension.Small); err != nil {
		return Case{}, err
	}
	if err := s.applyState(ctx, opened, &after, request); err != nil {
		return Case{}, err
	}
	if request.AssigneeID != nil && *request.AssigneeID != opened.Assignee.PartyID() {
		assignee, err := s.assignee(ctx, opened, *request.AssigneeID)
		if err != nil {
			return Case{}, err
		}
		after.Assignee = assignee
	}
	if request.WatcherIDs != nil {
		watchers, err := s.watchers(ctx, opened.Place, *request.WatcherIDs, opened.Watchers)
		if err != nil {
			return Case{}, err
		}
		after.Watchers = watchers
	}
	if request.CC != nil {
		addresses, err := opened.Reader.unmasked(*request.CC, opened.CC)
		if err != nil {
			return Case{}, err
		}
		after.CC, after.Watchers, err = s.carbonCopies(ctx, by, opened.Place, after, addresses)
		if err != nil {
			return Case{}, err
		}
	}
	if len(after.Watchers)+len(after.CC) > MaxWatchers {
		return Case{}, fault.InField("watcher_ids", "must be at most %d together with those in cc", MaxWatchers)
	}
	return s.commitFields(ctx, by, opened, after, alteration{
		action: "cases.change", message: "Changed case %d",
		copies: s.publicCopies(opened.Agent, opened.CC, after.CC),
	})
}

func (w CaseChange) applyFields(f *desk.Fields) {
	for _, field := range []struct {
		value  *string
		target *string
	}{
		{w.Subject, &f.Subject},
		{w.Type, &f.Type},
		{w.Component, &f.Component},
		{w.Reason, &f.Reason},
		{w.Version, &f.Version},
		{w.Environment, &f.Environment},
		{w.CustomTag, &f.CustomTag},
	} {
		if field.value != nil {
			*field.target = *field.value
		}
	}
	if w.Severity != nil {
		f.Severity = *w.Severity
	}
}

// applyState moves the case to the requested state, and refuses what the provider's setting does
// not allow.
func (s *Service) applyState(ctx context.Context, opened Opened, after *Case, request CaseChange) error {
	status := after.Status
	if request.Status != nil {
		status = *request.Status
	}
	if status == opened.Status && !after.Differs(opened.Fields) && request.ReturnAt == nil {
		return nil
	}
	setting, err := s.desk.Load(ctx, opened.Org.MSPID)
	if err != nil {
		return err
	}
	if err := setting.Check(opened.Fields, after.Fields); err != nil {
		return err
	}
	now := s.journal.Now()
	if status != opened.Status {
		if err := checkStatus(status, opened); err != nil {
			return err
		}
		if !status.Done() && !opened.Agent && !opened.reopens(now, setting.ReopenDays) {
			return closedLongAgo(opened.Case, setting.ReopenDays)
		}
		if !status.Done() && opened.MergedInto != nil {
			if err := s.part(ctx, opened, after); err != nil {
				return err
			}
		}
		after.setStatus(status, now, setting.SolvedDays)
		if err := s.keepAssignee(ctx, opened, after); err != nil {
			return err
		}
		after.Ask(setting, now)
	}
	return after.setReturn(request.ReturnAt, opened, now)
}

// keepAssignee unassigns a reopened case if the assignee no longer works on it. Closed cases keep
// their assignee, who solved them.
func (s *Service) keepAssignee(ctx context.Context, opened Opened, after *Case) error {
	if !opened.Status.Done() || after.Status.Done() || after.Assignee == nil {
		return nil
	}
	works, err := s.accounts.Works(ctx, after.Assignee.ID, opened.Place)
	if err == nil && !works {
		after.Assignee = nil
	}
	return err
}

// setReturn sets when a waiting case reopens.
func (c *Case) setReturn(requested *int64, opened Opened, now time.Time) error {
	if requested == nil || *requested == c.ReturnAt {
		return nil
	}
	switch {
	case !opened.Answers:
		return fault.New(fault.Forbidden, "Only those who work on the case for the provider set when it returns.")
	case *requested != 0 && c.Status != Pending && c.Status != Hold:
		return fault.InField("return_at", "is for a case that is pending or on hold")
	case *requested != 0 && (*requested <= now.UnixMicro() || *requested > now.AddDate(0, 0, desk.MaxDays).UnixMicro()):
		return fault.InField("return_at", "must be in the future, at most %d days from now", desk.MaxDays)
	}
	c.ReturnAt = *requested
	return nil
}

func checkStatus(status Status, opened Opened) error {
	if !slices.Contains(Statuses(), status) {
		return fault.OneOf("status", Statuses())
	}
	if !opened.Answers && status != opened.Status && status != Open && !status.Done() {
		return fault.New(fault.Forbidden, "Only those who work on the case for the provider can make it %s.", status)
	}
	return nil
}

// assignee returns the agent to assign a case to.
func (s *Service) assignee(ctx context.Context, opened Opened, id string) (*Party, error) {
	if !opened.Answers {
		return nil, fault.New(fault.Forbidden, "Only those who work on the case for the provider can assign it.")
	}
	if id == "" {
		return nil, nil
	}
	if uuid.Validate(id) != nil {
		return nil, noAgent(id)
	}
	person, err := s.accounts.Person(ctx, id)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	principal := person.Principal("api", "")
	if err != nil || !principal.May(identity.AnswerCases, opened.Place) {
		return nil, noAgent(id)
	}
	party := partyOf(principal, opened.Place)
	return &party, nil
}
