package catalog_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/identity"
)

// TestATokenIsShownMaskedAfterItsCreation holds that only the creation shows a token, that the rest of
// its life shows its ends, and that only its name can be changed.
func TestATokenIsShownMaskedAfterItsCreation(t *testing.T) {
	i := newInstallation(t, nil)
	token, key, err := i.Accounts.CreateToken(context.Background(), i.people["org read"],
		identity.NewToken{Name: "script", SourceNetworks: []string{"192.0.2.0/24"}, Password: password})
	check(t, err)
	path := "/self/apitokens/" + token.ID
	read := i.read(t, "org read", path)
	if masked := key[:4] + "..." + key[len(key)-4:]; read["key"] != masked {
		t.Errorf("the key is shown as %v, want %q", read["key"], masked)
	}
	list := i.call("org read", http.MethodGet, "/self/apitokens", "", nil).Body.String()
	if strings.Contains(list, key) || !strings.Contains(list, read["key"].(string)) {
		t.Errorf("the list has %s", list)
	}
	read["name"] = "night script"
	if status := i.write(t, "org read", path, read); status != http.StatusOK {
		t.Errorf("renaming: status %d", status)
	}
	if diff := cmp.Diff(read, i.read(t, "org read", path)); diff != "" {
		t.Error(diff)
	}
	for what, body := range map[string]object{
		"other networks": {"src_ips": []string{}}, "another end": {"expire_time": 1}, "no name": {"name": ""},
	} {
		if status := i.write(t, "org read", path, body); status != http.StatusBadRequest {
			t.Errorf("%s: status %d", what, status)
		}
	}
	if _, err := i.Accounts.ByToken(context.Background(), key, "192.0.2.1"); err != nil {
		t.Errorf("the renamed token does not work: %v", err)
	}
	detailed(t, "another's token", i.call("org admin", http.MethodGet, path, "", nil), http.StatusNotFound)
}

// TestAKnownPersonAcceptsAnInvitationWithoutABody holds how programs of other portals accept one.
func TestAKnownPersonAcceptsAnInvitationWithoutABody(t *testing.T) {
	i := newInstallation(t, nil)
	ctx := context.Background()
	invite, err := i.Accounts.CreateInvite(ctx, i.people["msp admin"], i.org.Place(),
		identity.NewInvite{Email: i.people["foreign org"].Email, Role: identity.Read})
	check(t, err)
	path := "/invite/verify/" + i.Accounts.InviteToken(i.org.Place(), invite)
	detailed(t, "nobody", i.call("", http.MethodPost, path, "", nil), http.StatusUnauthorized)
	if got := i.call("foreign org", http.MethodPost, path, "", nil); got.Code != http.StatusOK {
		t.Fatalf("status %d: %s", got.Code, got.Body)
	}
	privileges, _ := i.read(t, "foreign org", "/self")["privileges"].([]any)
	if len(privileges) != 2 {
		t.Errorf("the privileges are %v", privileges)
	}
}

// TestUsageCountsTheCallsOfTheHour holds that each call counts, and that tokens count apart.
func TestUsageCountsTheCallsOfTheHour(t *testing.T) {
	i := newInstallation(t, nil)
	first := i.read(t, "org read", "/self/usage")
	i.read(t, "org admin", "/self/usage")
	second := i.read(t, "org read", "/self/usage")
	if second["requests"].(float64) != first["requests"].(float64)+1 && second["seconds"].(float64) < first["seconds"].(float64) {
		t.Errorf("%v, then %v", first, second)
	}
	if limit, _ := second["request_limit"].(float64); limit < 1 {
		t.Errorf("the limit is %v", second["request_limit"])
	}
}

// TestFailedLogInsAreTold holds what a person learns of attempts on their account, and that asking how one
// logs in tells nothing.
func TestFailedLogInsAreTold(t *testing.T) {
	i := newInstallation(t, nil)
	before := i.read(t, "org write", "/self/login_failures")
	if before["num_attempts"] != 0.0 || before["email"] != "org.write@example.com" {
		t.Errorf("%v", before)
	}
	attempt := func(address, password string) {
		data, err := json.Marshal(object{"email": address, "password": password})
		check(t, err)
		i.call("", http.MethodPost, "/login", "application/json", bytes.NewReader(data))
	}
	attempt("org.write@example.com", "wrong")
	attempt("org.write@example.com", "wrong again")
	attempt("org.write@example.com", password)
	attempt("org.read@example.com", "wrong")
	after := i.read(t, "org write", "/self/login_failures")
	if after["num_attempts"] != 2.0 || after["last_failure_at"] == nil || !cmp.Equal(after["src_ips"], []any{"192.0.2.1"}) {
		t.Errorf("%v", after)
	}
	known := i.call("", http.MethodPost, "/login/lookup", "application/json", strings.NewReader(`{"email":"org.read@example.com"}`))
	unknown := i.call("", http.MethodPost, "/login/lookup", "application/json", strings.NewReader(`{"email":"x@example.com"}`))
	if known.Code != http.StatusOK || known.Body.String() != unknown.Body.String() {
		t.Errorf("%d %s and %d %s", known.Code, known.Body, unknown.Code, unknown.Body)
	}
}
