package tenant_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// labelled returns the organizations with a label, as the label and as each organization says it.
func labelled(t *testing.T, e *apptest.Estate, label tenant.Label) []string {
	t.Helper()
	ids, err := e.Tenants.LabelledOrgs(t.Context(), e.Operator(), e.MSP.ID, label.ID)
	must(t, err)
	all, err := e.Tenants.MSPOrgs(t.Context(), e.Operator(), e.MSP.ID, tenant.OrgFilter{}, 100)
	must(t, err)
	var said []string
	for _, org := range all {
		if slices.Contains(org.Labels, label.ID) {
			said = append(said, org.ID)
		}
	}
	slices.Sort(said)
	if diff := cmp.Diff(said, ids); diff != "" {
		t.Errorf("organizations and their label differ:\n%s", diff)
	}
	return ids
}

func newLabel(t *testing.T, e *apptest.Estate, name string, orgs ...string) tenant.Label {
	t.Helper()
	label, err := e.Tenants.NewLabel(t.Context(), e.Operator(), e.MSP.ID, tenant.LabelChange{Name: &name, OrgIDs: &orgs})
	must(t, err)
	return label
}

func TestLabelsGroupTheOrganizationsOfAnMSP(t *testing.T) {
	e := apptest.NewEstate(t)
	label := newLabel(t, e, " Retail ", e.Org.ID, e.Neighbour.ID)
	if got := labelled(t, e, label); len(got) != 2 || label.Name != "Retail" {
		t.Errorf("%q is on %v", label.Name, got)
	}
	changed, err := e.Tenants.ChangeLabel(t.Context(), e.Operator(), e.MSP.ID, label.ID,
		tenant.LabelChange{Name: pointer("RETAIL"), OrgIDs: &[]string{e.Neighbour.ID}, Version: label.Version})
	must(t, err)
	if got := labelled(t, e, label); len(got) != 1 || got[0] != e.Neighbour.ID || changed.Name != "RETAIL" {
		t.Errorf("%q is on %v", changed.Name, got)
	}
	same, err := e.Tenants.ChangeLabel(t.Context(), e.Operator(), e.MSP.ID, label.ID,
		tenant.LabelChange{Name: pointer("RETAIL"), OrgIDs: &[]string{e.Neighbour.ID}})
	if err != nil || same.Version != changed.Version {
		t.Errorf("a change that changes nothing: %+v, %v", same, err)
	}
	_, err = e.Tenants.ChangeLabel(t.Context(), e.Operator(), e.MSP.ID, label.ID,
		tenant.LabelChange{Name: pointer("Shops"), Version: label.Version})
	e.Wants(fault.Conflict, err)
	must(t, e.Tenants.DeleteLabel(t.Context(), e.Operator(), e.MSP.ID, label.ID))
	e.Wants(fault.NotFound, e.Tenants.DeleteLabel(t.Context(), e.Operator(), e.MSP.ID, label.ID))
	org, err := e.Tenants.LoadOrg(t.Context(), e.Neighbour.ID)
	if err != nil || len(org.Labels) != 0 {
		t.Errorf("the deleted label is still on %+v, %v", org.Labels, err)
	}
	newLabel(t, e, "retail") // its name is free again
}

func TestANameOfALabelIsUniqueInTheMSP(t *testing.T) {
	e := apptest.NewEstate(t)
	newLabel(t, e, "Händler")
	hotels := newLabel(t, e, "Hotels")
	for _, name := range []string{"Händler", "HÄNDLER", " händler "} {
		_, err := e.Tenants.NewLabel(t.Context(), e.Operator(), e.MSP.ID, tenant.LabelChange{Name: &name})
		e.Wants(fault.Conflict, err)
		_, err = e.Tenants.ChangeLabel(t.Context(), e.Operator(), e.MSP.ID, hotels.ID, tenant.LabelChange{Name: &name})
		e.Wants(fault.Conflict, err)
	}
	for _, name := range append(badNames, strings.Repeat("W", 65)) {
		_, err := e.Tenants.NewLabel(t.Context(), e.Operator(), e.MSP.ID, tenant.LabelChange{Name: &name})
		e.Wants(fault.Invalid, err)
	}
	_, err := e.Tenants.NewLabel(t.Context(), e.Operator(), e.ForeignMSP.ID, tenant.LabelChange{Name: pointer("Händler")})
	must(t, err)
}

