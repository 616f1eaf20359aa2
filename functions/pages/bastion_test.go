package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/bastion"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

func TestAnOperatorTurnsTheBastionOnAndStagesMany(t *testing.T) {
	s := newSite(t)
	operator := s.as(s.Operator())
	const page = "/platform/bastion"
	list := "/msps/" + s.MSP.ID + "/orgs"
	lacks(t, operator.get(list), "Stage to the bastion")
	first := operator.get(page).wants(http.StatusOK, "gets its key when you save the settings first", "Not chosen yet")
	first.submit(page, fields{"side": "production", "enabled": "true", "once": ""}).
		wants(http.StatusBadRequest, "The settings were not saved", "must be the key that the other installation shows")
	saved := first.submit(page, fields{"side": "production"}).follow().
		wants(http.StatusOK, "The settings were saved.", "Key of this installation", "No organization was staged yet")
	setting, err := s.Bastion.Setting(t.Context(), s.Operator())
	if err != nil {
		t.Fatal(err)
	}
	saved.wants(http.StatusOK, setting.Key, bastion.Fingerprint(setting.Key))
	peer := "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
	saved.submit(page, fields{
		"side": "production", "enabled": "true", "peer_url": "https://bastion.example.com", "peer_key": peer,
	}).follow().wants(http.StatusOK, bastion.Fingerprint(peer))
	ask := operator.get(list).submit(list+"/bulk", fields{"action": "stage", "all": "true"}).
		wants(http.StatusOK, "Stage 2 organizations to the bastion", "Its id and its name are copied to the bastion.")
	job := ask.submit("/platform/orgs/bulk/start", nil).header.Get("Location")
	s.runJob(job[strings.LastIndexByte(job, '/')+1:])
	operator.get(page).wants(http.StatusOK, s.Org.Name, "Is being staged")
	org, err := s.Tenants.LoadOrg(t.Context(), s.Org.ID)
	if err != nil || org.BastionState() != tenant.StageRequested {
		t.Errorf("%s, %v", org.BastionState(), err)
	}
	operator.get(page).submit(page, fields{
		"side": "production", "peer_url": "https://bastion.example.com", "peer_key": peer, "enabled": "", "once": "",
	}).wants(http.StatusConflict, "The bastion has copies of organizations. Unstage them first.")
	lacks(t, operator.get(page), "Unstage")
	s.as(s.Person(s.MSP.Place(), identity.Admin)).get(page).wants(http.StatusNotFound)
	lacks(t, s.as(s.Person(s.MSP.Place(), identity.Admin)).get(list), "Stage to the bastion")
}

// lacks checks that a page does not have a text.
func lacks(t *testing.T, p *page, text string) {
	t.Helper()
	if strings.Contains(p.wants(http.StatusOK).text(), text) {
		t.Errorf("the page has %q", text)
	}
}
