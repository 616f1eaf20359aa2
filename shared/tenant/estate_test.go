package tenant_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func pointer[T any](value T) *T { return &value }

var badNames = []string{"", " ", "a\nb", "a\x00", "\x7f", "\u0085", "\xff", string(make([]byte, 129))}

func TestOperatorsMakeMSPsAndDirectCustomers(t *testing.T) {
	e := apptest.NewEstate(t)
	for _, test := range []struct {
		by   identity.Principal
		want fault.Code
	}{
		{e.Operator(), ""}, {e.SupportAgent(), fault.Forbidden}, {e.Person(e.MSP.Place(), identity.Admin), fault.Forbidden}, {e.Person(e.Org.Place(), identity.Admin), fault.Forbidden},
	} {
		_, err := e.Tenants.NewMSP(t.Context(), test.by, tenant.MSPChange{Name: new("New")})
		e.Wants(test.want, err)
		_, err = e.Tenants.CreateOrg(t.Context(), test.by, "", "New", false)
		e.Wants(test.want, err)
	}
	for _, name := range badNames {
		_, err := e.Tenants.NewMSP(t.Context(), e.Operator(), tenant.MSPChange{Name: &name})
		e.Wants(fault.Invalid, err)
		_, err = e.Tenants.CreateOrg(t.Context(), e.Operator(), e.MSP.ID, name, false)
		e.Wants(fault.Invalid, err)
	}
}

func TestSuperUsersMakeTheOrganizationsOfTheirMSP(t *testing.T) {
	e := apptest.NewEstate(t)
	for _, test := range []struct {
		by   identity.Principal
		want fault.Code
	}{
		{e.Operator(), ""}, {e.Person(e.MSP.Place(), identity.Admin), ""},
		{e.Person(e.MSP.Place(), identity.Write), fault.Forbidden}, {e.Person(e.MSP.Place(), identity.Read), fault.Forbidden},
		{e.Person(e.MSP.Place(), identity.Helpdesk), fault.Forbidden}, {e.Person(e.MSP.Place(), identity.Installer), fault.Forbidden},
		{e.Person(e.ForeignMSP.Place(), identity.Admin), fault.NotFound}, {e.Person(e.Org.Place(), identity.Admin), fault.NotFound}, {e.SupportAgent(), fault.NotFound},
	} {
		org, err := e.Tenants.CreateOrg(t.Context(), test.by, e.MSP.ID, "New", false)
		e.Wants(test.want, err)
		if err == nil && (org.MSPID != e.MSP.ID || org.Version != 1) {
			t.Errorf("%+v", org)
		}
	}
	for _, id := range []string{"", "x", "0198C0DE-0000-7000-8000-000000000001", "0198c0de-0000-7000-8000-000000000001", "\xff"} {
		if id == "" {
			continue // no MSP means a direct customer
		}
		_, err := e.Tenants.CreateOrg(t.Context(), e.Operator(), id, "New", false)
		e.Wants(fault.NotFound, err)
	}
}

