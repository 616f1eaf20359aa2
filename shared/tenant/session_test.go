package tenant_test

import (
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// TestAnOrganizationsSessionExpiryEndsSessionsInIt holds that an older session must log in again for calls
// in the organization, also by the provider's people, and goes on elsewhere. API tokens are no sessions.
func TestAnOrganizationsSessionExpiryEndsSessionsInIt(t *testing.T) {
	e := apptest.NewEstate(t)
	admin := e.Person(e.Org.Place(), identity.Admin)
	minutes := 30
	if _, err := e.Tenants.ChangeOrg(t.Context(), admin, e.Org.ID, tenant.OrgChange{SessionExpiry: &minutes}); err != nil {
		t.Fatal(err)
	}
	agent := e.Person(e.MSP.Place(), identity.Admin)
	for _, person := range []identity.Principal{admin, agent} {
		session, _, err := e.Accounts.Login(t.Context(), person.Email, apptest.Password, "192.0.2.1")
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			after time.Duration
			want  fault.Code
		}{{29 * time.Minute, ""}, {2 * time.Minute, fault.Unauthenticated}} {
			e.Clock.Pass(test.after)
			by, err := e.Accounts.BySession(t.Context(), session.Cookie, "192.0.2.1")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := e.Tenants.Org(t.Context(), by, e.Org.ID, identity.SeeOrg); fault.CodeOf(err) != test.want {
				t.Errorf("%s: %v, want %q", person.Email, err, test.want)
			}
			if _, err := e.Accounts.Self(t.Context(), by); err != nil {
				t.Errorf("the account: %v", err)
			}
		}
	}
	if _, err := e.Tenants.Org(t.Context(), admin, e.Org.ID, identity.SeeOrg); err != nil {
		t.Errorf("without a session: %v", err)
	}
	stranger := e.Person(e.Neighbour.Place(), identity.Admin)
	session, _, err := e.Accounts.Login(t.Context(), stranger.Email, apptest.Password, "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	e.Clock.Pass(time.Hour)
	by, err := e.Accounts.BySession(t.Context(), session.Cookie, "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Tenants.Org(t.Context(), by, e.Org.ID, identity.SeeOrg); !fault.Is(err, fault.NotFound) {
		t.Errorf("a stranger learns of the organization: %v", err)
	}
	for _, wrong := range []int{0, 9, 20161} {
		_, err := e.Tenants.ChangeOrg(t.Context(), admin, e.Org.ID, tenant.OrgChange{SessionExpiry: &wrong})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%d minutes: %v", wrong, err)
		}
	}
}

// TestAllowMistIsTheConsentToSupportAccess holds that a client that knows the consent by its other name
// changes it, also when it sends back both.
func TestAllowMistIsTheConsentToSupportAccess(t *testing.T) {
	e := apptest.NewEstate(t)
	admin := e.Person(e.Org.Place(), identity.Admin)
	yes, no := true, false
	for _, test := range []struct {
		access, mist *bool
		want         bool
	}{{nil, &yes, true}, {&yes, &no, false}, {&yes, &no, true}, {&no, &yes, false}, {&yes, &yes, true}, {nil, nil, true}} {
		org, err := e.Tenants.ChangeOrg(t.Context(), admin, e.Org.ID,
			tenant.OrgChange{SupportAccess: test.access, AllowMist: test.mist})
		if err != nil || org.SupportAccess != test.want {
			t.Errorf("%+v: %v, %v", test, org.SupportAccess, err)
		}
	}
	super := e.Person(e.MSP.Place(), identity.Admin)
	if _, err := e.Tenants.ChangeOrg(t.Context(), super, e.Org.ID, tenant.OrgChange{AllowMist: &no}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("the MSP withdrew the consent that the customer gave the operator: %v", err)
	}
}

// TestAnMSPSaysWhetherItsNewOrganizationsBeginWithSupportAccess holds the meaning of an MSP's allow_mist.
func TestAnMSPSaysWhetherItsNewOrganizationsBeginWithSupportAccess(t *testing.T) {
	e := apptest.NewEstate(t)
	yes, no := true, false
	name := "New"
	for _, test := range []struct {
		msp, org *bool
		want     bool
	}{{nil, nil, true}, {&no, nil, false}, {&no, &yes, true}, {&yes, nil, true}} {
		if _, err := e.Tenants.ChangeMSP(t.Context(), e.Operator(), e.MSP.ID, tenant.MSPChange{SupportAccess: test.msp}); err != nil {
			t.Fatal(err)
		}
		org, err := e.Tenants.NewOrg(t.Context(), e.Operator(), e.MSP.ID, tenant.OrgChange{Name: &name, AllowMist: test.org})
		if err != nil || org.SupportAccess != test.want {
			t.Errorf("%+v: %v, %v", test, org.SupportAccess, err)
		}
	}
}
