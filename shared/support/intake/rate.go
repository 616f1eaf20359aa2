package intake

import (
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// rateLimit is the maximum number of mails within a time.
type rateLimit struct {
	mails   int
	minutes int64
}

// caseLimits limit the mails of one sender to one case: two programs that reply to each other
// change subject and ID each time, so nothing else stops them. A person stays far below them.
func caseLimits() []rateLimit {
	return []rateLimit{{10, 10}, {15, 30}, {25, 60}, {50, 180}, {100, 600}}
}

// senderLimits limit the mails of one sender to all cases.
func senderLimits() []rateLimit {
	return []rateLimit{{40, 10}, {60, 30}, {100, 60}, {200, 180}, {400, 600}}
}

// longestWindow is how long a mail counts, in minutes.
const longestWindow = 600

// rate is when the latest mails of a sender were accepted, in minutes since 1970. It is written in
// the transaction of the mail's outcome: a mail counts once, however often it is delivered, and
// costs no extra request.
type rate struct {
	Minutes []int64 `json:"m"`
	version int64
	key     table.Key
}

const rateSort = "RATE"

// senderRateKey is the key of the rate of a sender's mails to all cases.
func senderRateKey(address string) table.Key {
	return table.Key{Partition: "MAILFROM#" + identity.NormalEmail(address), Sort: rateSort}
}

// caseRateSort is the sort key of the rate of a sender's mails to one case.
func caseRateSort(userID string) string { return rateSort + "#" + userID }

func decodeRate(item table.Item) (rate, error) {
	r := rate{version: item.Version, key: item.Key}
	if item.Version == 0 {
		return r, nil
	}
	return r, change.Decode(item, &r)
}

// check refuses mail from a sender who reached a limit.
func (r rate) check(now time.Time, limits []rateLimit, what string) error {
	minute := now.Unix() / 60
	for _, limit := range limits {
		count := 0
		for _, at := range r.Minutes {
			if at > minute-limit.minutes {
				count++
			}
		}
		if count >= limit.mails {
			return refuse(Rate, "the sender wrote %d mails %s within %d minutes", count, what, limit.minutes)
		}
	}
	return nil
}

// write returns the write that counts one more mail.
func (r rate) write(now time.Time) (table.Write, error) {
	minute := now.Unix() / 60
	retained := slices.DeleteFunc(slices.Clone(r.Minutes), func(at int64) bool { return at <= minute-longestWindow })
	item, err := change.Encode(r.key, rate{Minutes: append(retained, minute)})
	item.Expires = now.Add(longestWindow * time.Minute).Unix()
	if item.Version = r.version; r.version > 0 {
		return table.Update(item), err
	}
	return table.Create(item), err
}