func TestWhatIsMadeIsReadAsItIs(t *testing.T) {
	e := apptest.NewEstate(t)
	org, err := e.Tenants.CreateOrg(t.Context(), e.Operator(), e.MSP.ID, "Zürich <Ost> & Söhne", true)
	must(t, err)
	got, err := e.Tenants.Org(t.Context(), e.Operator(), org.ID, identity.SeeOrg)
	must(t, err)
	now := e.Clock.Now().Unix()
	provisional := identity.Consent{Granted: true, Since: now, Provisional: true, Days: 30}
	both := map[identity.Grantee]identity.Consent{identity.ToOperator: provisional, identity.ToMSP: provisional}
	want := tenant.Org{
		Consents: identity.Consents{
			identity.SupportAccess: both, identity.UserManagement: both, identity.PersonalData: both,
		},
		Granted:       identity.AllGranted,
		ID:            org.ID,
		Name:          "Zürich <Ost> & Söhne",
		MSPID:         e.MSP.ID,
		SupportAccess: true,
		Created:       now,
		Modified:      now,
		Version:       1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	names, err := e.Tenants.Names(
		t.Context(),
		[]string{e.MSP.ID, e.MSP.ID, ""},
		[]string{org.ID, "0198c0de-0000-7000-8000-000000000001"},
	)
	if diff := cmp.Diff(
		map[string]string{e.MSP.ID: "Adria Networks", org.ID: "Zürich <Ost> & Söhne"},
		names,
	); diff != "" ||
		err != nil {
		t.Errorf("%s, %v", diff, err)
	}
}

func TestListsAreInTheOrderOfNamesAndShowTheOwnOnly(t *testing.T) {
	e := apptest.NewEstate(t)
	e.NewOrgs(e.MSP.ID, "zebra", "Alpha", "beta")
	e.NewOrg("", "Avalon")
	namesOf := func(orgs []tenant.Org, err error) []string {
		must(t, err)
		names := []string{}
		for _, org := range orgs {
			names = append(names, org.Name)
		}
		return names
	}
	ctx := t.Context()
	installer := e.Person(e.MSP.Place(), identity.Installer)
	both := e.Grant(e.Person(e.Org.Place(), identity.Read), e.Direct.Place(), identity.Installer)
	for name, test := range map[string]struct{ got, want []string }{
		"of the MSP": {namesOf(e.Tenants.MSPOrgs(ctx, installer, e.MSP.ID, tenant.OrgFilter{}, 100)),
			[]string{"Alpha", "beta", "Corso Pharmacies", "Rialto Hotels", "zebra"}},
		"direct, for the operator": {namesOf(e.Tenants.Selected(ctx, e.Operator(), "", tenant.OrgFilter{}, 100)),
			[]string{"Avalon", "Delta Mills"}},
		"of a person of two": {namesOf(e.Tenants.OwnOrgs(ctx, both)), []string{"Delta Mills", "Rialto Hotels"}},
		"of an MSP's person": {namesOf(e.Tenants.OwnOrgs(ctx, e.Person(e.MSP.Place(), identity.Admin))), []string{}},
	} {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for by, want := range map[*identity.Principal][]string{
		pointer(e.Operator()): {"Adria Networks", "Boreal Managed"}, pointer(e.Person(e.MSP.Place(), identity.Read)): {"Adria Networks"}, &both: {}, pointer(e.SupportAgent()): {},
	} {
		msps, err := e.Tenants.MSPs(ctx, *by)
		must(t, err)
		got := []string{}
		for _, msp := range msps {
			got = append(got, msp.Name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", by.Email, diff)
		}
	}
	_, err := e.Tenants.MSPOrgs(ctx, e.Person(e.ForeignMSP.Place(), identity.Admin), e.MSP.ID, tenant.OrgFilter{}, 100)
	e.Wants(fault.NotFound, err)
}

func TestAChangeOfAnOldVersionIsRefusedWithThePresentOne(t *testing.T) {
	e := apptest.NewEstate(t)
	ctx, by := t.Context(), e.Operator()
	org, err := e.Tenants.ChangeOrg(ctx, by, e.Org.ID, tenant.OrgChange{Name: pointer("Second"), Version: 1})
	if err != nil || org.Version != 2 {
		t.Fatalf("%+v, %v", org, err)
	}
	_, err = e.Tenants.ChangeOrg(ctx, by, e.Org.ID, tenant.OrgChange{Name: pointer("Third"), Version: 1})
	if failure, ok := err.(*fault.Error); !ok || failure.Code != fault.Conflict || failure.Present != 2 {
		t.Errorf("%v", err)
	}
	msp, err := e.Tenants.ChangeMSP(ctx, by, e.MSP.ID, tenant.MSPChange{Name: pointer("Second"), Version: 1})
	if err != nil || msp.Version != 2 {
		t.Fatalf("%+v, %v", msp, err)
	}
	_, err = e.Tenants.ChangeMSP(ctx, by, e.MSP.ID, tenant.MSPChange{Version: 3})
	if failure, ok := err.(*fault.Error); !ok || failure.Present != 2 {
		t.Errorf("%v", err)
	}
	for _, name := range badNames {
		_, err = e.Tenants.ChangeOrg(ctx, by, e.Org.ID, tenant.OrgChange{Name: &name})
		e.Wants(fault.Invalid, err)
		_, err = e.Tenants.ChangeMSP(ctx, by, e.MSP.ID, tenant.MSPChange{Name: &name})
		e.Wants(fault.Invalid, err)
	}
}

func TestOfChangesAtTheSameMomentNoneIsLostUnseen(t *testing.T) {
	e := apptest.NewEstate(t)
	errs := make([]error, 8)
	var wait sync.WaitGroup
	for i := range errs {
		wait.Go(func() {
			_, errs[i] = e.Tenants.ChangeOrg(
				t.Context(),
				e.Operator(),
				e.Org.ID,
				tenant.OrgChange{Name: pointer(fmt.Sprint("Name ", i))},
			)
		})
	}
	wait.Wait()
	won := int64(0)
	for _, err := range errs {
		if err == nil {
			won++
		} else if failure, ok := err.(*fault.Error); !ok || failure.Code != fault.Conflict || failure.Present < 2 {
			t.Errorf("%v", err)
		}
	}
	org, err := e.Tenants.LoadOrg(t.Context(), e.Org.ID)
	if err != nil || org.Version != 1+won {
		t.Errorf("version %d after %d changes, %v", org.Version, won, err)
	}
}

func TestOnlyTheOrganizationsOwnAdministratorsGiveSupportAccess(t *testing.T) {
	e := apptest.NewEstate(t)
	own := e.Person(e.Org.Place(), identity.Admin)
	for _, test := range []struct {
		name string
		by   identity.Principal
		want fault.Code
	}{
		{"operator", e.Operator(), fault.Forbidden}, {"super user of the MSP", e.Person(e.MSP.Place(), identity.Admin), fault.Forbidden},
		{"network admin of the org", e.Person(e.Org.Place(), identity.Write), fault.Forbidden}, {"a neighbour", e.Person(e.Neighbour.Place(), identity.Admin), fault.NotFound},
		{"support agent", e.SupportAgent(), fault.NotFound}, {"own administrator", own, ""},
		{"super user who is an own administrator too", e.Grant(e.Another(e.MSP.Place(), identity.Admin), e.Org.Place(), identity.Admin), fault.Forbidden},
		{"super user who is an observer there", e.Grant(e.Another(e.MSP.Place(), identity.Admin), e.Org.Place(), identity.Read), fault.Forbidden},
	} {
		before, err := e.Tenants.LoadOrg(t.Context(), e.Org.ID)
		must(t, err)
		_, err = e.Tenants.ChangeOrg(
			t.Context(),
			test.by,
			e.Org.ID,
			tenant.OrgChange{SupportAccess: pointer(!before.SupportAccess)},
		)
		if got := fault.CodeOf(err); got != test.want {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
	present, err := e.Tenants.LoadOrg(t.Context(), e.Org.ID)
	must(t, err)
	_, err = e.Tenants.ChangeOrg(
		t.Context(),
		e.Operator(),
		e.Org.ID,
		tenant.OrgChange{Name: pointer("New name"), SupportAccess: &present.SupportAccess},
	)
	e.Wants("", err) // leaving it as it is is not a consent
}

func TestWhatIsForeignIsHiddenAndWhatIsTooHighIsForbidden(t *testing.T) {
	e := apptest.NewEstate(t)
	for _, test := range []struct {
		by       identity.Principal
		org, msp fault.Code
	}{
		{e.Operator(), "", ""}, {e.Person(e.MSP.Place(), identity.Admin), "", ""}, {e.Person(e.MSP.Place(), identity.Write), "", fault.Forbidden},
		{e.Person(e.MSP.Place(), identity.Read), fault.Forbidden, fault.Forbidden}, {e.Person(e.Org.Place(), identity.Admin), "", fault.NotFound},
		{e.Person(e.Org.Place(), identity.Installer), fault.Forbidden, fault.NotFound}, {e.Person(e.ForeignMSP.Place(), identity.Admin), fault.NotFound, fault.NotFound},
		{e.Person(e.Neighbour.Place(), identity.Admin), fault.NotFound, fault.NotFound}, {e.SupportAgent(), fault.NotFound, fault.NotFound},
	} {
		_, err := e.Tenants.ChangeOrg(t.Context(), test.by, e.Org.ID, tenant.OrgChange{Name: pointer("Rialto")})
		e.Wants(test.org, err)
		_, err = e.Tenants.ChangeMSP(t.Context(), test.by, e.MSP.ID, tenant.MSPChange{Name: pointer("Adria")})
		e.Wants(test.msp, err)
	}
}
