package tenant_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// TestAnOrganizationTakesTokensOnlyFromItsNetworks holds for its own people and its provider's, in the
// organization and in what is shown of all organizations of the MSP. Sessions are not concerned.
func TestAnOrganizationTakesTokensOnlyFromItsNetworks(t *testing.T) {
	e := apptest.NewEstate(t)
	own, super := e.Person(e.Org.Place(), identity.Admin), e.Person(e.MSP.Place(), identity.Admin)
	stranger := e.Person(e.Neighbour.Place(), identity.Admin)
	set(t, e, own, `{"api_policy": {"src_ips": ["198.51.100.0/24", "2001:db8::1"]}}`)
	for _, person := range []identity.Principal{own, super, stranger} {
		session, by := e.LogIn(person)
		_, secret, err := e.Accounts.CreateToken(t.Context(), by, identity.NewToken{Name: "ci", Password: apptest.Password})
		must(t, err)
		for source, want := range map[string]fault.Code{
			"198.51.100.7": "", "::ffff:198.51.100.7": "", "2001:db8::1": "", "192.0.2.1": fault.Forbidden, "": fault.Forbidden,
		} {
			if person.UserID == stranger.UserID {
				want = fault.NotFound
			}
			token, err := e.Accounts.ByToken(t.Context(), secret, source)
			must(t, err)
			_, err = e.Tenants.Org(t.Context(), token, e.Org.ID, identity.SeeOrg)
			e.Wants(want, err)
			if want == fault.Forbidden && !strings.Contains(err.Error(), "only from the networks") {
				t.Errorf("%v", err)
			}
			withheld, err := e.Tenants.Withheld(t.Context(), token, e.MSP.ID, identity.SeeOrg)
			must(t, err)
			if _, left := withheld[e.Org.ID]; left != (want != "") {
				t.Errorf("from %q, the MSP's list leaves it out: %v", source, left)
			}
		}
		if person.UserID == stranger.UserID {
			continue
		}
		again, err := e.Accounts.BySession(t.Context(), session.Cookie, "192.0.2.1")
		must(t, err)
		_, err = e.Tenants.Org(t.Context(), again, e.Org.ID, identity.ChangeOrg)
		must(t, err)
	}
	set(t, e, own, `{"api_policy": null}`)
	token := super
	token.Kind, token.SourceAddress = "token", "192.0.2.1"
	_, err := e.Tenants.Org(t.Context(), token, e.Org.ID, identity.SeeOrg)
	must(t, err)
	if withheld, err := e.Tenants.Withheld(t.Context(), token, e.MSP.ID, identity.SeeOrg); err != nil || len(withheld) > 0 {
		t.Errorf("the MSP's list still leaves it out: %v, %v", withheld, err)
	}
}

