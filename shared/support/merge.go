package support

import (
	"context"
	"errors"
	"fmt"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
)

// longestChain bounds how far a chain of merged cases is followed; longer ones are not made.
const longestChain = 20

// MergeCase merges a case into another one of the organization, which goes on in its place: the case is closed, those whom it
// concerned watch the survivor, and mail to the case goes there from now on. What was written stays where it is; the survivor
// says where. If the other case was merged itself, the one at the end of the chain is the survivor. For agents.
func (d *Desk) MergeCase(ctx context.Context, by identity.Principal, orgID, caseID, intoID string) (Case, error) {
	return d.changeBoth(ctx, by, orgID, caseID, intoID, identity.AnswerCases, func(found opened, into Case) (both, error) {
		survivor, err := d.survivor(ctx, into)
		if err != nil {
			return both{}, err
		}
		switch {
		case survivor.ID == found.ID:
			return both{}, fault.InField("case_id", "case %d was merged into case %d already", into.Number, found.Number)
		case found.MergedInto != nil && found.MergedInto.CaseID == survivor.ID:
			return both{after: found.Case, other: survivor, instead: &survivor}, nil
		case found.MergedInto != nil:
			return both{}, fault.New(fault.Conflict, "Case %d was merged into case %d already.", found.Number, found.MergedInto.Number)
		case len(survivor.Links) >= MaxLinks:
			return both{}, full("links", MaxLinks)
		case survivor.Comments >= maxComments:
			return both{}, full("comments", maxComments)
		}
		return d.merged(by, found, survivor)
	})
}

// merged makes the change of both cases. The case refers to its survivor, the survivor to the case.
func (d *Desk) merged(by identity.Principal, found opened, survivor Case) (both, error) {
	after := found.Case
	after.setStatus(Closed, d.journal.Now(), 0)
	link := survivor.link(MergedTo)
	after.MergedInto = &link
	after = after.linked(link)
	other := survivor.linked(found.link(Merged))
	other.Watchers, other.CC = survivor.joined(found.Case)
	other.Comments++
	comment := Comment{
		ID: d.journal.NewID(), Author: partyOf(by, found.place), Door: by.Door, Created: d.journal.Now().UnixMicro(),
		Text: fmt.Sprintf("Case %d was merged into this one: %s", found.Number, found.Subject),
	}
	item, err := change.Encode(caseKey(other.OrgID, other.ID, commentSort+comment.ID), comment)
	return both{
		after: after, other: other, instead: &survivor, action: "cases.merge", message: "Merged case %d into case %d", writes: []table.Write{table.Create(item)},
	}, err
}

// joined are those whom the case concerns once another one goes on in it, as far as there is room.
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

// survivor follows the chain of merged cases to its end.
func (d *Desk) survivor(ctx context.Context, c Case) (Case, error) {
	for range longestChain {
		if c.MergedInto == nil {
			return c, nil
		}
		items, err := d.journal.BatchGet(ctx, []table.Key{caseKey(c.OrgID, c.MergedInto.CaseID, caseSort)})
		if err != nil {
			return Case{}, err
		}
		next, err := decodeCase(items[0])
		if fault.Is(err, fault.NotFound) || err == nil && next.Deleted > 0 {
			return c, nil // the survivor is gone: what is left stands for it
		}
		if err != nil {
			return Case{}, err
		}
		c = next
	}
	return Case{}, fault.New(fault.Conflict, "The case is at the end of too long a chain of merged cases.")
}

// part lets a merged case go on by itself, which it does only where its survivor is gone, and an agent says so.
func (d *Desk) part(ctx context.Context, found opened, after *Case) error {
	last, err := d.survivor(ctx, found.Case)
	if err != nil {
		return err
	}
	if last.MergedInto == nil || !found.answers {
		return fault.New(fault.Conflict, "The case was merged into case %d, which goes on in its place.", found.MergedInto.Number)
	}
	*after = after.unlinked(found.MergedInto.CaseID)
	after.MergedInto = nil
	return nil
}

