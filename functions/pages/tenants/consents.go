package tenants

import (
	"time"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// consent is what an organization allows one part of its provider.
type consent struct {
	identity.Consent
	kind    identity.ConsentKind
	grantee identity.Grantee
	holds   bool
	// request is an open request of the provider; nil if there is none.
	request *identity.ConsentRequest
	// mayGive is set if the reader decides, mayGiveUp if the reader has the consent and may give it up, mayAsk if
	// the reader may ask for it.
	mayGive, mayGiveUp, mayAsk bool
}

// consentList is all consents of an organization.
type consentList struct {
	path, name string
	consents   []consent
	// log is the address of the organization's log; "" for those who may not see it. uses are its latest
	// entries by people who work for the provider.
	log  string
	uses []change.Entry
}

// consents shows what an organization allows its provider.
func (p Pages) consents(v *kit.Visit) error {
	shown, err := p.consentsOf(v)
	if err != nil {
		return err
	}
	return v.Show(consentsPage(v.Frame(v.T("What %s allows its provider", shown.name)), shown))
}

func (p Pages) consentsOf(v *kit.Visit) (consentList, error) {
	org, err := p.Tenants.Consents(v.Context(), *v.By, v.Path("org_id"))
	if err != nil {
		return consentList{}, err
	}
	requests, err := p.Accounts.ConsentRequests(v.Context(), org.ID)
	if err != nil {
		return consentList{}, err
	}
	place, now := org.Place(), v.Now().Unix()
	v.At(place)
	shown := consentList{path: kit.PlacePath(place) + "/consents", name: org.Name}
	for _, kind := range identity.ConsentKinds() {
		for _, grantee := range identity.Grantees() {
			if identity.CheckConsent(kind, grantee, place) != nil {
				continue
			}
			one := consent{
				Consent: org.Consents[kind][grantee], kind: kind, grantee: grantee, mayGive: v.By.OwnAdministrator(place),
			}
			one.holds = one.Holds(now)
			represents := v.By.RepresentsGrantee(grantee, place)
			one.mayGiveUp, one.mayAsk = one.holds && represents, !one.holds && represents
			for _, request := range requests {
				if request.Kind == kind && request.Grantee == grantee && request.Open(org.Consents) {
					one.request, one.mayAsk = &request, false
				}
			}
			shown.consents = append(shown.consents, one)
		}
	}
	return shown, p.addUses(v, place, &shown)
}

// usesShown is how many uses of the consents the page shows, and usesDays of how many days.
const (
	usesShown = 10
	usesDays  = 7
)

// addUses adds what the provider's people did in the organization lately, for those who see its log.
func (p Pages) addUses(v *kit.Visit, place identity.Place, shown *consentList) error {
	if !v.May(identity.SeeAudit, place) {
		return nil
	}
	page, err := p.Audit.At(v.Context(), *v.By, place, audit.Search{
		Start: v.Now().AddDate(0, 0, -usesDays), End: v.Now().Add(time.Second), Provider: true, Limit: usesShown,
	})
	shown.log, shown.uses = kit.PlacePath(place)+"/logs?time=week&provider=true", page.Entries
	return err
}

// refusedConsent shows the consents again after a decision or a request was refused.
func (p Pages) refusedConsent(v *kit.Visit, cause error) error {
	shown, err := p.consentsOf(v)
	if err != nil {
		return cause
	}
	refusal := kit.Refusal{
		Title: v.T("What %s allows its provider", shown.name), Heading: v.T("Nothing was changed"),
	}
	return v.Again(cause, refusal, func(f *kit.Frame) templ.Component { return consentsPage(f, shown) })
}

// changeConsent gives a consent or takes it away.
func (p Pages) changeConsent(v *kit.Visit) error {
	decision := tenant.Decision{
		Kind: identity.ConsentKind(v.Path("kind")), Grantee: identity.Grantee(v.Path("grantee")),
		Granted: v.Line("granted") == "true", Reason: v.Line("reason"),
	}
	if decision.Granted {
		decision.Until = endOf(v, v.Line("until"))
	}
	org, err := p.Tenants.ChangeConsent(v.Context(), *v.By, v.Path("org_id"), decision)
	if err != nil {
		return p.refusedConsent(v, err)
	}
	v.Done(v.T("Your decision was saved. The other administrators are told by mail if they want such mails."))
	return v.GoTo(kit.PlacePath(org.Place()) + "/consents")
}

// requestConsent asks an organization for a consent.
func (p Pages) requestConsent(v *kit.Visit) error {
	org, err := p.Tenants.Org(v.Context(), *v.By, v.Path("org_id"), identity.SeeOrg)
	if err != nil {
		return err
	}
	_, err = p.Accounts.RequestConsent(v.Context(), *v.By, org.Place(), org.Consents, identity.ConsentRequest{
		Kind: identity.ConsentKind(v.Line("kind")), Grantee: identity.Grantee(v.Line("grantee")),
		Until: endOf(v, v.Line("until")), Reason: v.Line("reason"),
	})
	if err != nil {
		return p.refusedConsent(v, err)
	}
	v.Done(v.T("The own administrators of %s were asked by mail.", org.Name))
	return v.GoTo(kit.PlacePath(org.Place()) + "/consents")
}

// endOf returns the end of a day in the reader's zone, in epoch seconds; 0 for no day, and 1, which is
// refused as past, for something that is no day.
func endOf(v *kit.Visit, day string) int64 {
	if day == "" {
		return 0
	}
	start, err := time.ParseInLocation(time.DateOnly, day, v.Zone())
	if err != nil {
		return 1
	}
	return start.AddDate(0, 0, 1).Unix()
}
