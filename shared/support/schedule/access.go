package schedule

import (
	"context"
	"errors"
	"fmt"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/tenant"
)

// ClearAccess removes people whose access has ended from the desk and from the open cases assigned
// to them, one page of a list at a time. It checks the present access of each person, and is
// idempotent.
func (s *Service) ClearAccess(ctx context.Context, ended identity.AccessEnded) error {
	if ended.CaseID != "" {
		err := s.Unassign(ctx, support.Reference{OrgID: ended.OrgID, CaseID: ended.CaseID})
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		return err
	}
	partition := desk.Partition(ended.MSPID)
	if ended.Scope == identity.OrgScope {
		partition = "ORG#" + ended.OrgID
	} else if ended.After == "" {
		if err := s.desk.RemoveMember(ctx, ended.MSPID, ended.UserID); err != nil {
			return err
		}
	}
	page, err := s.journal.Query(ctx, table.Query{
		Partition: partition + "#CASES#" + support.OpenName, Limit: sweepAtOnce, After: ended.After,
	})
	if err != nil {
		return err
	}
	var failed []identity.AccessEnded
	for _, item := range page.Items {
		var summary support.Summary
		if err := change.Decode(item, &summary); err != nil {
			return err
		}
		assigned := summary.Assignee.PartyID()
		if assigned == "" || ended.UserID != "" && assigned != ended.UserID {
			continue
		}
		err := s.Unassign(ctx, support.Reference{OrgID: summary.OrgID, CaseID: summary.ID})
		if err != nil && !fault.Is(err, fault.NotFound) {
			one := ended
			one.OrgID, one.CaseID, one.After = summary.OrgID, summary.ID, ""
			failed = append(failed, one) // tried again by itself, so that it holds no other up
		}
	}
	return s.clearMore(ctx, ended, page.Next, failed)
}

// clearMore enqueues the rest of the work: the cases that failed, the next page, and at the end, if the person worked for
// the platform, the lists of the MSPs, whose customers may have given the platform access.
func (s *Service) clearMore(
	ctx context.Context, ended identity.AccessEnded, next string, failed []identity.AccessEnded,
) error {
	var messages []queue.Message
	add := func(more identity.AccessEnded) error {
		message, err := more.Message()
		messages = append(messages, message)
		return err
	}
	for _, one := range failed {
		if err := add(one); err != nil {
			return err
		}
	}
	switch {
	case next != "":
		ended.After = next
		if err := add(ended); err != nil {
			return err
		}
	case ended.Scope == identity.PlatformScope:
		mspIDs, _, err := s.tenants.AllIDs(ctx)
		if err != nil {
			return err
		}
		for _, id := range mspIDs {
			place := identity.Place{Scope: identity.MSPScope, MSPID: id}
			if err := add(identity.AccessEndedAt(place, ended.UserID)); err != nil {
				return err
			}
		}
	}
	for len(messages) > 0 {
		count := min(len(messages), table.MaxWrites-1)
		record := change.Record{
			Action: "cases.clear_access", Message: "Checks who works on more open cases",
			MSPID: ended.MSPID, OrgID: ended.OrgID, Internal: true, Messages: messages[:count],
		}
		if err := s.journal.Commit(ctx, change.ByPlatform(), record); err != nil {
			return err
		}
		messages = messages[count:]
	}
	return nil
}

// Unassign unassigns an open case if its assignee no longer works on the organization's cases. It
// is idempotent.
func (s *Service) Unassign(ctx context.Context, ref support.Reference) error {
	for attempt := 0; ; attempt++ {
		err := s.unassign(ctx, ref)
		if !support.Again(ctx, err, attempt) {
			return err
		}
	}
}

func (s *Service) unassign(ctx context.Context, ref support.Reference) error {
	items, err := s.journal.BatchGet(ctx, []table.Key{
		tenant.OrgKey(ref.OrgID), support.CaseKey(ref.OrgID, ref.CaseID, support.CaseSort),
	})
	if err != nil {
		return err
	}
	org, orgErr := tenant.DecodeOrg(items[0], s.journal.Now())
	before, caseErr := support.DecodeCase(items[1])
	if err := errors.Join(orgErr, caseErr); err != nil || before.Assignee == nil || before.Deleted > 0 {
		return err
	}
	works, err := s.accounts.Works(ctx, before.Assignee.ID, org.Place())
	if err != nil || works {
		return err
	}
	after := before
	after.Assignee = nil
	fields := support.Differences(before, after)
	entry, err := s.cases.HistoryWrite(support.Party{Name: support.PlatformPrincipal().Name()}, after, fields)
	if err != nil {
		return err
	}
	_, err = s.cases.CommitAll(ctx, support.PlatformPrincipal(), change.Record{
		Action:   "cases.unassign",
		Message:  fmt.Sprintf("Unassigned case %d: %s does not work on it any more", before.Number, before.Assignee.Name),
		Internal: true,
	}, support.Update{
		Before: &before, After: after, Org: &org,
		Record: change.Record{Writes: []table.Write{entry}},
		Notice: support.Notice{
			Event: support.Unassigned, ActorName: support.PlatformPrincipal().Name(), Fields: fields, Internal: true,
		},
	})
	return err
}
