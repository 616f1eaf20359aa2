package tenant_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

func decision(kind identity.ConsentKind, grantee identity.Grantee, granted bool) tenant.Decision {
	return tenant.Decision{Kind: kind, Grantee: grantee, Granted: granted}
}

// withdraw takes all consents of the organization away.
func withdraw(t testing.TB, e *apptest.Estate, own identity.Principal) {
	t.Helper()
	for _, kind := range identity.ConsentKinds() {
		for _, grantee := range identity.Grantees() {
			if _, err := e.Tenants.ChangeConsent(t.Context(), own, e.Org.ID, decision(kind, grantee, false)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// present reads the organization's place as it is now.
func present(t testing.TB, e *apptest.Estate) identity.Place {
	t.Helper()
	org, err := e.Tenants.LoadOrg(t.Context(), e.Org.ID)
	if err != nil {
		t.Fatal(err)
	}
	return org.Place()
}

func TestAnOperatorCannotGiveItselfTheConsentByASecondAddress(t *testing.T) {
	e := apptest.NewEstate(t)
	own := e.Person(e.Org.Place(), identity.Admin)
	// While user management is on, the operator makes an administrator of the organization.
	puppet := e.Another(e.Org.Place(), identity.Admin)
	withdraw(t, e, own)
	_, err := e.Tenants.ChangeConsent(t.Context(), puppet, e.Org.ID,
		decision(identity.SupportAccess, identity.ToOperator, true))
	e.Wants(fault.Forbidden, err)
	// Nor does a person whom that one invites count as the organization's own.
	invite, err := e.Accounts.CreateInvite(t.Context(), puppet, present(t, e),
		identity.NewInvite{Email: "third@example.net", Role: identity.Admin})
	must(t, err)
	third, err := e.Accounts.AcceptInvite(t.Context(), nil, e.Accounts.InviteToken(present(t, e), invite),
		identity.Acceptance{Password: apptest.Password, FirstName: "Third", LastName: "Address"}, apptest.Source)
	must(t, err)
	_, err = e.Tenants.ChangeConsent(t.Context(), third.Principal("api", ""), e.Org.ID,
		decision(identity.SupportAccess, identity.ToOperator, true))
	e.Wants(fault.Forbidden, err)
	// Without the consent, the operator invites nobody.
	_, err = e.Accounts.CreateInvite(t.Context(), e.Operator(), present(t, e),
		identity.NewInvite{Email: "fourth@example.net", Role: identity.Admin})
	e.Wants(fault.Forbidden, err)
	// An own administrator confirms the person by giving the role again.
	_, err = e.Accounts.ChangeAdministrator(t.Context(), own, present(t, e), puppet.UserID, identity.Admin)
	must(t, err)
	_, err = e.Tenants.ChangeConsent(t.Context(), e.Fresh(puppet), e.Org.ID,
		decision(identity.SupportAccess, identity.ToOperator, true))
	e.Wants("", err)
}

func TestWhoWorksForTheProviderGetsNoRoleWithoutConsent(t *testing.T) {
	e := apptest.NewEstate(t)
	own := e.Person(e.Org.Place(), identity.Admin)
	super, agent := e.Person(e.MSP.Place(), identity.Admin), e.SupportAgent()
	pending := e.Invite(present(t, e), identity.Read, "pending@example.net")
	withdraw(t, e, own)
	for _, person := range []identity.Principal{super, agent, e.Operator()} {
		invite, err := e.Accounts.CreateInvite(t.Context(), own, present(t, e),
			identity.NewInvite{Email: person.Email, Role: identity.Read})
		must(t, err)
		_, err = e.Accounts.AcceptInvite(t.Context(), &person, e.Accounts.InviteToken(present(t, e), invite),
			identity.Acceptance{}, apptest.Source)
		e.Wants(fault.Forbidden, err)
	}
	// What the provider sent before is void too.
	_, err := e.Accounts.AcceptInvite(t.Context(), nil, e.Accounts.InviteToken(present(t, e), pending),
		identity.Acceptance{Password: apptest.Password, FirstName: "P", LastName: "P"}, apptest.Source)
	e.Wants(fault.NotFound, err)
}

func TestTheConsentsDecideWhatTheProviderMayDoInside(t *testing.T) {
	e := apptest.NewEstate(t)
	own := e.Person(e.Org.Place(), identity.Admin)
	super, operator := e.Person(e.MSP.Place(), identity.Admin), e.Operator()
	withdraw(t, e, own)
	for _, test := range []struct {
		by         identity.Principal
		kind       identity.ConsentKind
		grantee    identity.Grantee
		permission identity.Permission
	}{
		{super, identity.SupportAccess, identity.ToMSP, identity.SeeCases | identity.AnswerCases},
		{e.SupportAgent(), identity.SupportAccess, identity.ToOperator, identity.SeeCases | identity.AnswerCases},
		{super, identity.UserManagement, identity.ToMSP, identity.SeeAdministrators | identity.ChangeAdministrators},
		{operator, identity.UserManagement, identity.ToOperator, identity.SeeAdministrators | identity.ChangeAdministrators},
	} {
		if test.by.May(test.permission, present(t, e)) {
			t.Errorf("%s has %s without consent", test.by.Email, test.kind)
		}
		with := decision(test.kind, test.grantee, true)
		with.Until = e.Clock.Now().Add(2 * time.Hour).Unix()
		_, err := e.Tenants.ChangeConsent(t.Context(), own, e.Org.ID, with)
		must(t, err)
		if !test.by.May(test.permission, present(t, e)) {
			t.Errorf("%s lacks %s in spite of the consent", test.by.Email, test.kind)
		}
		e.Clock.Pass(2 * time.Hour)
		if test.by.May(test.permission, present(t, e)) {
			t.Errorf("%s has %s after its end", test.by.Email, test.kind)
		}
	}
	if !super.May(identity.SeeOrg|identity.ChangeOrg, present(t, e)) {
		t.Error("the MSP does not see its organization")
	}
}

func TestTheProviderGivesUpWhatItWasGrantedAndOnlyThat(t *testing.T) {
	e := apptest.NewEstate(t)
	e.Person(e.Org.Place(), identity.Admin)
	super := e.Person(e.MSP.Place(), identity.Admin)
	for _, test := range []struct {
		by      identity.Principal
		grantee identity.Grantee
		want    fault.Code
	}{
		{super, identity.ToOperator, fault.Forbidden}, {e.Operator(), identity.ToMSP, fault.Forbidden},
		{e.Person(e.MSP.Place(), identity.Write), identity.ToMSP, fault.Forbidden},
		{super, identity.ToMSP, ""}, {e.Operator(), identity.ToOperator, ""},
		{e.Person(e.Neighbour.Place(), identity.Admin), identity.ToMSP, fault.NotFound},
	} {
		_, err := e.Tenants.ChangeConsent(t.Context(), test.by, e.Org.ID, decision(identity.UserManagement, test.grantee, false))
		e.Wants(test.want, err)
	}
	_, err := e.Tenants.ChangeConsent(t.Context(), super, e.Org.ID, decision(identity.UserManagement, identity.ToMSP, true))
	e.Wants(fault.Forbidden, err)
}

func TestConsentsNeedAFreshSessionAndNeverATokenEither(t *testing.T) {
	e := apptest.NewEstate(t)
	own := e.Person(e.Org.Place(), identity.Admin)
	_, session := e.LogIn(own)
	e.Clock.Pass(16 * time.Minute)
	_, err := e.Tenants.ChangeConsent(t.Context(), session, e.Org.ID, decision(identity.SupportAccess, identity.ToMSP, false))
	e.Wants(fault.StepUp, err)
	off := true
	_, err = e.Tenants.ChangeOrg(t.Context(), session, e.Org.ID, tenant.OrgChange{SupportAccess: &off})
	e.Wants(fault.StepUp, err)
	_, text, err := e.Accounts.CreateToken(t.Context(), own, identity.NewToken{Name: "t", Password: apptest.Password})
	must(t, err)
	token, err := e.Accounts.ByToken(t.Context(), text, apptest.Source)
	must(t, err)
	_, err = e.Tenants.ChangeConsent(t.Context(), token, e.Org.ID, decision(identity.SupportAccess, identity.ToMSP, false))
	e.Wants(fault.Forbidden, err)
}

func TestProvisionalConsentsEndAfterTheFirstOwnAdministratorHasCome(t *testing.T) {
	e := apptest.NewEstate(t)
	e.Clock.Pass(400 * 24 * time.Hour)
	if present(t, e).Granted != identity.AllGranted.Grant(identity.SupportAccess, identity.ToOperator, false) {
		t.Errorf("before: %b", present(t, e).Granted)
	}
	e.Person(e.Org.Place(), identity.Read)
	e.Person(e.Org.Place(), identity.Admin)
	e.Clock.Pass(30*24*time.Hour - time.Second)
	if !present(t, e).Granted.Has(identity.SupportAccess, identity.ToMSP) {
		t.Error("ended early")
	}
	e.Clock.Pass(time.Second)
	if granted := present(t, e).Granted; granted != 0 {
		t.Errorf("after 30 days: %b", granted)
	}
}

func TestThePlatformsSettingDecidesHowOrganizationsStart(t *testing.T) {
	e := apptest.NewEstate(t)
	start, err := tenant.ParseStart("user_management", "0")
	must(t, err)
	org, err := e.Tenants.StartingWith(start).CreateOrg(t.Context(), e.Operator(), e.MSP.ID, "New", false)
	must(t, err)
	want := identity.Granted(0).Grant(identity.UserManagement, identity.ToMSP, true).
		Grant(identity.UserManagement, identity.ToOperator, true)
	if org.Granted != want {
		t.Errorf("%b, want %b", org.Granted, want)
	}
	e.Person(org.Place(), identity.Admin)
	if org, err = e.Tenants.LoadOrg(t.Context(), org.ID); err != nil || org.Granted != 0 {
		t.Errorf("with an own administrator: %b, %v", org.Granted, err)
	}
	for _, bad := range [][2]string{{"everything", ""}, {"none", "-1"}, {"", "366"}, {"", "x"}} {
		if _, err := tenant.ParseStart(bad[0], bad[1]); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestTheFirstAdministratorCanBeInvitedWhereNewOrganizationsConsentToNothing(t *testing.T) {
	e := apptest.NewEstate(t)
	start, err := tenant.ParseStart("none", "")
	must(t, err)
	org, err := e.Tenants.StartingWith(start).CreateOrg(t.Context(), e.Operator(), e.MSP.ID, "New", false)
	must(t, err)
	if err := e.Operator().Check(identity.ChangeAdministrators, org.Place()); err != nil {
		t.Errorf("the operator cannot invite: %v", err)
	}
	if org.Granted.Has(identity.SupportAccess, identity.ToMSP) {
		t.Error("the organization consented to support access")
	}
	e.Person(org.Place(), identity.Admin)
	if org, err = e.Tenants.LoadOrg(t.Context(), org.ID); err != nil || org.Granted != 0 {
		t.Errorf("with an own administrator: %b, %v", org.Granted, err)
	}
}

func TestAConsentThatCannotBeIsRefused(t *testing.T) {
	e := apptest.NewEstate(t)
	own, direct := e.Person(e.Org.Place(), identity.Admin), e.Person(e.Direct.Place(), identity.Admin)
	now := e.Clock.Now()
	for name, test := range map[string]tenant.Decision{
		"kind":        {Kind: "personal", Grantee: identity.ToMSP, Granted: true},
		"grantee":     {Kind: identity.SupportAccess, Grantee: "world", Granted: true},
		"too soon":    {Kind: identity.SupportAccess, Grantee: identity.ToMSP, Granted: true, Until: now.Add(59 * time.Minute).Unix()},
		"too late":    {Kind: identity.SupportAccess, Grantee: identity.ToMSP, Granted: true, Until: now.AddDate(3, 0, 0).Unix()},
		"end of none": {Kind: identity.SupportAccess, Grantee: identity.ToMSP, Until: now.Add(2 * time.Hour).Unix()},
	} {
		_, err := e.Tenants.ChangeConsent(t.Context(), own, e.Org.ID, test)
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := e.Tenants.ChangeConsent(t.Context(), direct, e.Direct.ID, decision(identity.SupportAccess, identity.ToMSP, true))
	e.Wants(fault.Invalid, err)
}

// TestNoSequenceOfCallsByGranteesGivesThemAConsent plays random calls of the people of the provider,
// and of all whom they bring in, against an organization that has taken its consents away.
func TestNoSequenceOfCallsByGranteesGivesThemAConsent(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e := apptest.NewEstate(t)
		own := e.Person(e.Org.Place(), identity.Admin)
		for _, kind := range identity.ConsentKinds() {
			for _, grantee := range identity.Grantees() {
				if rapid.Bool().Draw(rt, "withdrawn") {
					_, err := e.Tenants.ChangeConsent(t.Context(), own, e.Org.ID, decision(kind, grantee, false))
					must(t, err)
				}
			}
		}
		m := grantees{e: e, t: t, own: own, people: []identity.Principal{
			e.Operator(), e.SupportAgent(), e.Person(e.MSP.Place(), identity.Admin),
		}}
		before := present(t, e).Granted
		for range rapid.IntRange(5, 25).Draw(rt, "calls") {
			m.act(rt)
			now := present(t, e).Granted
			if gained := now &^ before; gained != 0 {
				rt.Fatalf("the consents %b were gained", gained)
			}
			before = now
		}
	})
}

// grantees are the people of the provider and those whom they brought in.
type grantees struct {
	e      *apptest.Estate
	t      *testing.T
	own    identity.Principal
	people []identity.Principal
	number int
}

func (m *grantees) act(rt *rapid.T) {
	by := m.e.Fresh(rapid.SampledFrom(m.people).Draw(rt, "by"))
	place := present(m.t, m.e)
	kind := rapid.SampledFrom(identity.ConsentKinds()).Draw(rt, "kind")
	grantee := rapid.SampledFrom(identity.Grantees()).Draw(rt, "grantee")
	role := rapid.SampledFrom(identity.RolesAt(identity.OrgScope)).Draw(rt, "role")
	whom := rapid.SampledFrom(append(m.people, m.own)).Draw(rt, "whom")
	ctx := m.t.Context()
	switch rapid.IntRange(0, 6).Draw(rt, "call") {
	case 0: // refused or a step that the invariant judges
		with := decision(kind, grantee, rapid.Bool().Draw(rt, "granted"))
		_, _ = m.e.Tenants.ChangeConsent(ctx, by, m.e.Org.ID, with)
	case 1:
		given := true
		_, _ = m.e.Tenants.ChangeOrg(ctx, by, m.e.Org.ID, tenant.OrgChange{SupportAccess: &given})
	case 2:
		m.number++
		m.join(by, place, fmt.Sprintf("puppet-%d@example.net", m.number), nil, role)
	case 3:
		m.join(by, place, whom.Email, &whom, role)
	case 4:
		_, _ = m.e.Accounts.ChangeAdministrator(ctx, by, place, whom.UserID, role)
	case 5:
		_ = m.e.Accounts.RemoveAdministrator(ctx, by, place, whom.UserID)
	case 6:
		_ = m.e.Accounts.RemoveAdministrator(ctx, by, m.e.MSP.Place(), whom.UserID)
	}
}

// join invites somebody who accepts at once.
func (m *grantees) join(
	by identity.Principal, place identity.Place, email string, as *identity.Principal, role identity.Role,
) {
	invite, err := m.e.Accounts.CreateInvite(m.t.Context(), by, place, identity.NewInvite{Email: email, Role: role})
	if err != nil || as != nil && as.UserID == m.own.UserID {
		return // the organization's own administrator accepts nothing from the provider here
	}
	accepted, err := m.e.Accounts.AcceptInvite(m.t.Context(), as, m.e.Accounts.InviteToken(place, invite),
		identity.Acceptance{Password: apptest.Password, FirstName: "P", LastName: "P"}, apptest.Source)
	if err == nil && as == nil {
		m.people = append(m.people, accepted.Principal("api", ""))
	}
}

func TestAnOrganizationOfAFormerReleaseAllowsWhatItDid(t *testing.T) {
	e := apptest.NewEstate(t)
	for _, access := range []bool{true, false} {
		id := e.Journal.NewID()
		stored := fmt.Sprintf(`{"id":%q,"name":"Old","msp_id":%q,"support_access":%t,"created_time":1}`, id, e.MSP.ID, access)
		must(t, e.Store.Transact(t.Context(), []table.Write{
			table.Create(table.Item{Key: tenant.OrgKey(id), Data: []byte(stored)}),
		}))
		org, err := e.Tenants.LoadOrg(t.Context(), id)
		want := identity.AllGranted.Grant(identity.SupportAccess, identity.ToOperator, access)
		if err != nil || org.Granted != want || org.SupportAccess != access {
			t.Errorf("%+v, %v", org, err)
		}
		// Its only administrator is its own; a provider that removes and replaces it gets nowhere.
		own := e.Another(org.Place(), identity.Admin)
		e.Revoke(own, org.Place())
		puppet := e.Another(org.Place(), identity.Admin)
		_, err = e.Tenants.ChangeConsent(t.Context(), puppet, id, decision(identity.SupportAccess, identity.ToMSP, true))
		e.Wants(fault.Forbidden, err)
	}
}

func TestTheProviderAsksAndTheOrganizationDecides(t *testing.T) {
	e := apptest.NewEstate(t)
	own := e.Person(e.Org.Place(), identity.Admin)
	super := e.Person(e.MSP.Place(), identity.Admin)
	withdraw(t, e, own)
	ask := func(by identity.Principal, kind identity.ConsentKind, grantee identity.Grantee) error {
		e.Clock.Pass(time.Second)
		org, err := e.Tenants.LoadOrg(t.Context(), e.Org.ID)
		must(t, err)
		_, err = e.Accounts.RequestConsent(t.Context(), by, org.Place(), org.Consents, identity.ConsentRequest{
			Kind: kind, Grantee: grantee, Reason: "To help with the switch.",
		})
		return err
	}
	before := len(e.Outbox())
	must(t, ask(super, identity.SupportAccess, identity.ToMSP))
	notices := apptest.Since[identity.Notice](e.App, before)
	if len(notices) != 1 || notices[0].RecipientID != own.UserID || notices[0].Kind != identity.NoticeConsentRequest {
		t.Errorf("%+v", notices)
	}
	e.Wants(fault.Conflict, ask(super, identity.SupportAccess, identity.ToMSP)) // still open
	e.Wants(fault.Forbidden, ask(super, identity.SupportAccess, identity.ToOperator))
	e.Wants(fault.Forbidden, ask(e.Operator(), identity.SupportAccess, identity.ToMSP))
	e.Wants(fault.Forbidden, ask(own, identity.SupportAccess, identity.ToMSP))
	e.Wants(fault.NotFound, ask(e.Person(e.ForeignMSP.Place(), identity.Admin), identity.SupportAccess, identity.ToMSP))
	decline := func() {
		e.Clock.Pass(time.Second)
		_, err := e.Tenants.ChangeConsent(t.Context(), own, e.Org.ID, decision(identity.SupportAccess, identity.ToMSP, false))
		must(t, err)
	}
	for range 2 {
		decline()
		must(t, ask(super, identity.SupportAccess, identity.ToMSP))
	}
	decline()
	e.Wants(fault.Limited, ask(super, identity.SupportAccess, identity.ToMSP))
	e.Clock.Pass(7 * 24 * time.Hour)
	must(t, ask(super, identity.SupportAccess, identity.ToMSP))
	_, err := e.Tenants.ChangeConsent(t.Context(), own, e.Org.ID, decision(identity.SupportAccess, identity.ToMSP, true))
	must(t, err)
	e.Wants(fault.Conflict, ask(super, identity.SupportAccess, identity.ToMSP)) // has it
}

func TestNewAdministratorsAreAnnouncedToThePresentOnes(t *testing.T) {
	e := apptest.NewEstate(t)
	own := e.Person(e.Org.Place(), identity.Admin)
	e.Person(e.Org.Place(), identity.Read)
	var told []string
	tell := func(do func()) {
		before := len(e.Outbox())
		do()
		told = nil
		for _, notice := range apptest.Since[identity.Notice](e.App, before) {
			if notice.Kind == identity.NoticeAdministrator {
				told = append(told, notice.RecipientID+" "+string(notice.Role))
			}
		}
	}
	var person identity.Principal
	tell(func() { person = e.Another(e.Org.Place(), identity.Write) })
	if len(told) != 1 || told[0] != own.UserID+" write" {
		t.Errorf("an invitation: %v", told)
	}
	tell(func() {
		_, err := e.Accounts.ChangeAdministrator(t.Context(), e.Operator(), present(t, e), person.UserID, identity.Admin)
		must(t, err)
	})
	if len(told) != 1 || told[0] != own.UserID+" admin" {
		t.Errorf("a raise: %v", told)
	}
}
