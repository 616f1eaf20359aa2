package support

import (
	"bytes"
	"context"
	"encoding/json"
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
	edit  func(opened Opened, after *Case) error
}

// alter changes a case by one act. Doing it again changes nothing.
func (s *Service) alter(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID string,
	what alteration,
) (Case, error) {
	for attempt := 0; ; attempt++ {
		opened, _, err := s.openAny(ctx, by, orgID, caseID, what.permission)
		if err != nil {
			return Case{}, err
		}
		if !what.deleted && opened.Deleted > 0 {
			return Case{}, fault.Missing()
		}
		c, err := s.commitAlteration(ctx, by, opened, what)
		if Again(ctx, err, attempt) {
			continue
		}
		return View(by, opened.Place, c), Busy(err)
	}
}

func (s *Service) commitAlteration(
	ctx context.Context,
	by identity.Principal,
	opened Opened,
	what alteration,
) (Case, error) {
	after := opened.Case
	if err := what.edit(opened, &after); err != nil {
		return Case{}, err
	}
	return s.commitFields(ctx, by, opened, after, what)
}

// commitFields commits a case whose fields changed by one act, with the history of each; nothing
// where none did.
func (s *Service) commitFields(
	ctx context.Context,
	by identity.Principal,
	opened Opened,
	after Case,
	what alteration,
) (Case, error) {
	fields := Differences(opened.Case, after)
	if len(fields) == 0 {
		return opened.Case, sameStored(opened.Case, after)
	}
	entry, err := s.history(by, opened.Place, after, fields)
	if err != nil {
		return Case{}, err
	}
	before, now := logged(fields)
	u := Update{
		Before: &opened.Case, After: after,
		Record: change.Record{
			Action:   what.action,
			Message:  fmt.Sprintf(what.message, after.Number),
			Before:   before,
			After:    now,
			Internal: len(now) == 0,
		},
		Notice: Notice{Event: Changed, ActorName: by.Name(), Fields: fields},
	}
	if what.quiet {
		u.Notice = Notice{}
	}
	u.Record.Writes = append(u.Record.Writes, entry)
	return s.commit(ctx, by, u)
}

// Archive puts a case away that is done with. Nobody is told.
func (s *Service) Archive(ctx context.Context, by identity.Principal, orgID, caseID string) (Case, error) {
	return s.alter(ctx, by, orgID, caseID, alteration{
		action: "cases.archive", message: "Archived case %d", permission: identity.OpenCases, quiet: true,
		edit: func(opened Opened, after *Case) error {
			if !opened.Status.Done() {
				return fault.New(
					fault.Conflict,
					"Case %d is %s. Solve or close it before it is archived.",
					opened.Number,
					opened.Status,
				)
			}
			after.Archived = true
			return nil
		},
	})
}

// Unarchive takes a case back into the list of closed ones.
func (s *Service) Unarchive(ctx context.Context, by identity.Principal, orgID, caseID string) (Case, error) {
	return s.alter(ctx, by, orgID, caseID, alteration{
		action:     "cases.unarchive",
		message:    "Took case %d out of the archive",
		permission: identity.OpenCases,
		quiet:      true,
		edit: func(_ Opened, after *Case) error {
			after.Archived = false
			return nil
		},
	})
}

// Delete takes a case away. For RestorableFor it can be restored.
func (s *Service) Delete(ctx context.Context, by identity.Principal, orgID, caseID string) (Case, error) {
	return s.alter(ctx, by, orgID, caseID, alteration{
		action:     "cases.delete",
		message:    "Deleted case %d",
		permission: identity.DeleteCases,
		deleted:    true,
		quiet:      true,
		edit: func(_ Opened, after *Case) error {
			if after.Deleted == 0 {
				after.Deleted = s.journal.Now().UnixMicro()
			}
			return nil
		},
	})
}

// Restore takes a deleted case back, as it was.
func (s *Service) Restore(ctx context.Context, by identity.Principal, orgID, caseID string) (Case, error) {
	return s.alter(ctx, by, orgID, caseID, alteration{
		action:     "cases.restore",
		message:    "Restored case %d",
		permission: identity.DeleteCases,
		deleted:    true,
		quiet:      true,
		edit: func(_ Opened, after *Case) error {
			if after.Purgeable(s.journal.Now()) {
				return fault.Missing() // some of it may be gone already
			}
			after.Deleted = 0
			return nil
		},
	})
}

// sameStored returns an error if two states of a case are stored differently although Differences
// lists none: a field was added to Case and forgotten there, and its change would be answered as
// done and lost.
func sameStored(before, after Case) error {
	x, err := json.Marshal(before)
	if err != nil {
		return err
	}
	y, err := json.Marshal(after)
	if err == nil && !bytes.Equal(x, y) {
		err = fmt.Errorf("support: case %d changed, but Differences lists no field of the change", before.Number)
	}
	return err
}
