package support

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// RestorableFor is how long a deleted case can be restored before it is purged.
const RestorableFor = 30 * 24 * time.Hour

// alteration is a change of a case by one operation other than an edit of its fields.
type alteration struct {
	action string
	// message is the audit message: a format with one verb, for the case number.
	message    string
	permission identity.Permission
	// deleted is set if the alteration applies to deleted cases too.
	deleted bool
	// quiet alterations notify nobody.
	quiet bool
	// copies is how many people of public mail domains a customer puts in copy.
	copies int64
	edit   func(opened Opened, after *Case) error
}

// alter applies an alteration to a case. It is idempotent.
func (s *Service) alter(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID string,
	a alteration,
) (Case, error) {
	for attempt := 0; ; attempt++ {
		opened, _, err := s.openAny(ctx, by, orgID, caseID, a.permission)
		if err != nil {
			return Case{}, err
		}
		if !a.deleted && opened.Deleted > 0 {
			return Case{}, fault.Missing()
		}
		c, err := s.commitAlteration(ctx, by, opened, a)
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
	a alteration,
) (Case, error) {
	after := opened.Case
	if err := a.edit(opened, &after); err != nil {
		return Case{}, err
	}
	return s.commitFields(ctx, by, opened, after, a)
}

// commitFields commits a case with changed fields, together with a history entry. It writes nothing
// if no field changed.
func (s *Service) commitFields(
	ctx context.Context,
	by identity.Principal,
	opened Opened,
	after Case,
	a alteration,
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
		Before: &opened.Case, After: after, Org: &opened.Org,
		Record: change.Record{
			Action:   a.action,
			Message:  fmt.Sprintf(a.message, after.Number),
			Before:   before,
			After:    now,
			Internal: len(now) == 0,
		},
		Notice: Notice{Event: Changed, ActorName: by.Name(), ActorSide: sideOf(by, opened.Place), Fields: fields},
		copies: a.copies,
	}
	if _, has := fields[otherFields]; has {
		u.Notice.Fields = maps.Clone(fields)
		delete(u.Notice.Fields, otherFields)
	}
	if a.quiet || len(u.Notice.Fields) == 0 {
		u.Notice = Notice{}
	}
	u.Record.Writes = append(u.Record.Writes, entry)
	return s.commit(ctx, by, u)
}

// Archive moves a solved or closed case to the archive. Nobody is notified.
func (s *Service) Archive(ctx context.Context, by identity.Principal, orgID, caseID string) (Case, error) {
	return s.alter(ctx, by, orgID, caseID, alteration{
		action: "cases.archive", message: "Archived case %d", permission: identity.OpenCases, quiet: true,
		edit: func(opened Opened, after *Case) error {
			if !opened.Status.Done() {
				return fault.New(
					fault.Conflict,
					"Case %d is %s. Solve or close it before you archive it.",
					opened.Number,
					opened.Status,
				)
			}
			after.Archived = true
			return nil
		},
	})
}

// Unarchive moves an archived case back to the list of closed cases.
func (s *Service) Unarchive(ctx context.Context, by identity.Principal, orgID, caseID string) (Case, error) {
	return s.alter(ctx, by, orgID, caseID, alteration{
		action:     "cases.unarchive",
		message:    "Unarchived case %d",
		permission: identity.OpenCases,
		quiet:      true,
		edit: func(_ Opened, after *Case) error {
			after.Archived = false
			return nil
		},
	})
}

// DeleteWord is the word that people type to confirm a deletion.
const DeleteWord = "DELETE"

// CheckConfirmation returns a fault of code Invalid if a deletion is not confirmed by DeleteWord.
func CheckConfirmation(word string) error {
	if word != DeleteWord {
		return fault.InField("confirmation", "must be the word %s, in capitals, to confirm the deletion", DeleteWord)
	}
	return nil
}

// Delete deletes a case. It can be restored within RestorableFor.
func (s *Service) Delete(ctx context.Context, by identity.Principal, orgID, caseID string) (Case, error) {
	return s.DeleteConfirmed(ctx, by, orgID, caseID, DeleteWord)
}

// DeleteConfirmed deletes a case if those who may do so typed DeleteWord.
func (s *Service) DeleteConfirmed(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID, word string,
) (Case, error) {
	return s.alter(ctx, by, orgID, caseID, alteration{
		action:     "cases.delete",
		message:    "Deleted case %d",
		permission: identity.DeleteCases,
		deleted:    true,
		quiet:      true,
		edit: func(_ Opened, after *Case) error {
			if err := CheckConfirmation(word); err != nil {
				return err
			}
			if after.Deleted == 0 {
				after.Deleted = s.journal.Now().UnixMicro()
			}
			return nil
		},
	})
}

// Restore restores a deleted case as it was.
func (s *Service) Restore(ctx context.Context, by identity.Principal, orgID, caseID string) (Case, error) {
	return s.alter(ctx, by, orgID, caseID, alteration{
		action:     "cases.restore",
		message:    "Restored case %d",
		permission: identity.DeleteCases,
		deleted:    true,
		quiet:      true,
		edit: func(_ Opened, after *Case) error {
			if after.Purgeable(s.journal.Now()) {
				return fault.Missing() // parts of it may be purged
			}
			after.Deleted = 0
			return nil
		},
	})
}

// sameStored returns an error if two states of a case are stored differently although Differences
// lists no field: a field was added to Case but not to Differences, and the change would be
// reported as done and then lost.
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
