package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

func TestASuperUserLabelsOrganizationsManyAtOnce(t *testing.T) {
	s := newSite(t)
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	msp := "/msps/" + s.MSP.ID
	empty := super.get(msp+"/labels").wants(http.StatusOK, "There are no labels yet")
	super.get(msp+"/orgs").submit(msp+"/orgs/bulk", fields{"action": "label", "id": s.Org.ID}).follow().
		wants(http.StatusOK, "There are no labels yet. Create one first.")
	empty.submit(msp+"/labels", fields{"name": "Retail"}).follow().wants(http.StatusOK, "The label Retail was created.")
	super.get(msp+"/labels").submit(msp+"/labels", fields{"name": "RETAIL"}).
		wants(http.StatusConflict, "The label was not created", "There is already a label")
	labels, err := s.Tenants.Labels(t.Context(), s.Operator(), s.MSP.ID)
	if err != nil || len(labels) != 1 {
		t.Fatal(labels, err)
	}
	label := labels[0]
	orgs := super.get(msp+"/orgs").wants(http.StatusOK, "Labels", "Go on with all 2 that match…")
	orgs.submit(msp+"/orgs/bulk", fields{"action": "label"}).follow().wants(http.StatusOK, "Tick the organizations first")
	ask := orgs.submit(msp+"/orgs/bulk", fields{"action": "label", "id": s.Org.ID}).
		wants(http.StatusOK, "Label one organization", "Take off")
	ask.submit(msp+"/orgs/bulk/preview", fields{"add": label.ID, "id": ""}).wants(http.StatusBadRequest,
		"Nothing was changed")
	ask.submit(msp+"/orgs/bulk/preview", nil).wants(http.StatusBadRequest, "Nothing was changed")
	preview := ask.submit(msp+"/orgs/bulk/preview", fields{"add": label.ID}).
		wants(http.StatusOK, "One organization changes.", s.Org.Name)
	started := preview.submit(msp+"/orgs/bulk/start", nil)
	started.follow().wants(http.StatusOK, "Label one organization")
	job := started.header.Get("Location")
	s.runJob(job[strings.LastIndexByte(job, '/')+1:])
	s.check(s.Directory.IndexNow(t.Context(), s.Org.ID))
	super.get(msp+"/orgs?label="+label.ID).wants(http.StatusOK, "One in all", s.Org.Name, "Retail")
	super.get(msp+"/labels").wants(http.StatusOK, "Retail 1")
	everybody := orgs.submit(msp+"/orgs/bulk", fields{"action": "label", "all": "true"}).wants(http.StatusOK,
		"Label 2 organizations")
	everybody.submit(msp+"/orgs/bulk/preview", fields{"add": label.ID}).
		wants(http.StatusOK, "One organization changes.", "One stays as it is.")
}

func TestALabelIsRenamedAndDeleted(t *testing.T) {
	s := newSite(t)
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	name := "Retail"
	label, err := s.Tenants.NewLabel(t.Context(), s.Operator(), s.MSP.ID,
		tenant.LabelChange{Name: &name, OrgIDs: &[]string{s.Org.ID}})
	if err != nil {
		t.Fatal(err)
	}
	path := "/msps/" + s.MSP.ID + "/labels/" + label.ID
	form := super.get(path).wants(http.StatusOK, "One organization has it.")
	form.submit(path, fields{"name": ""}).wants(http.StatusBadRequest, "The label was not changed", "Name must")
	form.submit(path, fields{"name": "Shops"}).follow().wants(http.StatusOK, "The label was saved.", "Shops")
	form.submit(path, fields{"name": "Stores", "once": ""}).wants(http.StatusConflict, "The label was not changed")
	helpdesk := s.as(s.agent)
	helpdesk.get("/msps/"+s.MSP.ID+"/labels").wants(http.StatusOK, "Shops 1")
	helpdesk.get(path).wants(http.StatusForbidden)
	s.as(s.customer).get(path).wants(http.StatusNotFound)
	form.submit(path+"/delete", nil).follow().wants(http.StatusOK, "The label was deleted.", "There are no labels yet")
	super.get(path).wants(http.StatusNotFound)
}

