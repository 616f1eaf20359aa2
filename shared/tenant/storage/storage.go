// Package storage counts how much an organization stores in files, and keeps that within its
// budget: in total, and for each day. The packages that store a file commit the counters with it.
package storage

import (
	"context"
	"errors"
	"time"

	"github.com/tenantry/tenantry/shared/budget"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

// The counters, in the core table:
//
//	ORG#<id>    STORAGE#TOTAL          bytes of the files of cases and of the mails kept with them
//	ORG#<id>    STORAGE#DAY#<day>      bytes that were stored or announced on a day (UTC); expires
//	ORG#<id>    STORAGE#REPORT#<job>   a report whose bytes were counted; expires
//
// Uploads and reports are removed after a day, so they count for their day only.

// ErrBeyond is the cause of a refusal because of an organization's budget. What is stored elsewhere
// may still have room.
var ErrBeyond = errors.New("storage: the organization's budget is used up")

// countedFor is how long the counter of a day is kept: longer than its day.
const countedFor = 48 * time.Hour

// Service counts what organizations store. It is safe for concurrent use.
type Service struct {
	journal *change.Journal
	tenants *tenant.Tenants
	limits  budget.Limits
}

// New returns the service; limits has the budgets of organizations without their own.
func New(journal *change.Journal, tenants *tenant.Tenants, limits budget.Limits) *Service {
	return &Service{journal: journal, tenants: tenants, limits: limits}
}

// Use is what a change stores for an organization.
type Use struct {
	Org tenant.Org
	// Bytes are kept until they are given back.
	Bytes int64
	// Announced says what was counted when a file was announced; the zero value for other files.
	Announced Announcement
	// Forced counts the bytes even if there is no room for them.
	Forced bool
}

// Announcement is what an announced file counted for a day.
type Announcement struct {
	Bytes int64  `json:"b,omitempty"`
	Day   string `json:"d,omitempty"`
}

func totalKey(orgID string) table.Key {
	return table.Key{Partition: "ORG#" + orgID, Sort: "STORAGE#TOTAL"}
}

func dayKey(orgID, day string) table.Key {
	return table.Key{Partition: "ORG#" + orgID, Sort: "STORAGE#DAY#" + day}
}

func (s *Service) today() string { return s.journal.Now().Format(time.DateOnly) }

func (s *Service) expiry() int64 { return s.journal.Now().Add(countedFor).Unix() }

// Limits returns the budgets of an organization in bytes: its own, or those of the installation.
func (s *Service) Limits(org tenant.Org) (total, daily int64) {
	total, daily = s.limits.OrgBytes, s.limits.OrgDailyBytes
	if org.StorageBytes > 0 {
		total = org.StorageBytes
	}
	if org.StorageDailyBytes > 0 {
		daily = org.StorageDailyBytes
	}
	return total, daily
}

// Take returns the writes that count what a change stores. Their conditions fail if there is no room
// for it: pass the error of the commit to Refused.
func (s *Service) Take(use Use) []table.Write {
	if use.Bytes == 0 && use.Announced.Bytes == 0 {
		return nil
	}
	total, daily := s.Limits(use.Org)
	day, add := use.Announced.Day, use.Bytes-use.Announced.Bytes
	if day == "" {
		day = s.today()
	}
	if add <= 0 || use.Forced {
		daily = table.Unlimited
	}
	if use.Forced {
		total = table.Unlimited
	}
	return []table.Write{
		table.Add(totalKey(use.Org.ID), use.Bytes, total, 0),
		table.Add(dayKey(use.Org.ID, day), add, daily, s.expiry()),
	}
}

// Refused turns the error of a commit with the writes of Take into a fault of code Full with the
// cause ErrBeyond, if there was no room. It returns other errors as they are.
func (s *Service) Refused(err error, org tenant.Org) error {
	conflict, ok := errors.AsType[*table.ConflictError](err)
	if !ok || conflict.Key.Table != table.Core || conflict.Key.Partition != "ORG#"+org.ID {
		return err
	}
	total, daily := s.Limits(org)
	const advice = "The operator of this portal can raise the limit."
	switch {
	case conflict.Key == totalKey(org.ID):
		return fault.Wrap(ErrBeyond, fault.Full,
			"The organization may store %s of files, and there is no room for more. %s Deleting cases makes room, too, "+
				"30 days later.", budget.InWords(total), advice)
	case conflict.Key.Sort > "STORAGE#DAY#" && conflict.Key.Sort < "STORAGE#DAY$":
		return fault.Wrap(ErrBeyond, fault.Full,
			"The organization may store %s of files a day, and there is no room for more today (UTC). %s",
			budget.InWords(daily), advice)
	}
	return err
}

// GiveBack returns the writes that give back bytes of deleted files.
func GiveBack(orgID string, bytes int64) []table.Write {
	if bytes == 0 {
		return nil
	}
	return []table.Write{table.Add(totalKey(orgID), -bytes, table.Unlimited, 0)}
}

// Announce counts a file that is about to be uploaded; a fault of code Full if there is no room for
// it. Pass the announcement with the use of the file once it has arrived.
func (s *Service) Announce(ctx context.Context, org tenant.Org, bytes int64) (Announcement, error) {
	usage, err := s.usage(ctx, org)
	if err != nil {
		return Announcement{}, err
	}
	if usage.Used+bytes > usage.Limit {
		return Announcement{}, s.Refused(&table.ConflictError{Key: totalKey(org.ID)}, org)
	}
	announced := Announcement{Bytes: bytes, Day: s.today()}
	err = s.journal.Spend(ctx, table.Add(dayKey(org.ID, announced.Day), bytes, usage.DailyLimit, s.expiry()))
	return announced, s.Refused(err, org)
}

// RoomToday returns how many bytes an organization may still store today.
func (s *Service) RoomToday(ctx context.Context, orgID string) (int64, error) {
	org, err := s.tenants.LoadOrg(ctx, orgID)
	if err != nil {
		return 0, err
	}
	usage, err := s.usage(ctx, org)
	if err != nil {
		return 0, err
	}
	if usage.Today >= usage.DailyLimit {
		return 0, s.Refused(&table.ConflictError{Key: dayKey(orgID, s.today())}, org)
	}
	return usage.DailyLimit - usage.Today, nil
}

// Report counts a stored report of a job for today, once however often it is called.
func (s *Service) Report(ctx context.Context, by change.Actor, orgID, jobID string, bytes int64) error {
	key := table.Key{Partition: "ORG#" + orgID, Sort: "STORAGE#REPORT#" + jobID}
	item, err := change.Encode(key, map[string]int64{"bytes": bytes})
	if err != nil {
		return err
	}
	item.Expires = s.expiry()
	err = s.journal.Commit(ctx, by, change.Record{
		Action: "cases.export", Message: "Stored a report of " + budget.InWords(bytes), OrgID: orgID, Target: "job:" + jobID,
		Writes: []table.Write{
			table.Create(item), table.Add(dayKey(orgID, s.today()), bytes, table.Unlimited, s.expiry()),
		},
	})
	if table.ConflictAt(err, key) {
		return nil
	}
	return err
}

// Usage is how much an organization stores and may store, in bytes.
type Usage struct {
	// Used of Limit is kept in total; Today of DailyLimit was stored or announced today (UTC).
	Used, Limit, Today, DailyLimit int64
}

// Usage returns how much an organization stores, for those who may see the organization.
func (s *Service) Usage(ctx context.Context, by identity.Principal, orgID string) (Usage, error) {
	org, err := s.tenants.Org(ctx, by, orgID, identity.SeeOrg)
	if err != nil {
		return Usage{}, err
	}
	return s.usage(ctx, org)
}

func (s *Service) usage(ctx context.Context, org tenant.Org) (Usage, error) {
	usage := Usage{}
	usage.Limit, usage.DailyLimit = s.Limits(org)
	items, err := s.journal.BatchGet(ctx, []table.Key{totalKey(org.ID), dayKey(org.ID, s.today())})
	if err != nil {
		return Usage{}, err
	}
	for i, value := range []*int64{&usage.Used, &usage.Today} {
		if items[i].Version == 0 {
			continue
		}
		if err := change.Decode(items[i], value); err != nil {
			return Usage{}, err
		}
	}
	return usage, nil
}

// ChangeLimits changes the budgets of an organization, for operators, and returns its usage.
func (s *Service) ChangeLimits(
	ctx context.Context, by identity.Principal, orgID string, request tenant.StorageChange,
) (Usage, error) {
	org, err := s.tenants.ChangeStorage(ctx, by, orgID, request)
	if err != nil {
		return Usage{}, err
	}
	return s.usage(ctx, org)
}