func TestWhoMayChangeTheLabelsOfAnMSP(t *testing.T) {
	e := apptest.NewEstate(t)
	label := newLabel(t, e, "Retail")
	for _, test := range []struct {
		by        identity.Principal
		sees, may fault.Code
	}{
		{e.Operator(), "", ""},
		{e.Person(e.MSP.Place(), identity.Admin), "", ""},
		{e.Person(e.MSP.Place(), identity.Write), "", fault.Forbidden},
		{e.Person(e.MSP.Place(), identity.Read), "", fault.Forbidden},
		{e.Person(e.ForeignMSP.Place(), identity.Admin), fault.NotFound, fault.NotFound},
		{e.Person(e.Org.Place(), identity.Admin), fault.NotFound, fault.NotFound},
		{e.SupportAgent(), fault.NotFound, fault.NotFound},
	} {
		_, err := e.Tenants.Label(t.Context(), test.by, e.MSP.ID, label.ID)
		e.Wants(test.sees, err)
		_, err = e.Tenants.Labels(t.Context(), test.by, e.MSP.ID)
		e.Wants(test.sees, err)
		changed, err := e.Tenants.ChangeLabel(t.Context(), test.by, e.MSP.ID, label.ID,
			tenant.LabelChange{Name: pointer("By " + test.by.FirstName)})
		e.Wants(test.may, err)
		if err == nil {
			label = changed
		}
		_, err = e.Tenants.NewLabel(t.Context(), test.by, e.MSP.ID, tenant.LabelChange{Name: pointer("New by " + test.by.FirstName)})
		e.Wants(test.may, err)
		if test.may != "" {
			e.Wants(test.may, e.Tenants.DeleteLabel(t.Context(), test.by, e.MSP.ID, label.ID))
		}
	}
	foreign := e.Person(e.ForeignMSP.Place(), identity.Admin)
	_, err := e.Tenants.Label(t.Context(), foreign, e.ForeignMSP.ID, label.ID)
	e.Wants(fault.NotFound, err) // by the path of the own MSP
}

func TestAnOrganizationHasLabelsOfItsOwnMSPOnly(t *testing.T) {
	e := apptest.NewEstate(t)
	label := newLabel(t, e, "Retail")
	for name, ids := range map[string][]string{
		"of another MSP": {e.Foreign.ID}, "a direct customer": {e.Direct.ID}, "no id": {"x"},
		"unknown": {e.Journal.NewID()}, "one of several": {e.Org.ID, e.Foreign.ID},
	} {
		_, err := e.Tenants.ChangeLabel(t.Context(), e.Operator(), e.MSP.ID, label.ID, tenant.LabelChange{OrgIDs: &ids})
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), ids[len(ids)-1]) {
			t.Errorf("%s: %v", name, err)
		}
	}
	foreign, err := e.Tenants.NewLabel(t.Context(), e.Operator(), e.ForeignMSP.ID, tenant.LabelChange{Name: pointer("Foreign")})
	must(t, err)
	for _, id := range []string{foreign.ID, e.Journal.NewID(), "x", ""} {
		_, err := e.Tenants.ChangeOrg(t.Context(), e.Operator(), e.Org.ID, tenant.OrgChange{Labels: &[]string{label.ID, id}})
		e.Wants(fault.Invalid, err)
	}
	_, err = e.Tenants.ChangeOrg(t.Context(), e.Operator(), e.Direct.ID, tenant.OrgChange{Labels: &[]string{label.ID}})
	e.Wants(fault.Invalid, err)
	if got := labelled(t, e, label); len(got) != 0 {
		t.Errorf("refused changes left %v", got)
	}
}

