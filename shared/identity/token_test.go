package identity_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

func (w *world) token(by identity.Principal, request identity.NewToken) (identity.APIToken, string) {
	w.t.Helper()
	if request.Name == "" {
		request.Name = "ci"
	}
	if request.Password == "" {
		request.Password = apptest.Password
	}
	token, text, err := w.Accounts.CreateToken(w.t.Context(), by, request)
	w.must(err)
	return token, text
}

func (w *world) byToken(text, source string) (identity.Principal, error) {
	return w.Accounts.ByToken(w.t.Context(), text, source)
}

func TestATokenActsAsItsOwner(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	token, text := w.token(carlo, identity.NewToken{})
	by, err := w.byToken(text, apptest.Source)
	if err != nil || by.UserID != carlo.UserID || by.TokenID != token.ID || by.Kind != change.Token ||
		!by.May(identity.OpenCases, w.Org.Place()) {
		t.Errorf("%+v, %v", by, err)
	}
	w.Grant(carlo, w.Foreign.Place(), identity.Read)
	w.Revoke(carlo, w.Org.Place())
	if by, err = w.byToken(text, apptest.Source); err != nil || by.May(identity.SeeOrg, w.Org.Place()) {
		t.Errorf("the token still has the permission that its owner lost: %+v, %v", by, err)
	}
}

func TestTheTextOfATokenIsNotStored(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	_, text := w.token(carlo, identity.NewToken{})
	secret := strings.TrimPrefix(text, "tenantry_")
	for _, part := range []string{text, secret, secret[44:]} {
		if w.OnDisk(part) {
			t.Errorf("%q is stored in the clear", part)
		}
	}
	tokens, err := w.Accounts.Tokens(t.Context(), carlo)
	if err != nil || len(tokens) != 1 || tokens[0].Name != "ci" {
		t.Errorf("%+v, %v", tokens, err)
	}
}

func TestATokenWorksUntilItExpires(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	_, _, err := w.Accounts.CreateToken(
		t.Context(),
		carlo,
		identity.NewToken{Name: "ci", Expires: w.Clock.Now().Unix()},
	)
	w.Wants(fault.Invalid, err)
	_, text := w.token(carlo, identity.NewToken{Expires: w.Clock.Now().Add(time.Hour).Unix()})
	_, err = w.byToken(text, apptest.Source)
	w.must(err)
	w.Clock.Pass(time.Hour)
	_, err = w.byToken(text, apptest.Source)
	w.Wants(fault.Unauthenticated, err)
	if tokens, err := w.Accounts.Tokens(t.Context(), carlo); err != nil || len(tokens) != 0 {
		t.Errorf("%+v, %v", tokens, err)
	}
}

func TestATokenWorksOnlyFromItsNetworks(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	for _, test := range []struct {
		networks, allowed, refused []string
	}{
		{nil, []string{"192.0.2.7", "2001:db8::1", ""}, nil},
		{[]string{"192.0.2.7"}, []string{"192.0.2.7", "::ffff:192.0.2.7", "::ffff:c000:207"}, []string{"192.0.2.8", "2001:db8::1", "", "x", "::192.0.2.7"}},
		{[]string{"192.0.2.99/24", "2001:db8::/32"}, []string{"192.0.2.0", "192.0.2.255", "2001:db8:1::9"}, []string{"192.0.3.0", "2001:db9::"}},
		{[]string{"::ffff:192.0.2.0/120"}, []string{"192.0.2.7", "::ffff:192.0.2.7"}, []string{"192.0.3.7"}},
		{[]string{"::ffff:192.0.2.7"}, []string{"192.0.2.7", "::ffff:192.0.2.7"}, []string{"192.0.2.8"}},
	} {
		token, text := w.token(carlo, identity.NewToken{SourceNetworks: test.networks})
		for _, source := range test.allowed {
			if _, err := w.byToken(text, source); err != nil {
				t.Errorf("%v from %q: %v", test.networks, source, err)
			}
		}
		for _, source := range test.refused {
			if _, err := w.byToken(text, source); !fault.Is(err, fault.Unauthenticated) {
				t.Errorf("%v from %q: %v", test.networks, source, err)
			}
		}
		w.must(w.Accounts.DeleteToken(t.Context(), carlo, token.ID))
	}
	for _, network := range []string{"", "x", "192.0.2", "192.0.2.0/33", "192.0.2.0/-1", "::/129", "192.0.2.1-9", "fe80::1%eth0/64"} {
		_, _, err := w.Accounts.CreateToken(
			t.Context(),
			carlo,
			identity.NewToken{Name: "ci", SourceNetworks: []string{network}},
		)
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", network, err)
		}
	}
	_, _, err := w.Accounts.CreateToken(
		t.Context(),
		carlo,
		identity.NewToken{Name: "ci", SourceNetworks: make([]string, 11)},
	)
	w.Wants(fault.Invalid, err)
}

