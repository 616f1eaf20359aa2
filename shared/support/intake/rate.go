package intake

import (
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

// caseLimits limit the mails of one sender to one case that others are notified of. Two programs
// that reply to each other change subject and ID each time, so nothing else stops them. People stay
// far below the limits. Only mails beyond refusedAbove times a limit are refused.
func caseLimits() []rateLimit {
	return []rateLimit{{10, 10}, {15, 30}, {25, 60}, {50, 180}, {100, 600}}
}

// senderLimits limit the mails of one sender to all cases.
func senderLimits() []rateLimit {
	return []rateLimit{{40, 10}, {60, 30}, {100, 60}, {200, 180}, {400, 600}}
}

// refusedAbove is the multiple of a limit above which mails are refused.
const refusedAbove = 10

// longestWindow is how long a mail counts, in minutes.
const longestWindow = 600

// rate is when the latest mails of a sender were accepted, in minutes since 1970, and how many in
// each of these minutes; without numbers, it is one each. It is written in the transaction of the
// mail's outcome: a mail counts once, however often it is delivered, and needs no extra request.
type rate struct {
	Minutes []int64 `json:"m"`
	Counts  []int   `json:"c,omitempty"`
	// Told is set if somebody was told since the latest mail that there are more than a limit.
	Told    bool `json:"t,omitempty"`
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

// count returns the number of mails accepted in the minute at an index.
func (r rate) count(i int) int {
	if i < len(r.Counts) {
		return r.Counts[i]
	}
	return 1
}

// check reports whether a sender reached a limit, so that nobody is notified. It refuses the mail
// if the sender exceeds the limit by far.
func (r rate) check(now time.Time, limits []rateLimit, what string) (quiet bool, err error) {
	minute := now.Unix() / 60
	for _, limit := range limits {
		count := 0
		for i, at := range r.Minutes {
			if at > minute-limit.minutes {
				count += r.count(i)
			}
		}
		if count >= refusedAbove*limit.mails {
			return true, refuse(Rate, "the sender wrote %d mails %s within %d minutes", count, what, limit.minutes)
		}
		quiet = quiet || count >= limit.mails
	}
	return quiet, nil
}

// write returns the write that counts one more mail.
func (r rate) write(now time.Time) (table.Write, error) {
	return r.counted(now, longestWindow).store(now, longestWindow)
}

// counted returns the rate with one more mail, and without those of more than some minutes ago.
func (r rate) counted(now time.Time, minutes int64) rate {
	minute := now.Unix() / 60
	counted := rate{key: r.key, version: r.version}
	for i, at := range r.Minutes {
		if at <= minute-minutes {
			continue
		}
		if last := len(counted.Minutes) - 1; last >= 0 && counted.Minutes[last] == at {
			counted.Counts[last] += r.count(i)
			continue
		}
		counted.Minutes, counted.Counts = append(counted.Minutes, at), append(counted.Counts, r.count(i))
	}
	if last := len(counted.Minutes) - 1; last >= 0 && counted.Minutes[last] == minute {
		counted.Counts[last]++
	} else {
		counted.Minutes, counted.Counts = append(counted.Minutes, minute), append(counted.Counts, 1)
	}
	return counted
}

// store returns the write of a rate that matters for some minutes.
func (r rate) store(now time.Time, minutes int64) (table.Write, error) {
	item, err := change.Encode(r.key, r)
	item.Expires = now.Add(time.Duration(minutes) * time.Minute).Unix()
	if item.Version = r.version; r.version > 0 {
		return table.Update(item), err
	}
	return table.Create(item), err
}