func TestTheMSPLabelsItsOrganizationsAndTheirPeopleDoNot(t *testing.T) {
	e := apptest.NewEstate(t)
	label := newLabel(t, e, "Retail")
	super := e.Person(e.MSP.Place(), identity.Admin)
	org, err := e.Tenants.ChangeOrg(t.Context(), super, e.Org.ID, tenant.OrgChange{Labels: &[]string{label.ID, label.ID}})
	if err != nil || !slices.Equal(org.Labels, []string{label.ID}) {
		t.Fatalf("%v, %v", org.Labels, err)
	}
	made, err := e.Tenants.NewOrg(t.Context(), super, e.MSP.ID, tenant.OrgChange{Name: pointer("New"), Labels: &[]string{label.ID}})
	must(t, err)
	if got := labelled(t, e, label); len(got) != 2 || !slices.Contains(got, made.ID) {
		t.Errorf("the label is on %v", got)
	}
	other := newLabel(t, e, "Other")
	own := e.Person(e.Org.Place(), identity.Admin)
	for _, by := range []identity.Principal{own, e.Person(e.MSP.Place(), identity.Write)} {
		_, err := e.Tenants.ChangeOrg(t.Context(), by, e.Org.ID, tenant.OrgChange{Labels: &[]string{other.ID}})
		e.Wants(fault.Forbidden, err)
		_, err = e.Tenants.ChangeOrg(t.Context(), by, e.Org.ID, tenant.OrgChange{Name: pointer("Rialto"), Labels: &org.Labels})
		must(t, err) // as it was read
	}
	org, err = e.Tenants.ChangeOrg(t.Context(), own, e.Org.ID, tenant.OrgChange{Labels: &[]string{}})
	if err != nil || !slices.Equal(org.Labels, []string{label.ID}) {
		t.Errorf("who does not see the labels writes back that there are none: %v, %v", org.Labels, err)
	}
	chosen, err := e.Tenants.MSPOrgs(t.Context(), super, e.MSP.ID, tenant.OrgFilter{LabelID: label.ID, Name: "RIAL"}, 100)
	if err != nil || len(chosen) != 1 || chosen[0].ID != e.Org.ID {
		t.Errorf("%+v, %v", chosen, err)
	}
	_, err = e.Tenants.MSPOrgs(t.Context(), super, e.MSP.ID, tenant.OrgFilter{LabelID: e.Journal.NewID()}, 100)
	e.Wants(fault.Invalid, err)
}

func TestOneCallMovesAtMostFortyOrganizations(t *testing.T) {
	e := apptest.NewEstate(t)
	var ids []string
	for i := range tenant.MaxLabelMoves + 1 {
		ids = append(ids, e.NewOrg(e.MSP.ID, fmt.Sprintf("Org %02d", i)).ID)
	}
	_, err := e.Tenants.NewLabel(t.Context(), e.Operator(), e.MSP.ID, tenant.LabelChange{Name: pointer("All"), OrgIDs: &ids})
	e.Wants(fault.Invalid, err)
	most := ids[1:]
	label := newLabel(t, e, "All", most...)
	_, err = e.Tenants.ChangeOrg(t.Context(), e.Operator(), ids[0], tenant.OrgChange{Labels: &[]string{label.ID}})
	must(t, err)
	e.Wants(fault.Conflict, e.Tenants.DeleteLabel(t.Context(), e.Operator(), e.MSP.ID, label.ID))
	_, err = e.Tenants.ChangeLabel(t.Context(), e.Operator(), e.MSP.ID, label.ID, tenant.LabelChange{OrgIDs: &most})
	must(t, err)
	must(t, e.Tenants.DeleteLabel(t.Context(), e.Operator(), e.MSP.ID, label.ID))
}

