package tenant_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// keys returns settings from a JSON object.
func keys(t *testing.T, text string) extension.Fields {
	t.Helper()
	var fields extension.Fields
	must(t, json.Unmarshal([]byte(text), &fields))
	return fields
}

func set(t *testing.T, e *apptest.Estate, by identity.Principal, text string) tenant.Setting {
	t.Helper()
	setting, err := e.Tenants.ChangeSetting(t.Context(), by, e.Org.ID, tenant.SettingChange{Fields: keys(t, text)})
	must(t, err)
	return setting
}

func text(t *testing.T, setting tenant.Setting) string {
	t.Helper()
	data, err := json.Marshal(setting.Values())
	must(t, err)
	return string(data)
}

func TestSettingsAreMergedByKeyAndNullRemovesOne(t *testing.T) {
	e := apptest.NewEstate(t)
	own := e.Person(e.Org.Place(), identity.Admin)
	set(t, e, own, `{"tags": ["a"], "marvis": {"x": 1.50, "b": [true]}, "ap_updown_threshold": 15}`)
	set(t, e, own, `{"tags": null, "ui_no_tracking": true}`)
	setting, err := e.Tenants.Setting(t.Context(), own, e.Org.ID)
	must(t, err)
	want := `{"ap_updown_threshold":15,"auto_site_assignment":{"enable":false,"rules":[]},` +
		`"marvis":{"b":[true],"x":1.50},"ui_no_tracking":true}`
	if got := text(t, setting); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if setting.Version != 2 || setting.Created == 0 {
		t.Errorf("version %d, created %d", setting.Version, setting.Created)
	}
}

func TestSettingsThatAreSentBackAsTheyWereReadAreNoChange(t *testing.T) {
	e := apptest.NewEstate(t)
	own, super := e.Person(e.Org.Place(), identity.Admin), e.Person(e.MSP.Place(), identity.Write)
	_, err := e.Tenants.ChangeConsent(t.Context(), own, e.Org.ID, decision(identity.PersonalData, identity.ToMSP, false))
	must(t, err)
	stored := set(t, e, own, `{"contact": {"name": "Ana Novak", "email": ["Ana@rialto.example", "abe@rialto.example"],
		"phone": "+39 041"}, "password_policy": {"min_length": 14, "enabled": true}, "zeta": {"b": 1, "a": 2}}`)
	entries := len(e.AuditLog(partition(e)))
	for _, by := range []identity.Principal{own, super} {
		read, err := e.Tenants.Setting(t.Context(), by, e.Org.ID)
		must(t, err)
		allow := read.Org.SupportAccess
		_, err = e.Tenants.ChangeSetting(t.Context(), by, e.Org.ID,
			tenant.SettingChange{Fields: read.Values(), AllowMist: &allow, Version: &read.Version})
		must(t, err)
	}
	after, err := e.Tenants.Setting(t.Context(), own, e.Org.ID)
	must(t, err)
	if diff := cmp.Diff(text(t, stored), text(t, after)); diff != "" || len(e.AuditLog(partition(e))) != entries {
		t.Errorf("%s; %d entries more", diff, len(e.AuditLog(partition(e)))-entries)
	}
}

// partition returns the partition of the organization's audit log.
func partition(e *apptest.Estate) string { return e.Org.Place().Partition() }