func TestTheLastUseIsRecordedToTenMinutes(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	_, text := w.token(carlo, identity.NewToken{})
	began := w.Clock.Now().Unix()
	for _, step := range []struct {
		pass time.Duration
		want int64
	}{{0, began}, {9 * time.Minute, began}, {time.Minute, began + 600}, {time.Hour, began + 4200}} {
		w.Clock.Pass(step.pass)
		_, err := w.byToken(text, apptest.Source)
		w.must(err)
		tokens, err := w.Accounts.Tokens(t.Context(), carlo)
		if err != nil || tokens[0].LastUsed != step.want {
			t.Errorf("after %s: %d, want %d, %v", step.pass, tokens[0].LastUsed, step.want, err)
		}
	}
}

// lastUsed returns when a person's tokens were last used, by name.
func (w *world) lastUsed(by identity.Principal) map[string]int64 {
	w.t.Helper()
	tokens, err := w.Accounts.Tokens(w.t.Context(), by)
	w.must(err)
	used := map[string]int64{}
	for _, token := range tokens {
		used[token.Name] = token.LastUsed
	}
	return used
}

// lose removes the marks of a person and of the platform from the derived table, as if the table
// had been lost.
func (w *world) lose(by identity.Principal) {
	w.t.Helper()
	for _, partition := range []string{"USER#" + by.UserID, "PLATFORM"} {
		page, err := w.Store.Query(w.t.Context(), table.WithPrefix(table.Derived, partition, ""))
		w.must(err)
		for _, item := range page.Items {
			w.must(w.Store.Transact(w.t.Context(), []table.Write{table.Delete(item.Key, item.Version)}))
		}
	}
}

func TestTheMarkOfAnEarlierReleaseIsRead(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	token, text := w.token(carlo, identity.NewToken{Name: "old"})
	then := w.Clock.Now().Unix() - 1000
	item, err := change.Encode(
		table.Key{Partition: "USER#" + carlo.UserID, Sort: "MARK#TOKEN#" + token.ID},
		map[string]int64{"last_used": then},
	)
	w.must(err)
	w.must(w.Store.Transact(t.Context(), []table.Write{table.Create(item)}))
	if got := w.lastUsed(carlo)["old"]; got != then {
		t.Errorf("%d, want %d", got, then)
	}
	_, err = w.byToken(text, apptest.Source)
	w.must(err)
	if got := w.lastUsed(carlo)["old"]; got != w.Clock.Now().Unix() {
		t.Errorf("%d after it was used", got)
	}
}

func TestATokenWhoseMarkWasLostCountsAsUsedAtTheRebuild(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	w.must(w.Accounts.NoteRebuild(t.Context())) // the table is complete from now on
	w.Clock.Pass(time.Hour)
	_, text := w.token(carlo, identity.NewToken{Name: "used"})
	w.token(carlo, identity.NewToken{Name: "unused"})
	_, err := w.byToken(text, apptest.Source)
	w.must(err)
	used := w.Clock.Now().Unix()
	w.Clock.Pass(time.Hour)
	w.must(w.Accounts.NoteRebuild(t.Context()))
	if got := w.lastUsed(carlo); got["used"] != used || got["unused"] != 0 {
		t.Errorf("a rebuild of a table that was not lost: %v", got)
	}
	w.lose(carlo)
	w.Clock.Pass(time.Hour)
	w.must(w.Accounts.NoteRebuild(t.Context()))
	lost := w.Clock.Now().Unix()
	if got := w.lastUsed(carlo); got["used"] != lost || got["unused"] != lost {
		t.Errorf("after the table was lost at %d: %v", lost, got)
	}
	w.Clock.Pass(time.Hour)
	w.token(carlo, identity.NewToken{Name: "new"})
	_, err = w.byToken(text, apptest.Source)
	w.must(err)
	if got := w.lastUsed(carlo); got["new"] != 0 || got["used"] != lost+3600 || got["unused"] != lost {
		t.Errorf("later: %v", got)
	}
}

