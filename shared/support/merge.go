package support

import (
	"context"
	"errors"
	"fmt"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

// longestChain is the maximum length of a chain of merged cases; Merge refuses to create longer
// ones.
const longestChain = 20

// Merge merges a case into another one of the organization, the survivor. The case is closed, its
// participants become watchers of the survivor, its links become the survivor's, and mail to the
// case goes to the survivor from now on. Comments stay on the merged case and are shown with the
// survivor. If the other case was itself merged, the end of its chain is the survivor. For agents.
func (s *Service) Merge(ctx context.Context, by identity.Principal, orgID, caseID, intoID string) (Case, error) {
	return s.changeBoth(
		ctx,
		by,
		orgID,
		caseID,
		intoID,
		identity.AnswerCases,
		func(opened Opened, into Case) (both, error) {
			survivor, err := s.Survivor(ctx, into)
			if err != nil {
				return both{}, err
			}
			switch {
			case survivor.ID == opened.ID:
				return both{}, fault.InField(
					"case_id",
					"case %d was already merged into case %d",
					into.Number,
					opened.Number,
				)
			case opened.MergedInto != nil && opened.MergedInto.CaseID == survivor.ID:
				return both{after: opened.Case, other: survivor, instead: &survivor}, nil
			case opened.MergedInto != nil:
				return both{}, fault.New(
					fault.Conflict,
					"Case %d was already merged into case %d.",
					opened.Number,
					opened.MergedInto.Number,
				)
			case len(survivor.Links) >= MaxLinks:
				return both{}, Full("links", MaxLinks)
			case survivor.Comments >= maxComments:
				return both{}, Full("comments", maxComments)
			}
			return s.merged(ctx, by, opened, survivor)
		},
	)
}

// merged returns the change of both cases, which refer to each other.
func (s *Service) merged(
	ctx context.Context,
	by identity.Principal,
	opened Opened,
	survivor Case,
) (both, error) {
	moved, err := s.moveLinks(ctx, by, opened, survivor)
	if err != nil {
		return both{}, err
	}
	after := opened.Case
	after.Links = moved.stay
	after.setStatus(Closed, s.journal.Now(), 0)
	link := survivor.link(MergedTo)
	after.MergedInto = &link
	after = after.linked(link)
	other := survivor.linked(opened.link(Merged))
	for _, link := range moved.links {
		other = other.linked(link)
	}
	other.Watchers, other.CC = survivor.joined(opened.Case)
	other.Comments++
	comment := Comment{
		ID: s.journal.NewID(), Author: partyOf(by, opened.Place), Door: by.Door, Created: s.journal.Now().UnixMicro(),
		Text:   fmt.Sprintf("Case %d was merged into this one: %s", opened.Number, opened.Subject),
		Merged: &Link{Kind: Merged, CaseID: opened.ID, Number: opened.Number},
	}
	item, err := change.Encode(CaseKey(other.OrgID, other.ID, CommentSort+comment.ID), comment)
	return both{
		after:   after,
		other:   other,
		instead: &survivor,
		action:  "cases.merge",
		message: "Merged case %d into case %d",
		writes:  append(moved.writes, table.Create(item)),
		touched: moved.cases,
	}, err
}

// joined returns the participants of the survivor after a merge, up to the maximum.
func (c Case) joined(other Case) (watchers, cc []Party) {
	watchers, cc = append(watchers, c.Watchers...), append(cc, c.CC...)
	known := map[string]bool{c.Submitter.ID: true}
	for _, party := range watchers {
		known[party.ID] = true
	}
	for _, party := range append([]Party{other.Submitter}, other.Watchers...) {
		if !known[party.ID] && len(watchers)+len(cc) < MaxWatchers {
			known[party.ID] = true
			watchers = append(watchers, party)
		}
	}
	addresses := map[string]bool{}
	for _, party := range cc {
		addresses[party.Email] = true
	}
	for _, party := range other.CC {
		if !addresses[party.Email] && len(watchers)+len(cc) < MaxWatchers {
			addresses[party.Email] = true
			party.ID = carbonCopyID(c.ID, party.Email)
			cc = append(cc, party)
		}
	}
	return watchers, cc
}

// Survivor follows the chain of merged cases to its end.
func (s *Service) Survivor(ctx context.Context, c Case) (Case, error) {
	for range longestChain {
		if c.MergedInto == nil {
			return c, nil
		}
		items, err := s.journal.BatchGet(ctx, []table.Key{CaseKey(c.OrgID, c.MergedInto.CaseID, CaseSort)})
		if err != nil {
			return Case{}, err
		}
		next, err := DecodeCase(items[0])
		if fault.Is(err, fault.NotFound) || err == nil && next.Deleted > 0 {
			return c, nil // the survivor is gone: use the last case that exists
		}
		if err != nil {
			return Case{}, err
		}
		c = next
	}
	return Case{}, fault.New(fault.Conflict, "The chain of merged cases is too long.")
}

// part separates a merged case from its survivor. Only agents can do so, and only if the survivor
// is gone.
func (s *Service) part(ctx context.Context, opened Opened, after *Case) error {
	last, err := s.Survivor(ctx, opened.Case)
	if err != nil {
		return err
	}
	if last.MergedInto == nil || !opened.Answers {
		return fault.New(
			fault.Conflict,
			"The case was merged into case %d, which goes on in its place.",
			opened.MergedInto.Number,
		)
	}
	*after = after.unlinked(opened.MergedInto.CaseID)
	after.MergedInto = nil
	return nil
}

// Split opens a new case from a comment, with its text and files, for the submitter of the case.
// For agents.
func (s *Service) Split(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID, commentID, subject string,
) (Case, error) {
	opened, items, err := s.Open(ctx, by, orgID, caseID, identity.AnswerCases, CommentSort+commentID)
	if err != nil {
		return Case{}, err
	}
	if opened.MSPID != opened.Org.MSPID { // the new case must not begin with the former provider's agent
		if err := s.Relocate(ctx, Reference{OrgID: orgID, CaseID: caseID}); err != nil {
			return Case{}, err
		}
		return Case{}, Busy(fault.Stale(opened.Revision))
	}
	if items[0].Version == 0 {
		return Case{}, fault.InField("comment_id", "%q is not a comment of this case", commentID)
	}
	var comment Comment
	if err := change.Decode(items[0], &comment); err != nil {
		return Case{}, err
	}
	if comment.Internal {
		return Case{}, fault.InField("comment_id", "is an internal note, which cannot become a case that the customer sees")
	}
	if len(opened.Links) >= MaxLinks {
		return Case{}, Full("links", MaxLinks)
	}
	fields := opened.Fields
	fields.Subject = subject
	if err := fields.Check(); err != nil {
		return Case{}, err
	}
	setting, err := s.desk.Load(ctx, opened.Org.MSPID)
	if err != nil {
		return Case{}, err
	}
	number, err := s.journal.Next(ctx, CounterKey())
	if err != nil {
		return Case{}, err
	}
	created := Case{
		ID: s.journal.NewID(), Number: number, OrgID: opened.OrgID, MSPID: opened.Org.MSPID, Fields: fields, Status: Open,
		Submitter: opened.Submitter, Assignee: opened.Assignee, Watchers: opened.Watchers, Files: len(comment.Files),
		Links: []Link{opened.link(SplitFrom)},
	}
	if policy := setting.ServiceLevel; policy != nil {
		clock := servicelevel.Start(*policy, created.Severity, s.journal.Now())
		created.Clock = &clock
	}
	files, err := s.attachments.Copy(ctx, opened.OrgID, comment.Files)
	if err != nil {
		return Case{}, err
	}
	writes, err := created.firstWrites(NewCase{Description: comment.Text}, Origin{Files: files})
	if err != nil {
		return Case{}, err
	}
	first := Update{
		After:  created,
		Record: change.Record{Writes: append(writes, stillOf(opened.Org))},
		Notice: Notice{Event: Created, ActorName: by.Name(), ActorSide: sideOf(by, opened.Place)},
		stores: storage.Use{Org: opened.Org, Bytes: sizeOf(files)},
	}
	stored, err := s.CommitAll(ctx, by, change.Record{
		Action:  "cases.split",
		Message: fmt.Sprintf("Split case %d off case %d", number, opened.Number),
		After:   created.forCustomer(),
	}, first, Update{Before: &opened.Case, After: opened.linked(created.link(SplitInto)), Org: &opened.Org})
	if table.ConflictAt(err, tenant.OrgKey(opened.OrgID)) {
		err = fault.Stale(opened.Revision)
	}
	if err != nil {
		return Case{}, Busy(s.discardUnused(ctx, files, err))
	}
	return View(by, opened.Place, stored[0]), nil
}

// discardUnused removes files after a commit that certainly failed, and returns its cause. If the
// commit may have succeeded, the files stay: an unused file is better than a reference to a missing
// one.
func (s *Service) discardUnused(ctx context.Context, files []attachment.File, cause error) error {
	_, conflict := errors.AsType[*table.ConflictError](cause)
	if !conflict && !fault.Is(cause, fault.Conflict) && !fault.Is(cause, fault.Invalid) &&
		!fault.Is(cause, fault.Full) {
		return cause
	}
	return errors.Join(cause, s.attachments.Discard(context.WithoutCancel(ctx), files))
}