// TestPasswordsKeepThePolicyOfTheOrganization holds wherever somebody with a privilege in the organization
// sets one: accepting an invitation, in the account, and with a recovery link.
func TestPasswordsKeepThePolicyOfTheOrganization(t *testing.T) {
	e := apptest.NewEstate(t)
	own, super := e.Person(e.Org.Place(), identity.Admin), e.Person(e.MSP.Place(), identity.Admin)
	set(t, e, own, `{"password_policy": {"enabled": true, "min_length": 20, "requires_special_char": true}}`)
	const short, plain, good = "copper; violins 942", "copper lantern violin 9", "copper; lantern, violin 9"

	invite := e.Invite(e.Org.Place(), identity.Read, "new@rialto.example.net")
	accept := func(password string) error {
		_, err := e.Accounts.AcceptInvite(t.Context(), nil, e.Accounts.InviteToken(e.Org.Place(), invite),
			identity.Acceptance{Password: password, FirstName: "New", LastName: "Person"}, apptest.Source)
		return err
	}
	changeOf := func(person identity.Principal) func(string) error {
		_, by := e.LogIn(person)
		current := apptest.Password
		return func(password string) error {
			_, _, err := e.Accounts.ChangeSelf(t.Context(), by,
				identity.SelfChange{Password: &password, CurrentPassword: &current})
			return err
		}
	}
	reader := e.Person(e.Org.Place(), identity.Read)
	_, link, err := e.Accounts.StartRecovery(t.Context(), e.Journal.NewID(), e.Person(e.Org.Place(), identity.Write).Email)
	must(t, err)
	recover := func(password string) error {
		_, err := e.Accounts.FinishRecovery(t.Context(), link, password, apptest.Source)
		return err
	}
	for where, use := range map[string]func(string) error{
		"invitation": accept, "account": changeOf(reader), "recovery": recover,
	} {
		for _, wrong := range []string{short, plain} {
			if err := use(wrong); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), e.Org.Name+" asks for it") {
				t.Errorf("%s, %q: %v", where, wrong, err)
			}
		}
		if err := use(good); err != nil {
			t.Errorf("%s: %v", where, err)
		}
	}
	if err := changeOf(super)(short); err != nil {
		t.Errorf("somebody of the MSP: %v", err)
	}
	set(t, e, own, `{"password_policy": {"enabled": false, "min_length": 20, "requires_special_char": true}}`)
	if err := changeOf(own)(plain); err != nil {
		t.Errorf("with the policy off: %v", err)
	}
}

// TestAnOldPasswordMustBeChangedFirst holds for the organization's own people, and not for its provider's.
func TestAnOldPasswordMustBeChangedFirst(t *testing.T) {
	e := apptest.NewEstate(t)
	own, super := e.Person(e.Org.Place(), identity.Admin), e.Person(e.MSP.Place(), identity.Admin)
	set(t, e, own, `{"password_policy": {"enabled": true, "expiry_in_days": 30}}`)
	e.Clock.Pass(31 * 24 * time.Hour)
	_, by := e.LogIn(own)
	_, err := e.Tenants.Org(t.Context(), by, e.Org.ID, identity.SeeOrg)
	e.Wants(fault.Forbidden, err)
	if !strings.Contains(err.Error(), "every 30 days") {
		t.Error(err)
	}
	chosen, current := "copper; lantern, violin 9", apptest.Password
	_, session, err := e.Accounts.ChangeSelf(t.Context(), by, identity.SelfChange{Password: &chosen, CurrentPassword: &current})
	must(t, err)
	by, err = e.Accounts.BySession(t.Context(), session.Cookie, apptest.Source)
	must(t, err)
	_, err = e.Tenants.Org(t.Context(), by, e.Org.ID, identity.SeeOrg)
	must(t, err)
	_, by = e.LogIn(super)
	_, err = e.Tenants.Org(t.Context(), by, e.Org.ID, identity.SeeOrg)
	must(t, err)
}

// TestASessionThatNobodyUsedEndsInTheOrganization holds that using it afterwards does not bring it back, and
// that one in use goes on.
func TestASessionThatNobodyUsedEndsInTheOrganization(t *testing.T) {
	e := apptest.NewEstate(t)
	own := e.Person(e.Org.Place(), identity.Admin)
	set(t, e, own, `{"ui_idle_timeout": 20}`)
	session, _ := e.LogIn(own)
	use := func(after time.Duration) error {
		t.Helper()
		e.Clock.Pass(after)
		by, err := e.Accounts.BySession(t.Context(), session.Cookie, apptest.Source)
		must(t, err)
		_, err = e.Tenants.Org(t.Context(), by, e.Org.ID, identity.SeeOrg)
		return err
	}
	for range 6 {
		must(t, use(10*time.Minute))
	}
	must(t, use(20*time.Minute))
	for _, later := range []time.Duration{25 * time.Minute, 0, 6 * time.Minute, time.Minute} {
		e.Wants(fault.Unauthenticated, use(later))
	}
	session, _ = e.LogIn(own)
	must(t, use(time.Minute))
}
