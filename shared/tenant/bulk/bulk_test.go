package bulk_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newLabel(t *testing.T, e *apptest.Estate, name string) tenant.Label {
	t.Helper()
	label, err := e.Tenants.NewLabel(t.Context(), e.Operator(), e.MSP.ID, tenant.LabelChange{Name: &name})
	must(t, err)
	return label
}

// work delivers each message of the outbox twice.
func work(t *testing.T, e *apptest.Estate) {
	t.Helper()
	for range 2 {
		for _, message := range e.Outbox() {
			if err := e.Jobs.Run(t.Context(), message); err != nil && !fault.Is(err, fault.Invalid) {
				t.Fatal(err)
			}
		}
	}
}

// results returns a job with what it says of each organization.
func results(t *testing.T, e *apptest.Estate, id string) (job.Job, map[string]string) {
	t.Helper()
	done, page, err := e.Jobs.Get(t.Context(), e.Operator(), job.Scope{MSPID: e.MSP.ID}, id, "", "", 100)
	must(t, err)
	said := map[string]string{}
	for _, result := range page.Items {
		said[result.Target] = string(result.Outcome) + " " + result.Message
	}
	return done, said
}

func TestManyOrganizationsGetAndLoseLabelsWithAResultForEach(t *testing.T) {
	e := apptest.NewEstate(t)
	retail, old := newLabel(t, e, "Retail"), newLabel(t, e, "Old")
	must(t, relabel(t, e, e.Org.ID, old.ID))
	must(t, relabel(t, e, e.Neighbour.ID, retail.ID))
	super := e.Person(e.MSP.Place(), identity.Admin)
	request := bulk.Request{
		Action: bulk.Label, OrgIDs: []string{e.Org.ID, e.Neighbour.ID, e.Org.ID},
		Labels: tenant.Relabeling{Add: []string{" RETAIL"}, Remove: []string{old.ID}},
	}
	preview, err := e.OrgJobs.Preview(t.Context(), super, e.MSP.ID, request)
	must(t, err)
	if preview.Total != 2 || preview.Changed != 1 || preview.Unchanged != 1 || len(preview.Effects) != 1 ||
		preview.Effects[0].OrgID != e.Org.ID || !slices.Equal(preview.Effects[0].Remove, []string{old.ID}) {
		t.Errorf("the preview is %+v", preview)
	}
	created, err := e.OrgJobs.Create(t.Context(), super, e.MSP.ID, request)
	must(t, err)
	work(t, e)
	done, said := results(t, e, created.ID)
	if done.State != job.Done || done.Done != 1 || done.Skipped != 1 || said[e.Org.ID] != "done " ||
		!strings.HasPrefix(said[e.Neighbour.ID], "skipped") {
		t.Errorf("%+v %v", done, said)
	}
	ids, err := e.Tenants.LabelledOrgs(t.Context(), super, e.MSP.ID, retail.ID)
	if err != nil || len(ids) != 2 {
		t.Errorf("%v, %v", ids, err)
	}
	labels, err := e.Tenants.Labels(t.Context(), super, e.MSP.ID)
	if err != nil || labels[0].Orgs != 0 || labels[1].Orgs != 2 {
		t.Errorf("the counts are %+v, %v", labels, err)
	}
}

func relabel(t *testing.T, e *apptest.Estate, orgID string, ids ...string) error {
	t.Helper()
	_, err := e.Tenants.ChangeOrg(t.Context(), e.Operator(), orgID, tenant.OrgChange{Labels: &ids})
	return err
}

