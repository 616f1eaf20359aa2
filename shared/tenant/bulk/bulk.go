// Package bulk runs actions on many organizations as jobs, with a preview of what each would do. The
// organizations are those of an MSP, or at the platform any of the installation. It decides nothing
// about a single organization; package tenant does.
package bulk

import (
	"cmp"
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

// MaxOrgIDs is the maximum number of organizations that a request names. A filter selects at most
// job.MaxTargets.
const MaxOrgIDs = 10_000

// Request is an action on the organizations that OrgIDs names or Filter selects, not both.
type Request struct {
	Action Action            `json:"action"`
	Labels tenant.Relabeling `json:"labels"`
	// Enabled says whether to turn a switch on, or whether an assigned profile becomes the default.
	Enabled *bool `json:"enabled,omitempty"`
	// ProfileID is the operator profile to assign or to remove.
	ProfileID string `json:"profile_id,omitempty"`
	// Confirm is what somebody typed to confirm a deletion.
	Confirm string `json:"confirm,omitempty"`
	// Mail is what to write to the organizations.
	Mail *Mail `json:"mail,omitempty"`
	// MSPID is the MSP of a transfer, and Delegation what a transfer or a release leaves to the provider.
	MSPID      string     `json:"msp_id,omitempty"`
	Delegation Delegation `json:"delegation,omitzero"`
	// MSPName is the name of that MSP when the job was created.
	MSPName string   `json:"msp_name,omitempty"`
	OrgIDs  []string `json:"-"`
	Filter  *Filter  `json:"-"`
	// Expected, if not nil, is how many organizations Filter must select.
	Expected *int `json:"-"`
}

// Mail is a mail to organizations: what programs show without HTML, and HTML, "" for none.
type Mail struct {
	Subject string `json:"subject"`
	Text    string `json:"text"`
	HTML    string `json:"html,omitempty"`
}

// Filter selects organizations: of the MSP that is asked; at the platform of the one that MSPID names, or
// direct customers if it is empty.
type Filter struct {
	tenant.OrgFilter
	MSPID string
}

// Orgs names a number of organizations, for the title of a job.
func Orgs(number int) string {
	if number == 1 {
		return "one organization"
	}
	return fmt.Sprintf("%d organizations", number)
}

// kind is the prefix of the kinds of jobs on organizations.
const kind = "orgs."

// Service creates and performs the jobs. It is safe for concurrent use.
type Service struct {
	accounts *identity.Accounts
	tenants  *tenant.Tenants
	jobs     *job.Ledger
	finish   Finish
	more     []Definition
}

// New returns the service with its own actions and those of other domains; finish finishes the transfers.
func New(
	accounts *identity.Accounts, tenants *tenant.Tenants, jobs *job.Ledger, finish Finish, more ...Definition,
) *Service {
	return &Service{accounts: accounts, tenants: tenants, jobs: jobs, finish: finish, more: more}
}

// Create creates a job that performs an action on many organizations of an MSP, or of the installation
// (mspID ""), with a result for each. Each organization is changed as if the creator of the job did so,
// with the permissions they have at that time.
func (s *Service) Create(ctx context.Context, by identity.Principal, mspID string, request Request) (job.Job, error) {
	m, err := s.meant(ctx, by, mspID, request)
	if err != nil {
		return job.Job{}, err
	}
	if request.Expected != nil && *request.Expected != len(m.orgs) {
		return job.Job{}, fault.New(fault.Conflict,
			"The filter selects %d organizations by now, and not %d. Nothing was changed: look at them again.",
			len(m.orgs), *request.Expected)
	}
	if m.action.Begin != nil {
		if err := m.action.Begin(by, m.request); err != nil {
			return job.Job{}, err
		}
	}
	ids := make([]string, len(m.orgs))
	for i, org := range m.orgs {
		ids[i] = org.ID
	}
	payload, err := json.Marshal(m.request)
	if err != nil {
		return job.Job{}, err
	}
	return s.jobs.Create(ctx, by.Actor(), m.place, job.New{
		Kind: kind + string(request.Action), Title: m.action.Title(m.request, len(ids)), Payload: payload, Targets: ids,
		Queue: queue.Transfers,
	})
}

// meant is what a request means: the action, where it was asked for, the request as the action completed
// it, and its organizations.
type meant struct {
	action  Definition
	place   identity.Place
	request Request
	orgs    []tenant.Org
}

// meant checks a request and returns what it means.
func (s *Service) meant(
	ctx context.Context, by identity.Principal, mspID string, request Request,
) (m meant, err error) {
	m.place = identity.ThePlatform()
	var msp tenant.MSP
	if mspID != "" {
		if msp, err = s.tenants.LoadMSP(ctx, mspID); err != nil {
			return m, err
		}
		m.place = msp.Place()
	}
	if m.action, err = s.at(m.place.Scope, request.Action); err != nil {
		// The action is not refused to those who may not see the place.
		return m, cmp.Or(by.Check(seeing(m.place), m.place), err)
	}
	if err := by.Check(m.action.May[m.place.Scope], m.place); err != nil {
		return m, err
	}
	if m.request, err = m.action.Check(ctx, by, mspID, request); err != nil {
		return m, err
	}
	request.OrgIDs = slices.Compact(slices.Sorted(slices.Values(request.OrgIDs)))
	switch filter := request.Filter; {
	case (len(request.OrgIDs) > 0) == (filter != nil):
		err = fault.InField("org_ids", "or filter must say which organizations are meant, not both")
	case filter == nil && request.Expected != nil:
		err = fault.InField("expected", "must be given only with a filter")
	case len(request.OrgIDs) > MaxOrgIDs:
		err = fault.InField("org_ids", "must name at most %d organizations: use filter for more", MaxOrgIDs)
	case filter != nil && filter.MSPID != "" && mspID != "" && filter.MSPID != mspID:
		err = fault.InField("filter.msp_id", "must be this MSP, or be left out")
	case m.action.Find != nil:
		m.orgs, err = m.action.Find(ctx, by, mspID, request)
	case filter != nil:
		m.orgs, err = s.selected(ctx, by, cmp.Or(mspID, filter.MSPID), *filter)
	case mspID == "":
		m.orgs, err = s.tenants.AnyOrgs(ctx, request.OrgIDs)
	default:
		m.orgs, err = s.tenants.OrgsOf(ctx, msp, request.OrgIDs)
	}
	return m, err
}

// seeing returns the permission to see a place.
func seeing(place identity.Place) identity.Permission {
	if place.Scope == identity.MSPScope {
		return identity.SeeMSP
	}
	return identity.RunPlatform
}

// selected returns the organizations of an MSP, or direct customers (mspID ""), that a filter selects.
func (s *Service) selected(
	ctx context.Context, by identity.Principal, mspID string, filter Filter,
) ([]tenant.Org, error) {
	orgs, err := s.tenants.Selected(ctx, by, mspID, filter.OrgFilter, job.MaxTargets)
	switch {
	case fault.Is(err, fault.NotFound) && filter.MSPID != "":
		return nil, fault.InField("filter.msp_id", "is not the id of an MSP")
	case err != nil:
		return nil, err
	case len(orgs) == 0:
		return nil, fault.InField("filter", "selects no organization")
	case len(orgs) > job.MaxTargets:
		return nil, fault.InField("filter", "selects more than %d organizations: narrow it down", job.MaxTargets)
	}
	return orgs, nil
}

// performing returns the function that performs an action on one target of a job.
func (s *Service) performing(one Definition) job.Perform {
	return func(ctx context.Context, j job.Job, target job.Target) error {
		var request Request
		if err := json.Unmarshal(j.Payload, &request); err != nil {
			return fault.Wrap(err, fault.Invalid, "The job cannot be read.")
		}
		person, err := s.accounts.Person(ctx, j.Creator.ID)
		if err != nil {
			return err
		}
		return one.Perform(ctx, person.ForJob(j.Creator), Task{OrgID: target.Name, Request: request, Job: j, Target: target})
	}
}