func TestAContactIsMaskedForAProviderWithoutTheConsent(t *testing.T) {
	e := apptest.NewEstate(t)
	own, super := e.Person(e.Org.Place(), identity.Admin), e.Person(e.MSP.Place(), identity.Admin)
	set(t, e, own, `{"contact": {"name": "Ana Novak", "email": ["ana@rialto.example"], "phone": "+39 041"}}`)
	_, err := e.Tenants.ChangeConsent(t.Context(), own, e.Org.ID, decision(identity.PersonalData, identity.ToMSP, false))
	must(t, err)
	read, err := e.Tenants.Setting(t.Context(), super, e.Org.ID)
	must(t, err)
	if got := string(read.Fields["contact"]); got != `{"name":"A… N…","email":["a…@rialto.example"],"phone":"…"}` {
		t.Errorf("%s", got)
	}
	// The rest of a masked contact stays when another part changes.
	set(t, e, super, `{"contact": {"name": "Bo Lund", "email": ["a…@rialto.example", "bo@rialto.example"], "phone": "…"}}`)
	whole, err := e.Tenants.Setting(t.Context(), own, e.Org.ID)
	must(t, err)
	if got := string(whole.Fields["contact"]); got !=
		`{"name":"Bo Lund","email":["ana@rialto.example","bo@rialto.example"],"phone":"+39 041"}` {
		t.Errorf("%s", got)
	}
	_, err = e.Tenants.ChangeSetting(t.Context(), super, e.Org.ID,
		tenant.SettingChange{Fields: keys(t, `{"contact": {"name": "", "email": ["x…@rialto.example"], "phone": ""}}`)})
	e.Wants(fault.Invalid, err)
	log, err := e.Audit.At(t.Context(), super, whole.Org.Place(), e.LastDay())
	must(t, err)
	for _, entry := range log.Entries {
		if shown := string(entry.Before) + string(entry.After); strings.Contains(shown, "ana@") || strings.Contains(shown, "+39") {
			t.Errorf("the audit log tells the MSP %s", shown)
		}
	}
}

func TestSettingsThatBreakARuleAreRefused(t *testing.T) {
	e := apptest.NewEstate(t)
	own := e.Person(e.Org.Place(), identity.Admin)
	before := set(t, e, own, `{"tags": ["kept"]}`)
	for _, wrong := range []string{
		`{"device_updown_threshold": 241}`, `{"gateway_tunnel_updown_threshold": -1}`, `{"ap_updown_threshold": "5"}`,
		`{"password_policy": {"enabled": true, "min_length": 11}}`, `{"password_policy": {"enabled": true, "min_length": 129}}`,
		`{"password_policy": {"expiry_in_days": 366}}`, `{"password_policy": {"requires_two_factor_auth": true}}`,
		`{"api_policy": {"src_ips": ["office"]}}`, `{"api_policy": {"src_ips": ["1.1.1.1","1.1.1.2","1.1.1.3","1.1.1.4",
		"1.1.1.5","1.1.1.6","1.1.1.7","1.1.1.8","1.1.1.9","1.1.1.10","1.1.1.11"]}}`,
		`{"ui_idle_timeout": 481}`, `{"auto_site_assignment": {"enable": "yes"}}`, `{"auto_site_assignment": {"rules": [1]}}`,
		`{"account_number": "` + strings.Repeat("1", 65) + `"}`, `{"account_number": "a\nb"}`,
		`{"contact": {"email": ["nobody"]}}`, `{"contact": {"email": ["a@b.example","a@b.example","a@b.example","a@b.example",
		"a@b.example","a@b.example","a@b.example","a@b.example","a@b.example","a@b.example","a@b.example"]}}`,
		`{"contact": {"phone": "` + strings.Repeat("1", 65) + `"}}`, `{"x": "` + strings.Repeat("x", 33000) + `"}`,
		`{"UI_IDLE_TIMEOUT": 99999}`, `{"Contact": "x"}`, `{"paſſword_policy": {"enabled": true, "min_length": 100000}}`,
		`{"api_policy": {"src_ips": [], "token": "abc"}}`,
		`{"ssr": {"conductor_token": "abc"}}`, `{"a": [{"root_password": "abc"}]}`, `{"device_cert": {"key": "abc"}}`,
	} {
		_, err := e.Tenants.ChangeSetting(t.Context(), own, e.Org.ID,
			tenant.SettingChange{Fields: keys(t, `{"tags": ["lost"]}`), Version: new(int64(7))})
		e.Wants(fault.Conflict, err)
		fields := keys(t, wrong)
		fields["tags"] = json.RawMessage(`["lost"]`)
		_, err = e.Tenants.ChangeSetting(t.Context(), own, e.Org.ID, tenant.SettingChange{Fields: fields})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%.80s: %v", wrong, err)
		}
	}
	after, err := e.Tenants.Setting(t.Context(), own, e.Org.ID)
	must(t, err)
	if text(t, before) != text(t, after) {
		t.Errorf("they are %s", text(t, after))
	}
}

