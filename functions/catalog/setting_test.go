package catalog_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSettingsAreTakenAsOtherProgramsSendThem holds that what such programs keep in a key that Tenantry knows
// is given back too, that null removes a key, and that what is dangerous without an effect is refused.
func TestSettingsAreTakenAsOtherProgramsSendThem(t *testing.T) {
	i := newInstallation(t, nil)
	path := "/orgs/" + i.org.ID + "/setting"
	const as = "org admin"
	unset := map[string]any{"enable": false, "rules": []any{}}
	if read := i.read(t, as, path); !cmp.Equal(read["auto_site_assignment"], unset) || read["revision"] != 0.0 {
		t.Errorf("%v", read)
	}
	sent := map[string]any{
		"password_policy": map[string]any{"enabled": false, "min_length": 8.0, "history": map[string]any{"kept": 5.0}},
		"installer":       map[string]any{"grace_period": 7.0, "extra_site_ids": []any{}},
		"auto_site_assignment": map[string]any{
			"enable": true, "rules": []any{map[string]any{"src": "name", "expression": "[0:3]", "match_model": nil}},
		},
		"juniper": map[string]any{"accounts": []any{map[string]any{"name": "x"}}},
	}
	body := object{"id": i.org.ID, "org_id": i.org.ID, "for_site": false, "modified_time": 1, "allow_mist": true}
	for key, value := range sent {
		body[key] = value
	}
	if status := i.write(t, as, path, body); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	read := i.read(t, as, path)
	for key, value := range sent {
		if diff := cmp.Diff(value, read[key]); diff != "" {
			t.Errorf("%s: %s", key, diff)
		}
	}
	if _, stored := read["for_site"]; stored {
		t.Error("a field that is only read was stored")
	}
	for what, body := range map[string]object{
		"the consent as null":       {"allow_mist": nil},
		"a second factor":           {"password_policy": object{"requires_two_factor_auth": true}},
		"a threshold":               {"device_updown_threshold": 241},
		"a key in other letters":    {"Password_Policy": object{"enabled": true}},
		"something in the contact":  {"contact": object{"fax": "1"}},
		"a secret":                  {"ssr": object{"conductor_token": "abc"}},
		"a short password's policy": {"password_policy": object{"enabled": true, "min_length": 8}},
	} {
		if status := i.write(t, as, path, body); status != http.StatusBadRequest {
			t.Errorf("%s: status %d", what, status)
		}
	}
	if diff := cmp.Diff(read, i.read(t, as, path)); diff != "" {
		t.Errorf("a refused change changed:\n%s", diff)
	}
	if status := i.write(t, as, path, object{"password_policy": nil, "auto_site_assignment": nil, "installer": nil}); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	read = i.read(t, as, path)
	if read["password_policy"] != nil || read["installer"] != nil || !cmp.Equal(read["auto_site_assignment"], unset) {
		t.Errorf("after null: %v", read)
	}
}
