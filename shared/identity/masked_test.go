package identity_test

import (
	"slices"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// keepPersonalData withdraws the personal data of an organization from both parts of its provider.
func keepPersonalData(w *world, org tenant.Org) identity.Place {
	w.t.Helper()
	own := w.Fresh(w.Person(org.Place(), identity.Admin))
	for _, grantee := range identity.Grantees() {
		_, err := w.Tenants.ChangeConsent(w.t.Context(), own, org.ID,
			tenant.Decision{Kind: identity.PersonalData, Grantee: grantee})
		w.must(err)
	}
	kept, err := w.Tenants.LoadOrg(w.t.Context(), org.ID)
	w.must(err)
	return kept.Place()
}

func TestAdministratorsAndInvitationsAreMaskedWithoutTheConsent(t *testing.T) {
	w := newWorld(t)
	phone := "+39 041 555 0100"
	ana := w.Invited(w.Org.Place(), identity.Write, "ana@rialto.example.net", "Ana", "Novak")
	_, _, err := w.Accounts.ChangeSelf(t.Context(), ana, identity.SelfChange{Phone: &phone})
	w.must(err)
	chief := w.Person(w.MSP.Place(), identity.Admin)
	helper := w.Grant(w.Person(w.MSP.Place(), identity.Helpdesk), w.Org.Place(), identity.Read)
	w.Invite(w.Org.Place(), identity.Read, "guest@rialto.example.net")
	place := keepPersonalData(w, w.Org)
	for _, by := range []identity.Principal{chief, w.Operator()} {
		for _, at := range []identity.Place{place, w.MSP.Place()} {
			people, invites, err := w.Accounts.Administrators(t.Context(), by, at)
			w.must(err)
			find := func(id string) identity.Person {
				t.Helper()
				i := slices.IndexFunc(people, func(a identity.Administrator) bool { return a.ID == id })
				if i < 0 {
					t.Fatalf("%s does not see %s", by.Email, id)
				}
				return people[i].Person
			}
			if got := find(ana.UserID); got.FirstName+got.LastName+got.Email+got.Phone != "A…N…a…@rialto.example.net" {
				t.Errorf("%s at the %s sees %+v", by.Email, at.Scope, got)
			}
			if got := find(helper.UserID); got.Email != helper.Email {
				t.Errorf("%s sees who works for the provider as %+v", by.Email, got)
			}
			if at.Scope == identity.OrgScope && (len(invites) != 1 || invites[0].Email != "g…@rialto.example.net") {
				t.Errorf("%s sees the invitations %+v", by.Email, invites)
			}
			if !slices.IsSortedFunc(people, func(a, b identity.Administrator) int {
				return slices.Compare([]string{a.Email, a.ID}, []string{b.Email, b.ID})
			}) {
				t.Errorf("the order tells of the addresses: %+v", people)
			}
		}
		one, err := w.Accounts.Administrator(t.Context(), by, place, ana.UserID)
		w.must(err)
		changed, err := w.Accounts.ChangeAdministrator(t.Context(), by, place, ana.UserID, identity.Read)
		w.must(err)
		if one.LastName != "N…" || changed.LastName != "N…" {
			t.Errorf("%s sees %+v and then %+v", by.Email, one, changed)
		}
	}
	people, invites, err := w.Accounts.Administrators(t.Context(), w.Person(w.Org.Place(), identity.Admin), place)
	w.must(err)
	if !slices.ContainsFunc(people, func(a identity.Administrator) bool {
		return a.LastName == "Novak" && a.Phone == phone
	}) ||
		invites[0].Email != "guest@rialto.example.net" {
		t.Errorf("the organization's own administrator sees %+v", people)
	}
}

func TestMessagesOfTheLogAreMaskedAsTheyWereWritten(t *testing.T) {
	for _, test := range []struct{ action, message, want string }{
		{"orgs.change_administrator", "Made Ana Novak ana@example.com admin", "Made A… N… a…@example.com admin"},
		{"orgs.remove_administrator", "Removed Ana Novak ana@example.com", "Removed A… N… a…@example.com"},
		{"accounts.accept_invite", "Ana Novak ana@example.com accepted the invitation as read",
			"A… N… a…@example.com accepted the invitation as read"},
		{"orgs.create_invite", "Invited ana@example.com as read", "Invited a…@example.com as read"},
		{"orgs.revoke_invite", "Revoked the invitation of ana@example.com", "Revoked the invitation of a…@example.com"},
		{"orgs.remove_mail_address", "Removed a further address of Ana Novak", "Removed a further address of A… N…"},
		{"cases.create", "Opened case 7: Ana cannot print", "Opened case 7: Ana cannot print"},
	} {
		if got := identity.MaskMessage(test.action, test.message); got != test.want {
			t.Errorf("%s: %q, want %q", test.action, got, test.want)
		}
	}
}

func TestDocumentsAreMaskedByTheirFields(t *testing.T) {
	for _, test := range [][2]string{
		{
			`{"number":12345678901234567890,"subject":"Ana"}`,
			`{"number":12345678901234567890,"subject":"Ana"}`,
		},
		{
			`{"submitter":{"id":"1","name":"Ana Novak","email":"ana@example.com"}}`,
			`{"submitter":{"email":"a…@example.com","id":"1","name":"A… N…"}}`,
		},
		{
			`{"assignee":{"name":"Hanna","email":"","agent":true}}`,
			`{"assignee":{"name":"Hanna","email":"","agent":true}}`,
		},
		{
			`{"watchers":"Ana Novak, Bo","cc":[{"name":"x@y.z","email":"x@y.z"}]}`,
			`{"cc":[{"email":"x…@y.z","name":"x…@y.z"}],"watchers":"A… N…, B…"}`,
		},
		{
			`{"src_ip":"203.0.113.7","user_agent":"Firefox"}`,
			`{"src_ip":"203.0.113.0/24"}`,
		},
		{
			`{"consents":{"a":{"granted":true,"by_name":"Ana"}},"kind":"b"}`,
			`{"consents":{"a":{"by_name":"A…","granted":true}},"kind":"b"}`,
		},
		{
			`{"granted":false,"by_name":"Hanna","by_provider":true}`,
			`{"granted":false,"by_name":"Hanna","by_provider":true}`,
		},
		{
			`{"kind":"x","by_name":"Hanna","reason":"to help"}`,
			`{"kind":"x","by_name":"Hanna","reason":"to help"}`,
		},
		{
			`{"recipients":["ana@example.com"],"actor_name":"Ana","actor_side":"customer"}`,
			`{"actor_name":"A…","actor_side":"customer","recipients":["a…@example.com"]}`,
		},
		{
			`not json`,
			``,
		},
	} {
		if got := string(identity.MaskJSON([]byte(test[0]))); got != test[1] {
			t.Errorf("%s becomes %s, want %s", test[0], got, test[1])
		}
	}
}
