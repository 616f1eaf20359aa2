package pages_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

func TestAnOrganizationsContactAndSecurityAreChangedOnAPage(t *testing.T) {
	s := newSite(t)
	own := s.as(s.Person(s.Org.Place(), identity.Admin))
	path := "/orgs/" + s.Org.ID + "/setting"
	own.get("/orgs/"+s.Org.ID+"/settings").wants(http.StatusOK, "Contact and security", "Change contact and security")
	form := own.get(path).wants(http.StatusOK, "Account number", "Allowed addresses")
	filled := fields{
		"account_number": "A-17", "name": "Ana Novak", "email": "ana@rialto.example\nit@rialto.example", "phone": "+39 041",
		"enabled": "true", "min_length": "11", "expiry_in_days": "90", "src_ips": "192.0.2.0/24, 198.51.100.7",
		"ui_idle_timeout": "30",
	}
	form.submit(path, filled).wants(http.StatusBadRequest, "The settings were not saved", "Characters at least must be 12 to 128")
	filled["min_length"], filled["src_ips"] = "16", "office"
	form.submit(path, filled).wants(http.StatusBadRequest, "Allowed addresses")
	filled["src_ips"] = "192.0.2.0/24, 198.51.100.7"
	form.submit(path, filled).follow().wants(http.StatusOK, "The settings were saved.", "A-17", "it@rialto.example")
	form.submit(path, fields{"account_number": "B-2", "once": ""}).wants(http.StatusConflict, "The settings were not saved")
	setting, err := s.Tenants.Setting(t.Context(), s.Operator(), s.Org.ID)
	if err != nil || setting.Org.Enforced == nil || setting.Org.Enforced.Passwords.MinLength != 16 ||
		setting.Org.Enforced.Passwords.Days != 90 || len(setting.Org.Enforced.Networks) != 2 {
		t.Errorf("%+v, %v", setting.Org.Enforced, err)
	}
	reader := s.as(s.Person(s.Org.Place(), identity.Read))
	if shown := reader.get(path).wants(http.StatusOK, "198.51.100.7", "16"); strings.Contains(shown.raw, "<textarea") {
		t.Error("somebody who may not change the settings gets the form")
	}
	own.get(path).submit(path, fields{"min_length": "", "expiry_in_days": "", "src_ips": "", "ui_idle_timeout": "", "enabled": ""}).
		follow().wants(http.StatusOK, "The settings were saved.")
	if setting, err = s.Tenants.Setting(t.Context(), s.Operator(), s.Org.ID); err != nil || setting.Org.Enforced != nil {
		t.Errorf("after all was emptied: %+v, %v", setting.Org.Enforced, err)
	}
	s.as(s.Person(s.Neighbour.Place(), identity.Admin)).get(path).wants(http.StatusNotFound)
}

// TestThePageKeepsWhatProgramsStoreWithItsKeys holds for the parts of a policy that the page does not show.
func TestThePageKeepsWhatProgramsStoreWithItsKeys(t *testing.T) {
	s := newSite(t)
	admin := s.Person(s.Org.Place(), identity.Admin)
	_, err := s.Tenants.ChangeSetting(t.Context(), admin, s.Org.ID, tenant.SettingChange{Fields: extension.Fields{
		"api_policy": json.RawMessage(`{"no_reveal":true}`), "tags": json.RawMessage(`["x"]`),
	}})
	if err != nil {
		t.Fatal(err)
	}
	path := "/orgs/" + s.Org.ID + "/setting"
	s.as(admin).get(path).submit(path, fields{"src_ips": "192.0.2.1"}).follow().wants(http.StatusOK, "The settings were saved.")
	setting, err := s.Tenants.Setting(t.Context(), admin, s.Org.ID)
	if err != nil || string(setting.Fields["api_policy"]) != `{"no_reveal":true,"src_ips":["192.0.2.1"]}` ||
		string(setting.Fields["tags"]) != `["x"]` {
		t.Errorf("%s, %v", setting.Fields.Text(), err)
	}
}

func TestAnOrganizationIsCreatedLikeAnother(t *testing.T) {
	s := newSite(t)
	admin := s.Person(s.MSP.Place(), identity.Admin)
	super := s.as(admin)
	_, err := s.Tenants.ChangeSetting(t.Context(), admin, s.Org.ID,
		tenant.SettingChange{Fields: extension.Fields{"ap_updown_threshold": json.RawMessage(`7`)}})
	if err != nil {
		t.Fatal(err)
	}
	path := "/msps/" + s.MSP.ID + "/orgs/new"
	super.get(path).wants(http.StatusOK, "Template: part of the name of an organization")
	super.get(path+"?search=nothing+like+it").wants(http.StatusOK, "No name contains")
	part := strings.ToUpper(s.Org.Name[:4])
	if found := super.get(path+"?search="+part).wants(http.StatusOK, s.Org.Name); !strings.Contains(found.raw, "?template="+s.Org.ID) {
		t.Error("the organization is not offered as a template")
	}
	super.get("/orgs/"+s.Org.ID+"/settings").wants(http.StatusOK, "Create an organization like it")
	form := super.get(path+"?template="+s.Org.ID).wants(http.StatusOK, "Like "+s.Org.Name, "Without a template")
	form.submit(path, fields{"name": ""}).wants(http.StatusBadRequest, "Like "+s.Org.Name)
	form.submit(path, fields{"name": "Bottega"}).follow().wants(http.StatusOK, "Bottega was created.")
	orgs, err := s.Tenants.MSPOrgs(t.Context(), admin, s.MSP.ID, tenant.OrgFilter{Name: "Bottega"}, 10)
	if err != nil || len(orgs) != 1 {
		t.Fatal(orgs, err)
	}
	setting, err := s.Tenants.Setting(t.Context(), admin, orgs[0].ID)
	if err != nil || string(setting.Fields["ap_updown_threshold"]) != "7" {
		t.Errorf("%s, %v", setting.Fields.Text(), err)
	}
	super.get(path + "?template=" + s.Foreign.ID).wants(http.StatusNotFound)
	operator := s.as(s.Operator())
	operator.get(path + "?template=" + s.Direct.ID).wants(http.StatusNotFound)
	operator.get("/orgs/new?search="+s.Direct.Name[:3]).wants(http.StatusOK, s.Direct.Name)
	operator.get("/orgs/new?template="+s.Direct.ID).submit("/orgs/new", fields{"name": "Second"}).
		follow().wants(http.StatusOK, "Second was created.")
}
