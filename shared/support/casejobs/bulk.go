package casejobs

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// BulkAction is an action on many cases.
type BulkAction string

// The actions on many cases.
const (
	BulkArchive   BulkAction = "archive"
	BulkUnarchive BulkAction = "unarchive"
	BulkClose     BulkAction = "close"
	BulkDelete    BulkAction = "delete"
	BulkRestore   BulkAction = "restore"
	BulkAssign    BulkAction = "assign"
	BulkTag       BulkAction = "tag"
)

// BulkActions lists the actions.
func BulkActions() []BulkAction {
	return []BulkAction{BulkArchive, BulkUnarchive, BulkClose, BulkDelete, BulkRestore, BulkAssign, BulkTag}
}

// Bulk is a request to do the same to many cases.
type Bulk struct {
	Action BulkAction `json:"action"`
	// Value is the ID of the agent to assign, "" for nobody; or the tag to set.
	Value string `json:"value,omitempty"`
	// Confirmation is support.DeleteWord if the action is BulkDelete.
	Confirmation string `json:"-"`
	// Cases are the cases concerned, at most job.MaxTargets; OrgID may be empty if the scope is one
	// organization.
	Cases []support.Reference `json:"-"`
	// Filter selects the cases instead; they are those that match when the job is created. Expected,
	// if not nil, is how many there have to be.
	Filter   *lists.Query `json:"-"`
	Expected *int         `json:"-"`
}

// bulkKind is the prefix of the kinds of jobs on cases.
const bulkKind = "cases."

// Bulk creates a job that performs an action on many cases, with a result for each. Each case is
// changed as if the creator of the job did so, with the permissions they have at that time.
func (s *Service) Bulk(ctx context.Context, by identity.Principal, scope lists.Scope, request Bulk) (job.Job, error) {
	place, err := s.bulkPlace(ctx, by, scope, request)
	if err != nil {
		return job.Job{}, err
	}
	if !slices.Contains(BulkActions(), request.Action) {
		return job.Job{}, fault.OneOf("action", BulkActions())
	}
	if request.Action == BulkDelete {
		if err := support.CheckConfirmation(request.Confirmation); err != nil {
			return job.Job{}, err
		}
	}
	if err := identity.CheckText("value", request.Value, 0, desk.MaxShort); err != nil {
		return job.Job{}, err
	}
	cases, err := s.selected(ctx, by, scope, request)
	if err != nil {
		return job.Job{}, err
	}
	targets := make([]string, 0, len(cases))
	for _, ref := range cases {
		if ref.OrgID == "" {
			ref.OrgID = scope.OrgID
		}
		if uuid.Validate(ref.CaseID) != nil || uuid.Validate(ref.OrgID) != nil ||
			scope.OrgID != "" && ref.OrgID != scope.OrgID {
			return job.Job{}, fault.InField("cases", "%q is not the id of a case here", ref.CaseID)
		}
		targets = append(targets, ref.OrgID+"/"+ref.CaseID)
	}
	payload, err := json.Marshal(request)
	if err != nil {
		return job.Job{}, err
	}
	return s.jobs.Create(ctx, by.Actor(), place, job.New{
		Kind: bulkKind + string(
			request.Action,
		),
		Title: fmt.Sprintf(
			"%s %d cases",
			strings.ToUpper(string(request.Action[:1]))+string(request.Action[1:]),
			len(targets),
		),
		Payload: payload,
		Targets: targets,
		Queue:   queue.CasesJobs,
	})
}

// bulkPlace returns the place of a job on cases, for a principal who may perform the action there.
func (s *Service) bulkPlace(
	ctx context.Context,
	by identity.Principal,
	scope lists.Scope,
	request Bulk,
) (identity.Place, error) {
	return s.jobPlace(ctx, by, scope, request.Action.permission())
}

// permission is the permission that the action needs at the place of the cases.
func (a BulkAction) permission() identity.Permission {
	switch a {
	case BulkDelete, BulkRestore:
		return identity.DeleteCases
	case BulkAssign:
		return identity.AnswerCases
	}
	return identity.OpenCases
}

func (s *Service) jobPlace(
	ctx context.Context,
	by identity.Principal,
	scope lists.Scope,
	permission identity.Permission,
) (identity.Place, error) {
	if scope == (lists.Scope{}) {
		return identity.ThePlatform(), lists.CheckDirect(by, permission)
	}
	if scope.OrgID == "" {
		msp, err := s.tenants.MSP(ctx, by, scope.MSPID, identity.SeeMSP|permission)
		return msp.Place(), err
	}
	org, err := s.tenants.Org(ctx, by, scope.OrgID, permission)
	return org.Place(), err
}

// JobKinds returns the kinds of jobs on cases: bulk actions and reports.
func (s *Service) JobKinds() []job.Kind {
	var kinds []job.Kind
	for _, action := range BulkActions() {
		kinds = append(kinds, job.Kind{
			Name: bulkKind + string(
				action,
			),
			See:     identity.SeeCases,
			Direct:  true,
			Act:     action.permission(),
			Perform: s.performBulk,
			Show:    showCase,
		})
	}
	for _, name := range []string{exportKind, innerExportKind} {
		kinds = append(
			kinds,
			job.Kind{Name: name, See: identity.SeeCases, Act: identity.OpenCases, Direct: true, Perform: s.writeReport},
		)
	}
	return kinds
}

// showCase describes the case that is the target of a job.
func showCase(target string) job.Shown {
	orgID, caseID := TargetCase(target)
	return job.Shown{Object: "case", ID: caseID, OrgID: orgID}
}

// performBulk performs a job's action on one case.
func (s *Service) performBulk(ctx context.Context, j job.Job, target job.Target) error {
	var request Bulk
	if err := json.Unmarshal(j.Payload, &request); err != nil {
		return fault.Wrap(err, fault.Invalid, "The job cannot be read.")
	}
	orgID, caseID := TargetCase(target.Name)
	person, err := s.accounts.Person(ctx, j.Creator.ID)
	if err != nil {
		return err
	}
	by := person.ForJob(j.Creator)
	switch request.Action {
	case BulkArchive:
		_, err = s.cases.Archive(ctx, by, orgID, caseID)
	case BulkUnarchive:
		_, err = s.cases.Unarchive(ctx, by, orgID, caseID)
	case BulkDelete:
		_, err = s.cases.Delete(ctx, by, orgID, caseID)
	case BulkRestore:
		_, err = s.cases.Restore(ctx, by, orgID, caseID)
	case BulkClose:
		status := support.Closed
		_, err = s.cases.Change(ctx, by, orgID, caseID, support.CaseChange{Status: &status})
	case BulkAssign:
		_, err = s.cases.Change(ctx, by, orgID, caseID, support.CaseChange{AssigneeID: &request.Value})
	case BulkTag:
		_, err = s.cases.Change(ctx, by, orgID, caseID, support.CaseChange{CustomTag: &request.Value})
	}
	return err
}

// TargetCase parses the target of a job on cases.
func TargetCase(target string) (orgID, caseID string) {
	orgID, caseID, _ = strings.Cut(target, "/")
	return orgID, caseID
}
