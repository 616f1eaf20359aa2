package life

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
)

// The actions that move organizations to the bin and bring them back.
const (
	DeleteAction  bulk.Action = "delete"
	RestoreAction bulk.Action = "restore"
)

// Confirmation is what bulk.Request.Confirm must be to delete organizations.
const Confirmation = "DELETE"

// binPage is how many deleted organizations are read at a time.
const binPage = 100

// Definitions returns the actions for package bulk.
func (s *Service) Definitions() []bulk.Definition {
	return []bulk.Definition{s.deleting(), s.restoring()}
}

// ending is what one needs to delete and restore organizations.
func ending() map[identity.ScopeKind]identity.Permission {
	return map[identity.ScopeKind]identity.Permission{
		identity.MSPScope: identity.ChangeMSP, identity.PlatformScope: identity.RunPlatform,
	}
}

func (s *Service) deleting() bulk.Definition {
	return bulk.Definition{
		Name: DeleteAction, May: ending(),
		Title: func(_ bulk.Request, number int) string { return "Delete " + bulk.Orgs(number) },
		Check: func(_ context.Context, _ identity.Principal, _ string, request bulk.Request) (bulk.Request, error) {
			return request, nil
		},
		Begin: func(by identity.Principal, request bulk.Request) error {
			if request.Confirm != Confirmation {
				return fault.InField("confirm", "must be %s to delete organizations", Confirmation)
			}
			return by.CheckFresh(s.Journal.Now())
		},
		Preview: func(ctx context.Context, _ identity.Principal, orgs []tenant.Org, _ bulk.Request, _ bool,
		) ([]bulk.Effect, error) {
			blockers, err := s.Blockers(ctx, orgs)
			if err != nil {
				return nil, err
			}
			until := s.Journal.Now().Add(tenant.RestorableFor).UTC().Format(time.DateOnly)
			effects := make([]bulk.Effect, len(orgs))
			for i, org := range orgs {
				effects[i] = bulk.Effect{OrgID: org.ID, Name: org.Name}
				for _, blocker := range blockers[i] {
					effects[i].Blockers = append(effects[i].Blockers, blocker.Message)
				}
				if len(blockers[i]) == 0 {
					effects[i].Changes = []string{fmt.Sprintf("Deletes it. It can be restored until %s.", until)}
				}
			}
			return effects, nil
		},
		Perform: func(ctx context.Context, by identity.Principal, task bulk.Task) error {
			_, err := s.Delete(ctx, by, task.OrgID)
			if !fault.Is(err, fault.NotFound) {
				return err
			}
			return s.alreadyDeleted(ctx, by, task.OrgID, err)
		},
	}
}

// alreadyDeleted returns the result for an organization that is missing: done if the principal deleted
// it, in an earlier attempt of the same job; else missing.
func (s *Service) alreadyDeleted(ctx context.Context, by identity.Principal, orgID string, missing error) error {
	deleted, err := s.Deleted(ctx, by, orgID)
	switch {
	case fault.Is(err, fault.NotFound):
		return missing
	case err != nil:
		return err
	case deleted.Deleted.ByID == by.UserID:
		return nil
	}
	return job.Skip("It is deleted already.")
}

func (s *Service) restoring() bulk.Definition {
	return bulk.Definition{
		Name: RestoreAction, May: ending(), Find: s.inBin,
		Title: func(_ bulk.Request, number int) string { return "Restore " + bulk.Orgs(number) },
		Check: func(_ context.Context, _ identity.Principal, _ string, request bulk.Request) (bulk.Request, error) {
			if request.Filter != nil && request.Filter.LabelID != "" {
				return request, fault.InField("filter.orggroup_id", "cannot be used here: deleted organizations have no labels")
			}
			return request, nil
		},
		Preview: func(_ context.Context, _ identity.Principal, orgs []tenant.Org, _ bulk.Request, _ bool,
		) ([]bulk.Effect, error) {
			effects := make([]bulk.Effect, len(orgs))
			for i, org := range orgs {
				effects[i] = bulk.Effect{OrgID: org.ID, Name: org.Name, Changes: []string{"Restores it."}}
			}
			return effects, nil
		},
		Perform: func(ctx context.Context, by identity.Principal, task bulk.Task) error {
			_, err := s.Restore(ctx, by, task.OrgID)
			if fault.Is(err, fault.Conflict) {
				if _, err := s.Tenants.LoadOrg(ctx, task.OrgID); err == nil {
					return job.Skip("It is not deleted any more.")
				}
			}
			return err
		},
	}
}

// inBin returns the organizations in the bin that a request names or selects.
func (s *Service) inBin(
	ctx context.Context, by identity.Principal, mspID string, request bulk.Request,
) (orgs []tenant.Org, err error) {
	if request.Filter == nil {
		if orgs, err = s.Tenants.LoadDeleted(ctx, request.OrgIDs); err != nil {
			return nil, err
		}
		found := map[string]bool{}
		for _, org := range orgs {
			found[org.ID] = mspID == "" || org.MSPID == mspID
		}
		for _, id := range request.OrgIDs {
			if !found[id] {
				return nil, fault.InField("org_ids", "%q is not the id of an organization in the bin", id)
			}
		}
		return orgs, nil
	}
	mspID = cmp.Or(mspID, request.Filter.MSPID)
	for after := ""; ; {
		page, err := s.Tenants.Bin(ctx, by, mspID, binPage, after)
		if err != nil {
			return nil, err
		}
		for _, org := range page.Orgs {
			if org.MSPID == mspID && tenant.NameContains(org.Name, request.Filter.Name) {
				orgs = append(orgs, org)
			}
		}
		switch after = page.Next; {
		case len(orgs) > job.MaxTargets:
			return nil, fault.InField("filter", "selects more than %d organizations: narrow it down", job.MaxTargets)
		case after == "" && len(orgs) == 0:
			return nil, fault.InField("filter", "selects no organization in the bin")
		case after == "":
			return orgs, nil
		}
	}
}
