package support

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// RestorableFor is how long a deleted case can be restored; then it is gone for good.
const RestorableFor = 30 * 24 * time.Hour

// alteration is a change of a case by one act that is not the change of its fields.
type alteration struct {
	action string
	// message has one verb, for the number.
	message    string
	permission identity.Permission
	// deleted asks for a case that was deleted.
	deleted bool
	// quiet acts are told nobody.
	quiet bool
	edit  func(found opened, after *Case) error
}

// alter changes a case by one act. Doing it again changes nothing.
func (d *Desk) alter(ctx context.Context, by identity.Principal, orgID, caseID string, what alteration) (Case, error) {
	for attempt := 0; ; attempt++ {
		found, _, err := d.openAny(ctx, by, orgID, caseID, what.permission)
		if err != nil {
			return Case{}, err
		}
		if !what.deleted && found.Deleted > 0 {
			return Case{}, fault.Missing()
		}
		c, err := d.commitAlteration(ctx, by, found, what)
		if again(ctx, err, attempt) {
			continue
		}
		return view(by, found.place, c), busy(err)
	}
}

func (d *Desk) commitAlteration(ctx context.Context, by identity.Principal, found opened, what alteration) (Case, error) {
	after := found.Case
	if err := what.edit(found, &after); err != nil {
		return Case{}, err
	}
	return d.commitFields(ctx, by, found, after, what)
}

// commitFields commits a case whose fields changed by one act, with the history of each; nothing where none did.
func (d *Desk) commitFields(ctx context.Context, by identity.Principal, found opened, after Case, what alteration) (Case, error) {
	fields := differences(found.Case, after)
	if len(fields) == 0 {
		return found.Case, nil
	}
	entry, err := d.history(by, found.place, after, fields)
	if err != nil {
		return Case{}, err
	}
	before, now := logged(fields)
	u := update{
		before: &found.Case, after: after,
		done: change.Done{
			Action: what.action, Message: fmt.Sprintf(what.message, after.Number), Before: before, After: now, Internal: len(now) == 0,
		},
		notice: Notice{Event: Changed, ActorName: by.Name(), Fields: fields},
	}
	if what.quiet {
		u.notice = Notice{}
	}
	u.done.Writes = append(u.done.Writes, entry)
	return d.commit(ctx, by, u)
}

// ArchiveCase puts a case away that is done with. Nobody is told.
func (d *Desk) ArchiveCase(ctx context.Context, by identity.Principal, orgID, caseID string) (Case, error) {
	return d.alter(ctx, by, orgID, caseID, alteration{
		action: "cases.archive", message: "Archived case %d", permission: identity.OpenCases, quiet: true,
		edit: func(found opened, after *Case) error {
			if !found.Status.Done() {
				return fault.New(fault.Conflict, "Case %d is %s. Solve or close it before it is archived.", found.Number, found.Status)
			}
			after.Archived = true
			return nil
		},
	})
}

// UnarchiveCase takes a case back into the list of closed ones.
func (d *Desk) UnarchiveCase(ctx context.Context, by identity.Principal, orgID, caseID string) (Case, error) {
	return d.alter(ctx, by, orgID, caseID, alteration{
		action: "cases.unarchive", message: "Took case %d out of the archive", permission: identity.OpenCases, quiet: true,
		edit: func(_ opened, after *Case) error {
			after.Archived = false
			return nil
		},
	})
}

// DeleteCase takes a case away. For RestorableFor it can be restored.
func (d *Desk) DeleteCase(ctx context.Context, by identity.Principal, orgID, caseID string) (Case, error) {
	return d.alter(ctx, by, orgID, caseID, alteration{
		action: "cases.delete", message: "Deleted case %d", permission: identity.DeleteCases, deleted: true, quiet: true,
		edit: func(_ opened, after *Case) error {
			if after.Deleted == 0 {
				after.Deleted = d.journal.Now().UnixMicro()
			}
			return nil
		},
	})
}

// RestoreCase takes a deleted case back, as it was.
func (d *Desk) RestoreCase(ctx context.Context, by identity.Principal, orgID, caseID string) (Case, error) {
	return d.alter(ctx, by, orgID, caseID, alteration{
		action: "cases.restore", message: "Restored case %d", permission: identity.DeleteCases, deleted: true, quiet: true,
		edit: func(_ opened, after *Case) error {
			if after.purgeable(d.journal.Now()) {
				return fault.Missing() // some of it may be gone already
			}
			after.Deleted = 0
			return nil
		},
	})
}

// RefuseDelete gives a refusal to those who may delete cases of a scope; others are told of that first.
func (d *Desk) RefuseDelete(ctx context.Context, by identity.Principal, scope Scope, wrong error) error {
	_, err := d.jobPlace(ctx, by, scope, identity.DeleteCases)
	return cmp.Or(err, wrong)
}