func TestAnOrganizationHasAtMostTwentyLabels(t *testing.T) {
	e := apptest.NewEstate(t)
	var ids []string
	for i := range tenant.MaxOrgLabels + 1 {
		ids = append(ids, newLabel(t, e, fmt.Sprintf("Label %02d", i)).ID)
	}
	_, err := e.Tenants.ChangeOrg(t.Context(), e.Operator(), e.Org.ID, tenant.OrgChange{Labels: &ids})
	e.Wants(fault.Conflict, err)
	most := ids[1:]
	_, err = e.Tenants.ChangeOrg(t.Context(), e.Operator(), e.Org.ID, tenant.OrgChange{Labels: &most})
	must(t, err)
	_, err = e.Tenants.ChangeLabel(t.Context(), e.Operator(), e.MSP.ID, ids[0], tenant.LabelChange{OrgIDs: &[]string{e.Org.ID}})
	e.Wants(fault.Conflict, err)
}

// TestALabelIsNotGivenWhileItIsDeleted holds that organizations and labels agree, whoever is first.
func TestALabelIsNotGivenWhileItIsDeleted(t *testing.T) {
	e := apptest.NewEstate(t)
	for i := range 10 {
		label := newLabel(t, e, fmt.Sprintf("Label %d", i))
		var wait sync.WaitGroup
		wait.Go(func() {
			_, err := e.Tenants.ChangeOrg(t.Context(), e.Operator(), e.Org.ID, tenant.OrgChange{Labels: &[]string{label.ID}})
			if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Invalid) {
				t.Error(err)
			}
		})
		wait.Go(func() {
			err := e.Tenants.DeleteLabel(t.Context(), e.Operator(), e.MSP.ID, label.ID)
			if err != nil && !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
		})
		wait.Wait()
		org, err := e.Tenants.LoadOrg(t.Context(), e.Org.ID)
		must(t, err)
		_, err = e.Tenants.Label(t.Context(), e.Operator(), e.MSP.ID, label.ID)
		if slices.Contains(org.Labels, label.ID) == fault.Is(err, fault.NotFound) {
			t.Errorf("the organization has %v; the label: %v", org.Labels, err)
		}
	}
}

// TestNamesOfLabelsAreFoldedOnce holds because folding takes time: a request has hundreds of long names,
// and an MSP hundreds of labels.
func TestNamesOfLabelsAreFoldedOnce(t *testing.T) {
	e := apptest.NewEstate(t)
	var names []string
	for n := range 60 {
		names = append(names, newLabel(t, e, fmt.Sprint("Größe ", n)).Name+strings.Repeat(" ", 2000))
	}
	request := tenant.Relabeling{Remove: slices.Repeat(names, 8)}
	folded := testing.AllocsPerRun(1, func() {
		resolved, err := e.Tenants.Resolve(t.Context(), e.Operator(), e.MSP.ID, request)
		if err != nil || len(resolved.Remove) != len(names) {
			t.Errorf("%d labels, %v", len(resolved.Remove), err)
		}
	})
	if folded > 60_000 {
		t.Errorf("%v allocations", folded)
	}
}

// TestALabelThatChangesWhileAnOrganizationIsCreatedIsAConflict holds because the label must exist when the
// organization is stored: who sent the request can send it again.
func TestALabelThatChangesWhileAnOrganizationIsCreatedIsAConflict(t *testing.T) {
	e := apptest.NewEstate(t)
	label := newLabel(t, e, "Retail")
	var group sync.WaitGroup
	group.Go(func() {
		for n := range 60 {
			_, err := e.Tenants.ChangeLabel(t.Context(), e.Operator(), e.MSP.ID, label.ID,
				tenant.LabelChange{Name: pointer(fmt.Sprint("Retail ", n))})
			if err != nil && !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
		}
	})
	for n := range 60 {
		name := fmt.Sprint("Customer ", n)
		_, err := e.Tenants.NewOrg(t.Context(), e.Operator(), e.MSP.ID,
			tenant.OrgChange{Name: &name, Labels: &[]string{label.ID}})
		if err != nil && !fault.Is(err, fault.Conflict) {
			t.Errorf("%v", err)
		}
	}
	group.Wait()
	labelled(t, e, label)
}
