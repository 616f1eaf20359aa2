package life_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/spreadsheet"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
)

// emptied makes direct customers of the organizations of the MSP, and moves what belongs to them.
func emptied(w *supporttest.World) {
	w.T.Helper()
	for _, org := range []tenant.Org{w.Org, w.Neighbour} {
		_, err := w.Tenants.TransferOrg(w.T.Context(), w.Operator(), org.ID, tenant.Transfer{Operator: true})
		w.Must(err)
		w.Must(w.Handover.Finish(w.T.Context(), org.ID))
	}
	w.IndexAll()
}

func TestOnlyOperatorsDeleteAnMSP(t *testing.T) {
	w := supporttest.NewWorld(t)
	emptied(w)
	for name, test := range map[string]struct {
		by   identity.Principal
		want fault.Code
	}{
		"its super user":       {w.Person(w.MSP.Place(), identity.Admin), fault.Forbidden},
		"its agent":            {w.Agent, fault.Forbidden},
		"another's super user": {w.Person(w.ForeignMSP.Place(), identity.Admin), fault.NotFound},
		"a former customer":    {w.Customer, fault.NotFound},
		"a support agent":      {w.SupportAgent(), fault.NotFound},
	} {
		if err := w.Life.DeleteMSP(t.Context(), test.by, w.MSP.ID); fault.CodeOf(err) != test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.Must(w.Life.DeleteMSP(t.Context(), w.Operator(), w.MSP.ID))
	w.Wants(fault.NotFound, w.Life.DeleteMSP(t.Context(), w.Operator(), w.MSP.ID))
}

func TestAnMSPIsDeletedOnlyWhenItHasNothingToLookAfter(t *testing.T) {
	w := supporttest.NewWorld(t)
	ctx := t.Context()
	w.NewCase(w.Customer, "No Wi-Fi")
	refused := func(part string) {
		t.Helper()
		err := w.Life.DeleteMSP(ctx, w.Operator(), w.MSP.ID)
		w.Wants(fault.Conflict, err)
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%v, want %q", err, part)
		}
	}
	refused("It has 2 organizations: make them direct customers")
	_, err := w.Life.Delete(ctx, w.Operator(), w.Neighbour.ID)
	w.Must(err)
	refused("It has an organization")
	_, err = w.Tenants.TransferOrg(ctx, w.Operator(), w.Org.ID, tenant.Transfer{Operator: true})
	w.Must(err)
	refused("Deleted organizations of it are in the bin")
	_, err = w.Life.Restore(ctx, w.Operator(), w.Neighbour.ID)
	w.Must(err)
	_, err = w.Tenants.TransferOrg(ctx, w.Operator(), w.Neighbour.ID, tenant.Transfer{MSPID: w.ForeignMSP.ID})
	w.Must(err)
	refused("are still moving")
	w.Must(w.Handover.Finish(ctx, w.Org.ID))
	w.Must(w.Handover.Finish(ctx, w.Neighbour.ID))
	w.Must(w.Life.DeleteMSP(ctx, w.Operator(), w.MSP.ID))
}

func TestADeletedMSPIsMissingAndLeavesNothingButTheAuditLog(t *testing.T) {
	w := supporttest.NewWorld(t)
	ctx := t.Context()
	super := w.Person(w.MSP.Place(), identity.Admin)
	w.Invite(w.MSP.Place(), identity.Read, "pending@adria.example.net")
	name := "Retail"
	_, err := w.Tenants.NewLabel(ctx, w.Operator(), w.MSP.ID, tenant.LabelChange{Name: &name})
	w.Must(err)
	_, err = w.Exports.Create(ctx, super, w.MSP.ID, spreadsheet.Format{})
	w.Must(err)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	w.Comment(w.Agent, c, "Try again.")
	emptied(w)
	before := known(w)
	w.Must(w.Life.DeleteMSP(ctx, w.Operator(), w.MSP.ID))
	for person, by := range map[string]identity.Principal{"the operator": w.Operator(), "its super user": super} {
		if _, err := w.Tenants.MSP(ctx, by, w.MSP.ID, identity.SeeMSP); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("%s still sees it: %v", person, err)
		}
	}
	_, err = w.Tenants.CreateOrg(ctx, w.Operator(), w.MSP.ID, "New", true)
	w.Wants(fault.NotFound, err)
	_, err = w.Tenants.TransferOrg(ctx, w.Operator(), w.Direct.ID, tenant.Transfer{MSPID: w.MSP.ID})
	w.Wants(fault.Invalid, err)
	tend(w, before)
	told := 0
	for _, message := range w.Outbox() {
		if before[message.ID] || message.Queue != queue.MailSend {
			continue
		}
		if notice := supporttest.Decoded[identity.Notice](t, message.Body); notice.Event == identity.MSPDeleted {
			told++
			if notice.RecipientID != super.UserID {
				t.Errorf("told %+v", notice)
			}
		}
	}
	if told != 1 {
		t.Errorf("%d super users were told", told)
	}
	if held := w.Fresh(super).Privileges; len(held) != 0 {
		t.Errorf("the super user still has %+v", held)
	}
	w.Clock.Pass(time.Hour)
	due(w)
	w.Clock.Pass(12 * time.Hour)
	due(w) // its last day is not archived yet
	w.Clock.Pass(36 * time.Hour)
	_, err = w.Archive.CatchUp(ctx)
	w.Must(err)
	due(w)
	deliverAll(w)
	for _, trace := range traces(w, w.MSP.ID) {
		if !strings.Contains(trace, "| MOVE |") { // where a former organization of it came from
			t.Errorf("left: %.300s", trace)
		}
	}
	all, err := w.Tenants.MSPs(ctx, w.Operator())
	w.Must(err)
	if slices.ContainsFunc(all, func(msp tenant.MSP) bool { return msp.ID == w.MSP.ID }) || len(all) != 1 {
		t.Errorf("the MSPs are %+v", all)
	}
	log := w.AuditLog("MSP#" + w.MSP.ID)
	if !slices.ContainsFunc(log, func(e change.Entry) bool { return e.Action == "msps.delete" }) {
		t.Errorf("its log is %+v", log)
	}
	// What it looked after is where it went, with its cases.
	if got, err := w.Cases.Detail(ctx, w.Customer, w.Org.ID, c.ID); err != nil || got.MSPID != "" {
		t.Errorf("the case is %+v, %v", got, err)
	}
}

// TestNoOrganizationGetsIntoAnMSPThatIsDeletedAtTheSameTime creates an organization while the MSP is
// deleted: one of the two fails.
func TestNoOrganizationGetsIntoAnMSPThatIsDeletedAtTheSameTime(t *testing.T) {
	w := supporttest.NewWorld(t)
	ctx, operator := t.Context(), w.Operator()
	for range 15 {
		name := "Short-lived"
		msp, err := w.Tenants.NewMSP(ctx, operator, tenant.MSPChange{Name: &name})
		w.Must(err)
		var both sync.WaitGroup
		var created, deleted error
		both.Go(func() { _, created = w.Tenants.CreateOrg(ctx, operator, msp.ID, "New", true) })
		both.Go(func() { deleted = w.Life.DeleteMSP(ctx, operator, msp.ID) })
		both.Wait()
		if (created == nil) == (deleted == nil) {
			t.Fatalf("created: %v, deleted: %v", created, deleted)
		}
	}
}
