package identity

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// maxInvitesOfAddress is how many invitations for one place are sent to an address in a day, however
// often the invitation is revoked and made again.
const maxInvitesOfAddress = maxSendings

// invitesKey is the counter of the invitations for a place in an hour.
func (a *Accounts) invitesKey(place Place) table.Key {
	return table.Key{Partition: place.Partition(), Sort: "INVITED#HOUR#" + a.journal.Now().Format("2006-01-02T15")}
}

// invitedKey is the counter of the invitations for a place to an address in a day.
func (a *Accounts) invitedKey(place Place, email string) table.Key {
	sum := sha256.Sum256([]byte(email))
	return table.Key{
		Partition: place.Partition(),
		Sort:      "INVITED#DAY#" + a.journal.Now().Format(time.DateOnly) + "#" + hex.EncodeToString(sum[:16]),
	}
}

// inviteCounts returns the writes that count an invitation that is sent. Whoever makes and revokes
// invitations in a loop would otherwise send any number of mails to strangers.
func (a *Accounts) inviteCounts(place Place, email string) []table.Write {
	expires := a.journal.Now().Add(48 * time.Hour).Unix()
	return []table.Write{
		table.Add(a.invitesKey(place), 1, a.limits.Invites, expires),
		table.Add(a.invitedKey(place, email), 1, maxInvitesOfAddress, expires),
	}
}

// tooManyInvites turns the error of a commit with inviteCounts into a fault of code Limited, if there
// were too many. It returns other errors as they are.
func (a *Accounts) tooManyInvites(err error, place Place, email string) error {
	now := a.journal.Now()
	var refused *fault.Error
	switch {
	case table.ConflictAt(err, a.invitesKey(place)):
		refused = fault.New(fault.Limited,
			"%d invitations were sent for this place in this hour. Try again in the next hour.",
			a.limits.Invites)
		refused.RetryAfter = now.Truncate(time.Hour).Add(time.Hour).Sub(now)
	case table.ConflictAt(err, a.invitedKey(place, email)):
		refused = fault.New(fault.Limited, "%s was invited %d times today. Find another way to reach the person.",
			email, maxInvitesOfAddress)
		refused.RetryAfter = now.Truncate(24 * time.Hour).Add(24 * time.Hour).Sub(now)
	default:
		return err
	}
	return refused
}
