package notification

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/shared/store/table"
)

// AdmitGuest counts a mail to somebody without an account, and reports whether it may be sent now.
// Otherwise it returns how long to wait: until the next hour, for which the organization of the case
// has its budget again.
func (s *Service) AdmitGuest(ctx context.Context, n Notification) (bool, time.Duration, error) {
	now := s.journal.Now()
	hour := now.Truncate(time.Hour)
	key := table.Key{
		Partition: "ORG#" + n.Case.OrgID, Sort: "GUESTMAILS#HOUR#" + hour.Format("2006-01-02T15"),
	}
	err := s.journal.Spend(ctx, table.Add(key, 1, s.limits.GuestMails, hour.Add(3*time.Hour).Unix()))
	if table.ConflictAt(err, key) {
		return false, hour.Add(time.Hour).Sub(now), nil
	}
	return err == nil, 0, err
}
