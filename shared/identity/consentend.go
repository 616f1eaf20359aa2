package identity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/table"
)

// The keys of the notices about consents that end, in the core table:
//
//	ORG#<id>           CONSENTEND                  when the next notice is due
//	PLATFORM#ORGSDUE   <time>#<org>#consents       the same, by time
//
// Both are written in the transaction that changes the consents.
const (
	consentEndSort = "CONSENTEND"
	// OrgsDue is the partition of what is due at organizations. Package life looks into it.
	OrgsDue = "PLATFORM#ORGSDUE"
	// ConsentEndDue ends the sort keys of due notices.
	ConsentEndDue = "#consents"
)

// consentEnd is when the next notice about the consents of an organization is due, in epoch seconds.
type consentEnd struct {
	Due int64 `json:"due"`
}

// earlier returns how long before the end of a consent there are notices.
func earlier() []time.Duration { return []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, 0} }

// EndingConsent is a consent that ends soon, or has just ended.
type EndingConsent struct {
	Kind    ConsentKind `json:"kind"`
	Grantee Grantee     `json:"grantee"`
	Until   int64       `json:"until"`
}

// eachEnd calls a function with each notice about consents that are given until a time, and when it is due.
func (c Consents) eachEnd(call func(due int64, one EndingConsent)) {
	for _, kind := range ConsentKinds() {
		for _, grantee := range Grantees() {
			one := c[kind][grantee]
			if !one.Granted || one.Until == 0 {
				continue
			}
			for _, before := range earlier() {
				// Who gives a consent for two hours needs no notice a week before.
				if due := one.Until - int64(before/time.Second); due > one.Since {
					call(due, EndingConsent{Kind: kind, Grantee: grantee, Until: one.Until})
				}
			}
		}
	}
}

// nextEnd returns when the first notice after a time is due, in epoch seconds; 0 if there is none.
func (c Consents) nextEnd(after int64) int64 {
	var next int64
	c.eachEnd(func(due int64, _ EndingConsent) {
		if due > after && (next == 0 || due < next) {
			next = due
		}
	})
	return next
}

// ending returns the consents about which a notice is due from a time to another, each once.
func (c Consents) ending(from, to int64) []EndingConsent {
	var ending []EndingConsent
	c.eachEnd(func(due int64, one EndingConsent) {
		known := len(ending) > 0 && ending[len(ending)-1] == one
		if due >= from && due <= to && !known {
			ending = append(ending, one)
		}
	})
	return ending
}

func consentEndKey(orgID string) table.Key {
	return table.Key{Partition: "ORG#" + orgID, Sort: consentEndSort}
}

func consentDueKey(due int64, orgID string) table.Key {
	return table.Key{Partition: OrgsDue, Sort: fmt.Sprintf("%012d#%s%s", due, orgID, ConsentEndDue)}
}

// readConsentEnd reads when the next notice is due; version 0 if none is.
func readConsentEnd(ctx context.Context, journal *change.Journal, orgID string) (consentEnd, int64, error) {
	var present consentEnd
	version, err := journal.Get(ctx, consentEndKey(orgID), &present)
	if errors.Is(err, table.ErrAbsent) {
		return consentEnd{}, 0, nil
	}
	return present, version, err
}

// ConsentEndWrites returns the writes that make the next notice about the new consents of an organization
// due. One that is due by now and was not sent yet stays due.
func ConsentEndWrites(
	ctx context.Context, journal *change.Journal, orgID string, consents Consents,
) ([]table.Write, error) {
	present, version, err := readConsentEnd(ctx, journal, orgID)
	if err != nil {
		return nil, err
	}
	after := journal.Now().Unix()
	if version > 0 && present.Due <= after {
		after = present.Due - 1
	}
	return present.replace(orgID, version, consents.nextEnd(after))
}

// replace returns the writes that make the notice at another time due; none if it is 0.
func (e consentEnd) replace(orgID string, version, due int64) ([]table.Write, error) {
	if e.Due == due {
		return nil, nil
	}
	var writes []table.Write
	key := consentEndKey(orgID)
	if version > 0 {
		writes = append(writes, table.Delete(consentDueKey(e.Due, orgID), 1))
	}
	if due == 0 {
		return append(writes, table.Delete(key, version)), nil
	}
	item, err := change.Encode(key, consentEnd{Due: due})
	if err != nil {
		return nil, err
	}
	if item.Version = version; version == 0 {
		writes = append(writes, table.Create(item))
	} else {
		writes = append(writes, table.Update(item))
	}
	return append(writes, table.Create(table.Item{Key: consentDueKey(due, orgID), Data: []byte("{}")})), nil
}

// EndingConsents returns the consents of an organization about which a notice is due by now, and the
// writes that make the next one due; nothing if none is due.
func EndingConsents(
	ctx context.Context, journal *change.Journal, orgID string, consents Consents,
) ([]EndingConsent, []table.Write, error) {
	present, version, err := readConsentEnd(ctx, journal, orgID)
	now := journal.Now().Unix()
	if err != nil || version == 0 || present.Due > now {
		return nil, nil, err
	}
	writes, err := present.replace(orgID, version, consents.nextEnd(now))
	return consents.ending(present.Due, now), writes, err
}

// ForgetConsentEnd returns the writes that remove the next notice of an organization that is purged.
func ForgetConsentEnd(ctx context.Context, journal *change.Journal, orgID string) ([]table.Write, error) {
	present, version, err := readConsentEnd(ctx, journal, orgID)
	if err != nil || version == 0 {
		return nil, err
	}
	return present.replace(orgID, version, 0)
}

// DropConsentEnd returns the write that removes the due time of a notice about an organization that is gone.
func DropConsentEnd(orgID string, due int64) table.Write {
	return table.Delete(consentDueKey(due, orgID), 1)
}