// SplitCase makes a new case of a comment, for the submitter of the case: with the comment's text and files. For agents.
func (d *Desk) SplitCase(ctx context.Context, by identity.Principal, orgID, caseID, commentID, subject string) (Case, error) {
	found, items, err := d.open(ctx, by, orgID, caseID, identity.AnswerCases, commentSort+commentID)
	if err != nil {
		return Case{}, err
	}
	if items[0].Version == 0 {
		return Case{}, fault.InField("comment_id", "%q is no comment of this case", commentID)
	}
	var comment Comment
	if err := change.Decode(items[0], &comment); err != nil {
		return Case{}, err
	}
	if comment.Internal {
		return Case{}, fault.InField("comment_id", "is an internal note: what the customer does not see makes no case")
	}
	if len(found.Links) >= MaxLinks {
		return Case{}, full("links", MaxLinks)
	}
	fields := found.Fields
	fields.Subject = subject
	if err := fields.check(); err != nil {
		return Case{}, err
	}
	setting, err := d.setting(ctx, found.MSPID)
	if err != nil {
		return Case{}, err
	}
	number, err := d.journal.Next(ctx, counterKey())
	if err != nil {
		return Case{}, err
	}
	made := Case{
		ID: d.journal.NewID(), Number: number, OrgID: found.OrgID, MSPID: found.MSPID, Fields: fields, Status: Open,
		Submitter: found.Submitter, Assignee: found.Assignee, Watchers: found.Watchers, Files: len(comment.Files),
		Links: []Link{found.link(SplitFrom)},
	}
	if policy := setting.ServiceLevel; policy != nil {
		clock := servicelevel.Start(*policy, made.Severity, d.journal.Now())
		made.Clock = &clock
	}
	files, err := d.copyFiles(ctx, found.OrgID, comment.Files)
	if err != nil {
		return Case{}, err
	}
	writes, err := made.firstWrites(NewCase{Description: comment.Text}, origin{files: files})
	if err != nil {
		return Case{}, err
	}
	first := update{after: made, done: change.Done{Writes: writes}, notice: Notice{Event: Created, ActorName: by.Name()}}
	stored, err := d.commitAll(ctx, by, change.Done{
		Action: "cases.split", Message: fmt.Sprintf("Split case %d off case %d", number, found.Number), After: made.forCustomer(),
	}, first, update{before: &found.Case, after: found.linked(made.link(SplitInto))})
	if err != nil {
		return Case{}, busy(d.discardUnused(ctx, files, err))
	}
	return view(by, found.place, stored[0]), nil
}

// discardUnused removes files after a commit failed for sure, and gives its cause. Where it may have taken effect, they stay: a file
// that nobody refers to is better than a reference to no file.
func (d *Desk) discardUnused(ctx context.Context, files []File, cause error) error {
	_, conflict := errors.AsType[*table.ConflictError](cause)
	if !conflict && !fault.Is(cause, fault.Conflict) && !fault.Is(cause, fault.Invalid) {
		return cause
	}
	return errors.Join(cause, d.DiscardFiles(context.WithoutCancel(ctx), files))
}

// copyFiles stores files once more: each case has its own, as each is deleted by itself.
func (d *Desk) copyFiles(ctx context.Context, orgID string, files []File) ([]File, error) {
	copies := make([]File, 0, len(files))
	for _, file := range files {
		content, err := d.files.Open(ctx, file.BlobKey)
		if err != nil {
			return nil, errors.Join(err, d.DiscardFiles(ctx, copies))
		}
		id := d.journal.NewID()
		made, err := d.putFile(ctx, id, "attachments/"+orgID+"/"+id, file.Name, file.ContentType, content)
		if err := errors.Join(err, content.Close()); err != nil {
			return nil, errors.Join(err, d.DiscardFiles(ctx, copies))
		}
		made.Inline = file.Inline
		copies = append(copies, made)
	}
	return copies, nil
}