func TestATokenCannotCreateTokensOrSetThePassword(t *testing.T) {
	w := newWorld(t)
	_, text := w.token(w.Person(w.Org.Place(), identity.Write), identity.NewToken{})
	by, err := w.byToken(text, apptest.Source)
	w.must(err)
	_, _, err = w.Accounts.CreateToken(t.Context(), by, identity.NewToken{Name: "more"})
	w.Wants(fault.Forbidden, err)
	_, _, err = w.Accounts.ChangeSelf(
		t.Context(),
		by,
		identity.SelfChange{Password: pointer("x7$kQ9!mZ2pW"), CurrentPassword: pointer(apptest.Password)},
	)
	w.Wants(fault.Forbidden, err)
	w.Wants(fault.Invalid, w.Accounts.Logout(t.Context(), by))
}

func TestADeletedTokenStopsWorkingImmediately(t *testing.T) {
	w := newWorld(t)
	carlo, other := w.Person(w.Org.Place(), identity.Write), w.Operator()
	token, text := w.token(carlo, identity.NewToken{})
	w.Wants(fault.NotFound, w.Accounts.DeleteToken(t.Context(), other, token.ID))
	w.must(w.Accounts.DeleteToken(t.Context(), carlo, token.ID))
	_, err := w.byToken(text, apptest.Source)
	w.Wants(fault.Unauthenticated, err)
	w.Wants(fault.NotFound, w.Accounts.DeleteToken(t.Context(), carlo, token.ID))
}

func TestAPersonHasAtMostTwentyTokens(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	for range 20 {
		w.token(carlo, identity.NewToken{})
	}
	_, _, err := w.Accounts.CreateToken(t.Context(), carlo, identity.NewToken{Name: "ci", Password: apptest.Password})
	w.Wants(fault.Conflict, err)
	for _, name := range []string{"", "a\tb", strings.Repeat("x", 65)} {
		_, _, err := w.Accounts.CreateToken(t.Context(), w.Operator(), identity.NewToken{Name: name})
		w.Wants(fault.Invalid, err)
	}
}

func TestATokenOfAnUnattendedSessionNeedsThePassword(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	_, session := w.LogIn(carlo)
	create := func(password string) error {
		_, _, err := w.Accounts.CreateToken(t.Context(), session, identity.NewToken{Name: "ci", Password: password})
		return err
	}
	w.must(create(""))
	w.Clock.Pass(16 * time.Minute)
	w.Wants(fault.StepUp, create(""))
	w.Wants(fault.Invalid, create("a wrong one"))
	before := len(w.Outbox())
	w.must(create(apptest.Password))
	notices := apptest.Since[identity.Notice](w.App, before)
	if len(notices) != 2 || notices[0].Kind != identity.NoticeToken || notices[0].UserID != carlo.UserID ||
		notices[0].Token != "ci" {
		t.Errorf("notified %+v", notices)
	}
}

func TestCredentialsEndWithTheLastPrivilege(t *testing.T) {
	w := newWorld(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	_, text := w.token(carlo, identity.NewToken{})
	cookie, _ := w.LogIn(carlo)
	w.Revoke(carlo, w.Org.Place())
	_, err := w.byToken(text, apptest.Source)
	w.Wants(fault.Unauthenticated, err)
	_, err = w.Accounts.BySession(t.Context(), cookie.Cookie, apptest.Source)
	w.Wants(fault.Unauthenticated, err)
}
