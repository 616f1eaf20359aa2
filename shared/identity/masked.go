package identity

import (
	"context"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
)

// masked returns a person without what the consent to personal data is about.
func (p Person) masked() Person {
	p.Email, p.FirstName, p.LastName = MaskEmail(p.Email), MaskName(p.FirstName), MaskName(p.LastName)
	p.Phone, p.Phone2, p.MailFailure, p.LastLogin = "", "", MaskText(p.MailFailure), 0
	return p
}

// seenBy returns an invitation to a place as a principal sees it.
func (i Invite) seenBy(by Principal, place Place) Invite {
	if !by.May(SeePersonalData, place) {
		i.Email, i.FirstName, i.LastName = MaskEmail(i.Email), MaskName(i.FirstName), MaskName(i.LastName)
	}
	return i
}

// SeenBy returns the consents of an organization as a principal sees them: without the consent to
// personal data, who of the organization decided is masked.
func (c Consents) SeenBy(by Principal, place Place) Consents {
	if by.May(SeePersonalData, place) {
		return c
	}
	for _, kind := range ConsentKinds() {
		for _, grantee := range Grantees() {
			if one := c[kind][grantee]; !one.ByProvider && one.ByID != by.UserID {
				one.ByName = MaskName(one.ByName)
				c = c.With(kind, grantee, one)
			}
		}
	}
	return c
}

// sight returns the organizations in a place's tree that do not let the principal see their
// administrators, and a function that masks an administrator where the principal must not know who
// it is. It takes all privileges of the person: those who work for the provider are not masked. Of a
// person with roles in several organizations of an MSP, one that withholds personal data decides.
func (a *Accounts) sight(
	ctx context.Context, by Principal, place Place,
) (map[string]int64, func(Administrator, []Privilege) Administrator, error) {
	var withheld, hidden map[string]int64
	if place.Scope == MSPScope {
		each, err := withheldInTree(ctx, a.journal, by, place.MSPID, SeeAdministrators, SeePersonalData)
		if err != nil {
			return nil, nil, err
		}
		withheld, hidden = each[0], each[1]
	}
	all := place.Scope == OrgScope && !by.May(SeePersonalData, place)
	return withheld, func(shown Administrator, privileges []Privilege) Administrator {
		if shown.ID == by.UserID || len(worksFor(privileges, place)) > 0 {
			return shown
		}
		if all || slices.ContainsFunc(shown.Privileges, func(p Privilege) bool {
			_, in := hidden[p.OrgID]
			return in && p.Scope == OrgScope
		}) {
			shown.Person = shown.masked()
		}
		return shown
	}, nil
}

// MaskedIn is the function of the same name on the stored organizations.
func (a *Accounts) MaskedIn(ctx context.Context, by Principal, orgIDs []string) (map[string]bool, error) {
	return MaskedIn(ctx, a.journal, by, orgIDs)
}

// MaskedIn returns which of some organizations do not let the principal, who works for their provider,
// see their people's personal data; one request per hundred. An organization in the bin masks as it
// did before, and one that is gone masks always: nobody can consent for it any more.
func MaskedIn(ctx context.Context, journal *change.Journal, by Principal, orgIDs []string) (map[string]bool, error) {
	masked := map[string]bool{}
	now := journal.Now().Unix()
	for batch := range slices.Chunk(orgIDs, maxOrganizations) {
		orgs, err := storedOrganizations(ctx, journal, batch)
		if err != nil {
			return nil, err
		}
		for _, id := range batch {
			masked[id] = true
		}
		for _, org := range orgs {
			place := org.place(now)
			masked[org.id()] = by.WorksFor(place) != "" && !by.May(SeePersonalData, place)
		}
	}
	return masked, nil
}

// MaskMessage masks the people in the message of an entry of the audit log.
func MaskMessage(action, message string) string {
	_, verb, _ := strings.Cut(action, ".")
	prefix := ""
	switch verb {
	case "change_administrator":
		prefix = "Made "
	case "remove_administrator":
		prefix = "Removed "
	case "remove_mail_address":
		prefix = "Removed a further address of "
		if name, ok := strings.CutPrefix(message, prefix); ok {
			return prefix + MaskName(name)
		}
	case "accept_invite":
	default:
		return MaskText(message)
	}
	// These messages have a person as describe writes them.
	described, ok := strings.CutPrefix(message, prefix)
	at := strings.LastIndexByte(described, '@')
	if !ok || at < 0 {
		return MaskText(message)
	}
	end := len(described)
	if space := strings.IndexByte(described[at:], ' '); space >= 0 {
		end = at + space
	}
	return prefix + MaskName(described[:end]) + described[end:]
}