func TestAnOrganizationGetsLabelsWithItsCreationAndInItsSettings(t *testing.T) {
	s := newSite(t)
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	name := "Retail"
	label, err := s.Tenants.NewLabel(t.Context(), s.Operator(), s.MSP.ID, tenant.LabelChange{Name: &name})
	if err != nil {
		t.Fatal(err)
	}
	msp, settings := "/msps/"+s.MSP.ID, "/orgs/"+s.Org.ID+"/settings"
	super.get(msp+"/orgs/new").submit(msp+"/orgs/new", fields{"name": "Bottega", "labels": label.ID}).
		follow().wants(http.StatusOK, "Bottega was created.")
	form := super.get(settings).wants(http.StatusOK, "Retail")
	form.submit(settings, fields{"labels": label.ID}).follow().wants(http.StatusOK, "The settings were saved.")
	super.get(msp+"/orgs?label="+label.ID).wants(http.StatusOK, "2 in all", "Bottega", s.Org.Name)
	if page := s.as(s.Person(s.Org.Place(), identity.Admin)).get(settings); strings.Contains(page.text(), "Retail") {
		t.Error("the customer sees the label of its MSP")
	}
	super.get(settings).submit(settings, fields{"labels": ""}).wants(http.StatusBadRequest, "The settings were not saved")
}

func TestTheOperatorDecidesOnTiers(t *testing.T) {
	s := newSite(t)
	operator := s.as(s.Operator())
	form := operator.get("/platform/tiers").wants(http.StatusOK, "Labels begin with")
	form.submit("/platform/tiers", fields{"labels": "advanced"}).follow().wants(http.StatusOK, "The tiers were saved.")
	form.submit("/platform/tiers", fields{"labels": "gold", "once": ""}).
		wants(http.StatusBadRequest, "The tiers were not saved", "Labels must be")
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	msp := "/msps/" + s.MSP.ID
	super.get(msp+"/labels").submit(msp+"/labels", fields{"name": "Retail"}).
		wants(http.StatusForbidden, "Labels come with the advanced tier")
	super.get(msp+"/settings").wants(http.StatusOK, "Tier", "Base", "Region", "main")
	operator.get(msp+"/settings").submit(msp+"/settings", fields{"tier": "advanced"}).
		follow().wants(http.StatusOK, "The settings were saved.")
	super.get(msp+"/labels").submit(msp+"/labels", fields{"name": "Retail"}).
		follow().wants(http.StatusOK, "The label Retail was created.")
	s.as(s.customer).get("/platform/tiers").wants(http.StatusNotFound)
}

func TestAnMSPIsCreatedWithAnInvitation(t *testing.T) {
	s := newSite(t)
	operator := s.as(s.Operator())
	form := operator.get("/msps/new")
	form.submit("/msps/new", fields{"name": "Carnia Carrier", "tier": "advanced", "first_name": "Nina"}).
		wants(http.StatusBadRequest, "The MSP was not created", "Email must")
	form.submit("/msps/new", fields{"name": "Carnia Carrier", "tier": "advanced", "email": "nina@carnia.example"}).
		follow().wants(http.StatusOK, "Carnia Carrier was created, and nina@carnia.example was invited.")
}