func TestAFilterSelectsTheOrganizationsWhenTheJobIsMade(t *testing.T) {
	e := apptest.NewEstate(t)
	retail, hotels := newLabel(t, e, "Retail"), newLabel(t, e, "Hotels")
	must(t, relabel(t, e, e.Org.ID, hotels.ID))
	add := tenant.Relabeling{Add: []string{retail.ID}}
	for _, test := range []struct {
		filter tenant.OrgFilter
		want   int
	}{{tenant.OrgFilter{}, 2}, {tenant.OrgFilter{LabelID: hotels.ID}, 1}, {tenant.OrgFilter{Name: "CORSO"}, 1}} {
		request := bulk.Request{Action: bulk.Label, Filter: &bulk.Filter{OrgFilter: test.filter}, Labels: add}
		created, err := e.OrgJobs.Create(t.Context(), e.Operator(), e.MSP.ID, request)
		if err != nil || created.Total != test.want {
			t.Errorf("%+v: %d targets, %v", test.filter, created.Total, err)
		}
		for expected, want := range map[int]fault.Code{test.want: "", test.want + 1: fault.Conflict} {
			request.Expected = &expected
			_, err := e.OrgJobs.Create(t.Context(), e.Operator(), e.MSP.ID, request)
			if (want == "") != (err == nil) || want != "" && !fault.Is(err, want) {
				t.Errorf("%+v, of which %d are expected: %v", test.filter, expected, err)
			}
		}
	}
}

func TestABadRequestForManyOrganizationsChangesNothing(t *testing.T) {
	e := apptest.NewEstate(t)
	retail := newLabel(t, e, "Retail")
	add := tenant.Relabeling{Add: []string{retail.ID}}
	one := []string{e.Org.ID}
	tooMany := make([]string, bulk.MaxOrgIDs+1)
	for i := range tooMany {
		tooMany[i] = e.Journal.NewID()
	}
	before := len(e.Outbox())
	for name, request := range map[string]bulk.Request{
		"a number of the named":  {Action: bulk.Label, OrgIDs: one, Labels: add, Expected: new(1)},
		"an unknown action":      {Action: "paint", OrgIDs: one, Labels: add},
		"no organization":        {Action: bulk.Label, Labels: add},
		"ids and a filter":       {Action: bulk.Label, OrgIDs: one, Filter: &bulk.Filter{}, Labels: add},
		"no label":               {Action: bulk.Label, OrgIDs: one},
		"an unknown label":       {Action: bulk.Label, OrgIDs: one, Labels: tenant.Relabeling{Add: []string{"Shops"}}},
		"both ways":              {Action: bulk.Label, OrgIDs: one, Labels: tenant.Relabeling{Add: add.Add, Remove: add.Add}},
		"a foreign organization": {Action: bulk.Label, OrgIDs: []string{e.Org.ID, e.Foreign.ID}, Labels: add},
		"no id":                  {Action: bulk.Label, OrgIDs: []string{"x"}, Labels: add},
		"ten thousand and one":   {Action: bulk.Label, OrgIDs: tooMany, Labels: add},
		"nothing that matches": {Action: bulk.Label, Filter: &bulk.Filter{OrgFilter: tenant.OrgFilter{Name: "zzz"}},
			Labels: add},
		"a filter by no label": {Action: bulk.Label, Labels: add,
			Filter: &bulk.Filter{OrgFilter: tenant.OrgFilter{LabelID: e.Journal.NewID()}}},
	} {
		_, err := e.OrgJobs.Create(t.Context(), e.Operator(), e.MSP.ID, request)
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := e.OrgJobs.Preview(t.Context(), e.Operator(), e.MSP.ID, request); !fault.Is(err, fault.Invalid) {
			t.Errorf("preview of %s: %v", name, err)
		}
	}
	if len(e.Outbox()) != before {
		t.Error("a refused request made a job")
	}
}

func TestOnlySuperUsersAndOperatorsChangeManyOrganizations(t *testing.T) {
	e := apptest.NewEstate(t)
	request := bulk.Request{
		Action: bulk.Label, OrgIDs: []string{e.Org.ID}, Labels: tenant.Relabeling{Add: []string{newLabel(t, e, "Retail").ID}},
	}
	for _, test := range []struct {
		by   identity.Principal
		want fault.Code
	}{
		{e.Person(e.MSP.Place(), identity.Write), fault.Forbidden},
		{e.Person(e.MSP.Place(), identity.Read), fault.Forbidden},
		{e.Person(e.ForeignMSP.Place(), identity.Admin), fault.NotFound},
		{e.Person(e.Org.Place(), identity.Admin), fault.NotFound},
		{e.SupportAgent(), fault.NotFound},
	} {
		_, err := e.OrgJobs.Create(t.Context(), test.by, e.MSP.ID, request)
		e.Wants(test.want, err)
		_, err = e.OrgJobs.Preview(t.Context(), test.by, e.MSP.ID, request)
		e.Wants(test.want, err)
	}
}

