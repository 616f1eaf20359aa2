package pages_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

func TestALongListOfOrganizationsIsPagedSortedAndSearched(t *testing.T) {
	s := newSite(t)
	for number := range 60 {
		s.NewOrg(s.MSP.ID, fmt.Sprintf("Shop %02d", number))
	}
	agent, list := s.as(s.agent), "/msps/"+s.MSP.ID+"/orgs"
	first := agent.get(list).wants(http.StatusOK, "62 in all", "Corso Pharmacies", "Shop 47")
	if strings.Contains(first.text(), "Shop 48") {
		t.Error("the first page has more than fifty organizations")
	}
	agent.get(first.next()).wants(http.StatusOK, "62 in all", "Shop 48", "Shop 59")
	latest := agent.get(list+"?sort=-created_time").wants(http.StatusOK, "62 in all", "Shop 59")
	if text := latest.text(); strings.Index(text, "Shop 58") < strings.Index(text, "Shop 59") ||
		strings.Contains(text, "Corso") {
		t.Error("the latest organizations do not come first")
	}
	agent.get(list+"?sort=size").wants(http.StatusOK, "Corso Pharmacies")
	agent.get(list+"?search=p+0").wants(http.StatusOK, "10 in all", "Shop 09")
	agent.get(list+"?search=nobody").wants(http.StatusOK, "Show all")
	agent.get("/search?q=shop+31").wants(http.StatusOK, "Shop 31")
	s.as(s.Operator()).get("/switch?q=corso").leadsTo("/orgs/" + s.Neighbour.ID)
}

func TestAnOrganizationIsFoundByItsAccountNumber(t *testing.T) {
	s := newSite(t)
	_, err := s.Tenants.ChangeSetting(t.Context(), s.Person(s.Org.Place(), identity.Admin), s.Org.ID,
		tenant.SettingChange{Fields: extension.Fields{"account_number": json.RawMessage(`"K-4711"`)}})
	s.check(err)
	s.check(s.Directory.IndexNow(t.Context(), s.Org.ID))
	_, err = s.Tenants.NewLabel(t.Context(), s.Operator(), s.MSP.ID, tenant.LabelChange{Name: new("Retail")})
	s.check(err)
	super, list := s.as(s.Person(s.MSP.Place(), identity.Admin)), "/msps/"+s.MSP.ID+"/orgs"
	found := super.get(list+"?search=k-4711").wants(http.StatusOK, "One in all", s.Org.Name)
	if strings.Contains(found.raw, `value="label_all"`) {
		t.Error("the list offers to label all whose name is the account number")
	}
	super.get(list+"?search=4711").wants(http.StatusOK, "Show all")
}