func TestTheOrganizationsAreExportedFromTheirList(t *testing.T) {
	s := newSite(t)
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	msp := "/msps/" + s.MSP.ID
	started := super.get(msp+"/orgs").wants(http.StatusOK, "CSV of all organizations").submit(msp+"/exports", nil)
	job := started.header.Get("Location")
	started.follow().wants(http.StatusOK, "The file is being written.")
	id := job[strings.LastIndexByte(job, '/')+1:]
	super.get(msp+"/exports/"+id).follow().wants(http.StatusOK, "The file is not there yet.")
	s.runJob(id)
	super.get(job).wants(http.StatusOK, "Download the file")
	if file := super.get(msp + "/exports/" + id); !strings.Contains(file.header.Get("Location"), "/api/v1/downloads/") {
		t.Errorf("the page leads to %q", file.header.Get("Location"))
	}
	other := s.as(s.Person(s.MSP.Place(), identity.Read))
	if strings.Contains(other.get(job).raw, "Download the file") {
		t.Error("somebody else is offered the file")
	}
	other.get(msp + "/exports/" + id).wants(http.StatusNotFound)
	s.as(s.Operator()).get("/platform").submit("/platform/exports", nil).follow().
		wants(http.StatusOK, "Export of organizations")
}

func TestASuperUserTurnsSwitchesOfManyOrganizations(t *testing.T) {
	s := newSite(t)
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	msp := "/msps/" + s.MSP.ID
	list := super.get(msp+"/orgs").wants(http.StatusOK, "Image management", "Customer alerts")
	if strings.Contains(list.raw, "Pre-notifications") {
		t.Error("the list offers an MSP what is for operators")
	}
	list.submit(msp+"/orgs/bulk", fields{"action": "", "all": "true"}).follow().wants(http.StatusOK,
		"Choose first what to do")
	list.submit(msp+"/orgs/bulk", fields{"action": "pre_notifications", "all": "true"}).wants(http.StatusForbidden)
	ask := list.submit(msp+"/orgs/bulk", fields{"action": "image_management", "all": "true"}).
		wants(http.StatusOK, "Image management of 2 organizations")
	preview := ask.submit(msp+"/orgs/bulk/preview", fields{"enabled": "true"}).
		wants(http.StatusOK, "2 organizations change.", "Turn on")
	started := preview.submit(msp+"/orgs/bulk/start", nil)
	started.follow().wants(http.StatusOK, "Turn image management on for 2 organizations")
	job := started.header.Get("Location")
	s.runJob(job[strings.LastIndexByte(job, '/')+1:])
	settings := "/orgs/" + s.Org.ID + "/settings"
	form := super.get(settings)
	if !strings.Contains(form.raw, `name="switch_image_management" value="true" checked`) {
		t.Error("the settings do not show that image management is on")
	}
	form.submit(settings, fields{"switch_image_management": ""}).follow().wants(http.StatusOK, "The settings were saved.")
	org, err := s.Tenants.LoadOrg(t.Context(), s.Org.ID)
	if err != nil || org.On(tenant.ImageManagement) || !org.On(tenant.CustomerAlerts) {
		t.Errorf("%+v, %v", org.Switched, err)
	}
}

func TestAnOperatorActsOnTheOrganizationsOfAnMSPAndOnDirectCustomers(t *testing.T) {
	s := newSite(t)
	operator := s.as(s.Operator())
	direct := s.NewOrg("", "Direct Foods")
	for list, want := range map[string]string{"/msps/" + s.MSP.ID + "/orgs": s.Org.ID, "/orgs": direct.ID} {
		path := strings.Replace(list, "/orgs", "/orgs/bulk", 1)
		if list == "/orgs" {
			path = "/platform/orgs/bulk"
		}
		ask := operator.get(list).wants(http.StatusOK, "Pre-notifications").
			submit(path, fields{"action": "pre_notifications", "id": want}).wants(http.StatusOK,
			"Pre-notifications of one organization")
		started := ask.submit("/platform/orgs/bulk/preview", fields{"enabled": "true"}).wants(http.StatusOK,
			"One organization changes.").
			submit("/platform/orgs/bulk/start", nil)
		started.follow().wants(http.StatusOK, "Turn pre-notifications on for one organization")
		job := started.header.Get("Location")
		s.runJob(job[strings.LastIndexByte(job, '/')+1:])
		org, err := s.Tenants.LoadOrg(t.Context(), want)
		if err != nil || !org.On(tenant.PreNotifications) {
			t.Errorf("%s: %+v, %v", list, org.Switched, err)
		}
	}
}
