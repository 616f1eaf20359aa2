package life

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

// endMSP does the next step of the removal of a deleted MSP, and leaves what remains after a time to another
// message: it removes what belonged to the MSP twice, the second time once no request can write to it any
// more, and then forgets it when the last day of its log is archived. Each step may come twice.
func (s *Service) endMSP(ctx context.Context, task Task, until time.Time) error {
	var ended endedMSP
	version, err := s.Journal.Get(ctx, endedKey(task.MSPID), &ended)
	if errors.Is(err, table.ErrAbsent) {
		return nil
	}
	if err != nil {
		return err
	}
	ended.version = version
	if ended.Emptied == 0 || s.Journal.Now().Unix() >= ended.Due {
		if err := s.tellOfMSP(ctx, ended); err != nil {
			return err
		}
		if done, err := s.emptyMSP(ctx, ended.MSP, until); err != nil || !done {
			return err
		}
	}
	if s.Journal.Now().Unix() < ended.Due {
		return nil
	}
	return s.forgetMSP(ctx, ended)
}

// emptyMSP removes what belongs to a deleted MSP. It reports whether nothing is left; if not, another message
// goes on.
func (s *Service) emptyMSP(ctx context.Context, msp tenant.MSP, until time.Time) (bool, error) {
	by, partition := change.ByPlatform(), "MSP#"+msp.ID
	steps := []func() (int, error){
		func() (int, error) { return s.Accounts.PurgePrivileges(ctx, msp.Place(), by) },
		func() (int, error) { return s.emptyJobs(ctx, partition, s.removeOfMSP) },
		func() (int, error) {
			return s.emptyPartition(ctx, partition, func(key table.Key) bool {
				return key.Sort == endedSort || tenant.IsOrgCount(key)
			}, s.removeOfMSP)
		},
	}
	for _, step := range steps {
		for {
			removed, err := step()
			if err != nil {
				return false, err
			}
			if removed == 0 {
				break
			}
			if !s.Journal.Now().Before(until) {
				message, err := Task{Kind: MSPKind, MSPID: msp.ID}.message()
				if err != nil {
					return false, err
				}
				return false, s.Journal.Commit(ctx, by, change.Record{
					Action: "msps.go_on", Message: "Removed a part of a deleted MSP", Internal: true,
					Messages: []queue.Message{message},
				})
			}
		}
	}
	for _, space := range []string{partition, partition + "#ORGS"} {
		if err := s.Index.Drop(ctx, space); err != nil {
			return false, err
		}
	}
	if msp.Logo == nil {
		return true, nil
	}
	return true, s.Logos.Forget(ctx, *msp.Logo)
}

// forgetMSP notes that nothing is left of a deleted MSP. The second time it removes the rest, once the last
// day of the MSP's log is archived.
func (s *Service) forgetMSP(ctx context.Context, ended endedMSP) error {
	archived, err := s.Archive.Until(ctx)
	if err != nil {
		return err
	}
	now := s.Journal.Now()
	day := time.Unix(ended.Emptied, 0).UTC().Format(time.DateOnly)
	record := change.Record{Action: "msps.purge", Message: "Nothing is left of a deleted MSP", Internal: true}
	if ended.Emptied == 0 || strings.Compare(archived, day) < 0 {
		ended.Emptied = cmp.Or(ended.Emptied, now.Unix())
		if record.Writes, err = ended.then(now.Add(archivedAgain)); err != nil {
			return err
		}
		return s.Journal.Commit(ctx, change.ByPlatform(), record)
	}
	partition := "MSP#" + ended.MSP.ID
	itself := func(key table.Key) bool { return key.Sort == endedSort }
	if _, err := s.emptyPartition(ctx, partition, itself, s.removeOfMSP); err != nil {
		return err
	}
	record.Internal, record.PlatformLog, record.Target = false, true, "msp:"+ended.MSP.ID
	record.Message = "Nothing but the audit log is left of the MSP " + ended.MSP.Name
	record.Writes = []table.Write{
		table.Delete(endedKey(ended.MSP.ID), ended.version), table.Delete(mspDueKey(ended.Due, ended.MSP.ID), 1),
		s.Tenants.ForgetMSP(ended.MSP.ID),
	}
	return s.Journal.Commit(ctx, change.ByPlatform(), record)
}

func (s *Service) removeOfMSP(ctx context.Context, writes []table.Write) error {
	return s.Journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action: "msps.purge", Message: "Removed a part of a deleted MSP", Internal: true, Writes: writes,
	})
}

// tellOfMSP enqueues the mails to the super users of a deleted MSP, whose roles end next. The mails have the
// same IDs each time, so that nobody is told twice.
func (s *Service) tellOfMSP(ctx context.Context, ended endedMSP) error {
	place := ended.MSP.Place()
	people, err := s.Accounts.PeopleAt(ctx, place, maxTold, func(person identity.Person) bool {
		return person.GetsMail() && slices.ContainsFunc(person.Privileges, func(p identity.Privilege) bool {
			return p.Scope == place.Scope && p.MSPID == place.MSPID && p.Role == identity.Admin
		})
	})
	if err != nil || len(people) == 0 {
		return err
	}
	messages := make([]queue.Message, len(people))
	for i, person := range people {
		if messages[i], err = identity.DeletionMail(identity.Notice{
			Scope: place.Scope, ScopeID: place.MSPID, PlaceName: place.Name, Event: identity.MSPDeleted,
			ByName: ended.ByName, RecipientID: person.ID,
		}); err != nil {
			return err
		}
		text := fmt.Sprint("msp deleted ", place.MSPID, person.ID)
		messages[i].ID = uuid.NewSHA1(uuid.NameSpaceOID, []byte(text)).String()
	}
	err = s.Journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action: "msps.tell", Message: "Told the super users of the MSP", Internal: true, Messages: messages,
	})
	if _, told := errors.AsType[*table.ConflictError](err); told {
		return nil
	}
	return err
}
