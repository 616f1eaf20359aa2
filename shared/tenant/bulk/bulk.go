// Package bulk runs actions on many organizations of an MSP as jobs, with a preview of what each
// would do. It decides nothing about a single organization; package tenant does.
package bulk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Action is an action on many organizations.
type Action string

// The actions.
const (
	// Label gives organizations labels and takes others off them.
	Label Action = "label"
)

// Actions lists the actions.
func Actions() []Action { return []Action{Label} }

// MaxOrgIDs is the maximum number of organizations that a request names. A filter selects as many as
// an MSP has, at most job.MaxTargets.
const MaxOrgIDs = 10_000

// Request is an action on the organizations that OrgIDs names or Filter selects, not both.
type Request struct {
	Action Action            `json:"action"`
	Labels tenant.Relabeling `json:"labels"`
	OrgIDs []string          `json:"-"`
	Filter *tenant.OrgFilter `json:"-"`
}

// kind is the prefix of the kinds of jobs on organizations.
const kind = "orgs."

// Service creates and performs the jobs. It is safe for concurrent use.
type Service struct {
	accounts *identity.Accounts
	tenants  *tenant.Tenants
	jobs     *job.Ledger
}

// New returns the service.
func New(accounts *identity.Accounts, tenants *tenant.Tenants, jobs *job.Ledger) *Service {
	return &Service{accounts: accounts, tenants: tenants, jobs: jobs}
}

// Create creates a job that performs an action on many organizations of an MSP, with a result for
// each. Each organization is changed as if the creator of the job did so, with the permissions they
// have at that time.
func (s *Service) Create(ctx context.Context, by identity.Principal, mspID string, request Request) (job.Job, error) {
	msp, orgs, request, err := s.targets(ctx, by, mspID, request)
	if err != nil {
		return job.Job{}, err
	}
	ids := make([]string, len(orgs))
	for i, org := range orgs {
		ids[i] = org.ID
	}
	payload, err := json.Marshal(request)
	if err != nil {
		return job.Job{}, err
	}
	return s.jobs.Create(ctx, by.Actor(), msp.Place(), job.New{
		Kind: kind + string(request.Action), Title: title(len(ids)), Payload: payload, Targets: ids, Queue: queue.CasesJobs,
	})
}

// title returns the title of a job that labels a number of organizations.
func title(number int) string {
	if number == 1 {
		return "Label one organization"
	}
	return fmt.Sprintf("Label %d organizations", number)
}

// targets checks a request, and returns the MSP, the organizations that it is about, and the request
// with the IDs of labels for their names.
func (s *Service) targets(
	ctx context.Context, by identity.Principal, mspID string, request Request,
) (tenant.MSP, []tenant.Org, Request, error) {
	refused := func(err error) (tenant.MSP, []tenant.Org, Request, error) {
		return tenant.MSP{}, nil, Request{}, err
	}
	msp, err := s.tenants.MSP(ctx, by, mspID, identity.ChangeMSP)
	if err != nil {
		return refused(err)
	}
	if !slices.Contains(Actions(), request.Action) {
		return refused(fault.OneOf("action", Actions()))
	}
	if request.Labels, err = s.tenants.Resolve(ctx, by, mspID, request.Labels); err != nil {
		return refused(err)
	}
	var orgs []tenant.Org
	switch {
	case (len(request.OrgIDs) > 0) == (request.Filter != nil):
		err = fault.InField("org_ids", "or filter must say which organizations are meant, not both")
	case request.Filter != nil:
		orgs, err = s.selected(ctx, by, msp, *request.Filter)
	default:
		orgs, err = s.named(ctx, msp, request.OrgIDs)
	}
	if err != nil {
		return refused(err)
	}
	return msp, orgs, request, nil
}

// selected returns the organizations that a filter selects.
func (s *Service) selected(
	ctx context.Context, by identity.Principal, msp tenant.MSP, filter tenant.OrgFilter,
) ([]tenant.Org, error) {
	orgs, err := s.tenants.MSPOrgs(ctx, by, msp.ID, filter, job.MaxTargets)
	switch {
	case err != nil:
		return nil, err
	case len(orgs) == 0:
		return nil, fault.InField("filter", "selects no organization")
	case len(orgs) > job.MaxTargets:
		return nil, fault.InField("filter", "selects more than %d organizations: narrow it down", job.MaxTargets)
	}
	return orgs, nil
}

// named returns the organizations of an MSP with these IDs; a fault of code Invalid if one is not the
// MSP's.
func (s *Service) named(ctx context.Context, msp tenant.MSP, ids []string) ([]tenant.Org, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(ids) > MaxOrgIDs {
		return nil, fault.InField("org_ids", "must name at most %d organizations: use filter for more", MaxOrgIDs)
	}
	return s.tenants.OrgsOf(ctx, msp, ids)
}

// JobKinds returns the kinds of jobs on organizations.
func (s *Service) JobKinds() []job.Kind {
	return []job.Kind{{
		Name: kind + string(Label), See: identity.SeeMSP, Act: identity.ChangeMSP, At: []identity.ScopeKind{identity.MSPScope},
		Perform: s.perform,
		Show:    func(target string) job.Shown { return job.Shown{Object: "org", ID: target, OrgID: target} },
	}}
}

// perform performs a job's action on one organization.
func (s *Service) perform(ctx context.Context, j job.Job, target job.Target) error {
	var request Request
	if err := json.Unmarshal(j.Payload, &request); err != nil {
		return fault.Wrap(err, fault.Invalid, "The job cannot be read.")
	}
	person, err := s.accounts.Person(ctx, j.Creator.ID)
	if err != nil {
		return err
	}
	by := person.ForJob(j.Creator)
	changed, err := s.tenants.Relabel(ctx, by, target.Name, request.Labels)
	if err == nil && !changed {
		return job.Skip("It has these labels already.")
	}
	return err
}