// TestASettingThatIsNestedDeeplyIsRefusedAtOnce holds because looking for secrets takes a pass over the
// value for each level.
func TestASettingThatIsNestedDeeplyIsRefusedAtOnce(t *testing.T) {
	e := apptest.NewEstate(t)
	own := e.Person(e.Org.Place(), identity.Admin)
	deep := strings.Repeat("[", 5000) + strings.Repeat("1,", 400_000) + "1" + strings.Repeat("]", 5000)
	begun := time.Now()
	_, err := e.Tenants.ChangeSetting(t.Context(), own, e.Org.ID,
		tenant.SettingChange{Fields: extension.Fields{"deep": json.RawMessage(deep)}})
	e.Wants(fault.Invalid, err)
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestSettingsAreForThoseWhoMaySeeAndChangeTheOrganization(t *testing.T) {
	e := apptest.NewEstate(t)
	for role, want := range map[identity.Role]fault.Code{
		identity.Admin: "", identity.Write: fault.Forbidden, identity.Read: fault.Forbidden, identity.Helpdesk: fault.Forbidden,
	} {
		by := e.Person(e.Org.Place(), role)
		_, err := e.Tenants.Setting(t.Context(), by, e.Org.ID)
		must(t, err)
		_, err = e.Tenants.ChangeSetting(t.Context(), by, e.Org.ID, tenant.SettingChange{Fields: keys(t, `{"x": 1}`)})
		e.Wants(want, err)
	}
	for _, by := range []identity.Principal{e.Person(e.Neighbour.Place(), identity.Admin), e.Person(e.ForeignMSP.Place(), identity.Admin)} {
		_, err := e.Tenants.Setting(t.Context(), by, e.Org.ID)
		e.Wants(fault.NotFound, err)
		_, err = e.Tenants.ChangeSetting(t.Context(), by, e.Org.ID, tenant.SettingChange{Fields: keys(t, `{"x": 1}`)})
		e.Wants(fault.NotFound, err)
	}
}

func TestAllowMistAmongTheSettingsIsTheConsentToSupportAccess(t *testing.T) {
	e := apptest.NewEstate(t)
	own, super := e.Person(e.Org.Place(), identity.Admin), e.Person(e.MSP.Place(), identity.Admin)
	for _, allow := range []bool{false, true} {
		setting, err := e.Tenants.ChangeSetting(t.Context(), own, e.Org.ID,
			tenant.SettingChange{AllowMist: &allow, Fields: keys(t, `{"tags": ["x"]}`)})
		must(t, err)
		org, err := e.Tenants.LoadOrg(t.Context(), e.Org.ID)
		must(t, err)
		if setting.Org.SupportAccess != allow || org.SupportAccess != allow {
			t.Errorf("%v: %v, %v", allow, setting.Org.SupportAccess, org.SupportAccess)
		}
	}
	no := false
	_, err := e.Tenants.ChangeSetting(t.Context(), super, e.Org.ID, tenant.SettingChange{AllowMist: &no, Fields: keys(t, `{"tags": null}`)})
	e.Wants(fault.Forbidden, err)
	if setting, err := e.Tenants.Setting(t.Context(), own, e.Org.ID); err != nil || setting.Fields["tags"] == nil {
		t.Errorf("a refused change changed the rest: %v", err)
	}
}

// TestTheAuditLogHasOnlyTheNamesOfKeysThatNobodyKnows holds because their values may be unfit for a log.
func TestTheAuditLogHasOnlyTheNamesOfKeysThatNobodyKnows(t *testing.T) {
	e := apptest.NewEstate(t)
	own := e.Person(e.Org.Place(), identity.Admin)
	set(t, e, own, `{"strange": "hush-hush", "ap_updown_threshold": 5}`)
	log := e.AuditLog(partition(e))
	last := log[len(log)-1]
	for _, entry := range log {
		if entry.Action == "orgs.change_setting" {
			last = entry
		}
	}
	if after := string(last.After); after != `{"ap_updown_threshold":5,"other_keys":["strange"]}` {
		t.Errorf("%s", after)
	}
}