// TestWhoLosesTheRoleMeanwhileChangesNothingMore holds for the rest of a job.
func TestWhoLosesTheRoleMeanwhileChangesNothingMore(t *testing.T) {
	e := apptest.NewEstate(t)
	retail := newLabel(t, e, "Retail")
	super := e.Another(e.MSP.Place(), identity.Admin)
	created, err := e.OrgJobs.Create(t.Context(), super, e.MSP.ID, bulk.Request{
		Action: bulk.Label, Filter: &bulk.Filter{}, Labels: tenant.Relabeling{Add: []string{retail.ID}},
	})
	must(t, err)
	must(t, e.Accounts.RemoveAdministrator(t.Context(), e.Operator(), e.MSP.Place(), super.UserID))
	work(t, e)
	done, said := results(t, e, created.ID)
	if done.Failed != 2 || said[e.Org.ID] != "failed Not found." {
		t.Errorf("%+v %v", done, said)
	}
}

func TestAFullOrganizationBlocksInThePreviewAndFailsInTheJob(t *testing.T) {
	e := apptest.NewEstate(t)
	var ids []string
	for i := range tenant.MaxOrgLabels {
		ids = append(ids, newLabel(t, e, fmt.Sprintf("Label %d", i)).ID)
	}
	must(t, relabel(t, e, e.Org.ID, ids...))
	request := bulk.Request{
		Action: bulk.Label, Filter: &bulk.Filter{}, Labels: tenant.Relabeling{Add: []string{newLabel(t, e, "More").ID}},
	}
	preview, err := e.OrgJobs.Preview(t.Context(), e.Operator(), e.MSP.ID, request)
	if err != nil || preview.Blocked != 1 || preview.Changed != 1 || len(preview.Effects[0].Blockers) != 1 {
		t.Fatalf("%+v, %v", preview, err)
	}
	created, err := e.OrgJobs.Create(t.Context(), e.Operator(), e.MSP.ID, request)
	must(t, err)
	work(t, e)
	done, said := results(t, e, created.ID)
	if done.Done != 1 || done.Failed != 1 || said[e.Org.ID] != "failed "+preview.Effects[0].Blockers[0] {
		t.Errorf("%+v %v", done, said)
	}
}

// TestTheJobOfATokenActsOnlyWhereTheTokenMay holds for an organization that takes tokens only from its own
// networks.
func TestTheJobOfATokenActsOnlyWhereTheTokenMay(t *testing.T) {
	e := apptest.NewEstate(t)
	own, super := e.Person(e.Org.Place(), identity.Admin), e.Person(e.MSP.Place(), identity.Admin)
	_, err := e.Tenants.ChangeSetting(t.Context(), own, e.Org.ID, tenant.SettingChange{Fields: extension.Fields{
		"api_policy": json.RawMessage(`{"src_ips":["198.51.100.0/24"]}`),
	}})
	must(t, err)
	_, session := e.LogIn(super)
	_, secret, err := e.Accounts.CreateToken(t.Context(), session, identity.NewToken{Name: "ci", Password: apptest.Password})
	must(t, err)
	token, err := e.Accounts.ByToken(t.Context(), secret, "192.0.2.1")
	must(t, err)
	created, err := e.OrgJobs.Create(t.Context(), token, e.MSP.ID, bulk.Request{
		Action: bulk.Label, OrgIDs: []string{e.Org.ID, e.Neighbour.ID},
		Labels: tenant.Relabeling{Add: []string{newLabel(t, e, "Retail").ID}},
	})
	must(t, err)
	work(t, e)
	_, said := results(t, e, created.ID)
	if !strings.Contains(said[e.Org.ID], "only from the networks") || said[e.Neighbour.ID] != "done " {
		t.Errorf("%v", said)
	}
}
