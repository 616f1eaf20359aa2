package tenant

import (
	"slices"

	"github.com/tenantry/tenantry/shared/identity"
)

// moved returns the consents of an organization after a movement. What the organization decided
// itself is never widened by anybody else:
//
//   - The operator keeps what it has, or gives it up; it never gets more.
//   - A new MSP is another company than the former one. It begins like the MSP of a new customer: with what
//     the installation's setting gives for some days, or with nothing. Where the organization withdrew a
//     consent of its MSP or let it end, the new one does not get it. If the organization gave one until a
//     time, the new MSP has it no longer than that.
//   - Without an MSP, nothing is given to one.
//
// Until the first own administrator has come, user management is always given: without it nobody
// could invite one.
func (s Start) moved(org Org, by identity.Principal, m movement, owned bool, now int64) identity.Consents {
	consents := org.Consents
	for _, kind := range identity.ConsentKinds() {
		needed := kind == identity.UserManagement && !owned
		if present := consents[kind][identity.ToOperator]; present.Granted && !m.operator && !needed {
			consents = consents.With(kind, identity.ToOperator, identity.Consent{
				Since: now, ByID: by.UserID, ByName: by.Name(), ByProvider: true,
			})
		}
		present := refusals(consents[kind][identity.ToMSP], org.MSPID != "", now)
		next := identity.Consent{Since: now}
		switch gives := m.partner && slices.Contains(s.Kinds, kind); {
		case refused(present):
			next = present
		case m.to.ID == "":
		case gives && !owned:
			next = identity.Consent{Granted: true, Since: now, Provisional: true, Days: s.Days}
		case gives && s.Days > 0:
			next = identity.Consent{Granted: true, Since: now, Until: s.until(present, now)}
		case needed:
			next = identity.Consent{Granted: true, Since: now, Provisional: true}
		}
		consents = consents.With(kind, identity.ToMSP, next)
	}
	return consents
}

// until returns the end of what a new MSP begins with, given what the former one had.
func (s Start) until(present identity.Consent, now int64) int64 {
	const day = 24 * 60 * 60
	until := now + int64(s.Days)*day
	if present.Granted && present.ByID != "" && present.Until > 0 {
		until = min(until, present.Until)
	}
	return until
}

// refusals returns a consent of an MSP in which what it had until its end is marked as refused.
func refusals(present identity.Consent, hadMSP bool, now int64) identity.Consent {
	if hadMSP && present.Granted && !present.Holds(now) {
		return identity.Consent{Since: present.Until, Lapsed: true}
	}
	return present
}

// refused reports whether the organization withdrew a consent of its MSP, or let it end.
func refused(present identity.Consent) bool {
	return present.Lapsed || !present.Granted && present.ByID != "" && !present.ByProvider
}
