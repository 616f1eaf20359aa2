package job

import (
	"context"
	"slices"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Service lets people see, cancel and retry jobs of every kind, and workers perform them. It is
// safe for concurrent use.
type Service struct {
	ledger  *Ledger
	tenants *tenant.Tenants
	kinds   Kinds
}

// NewService returns the service for the kinds of a registry.
func NewService(ledger *Ledger, tenants *tenant.Tenants, kinds Kinds) *Service {
	return &Service{ledger: ledger, tenants: tenants, kinds: kinds}
}

// Scope is the place of jobs: an organization, an MSP, or the platform if both IDs are empty.
type Scope struct{ OrgID, MSPID string }

// place returns the place for a principal who may see at least one kind of jobs there; a fault of
// code Forbidden or NotFound for others. The jobs of the platform are for operators, and those about
// direct customers also for who works on them.
func (s *Service) place(ctx context.Context, by identity.Principal, scope Scope) (identity.Place, error) {
	place := identity.ThePlatform()
	switch {
	case scope.OrgID != "":
		org, err := s.tenants.LoadOrg(ctx, scope.OrgID)
		if err != nil {
			return identity.Place{}, err
		}
		place = org.Place()
	case scope.MSPID != "":
		msp, err := s.tenants.LoadMSP(ctx, scope.MSPID)
		if err != nil {
			return identity.Place{}, err
		}
		place = msp.Place()
	}
	for _, kind := range s.kinds.kinds {
		if kind.allows(by, kind.See, place) {
			return place, nil
		}
	}
	return place, by.Check(s.least(place), place)
}

// needed returns what a kind's permission means at a place.
func needed(permission identity.Permission, place identity.Place) identity.Permission {
	switch place.Scope {
	case identity.PlatformScope:
		return identity.RunPlatform
	case identity.MSPScope:
		return identity.SeeMSP | permission
	default:
		return permission
	}
}

// allows reports whether a principal has a permission for jobs of the kind at a place.
func (k Kind) allows(by identity.Principal, permission identity.Permission, place identity.Place) bool {
	if len(k.At) > 0 && !slices.Contains(k.At, place.Scope) {
		return false
	}
	return by.May(needed(permission, place), place) ||
		k.Direct && place.Scope == identity.PlatformScope && by.May(permission, identity.AnyDirect())
}

// least returns the permission that a principal lacks who sees no kind of jobs: the one for the
// first kind.
func (s *Service) least(place identity.Place) identity.Permission {
	if place.Scope == identity.PlatformScope {
		return identity.RunPlatform
	}
	names := make([]string, 0, len(s.kinds.kinds))
	for name := range s.kinds.kinds {
		names = append(names, name)
	}
	return needed(s.kinds.kinds[slices.Min(names)].See, place)
}

// sees reports whether a principal may see a job. Nobody sees a job whose kind is no longer
// registered.
func (s *Service) sees(by identity.Principal, place identity.Place, j Job) bool {
	kind, known := s.kinds.Find(j.Kind)
	return known && kind.allows(by, kind.See, place)
}

// Filter selects jobs; empty fields are ignored.
type Filter struct {
	Kind  string
	State State
}

// List returns the jobs of a scope that the principal sees, newest first. A page may have fewer
// than limit jobs though there are more. After is the Next of the previous page.
func (s *Service) List(
	ctx context.Context,
	by identity.Principal,
	scope Scope,
	filter Filter,
	after string,
	limit int,
) (Page[Job], error) {
	place, err := s.place(ctx, by, scope)
	if err != nil {
		return Page[Job]{}, err
	}
	if filter.State != "" && !slices.Contains(States(), filter.State) {
		return Page[Job]{}, fault.InField("state", "must be one of %v", States())
	}
	page, err := s.ledger.List(ctx, place, func(j Job) bool {
		return s.sees(by, place, j) && (filter.Kind == "" || filter.Kind == j.Kind) &&
			(filter.State == "" || filter.State == j.State)
	}, after, limit)
	for i := range page.Items {
		page.Items[i] = ShownTo(by, place, page.Items[i])
	}
	return page, err
}

// ShownResult is the result of a target, with what its name stands for.
type ShownResult struct {
	Result
	Shown
}

// Get reads a job, with a page of its results: those with an outcome, or all if it is empty. It
// returns a fault of code NotFound for a job that the principal does not see.
func (s *Service) Get(
	ctx context.Context,
	by identity.Principal,
	scope Scope,
	id string,
	outcome Outcome,
	after string,
	limit int,
) (Job, Page[ShownResult], error) {
	none := Page[ShownResult]{}
	place, err := s.place(ctx, by, scope)
	if err != nil {
		return Job{}, none, err
	}
	if outcome != "" && !slices.Contains(Outcomes(), outcome) {
		return Job{}, none, fault.InField("outcome", "must be one of %v", Outcomes())
	}
	h, _, err := s.ledger.head(ctx, place, id)
	if err != nil {
		return Job{}, none, err
	}
	if !s.sees(by, place, h.Job) {
		return Job{}, none, fault.Missing()
	}
	counted, err := s.ledger.counted(ctx, []head{h})
	if err != nil {
		return Job{}, none, err
	}
	results, err := s.ledger.results(ctx, &h, outcome, after, min(max(limit, 1), maxPage))
	if err != nil {
		return Job{}, none, err
	}
	page := Page[ShownResult]{Next: results.Next, Items: make([]ShownResult, len(results.Items))}
	show := s.kinds.kinds[h.Kind].Show
	for i, result := range results.Items {
		page.Items[i].Result = result
		if show != nil {
			page.Items[i].Shown = show(result.Target)
		}
	}
	if !by.May(identity.SeePersonalData, place) {
		for i, result := range page.Items {
			page.Items[i].Message = identity.MaskText(result.Message)
		}
	}
	return ShownTo(by, place, counted[0]), page, nil
}

// Cancel stops a job, for those who could have created it. It returns a fault of code Conflict if
// the job has ended.
func (s *Service) Cancel(ctx context.Context, by identity.Principal, scope Scope, id string) (Job, error) {
	place, err := s.place(ctx, by, scope)
	if err != nil {
		return Job{}, err
	}
	j, err := s.ledger.Cancel(ctx, by.Actor(), place, id, s.mayAct(by, place))
	return ShownTo(by, place, j), err
}

// Retry retries the failed targets of a job, for those who could have created it: each target is
// tried with the permissions of the job's creator. It returns a fault of code Conflict if the job
// has not ended or has no failed targets.
func (s *Service) Retry(ctx context.Context, by identity.Principal, scope Scope, id string) (Job, error) {
	place, err := s.place(ctx, by, scope)
	if err != nil {
		return Job{}, err
	}
	j, err := s.ledger.Retry(ctx, by.Actor(), place, id, s.mayAct(by, place))
	return ShownTo(by, place, j), err
}

// mayAct returns a fault if a principal may not change a job of a place.
func (s *Service) mayAct(by identity.Principal, place identity.Place) func(Job) error {
	return func(j Job) error {
		if !s.sees(by, place, j) {
			return fault.Missing()
		}
		kind := s.kinds.kinds[j.Kind]
		if kind.allows(by, kind.Act, place) {
			return nil
		}
		return by.Check(needed(kind.Act, place), place)
	}
}

// Run handles a message; see Ledger.Run.
func (s *Service) Run(ctx context.Context, message queue.Message) error {
	return s.ledger.Run(ctx, message, s.kinds)
}

// Settle stores final results of targets; see Ledger.Settle.
func (s *Service) Settle(
	ctx context.Context,
	place identity.Place,
	id string,
	part int,
	results ...Settlement,
) (int, error) {
	return s.ledger.Settle(ctx, s.kinds, place, id, part, results...)
}
