package bastion_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/bastion"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
	"github.com/tenantry/tenantry/shared/tenant/life"
)

func numberKey() table.Key { return table.Key{Partition: "PLATFORM", Sort: "BASTIONNUMBER"} }

func TestOnlyTheLastRequestGetsItsReceiptAgain(t *testing.T) {
	w := newWorld(t)
	w.stage(w.Org)
	w.work(1)
	w.stage(w.Foreign)
	w.work(1)
	first, last := w.sent()[0], w.sent()[1]
	once, err := w.there.Receive(t.Context(), last)
	w.must(err)
	w.peer.Clock.Pass(time.Minute)
	again, err := w.there.Receive(t.Context(), last)
	w.must(err)
	var receipt bastion.Receipt
	w.must(json.Unmarshal(again.Body, &receipt))
	if string(once.Body) != string(again.Body) || receipt.Request != last.ID || receipt.OrgID != w.Foreign.ID ||
		receipt.State != tenant.Staged || len(receipt.SHA256) != 64 {
		t.Errorf("%s, then %s", once.Body, again.Body)
	}
	_, err = w.there.Receive(t.Context(), first)
	w.Wants(fault.Conflict, err)
}

// TestAChangedRequestIsRefused takes a request that the bastion has not got yet, and changes one thing.
func TestAChangedRequestIsRefused(t *testing.T) {
	w := newWorld(t)
	w.losing(all, nil)
	w.stage(w.Org)
	w.work(1)
	sent := w.sent()[0]
	for name, change := range map[string]func(*bastion.Request){
		"another method":       func(r *bastion.Request) { r.Method = http.MethodDelete },
		"another organization": func(r *bastion.Request) { r.OrgID = w.Foreign.ID },
		"another body":         func(r *bastion.Request) { r.Body = []byte(`{"id":"` + w.Org.ID + `","name":"Evil"}`) },
		"another digest":       func(r *bastion.Request) { r.Digest = "sha-256=:AA==:" },
		"another number":       func(r *bastion.Request) { r.Number = "99" },
		"another id":           func(r *bastion.Request) { r.ID = w.Foreign.ID },
		"another bastion":      func(r *bastion.Request) { r.To = r.To[1:] + "A" },
		"no signature":         func(r *bastion.Request) { r.Signature.Signature = "" },
	} {
		changed := sent
		change(&changed)
		if _, err := w.there.Receive(t.Context(), changed); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.peer.Clock.Pass(time.Hour)
	_, err := w.there.Receive(t.Context(), sent)
	w.Wants(fault.Forbidden, err)
	w.peer.Clock.Pass(-time.Hour)
	w.set(w.there, w.peer.Operator(), bastion.Change{Enabled: new(false)})
	_, err = w.there.Receive(t.Context(), sent)
	w.Wants(fault.NotFound, err)
	_, err = w.here.Receive(t.Context(), sent)
	w.Wants(fault.NotFound, err)
	w.set(w.there, w.peer.Operator(), bastion.Change{Enabled: new(true)})
	if _, err = w.there.Receive(t.Context(), sent); err != nil {
		t.Errorf("unchanged: %v", err)
	}
}

func TestWhyTheBastionRefusesIsShownAtProduction(t *testing.T) {
	w := newWorld(t)
	stage := func() string {
		t.Helper()
		org := w.NewOrg(w.MSP.ID, "Customer "+w.Journal.NewID())
		w.Clock.Pass(time.Minute) // so that the bastion is called though it was down
		w.peer.Clock.Pass(time.Minute)
		w.stage(org)
		w.work(1)
		return w.is(org, tenant.StageRequested, "").Reason
	}
	signed := "The bastion refuses the signature. Compare the keys and the clocks of both."
	w.peer.Clock.Pass(time.Hour)
	if got := stage(); got != signed {
		t.Errorf("a clock that is wrong by an hour: %q", got)
	}
	w.peer.Clock.Pass(-time.Hour)
	setting, err := w.there.Setting(t.Context(), w.peer.Operator())
	w.must(err)
	w.set(w.there, w.peer.Operator(), bastion.Change{PeerKey: new("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")})
	if got := stage(); got != signed {
		t.Errorf("another key: %q", got)
	}
	w.set(w.there, w.peer.Operator(), bastion.Change{PeerKey: &setting.PeerKey, Enabled: new(false)})
	if got := stage(); got != "The bastion answers with the status 404: its switch is off, or it is no bastion." {
		t.Errorf("switched off: %q", got)
	}
	w.set(w.there, w.peer.Operator(), bastion.Change{Enabled: new(true)})
	w.status.Store(500)
	org := w.NewOrg(w.MSP.ID, "Broken")
	w.Clock.Pass(time.Minute)
	w.peer.Clock.Pass(time.Minute)
	w.stage(org)
	w.work(1)
	if got := w.is(org, tenant.StageRequested, "Broken").Reason; got != "The bastion answers with the status 500." {
		t.Errorf("a fault there: %q", got)
	}
	w.status.Store(0)
	w.later(2 * time.Minute)
	page, err := w.here.List(t.Context(), w.operator, "", 10)
	w.must(err)
	for _, one := range page.Orgs {
		if one.State != tenant.Staged || one.Reason != "" {
			t.Errorf("%+v", one)
		}
	}
}

func TestAStagedOrganizationIsNotDeletedAndIsForgottenAtItsPurge(t *testing.T) {
	w := newWorld(t)
	preview := func(action bulk.Action) bulk.Preview {
		t.Helper()
		preview, err := w.OrgJobs.Preview(t.Context(), w.operator, "",
			bulk.Request{Action: action, OrgIDs: []string{w.Org.ID}})
		w.must(err)
		return preview
	}
	if got := preview(bastion.StageAction); got.Changed != 1 {
		t.Errorf("%+v", got)
	}
	w.stage(w.Org)
	_, err := w.Life.Delete(t.Context(), w.operator, w.Org.ID)
	w.Wants(fault.Conflict, err)
	if got := preview(bastion.UnstageAction); got.Blocked != 1 {
		t.Errorf("%+v", got)
	}
	w.work(1)
	_, err = w.Life.Delete(t.Context(), w.operator, w.Org.ID)
	w.Wants(fault.Conflict, err)
	if got := preview(life.DeleteAction); got.Blocked != 1 {
		t.Errorf("%+v", got)
	}
	w.unstage(w.Org)
	w.work(1)
	org, err := w.Tenants.LoadOrg(t.Context(), w.Org.ID)
	w.must(err)
	writes, err := w.here.ForgetWrites(t.Context(), org)
	if err != nil || len(writes) != 1 {
		t.Errorf("%v, %v", writes, err)
	}
	_, err = w.Life.Delete(t.Context(), w.operator, w.Org.ID)
	w.must(err)
	_, _, err = w.here.Stage(t.Context(), w.operator, w.Org.ID)
	w.Wants(fault.NotFound, err)
}

func TestATransferredOrganizationKeepsItsState(t *testing.T) {
	w := newWorld(t)
	w.stage(w.Org)
	moved, err := w.Tenants.TransferOrg(t.Context(), w.operator, w.Org.ID,
		tenant.Transfer{MSPID: w.ForeignMSP.ID, Operator: true, Partner: true})
	if err != nil || !moved {
		t.Fatalf("%v, %v", moved, err)
	}
	w.is(w.Org, tenant.StageRequested, "")
	w.work(1)
	w.is(w.Org, tenant.Staged, w.Org.Name)
	w.unstage(w.Org)
	w.work(1)
	w.is(w.Org, tenant.Unstaged, "")
}
