package audit_test

import (
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// TestALogMasksThePeopleWhoseDataAnOrganizationWithholds looks into the logs of the organization, of
// its MSP, and of the platform for a direct customer. A filter by a whole name or address finds nothing.
func TestALogMasksThePeopleWhoseDataAnOrganizationWithholds(t *testing.T) {
	e := apptest.NewEstate(t)
	for _, org := range []tenant.Org{e.Org, e.Direct} {
		ana := e.Invited(org.Place(), identity.Write, "ana."+org.ID+"@example.net", "Ana", "Novak")
		ana.SourceAddress = "203.0.113.77"
		log(t, e.App, ana.Actor(), change.Record{
			Message: "Did it", OrgID: org.ID, MSPID: org.MSPID, PlatformLog: org.MSPID == "",
			After: map[string]any{"submitter": map[string]any{"name": "Ana Novak", "email": ana.Email}},
		})
	}
	chief := e.Person(e.MSP.Place(), identity.Admin)
	log(t, e.App, chief.Actor(), change.Record{Message: "Helped", OrgID: e.Org.ID, MSPID: e.MSP.ID})
	read := func(by identity.Principal, search audit.Search, org tenant.Org) map[string]audit.Page {
		t.Helper()
		pages := map[string]audit.Page{}
		var err error
		pages["organization"], err = e.Audit.At(t.Context(), by, org.Place(), search)
		e.Wants("", err)
		if org.MSPID != "" {
			pages["MSP"], err = e.Audit.At(t.Context(), by, e.MSP.Place(), search)
		} else {
			pages["platform"], err = e.Audit.Platform(t.Context(), by, search)
		}
		e.Wants("", err)
		return pages
	}
	for _, granted := range []bool{true, false} {
		for _, org := range []tenant.Org{e.Org, e.Direct} {
			own := e.Fresh(e.Person(org.Place(), identity.Admin))
			for _, grantee := range identity.Grantees() {
				if identity.CheckConsent(identity.PersonalData, grantee, org.Place()) == nil {
					_, err := e.Tenants.ChangeConsent(t.Context(), own, org.ID,
						tenant.Decision{Kind: identity.PersonalData, Grantee: grantee, Granted: granted})
					e.Wants("", err)
				}
			}
			org, err := e.Tenants.LoadOrg(t.Context(), org.ID)
			e.Wants("", err)
			search := e.LastDay()
			search.Limit = 1000
			for name, page := range read(e.Operator(), search, org) {
				shown := 0
				for _, entry := range page.Entries {
					text := entry.Message + string(entry.Before) + string(entry.After) + entry.Actor.Name + entry.Actor.Email +
						entry.Actor.SourceAddress
					for _, part := range []string{"Novak", "ana." + org.ID, "203.0.113.77"} {
						shown += strings.Count(text, part)
					}
					if entry.Message == "Helped" && !strings.Contains(entry.Actor.Email, "@") {
						t.Errorf("the provider's own people are hidden: %+v", entry.Actor)
					}
				}
				if (shown > 0) != granted {
					t.Errorf("consent %t: the log of the %s shows Ana %d times", granted, name, shown)
				}
			}
			for _, filter := range []string{"novak", "ana." + org.ID} {
				search.Admin = filter
				for name, page := range read(e.Operator(), search, org) {
					if (len(page.Entries) > 0) != granted {
						t.Errorf("consent %t: %s finds %d entries in the log of the %s", granted, filter, len(page.Entries), name)
					}
				}
			}
		}
	}
}
