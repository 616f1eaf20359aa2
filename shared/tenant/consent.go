package tenant

import (
	"context"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// Start is what new organizations consent to until they decide.
type Start struct {
	// Kinds are given to both parts of the provider. User management is always given until the
	// first own administrator has come.
	Kinds []identity.ConsentKind
	// Days is how long they last after the first own administrator has come; 0 ends them then.
	Days int
}

// DefaultStart returns the start where nothing else is set: everything that a provider needs to
// bring a customer in, and a month for the customer to decide. The personal data of the customer's
// people is not among it.
func DefaultStart() Start {
	return Start{Kinds: []identity.ConsentKind{identity.SupportAccess, identity.UserManagement}, Days: 30}
}

// MaxStartDays limits Start.Days.
const MaxStartDays = 365

// consents returns the consents of a new organization. Whether the operator gets support access is
// said with the request. User management always holds until the first own administrator has come:
// without it nobody could invite one.
func (s Start) consents(now int64, supportAccess bool) identity.Consents {
	consents := identity.Consents{}
	provisional := identity.Consent{Granted: true, Since: now, Provisional: true, Days: s.Days}
	for _, kind := range identity.ConsentKinds() {
		for _, grantee := range identity.Grantees() {
			consents = consents.With(kind, grantee, identity.Consent{Since: now})
		}
	}
	untilOwned := identity.Consent{Granted: true, Since: now, Provisional: true}
	for _, grantee := range identity.Grantees() {
		consents = consents.With(identity.UserManagement, grantee, untilOwned)
	}
	for _, kind := range s.Kinds {
		for _, grantee := range identity.Grantees() {
			consents = consents.With(kind, grantee, provisional)
		}
	}
	if supportAccess {
		return consents.With(identity.SupportAccess, identity.ToOperator, provisional)
	}
	return consents.With(identity.SupportAccess, identity.ToOperator, identity.Consent{Since: now})
}

// startsWithSupport reports whether new organizations give the operator support access where the
// request does not say it.
func (t *Tenants) startsWithSupport() bool {
	for _, kind := range t.start.Kinds {
		if kind == identity.SupportAccess {
			return true
		}
	}
	return false
}

const (
	// shortestConsent and longestConsent limit the end of a consent.
	shortestConsent = time.Hour
	longestConsent  = 2 * 366 * 24 * time.Hour
	// maxReason is the longest reason of a consent, in characters.
	maxReason = 500
)

// Decision is a request to give a consent or to take it away.
type Decision struct {
	Kind    identity.ConsentKind
	Grantee identity.Grantee
	Granted bool
	// Until is when a consent that is given ends, in epoch seconds; 0 for no end.
	Until  int64
	Reason string
}

// check returns a fault if a decision cannot be one for the organization.
func (d Decision) check(org Org, now time.Time) error {
	if err := identity.CheckConsent(d.Kind, d.Grantee, org.Place()); err != nil {
		return err
	}
	earliest, latest := now.Add(shortestConsent).Unix(), now.Add(longestConsent).Unix()
	switch {
	case d.Until != 0 && !d.Granted:
		return fault.InField("until", "is for a consent that is given: leave it out to take the consent away")
	case d.Until != 0 && (d.Until < earliest || d.Until > latest):
		return fault.InField("until", "must be in one hour to two years, in epoch seconds")
	}
	return identity.CheckParagraphs("reason", d.Reason, 0, maxReason)
}

// decide applies a decision. The organization's own administrators decide; the provider can only
// give up what it was granted, so that it never gets back by itself what was taken away.
func (o *Org) decide(by identity.Principal, now time.Time, decision Decision) error {
	if err := decision.check(*o, now); err != nil {
		return err
	}
	place := o.Place()
	if by.Kind != change.Person {
		return fault.New(fault.Forbidden, "An API token cannot give or withdraw consents: log in to do it.")
	}
	gives := by.OwnAdministrator(place)
	givesUp := !decision.Granted && by.RepresentsGrantee(decision.Grantee, place)
	if !gives && !givesUp {
		return fault.New(fault.Forbidden, "Only the organization's own administrators give or withdraw consents: "+
			"nobody who works for its provider, and nobody whom the provider made an administrator, until an own "+
			"administrator gives them the role again.")
	}
	if err := by.CheckFresh(now); err != nil {
		return err
	}
	o.Consents = o.Consents.With(decision.Kind, decision.Grantee, identity.Consent{
		Granted: decision.Granted, Since: now.Unix(), Until: decision.Until,
		ByID: by.UserID, ByName: by.Name(), ByProvider: !gives, Reason: decision.Reason,
	})
	o.judge(now)
	return nil
}

// Consents reads an organization with its consents as the principal sees them.
func (t *Tenants) Consents(ctx context.Context, by identity.Principal, orgID string) (Org, error) {
	org, err := t.Org(ctx, by, orgID, identity.SeeOrg)
	if err == nil {
		org.Consents = org.Consents.SeenBy(by, org.Place())
	}
	return org, err
}

// ChangeConsent gives a consent or takes it away.
func (t *Tenants) ChangeConsent(
	ctx context.Context, by identity.Principal, orgID string, decision Decision,
) (Org, error) {
	org, err := t.Org(ctx, by, orgID, identity.SeeOrg)
	if err != nil {
		return Org{}, err
	}
	before := org
	if err := org.decide(by, t.journal.Now(), decision); err != nil {
		return Org{}, err
	}
	verb := "Withdrew"
	if decision.Granted {
		verb = "Gave"
	}
	return t.store(ctx, by, before, org, change.Record{
		Action:  "orgs.change_consent",
		Message: fmt.Sprintf("%s %s", verb, identity.Describe(decision.Kind, decision.Grantee)),
	})
}

// decisions returns the messages that tell of changed consents.
func decisions(by identity.Principal, before, org Org) ([]queue.Message, error) {
	var messages []queue.Message
	for _, kind := range identity.ConsentKinds() {
		for _, grantee := range identity.Grantees() {
			one := org.Consents[kind][grantee]
			if one == before.Consents[kind][grantee] {
				continue
			}
			message, err := identity.SecurityMessage(identity.ConsentDecided, identity.Notice{
				Scope: identity.OrgScope, ScopeID: org.ID, PlaceName: org.Name, ByName: by.Name(),
				Consent: kind, Grantee: grantee, Granted: one.Granted, Until: one.Until,
				ByProvider: one.ByProvider,
			})
			if err != nil {
				return nil, err
			}
			messages = append(messages, message)
		}
	}
	return messages, nil
}
