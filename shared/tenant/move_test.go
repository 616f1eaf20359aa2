package tenant_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

func transfer(t *testing.T, e *apptest.Estate, orgID string, request tenant.Transfer) tenant.Org {
	t.Helper()
	if _, err := e.Tenants.TransferOrg(t.Context(), e.Operator(), orgID, request); err != nil {
		t.Fatal(err)
	}
	if err := e.Handover.Finish(t.Context(), orgID); err != nil {
		t.Fatal(err)
	}
	org, err := e.Tenants.LoadOrg(t.Context(), orgID)
	if err != nil {
		t.Fatal(err)
	}
	return org
}

func TestOnlyOperatorsTransferAndOnlyToAnMSPThatExists(t *testing.T) {
	e := apptest.NewEstate(t)
	for _, by := range []identity.Principal{
		e.Person(e.MSP.Place(), identity.Admin), e.Person(e.ForeignMSP.Place(), identity.Admin),
		e.Person(e.Org.Place(), identity.Admin), e.SupportAgent(),
	} {
		_, err := e.Tenants.TransferOrg(t.Context(), by, e.Org.ID, tenant.Transfer{MSPID: e.ForeignMSP.ID})
		e.Wants(fault.Forbidden, err)
	}
	for _, id := range []string{e.Org.ID, "x", e.Journal.NewID()} {
		_, err := e.Tenants.TransferOrg(t.Context(), e.Operator(), e.Org.ID, tenant.Transfer{MSPID: id})
		e.Wants(fault.Invalid, err)
	}
	_, err := e.Tenants.TransferOrg(t.Context(), e.Operator(), e.MSP.ID, tenant.Transfer{MSPID: e.ForeignMSP.ID})
	e.Wants(fault.NotFound, err)
	if org, err := e.Tenants.LoadOrg(t.Context(), e.Org.ID); err != nil || org.MSPID != e.MSP.ID || org.Moving != "" {
		t.Errorf("a refused transfer changed %+v, %v", org, err)
	}
}

func TestATransferUnderWayBlocksAnother(t *testing.T) {
	e := apptest.NewEstate(t)
	to := tenant.Transfer{MSPID: e.ForeignMSP.ID, Operator: true, Partner: true}
	if moved, err := e.Tenants.TransferOrg(t.Context(), e.Operator(), e.Org.ID, to); err != nil || !moved {
		t.Fatal(moved, err)
	}
	if moved, err := e.Tenants.TransferOrg(t.Context(), e.Operator(), e.Org.ID, to); err != nil || moved {
		t.Errorf("the same again: %t, %v", moved, err)
	}
	_, err := e.Tenants.TransferOrg(t.Context(), e.Operator(), e.Org.ID, tenant.Transfer{})
	e.Wants(fault.Conflict, err)
	e.Wants(fault.Conflict, e.Tenants.Unassign(t.Context(), e.Operator(), e.ForeignMSP.ID, []string{e.Org.ID}))
	transfer(t, e, e.Org.ID, to)
	if org := transfer(t, e, e.Org.ID, tenant.Transfer{}); org.MSPID != "" || org.Moving != "" {
		t.Errorf("after both it is %+v", org)
	}
}

