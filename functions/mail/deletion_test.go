package mail_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/life"
)

// TestADeletionIsToldAndNothingElseIsSent holds for mails that wait when an organization is deleted.
func TestADeletionIsToldAndNothingElseIsSent(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	admin := w.Person(w.Org.Place(), identity.Admin)
	_, err := w.Tenants.ChangeSetting(ctx, admin, w.Org.ID, tenant.SettingChange{Fields: extension.Fields{
		"contact": json.RawMessage(`{"email":["front.desk@rialto.example.net"]}`),
	}})
	w.must(err)
	w.sendAll()
	seen := map[string]int{}
	people := []string{w.customer.Email, admin.Email, "front.desk@rialto.example.net", "new@rialto.example.net"}
	for _, address := range people {
		seen[address] = len(w.mails(address))
	}
	_, err = w.Cases.Create(ctx, w.customer, w.Org.ID, supporttest.Request("No Wi-Fi"))
	w.must(err)
	w.Invite(w.Org.Place(), identity.Read, "new@rialto.example.net")
	_, err = w.Life.Delete(ctx, w.Operator(), w.Org.ID)
	w.must(err)
	tend := func() {
		w.Clock.Pass(time.Second) // the outbox has messages of one moment in the order of their IDs
		for _, message := range w.Outbox() {
			var task life.Task
			if err := json.Unmarshal(message.Body, &task); err == nil && message.Queue == queue.Transfers {
				w.must(w.Life.Tend(ctx, task, time.Minute))
			}
		}
		w.sendAll()
	}
	tend()
	told := func(when, subject string) {
		t.Helper()
		for _, address := range people {
			fresh := w.mails(address)[seen[address]:]
			seen[address] += len(fresh)
			concerned := address == admin.Email || address == "front.desk@rialto.example.net"
			switch {
			case !concerned && len(fresh) > 0:
				t.Errorf("%s: %s got %q", when, address, fresh[0].Get("Subject"))
			case concerned && (len(fresh) != 1 || fresh[0].Get("Subject") != subject):
				t.Errorf("%s: %s got %d mails", when, address, len(fresh))
			}
		}
	}
	told("deleted", "Rialto Hotels was deleted")
	w.Clock.Pass(time.Second)
	_, err = w.Life.Restore(ctx, w.Operator(), w.Org.ID)
	w.must(err)
	tend()
	told("restored", "Rialto Hotels was restored")
}

func TestTheEndOfAnMSPIsToldToItsSuperUsers(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	super, reader := w.Person(w.ForeignMSP.Place(), identity.Admin), w.Person(w.ForeignMSP.Place(), identity.Read)
	_, err := w.Tenants.TransferOrg(ctx, w.Operator(), w.Foreign.ID, tenant.Transfer{Operator: true})
	w.must(err)
	w.must(w.Handover.Finish(ctx, w.Foreign.ID))
	w.sendAll()
	before := len(w.mails(reader.Email))
	w.must(w.Life.DeleteMSP(ctx, w.Operator(), w.ForeignMSP.ID))
	for range 2 { // delivered twice
		for _, message := range w.Outbox() {
			var task life.Task
			if err := json.Unmarshal(message.Body, &task); err == nil && task.Kind == life.MSPKind {
				w.must(w.Life.Tend(ctx, task, time.Minute))
			}
		}
		w.sendAll()
	}
	told := 0
	for _, one := range w.mails(super.Email) {
		if one.Get("Subject") == w.ForeignMSP.Name+" was deleted" {
			told++
			wantsAll(t, w.text(one), "deleted the MSP "+w.ForeignMSP.Name, "Your account stays", "cannot be turned off")
		}
	}
	if told != 1 || len(w.mails(reader.Email)) != before {
		t.Errorf("told %d times; the reader got %d mails", told, len(w.mails(reader.Email))-before)
	}
}
