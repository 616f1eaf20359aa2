package schedule_test

import (
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
)

// TestCasesAreUnassignedWhenTheirOrganizationLosesTheLabel holds it for each way in which a person loses
// the reach of a role at a label, and that it is kept as long as one label reaches.
func TestCasesAreUnassignedWhenTheirOrganizationLosesTheLabel(t *testing.T) {
	for name, lose := range map[string]func(w *supporttest.World, label tenant.Label, by identity.Principal) error{
		"the organization loses it": func(w *supporttest.World, _ tenant.Label, _ identity.Principal) error {
			_, err := w.Tenants.ChangeOrg(w.T.Context(), w.Operator(), w.Org.ID, tenant.OrgChange{Labels: &[]string{}})
			return err
		},
		"the label loses it": func(w *supporttest.World, label tenant.Label, _ identity.Principal) error {
			_, err := w.Tenants.ChangeLabel(w.T.Context(), w.Operator(), w.MSP.ID, label.ID,
				tenant.LabelChange{OrgIDs: &[]string{}})
			return err
		},
		"the label is deleted": func(w *supporttest.World, label tenant.Label, _ identity.Principal) error {
			return w.Tenants.DeleteLabel(w.T.Context(), w.Operator(), w.MSP.ID, label.ID)
		},
		"the person gets a role at another label": func(
			w *supporttest.World, _ tenant.Label, by identity.Principal,
		) error {
			other, err := w.Tenants.NewLabel(w.T.Context(), w.Operator(), w.MSP.ID, tenant.LabelChange{Name: new("Other")})
			w.Must(err)
			_, err = w.Accounts.WriteAdministrator(w.T.Context(), w.Operator(), w.MSP.Place(), by.UserID,
				[]identity.Privilege{{Scope: identity.LabelScope, Role: identity.Helpdesk, LabelID: other.ID}})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := supporttest.NewWorld(t)
			label, err := w.Tenants.NewLabel(t.Context(), w.Operator(), w.MSP.ID,
				tenant.LabelChange{Name: new("Retail"), OrgIDs: &[]string{w.Org.ID}})
			w.Must(err)
			by := w.Below(w.MSP.Place(),
				identity.Privilege{Scope: identity.LabelScope, Role: identity.Helpdesk, LabelID: label.ID})
			c := assigned(w, by, w.NewCase(w.Customer, "No Wi-Fi"))
			assignee := func() string { return w.Detail(w.Agent, support.Case{OrgID: c.OrgID, ID: c.ID}).Assignee.PartyID() }
			before := len(w.Outbox())
			_, err = w.Tenants.ChangeOrg(t.Context(), w.Operator(), w.Org.ID, tenant.OrgChange{Name: new("Rialto")})
			w.Must(err)
			clear(w, before)
			if assignee() != by.UserID {
				t.Error("unassigned although the label reaches it")
			}
			before = len(w.Outbox())
			w.Must(lose(w, label, by))
			clear(w, before)
			if assignee() != "" {
				t.Errorf("still assigned to somebody who does not see it")
			}
		})
	}
}