func TestAMoveEndsLabelsAndWhatTheMSPGaveItsOwnPeople(t *testing.T) {
	e := apptest.NewEstate(t)
	name := "Retail"
	label, err := e.Tenants.NewLabel(t.Context(), e.Operator(), e.MSP.ID,
		tenant.LabelChange{Name: &name, OrgIDs: &[]string{e.Org.ID}})
	must(t, err)
	super, customer := e.Person(e.MSP.Place(), identity.Admin), e.Person(e.Org.Place(), identity.Admin)
	staff := e.Grant(e.Person(e.MSP.Place(), identity.Helpdesk), e.Org.Place(), identity.Write)
	org := transfer(t, e, e.Org.ID, tenant.Transfer{MSPID: e.ForeignMSP.ID, Operator: true, Partner: true})
	if len(org.Labels) != 0 {
		t.Errorf("it keeps the labels %v", org.Labels)
	}
	if ids, err := e.Tenants.LabelledOrgs(t.Context(), super, e.MSP.ID, label.ID); err != nil || len(ids) != 0 {
		t.Errorf("the label keeps %v, %v", ids, err)
	}
	for what, test := range map[string]struct {
		by   identity.Principal
		sees bool
	}{
		"the former super user": {super, false}, "the former MSP's helpdesk": {e.Fresh(staff), false},
		"the customer":       {e.Fresh(customer), true},
		"the new super user": {e.Person(e.ForeignMSP.Place(), identity.Admin), true},
	} {
		_, err := e.Tenants.Org(t.Context(), test.by, org.ID, identity.SeeOrg)
		if (err == nil) != test.sees {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestTheLogsOfAMoveDoNotTellTheMSPsOfEachOther(t *testing.T) {
	e := apptest.NewEstate(t)
	transfer(t, e, e.Org.ID, tenant.Transfer{MSPID: e.ForeignMSP.ID, Operator: true, Partner: true})
	for _, pair := range [][2]tenant.MSP{{e.MSP, e.ForeignMSP}, {e.ForeignMSP, e.MSP}} {
		msp, other := pair[0], pair[1]
		page, err := e.Audit.At(t.Context(), e.Person(msp.Place(), identity.Admin), msp.Place(), e.LastDay())
		must(t, err)
		told := false
		for _, entry := range page.Entries {
			text := entry.Message + string(entry.Before) + string(entry.After) + entry.MSPID
			if strings.Contains(text, other.ID) || strings.Contains(text, other.Name) {
				t.Errorf("the log of %s says %s", msp.Name, text)
			}
			told = told || strings.Contains(entry.Message, e.Org.Name)
		}
		if !told {
			t.Errorf("the log of %s says nothing", msp.Name)
		}
	}
}

// consentsAfter decides on consents in an organization, moves it, and returns the new MSP's.
func consentsAfter(
	t *testing.T, request tenant.Transfer, decide func(e *apptest.Estate, own identity.Principal),
) (*apptest.Estate, identity.Consents) {
	t.Helper()
	e := apptest.NewEstate(t)
	_, own := e.LogIn(e.Person(e.Org.Place(), identity.Admin))
	decide(e, own)
	request.MSPID = e.ForeignMSP.ID
	return e, transfer(t, e, e.Org.ID, request).Consents
}

func TestANewMSPBeginsLikeThatOfANewCustomerButNeverWithWhatWasRefused(t *testing.T) {
	type deciding = func(*apptest.Estate, identity.Principal)
	decide := func(kind identity.ConsentKind, granted bool, until time.Duration) deciding {
		return func(e *apptest.Estate, own identity.Principal) {
			t.Helper()
			decision := tenant.Decision{Kind: kind, Grantee: identity.ToMSP, Granted: granted}
			if until > 0 {
				decision.Until = e.Clock.Now().Add(until).Unix()
			}
			_, err := e.Tenants.ChangeConsent(t.Context(), own, e.Org.ID, decision)
			must(t, err)
		}
	}
	const day = 24 * 60 * 60
	nothing := func(*apptest.Estate, identity.Principal) {}
	lapse := func(e *apptest.Estate, own identity.Principal) {
		decide(identity.SupportAccess, true, 2*time.Hour)(e, own)
		e.Clock.Pass(3 * time.Hour)
	}
	for name, test := range map[string]struct {
		decide func(*apptest.Estate, identity.Principal)
		days   int64 // how long the new MSP has support access; 0 if it has not
		no     bool  // whether the partner gets nothing
	}{
		"nothing was decided": {decide: nothing, days: 30},
		"it was given":        {decide: decide(identity.SupportAccess, true, 0), days: 30},
		"it was given until":  {decide: decide(identity.SupportAccess, true, 48*time.Hour), days: 2},
		"it was withdrawn":    {decide: decide(identity.SupportAccess, false, 0)},
		"it lapsed":           {decide: lapse},
		"no delegation":       {decide: decide(identity.SupportAccess, true, 0), no: true},
	} {
		e, consents := consentsAfter(t, tenant.Transfer{Operator: true, Partner: !test.no}, test.decide)
		got, now := consents[identity.SupportAccess][identity.ToMSP], e.Clock.Now().Unix()
		if got.Holds(now) != (test.days > 0) || test.days > 0 && got.Until != now+test.days*day {
			t.Errorf("%s: the new MSP has %+v", name, got)
		}
	}
}

func TestTheOperatorNeverGetsMoreByAMove(t *testing.T) {
	for _, keeps := range []bool{true, false} {
		e, consents := consentsAfter(t, tenant.Transfer{Operator: keeps, Partner: true},
			func(*apptest.Estate, identity.Principal) {})
		before, err := e.Tenants.LoadOrg(t.Context(), e.Neighbour.ID) // as the other one was
		must(t, err)
		now := e.Clock.Now().Unix()
		for _, kind := range identity.ConsentKinds() {
			had := before.Consents[kind][identity.ToOperator].Holds(now)
			has := consents[kind][identity.ToOperator].Holds(now)
			if has != (had && keeps) {
				t.Errorf("keeps %t: %s was %t and is %t", keeps, kind, had, has)
			}
		}
	}
}

func TestWhatWasRefusedStaysRefusedThroughARelease(t *testing.T) {
	to := tenant.Transfer{Operator: true, Partner: true}
	e, _ := consentsAfter(t, to, func(e *apptest.Estate, own identity.Principal) {
		_, err := e.Tenants.ChangeConsent(t.Context(), own, e.Org.ID,
			tenant.Decision{Kind: identity.SupportAccess, Grantee: identity.ToMSP})
		must(t, err)
		_, err = e.Tenants.ChangeConsent(t.Context(), own, e.Org.ID, tenant.Decision{
			Kind: identity.PersonalData, Grantee: identity.ToMSP, Granted: true, Until: e.Clock.Now().Add(2 * time.Hour).Unix(),
		})
		must(t, err)
		e.Clock.Pass(3 * time.Hour)
	})
	transfer(t, e, e.Org.ID, tenant.Transfer{Operator: true})
	org := transfer(t, e, e.Org.ID, tenant.Transfer{MSPID: e.MSP.ID, Operator: true, Partner: true})
	for _, kind := range []identity.ConsentKind{identity.SupportAccess, identity.PersonalData} {
		if org.Granted.Has(kind, identity.ToMSP) {
			t.Errorf("back at its first MSP, %s is given", kind)
		}
	}
}

func TestUserManagementIsGivenUntilThereIsAnOwnAdministrator(t *testing.T) {
	e := apptest.NewEstate(t)
	org := transfer(t, e, e.Org.ID, tenant.Transfer{MSPID: e.ForeignMSP.ID})
	if !org.Granted.Has(identity.UserManagement, identity.ToMSP) ||
		org.Granted.Has(identity.SupportAccess, identity.ToMSP) {
		t.Errorf("the consents are %+v", org.Consents)
	}
}

func TestBothSidesAssign(t *testing.T) {
	e := apptest.NewEstate(t)
	direct, foreign := []string{e.Direct.ID}, []string{e.Foreign.ID}
	own := e.Person(e.Direct.Place(), identity.Admin)
	both := e.Grant(own, e.MSP.Place(), identity.Admin)
	super := e.Person(e.MSP.Place(), identity.Admin)
	e.Wants(fault.NotFound, e.Tenants.Assign(t.Context(), own, e.MSP.ID, direct))
	e.Wants(fault.Invalid, e.Tenants.Assign(t.Context(), super, e.MSP.ID, direct)) // it does not see the organization
	e.Wants(fault.Forbidden, e.Tenants.Unassign(t.Context(), super, e.MSP.ID, []string{e.Org.ID}))
	e.Wants(fault.Invalid, e.Tenants.Assign(t.Context(), both, e.MSP.ID, slices.Concat(direct, foreign)))
	e.Wants(fault.Conflict, e.Tenants.Assign(t.Context(), e.Operator(), e.MSP.ID, slices.Concat(direct, foreign)))
	if org, err := e.Tenants.LoadOrg(t.Context(), e.Direct.ID); err != nil || org.MSPID != "" {
		t.Fatalf("a refused call moved %+v, %v", org, err)
	}
	for range 2 {
		must(t, e.Tenants.Assign(t.Context(), both, e.MSP.ID, direct))
		must(t, e.Handover.Finish(t.Context(), e.Direct.ID))
	}
	if org, err := e.Tenants.Org(t.Context(), super, e.Direct.ID, identity.SeeOrg); err != nil || org.MSPID != e.MSP.ID {
		t.Errorf("%+v, %v", org, err)
	}
	if _, err := e.Tenants.ChangeProvider(t.Context(), e.Fresh(both), e.Direct.ID, ""); err != nil {
		t.Error(err)
	}
	_, err := e.Tenants.ChangeProvider(t.Context(), e.Fresh(both), e.Direct.ID, e.MSP.ID)
	e.Wants(fault.Conflict, err) // the first one is still under way
}

func TestWhatTheFormerMSPAskedForIsNotAskedForTheNewOne(t *testing.T) {
	e := apptest.NewEstate(t)
	_, own := e.LogIn(e.Person(e.Org.Place(), identity.Admin))
	_, err := e.Tenants.ChangeConsent(t.Context(), own, e.Org.ID,
		tenant.Decision{Kind: identity.SupportAccess, Grantee: identity.ToMSP})
	must(t, err)
	org, err := e.Tenants.LoadOrg(t.Context(), e.Org.ID)
	must(t, err)
	for _, msp := range []tenant.MSP{e.MSP, e.ForeignMSP} {
		request := identity.ConsentRequest{Kind: identity.SupportAccess, Grantee: identity.ToMSP, Reason: "To help."}
		_, err := e.Accounts.RequestConsent(
			t.Context(), e.Person(msp.Place(), identity.Admin), org.Place(), org.Consents, request)
		must(t, err) // it would be refused if the former MSP's were still open
		if msp.ID == e.MSP.ID {
			org = transfer(t, e, e.Org.ID, tenant.Transfer{MSPID: e.ForeignMSP.ID, Operator: true, Partner: true})
		}
	}
}

func TestAMoveWithTheMostOfEverythingFitsInOneTransaction(t *testing.T) {
	e := apptest.NewEstate(t)
	var ids []string
	for i := range tenant.MaxOrgLabels {
		ids = append(ids, newLabel(t, e, fmt.Sprintf("Label %02d", i)).ID)
	}
	_, err := e.Tenants.ChangeOrg(t.Context(), e.Operator(), e.Org.ID, tenant.OrgChange{Labels: &ids})
	must(t, err)
	for range identity.MaxStaff {
		e.Grant(e.Person(e.MSP.Place(), identity.Helpdesk), e.Org.Place(), identity.Write)
	}
	_, own := e.LogIn(e.Person(e.Org.Place(), identity.Admin))
	for _, kind := range identity.ConsentKinds() {
		_, err := e.Tenants.ChangeConsent(t.Context(), own, e.Org.ID, tenant.Decision{Kind: kind, Grantee: identity.ToMSP})
		must(t, err)
	}
	org, err := e.Tenants.LoadOrg(t.Context(), e.Org.ID)
	must(t, err)
	for _, kind := range identity.ConsentKinds() {
		_, err := e.Accounts.RequestConsent(t.Context(), e.Person(e.MSP.Place(), identity.Admin), org.Place(), org.Consents,
			identity.ConsentRequest{Kind: kind, Grantee: identity.ToMSP, Reason: "To help."})
		must(t, err)
	}
	ctx, _ := change.WithOnce(t.Context(), change.Request{Key: "k", Fingerprint: func() string { return "" }})
	_, err = e.Tenants.TransferOrg(ctx, e.Operator(), e.Org.ID, tenant.Transfer{MSPID: e.ForeignMSP.ID})
	must(t, err)
}
