package bastion_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/bastion"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/outward"
	"github.com/tenantry/tenantry/shared/seal"
	"github.com/tenantry/tenantry/shared/tenant"
)

func TestStatesMoveOnlyAlongTheArrows(t *testing.T) {
	w := newWorld(t)
	for _, from := range tenant.BastionStates() {
		for _, to := range tenant.BastionStates() {
			want := map[tenant.BastionState]tenant.BastionState{
				tenant.Unconfigured: tenant.StageRequested, tenant.StageRequested: tenant.Staged,
				tenant.Staged: tenant.UnstageRequested, tenant.UnstageRequested: tenant.Unstaged,
				tenant.Unstaged: tenant.StageRequested,
			}[from] == to
			if from.MayBecome(to) != want {
				t.Errorf("%s to %s: %v", from, to, !want)
			}
		}
	}
	w.is(w.Org, tenant.Unconfigured, "")
	_, changed, err := w.here.Unstage(t.Context(), w.operator, w.Org.ID)
	if changed || err != nil {
		t.Errorf("unstaging what was never staged: %v, %v", changed, err)
	}
	for range 2 {
		w.stage(w.Org)
		w.is(w.Org, tenant.StageRequested, "")
		_, _, err = w.here.Unstage(t.Context(), w.operator, w.Org.ID)
		w.Wants(fault.Conflict, err)
		w.work(1)
		w.is(w.Org, tenant.Staged, w.Org.Name)
		if _, changed, err = w.here.Stage(t.Context(), w.operator, w.Org.ID); changed || err != nil {
			t.Errorf("staging what is staged: %v, %v", changed, err)
		}
		w.unstage(w.Org)
		w.is(w.Org, tenant.UnstageRequested, w.Org.Name)
		_, _, err = w.here.Stage(t.Context(), w.operator, w.Org.ID)
		w.Wants(fault.Conflict, err)
		w.work(1)
		w.is(w.Org, tenant.Unstaged, "")
	}
	page, err := w.here.List(t.Context(), w.operator, "", 10)
	if err != nil || len(page.Orgs) != 1 || page.Orgs[0].State != tenant.Unstaged || page.Orgs[0].Name != w.Org.Name {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestMessagesThatComeTwiceAndAnswersThatAreLostEndTheSame(t *testing.T) {
	w := newWorld(t)
	lose := 0
	w.losing(nil, func(bastion.Request) bool { lose++; return lose%2 == 1 })
	w.stage(w.Org)
	w.stage(w.Foreign)
	w.work(3)
	w.is(w.Org, tenant.Staged, w.Org.Name)
	w.is(w.Foreign, tenant.Staged, w.Foreign.Name)
	if first, again := w.sent()[0], w.sent()[1]; first.Number != again.Number || first.ID != again.ID {
		t.Error("a request whose answer was lost was not sent again as the same")
	}
	w.losing(all, nil)
	w.unstage(w.Org)
	w.work(2)
	status := w.is(w.Org, tenant.UnstageRequested, w.Org.Name)
	if !strings.Contains(status.Reason, "cannot be reached") {
		t.Errorf("%+v", status)
	}
	w.losing(nil, nil)
	w.later(2 * time.Minute)
	w.is(w.Org, tenant.Unstaged, "")
	w.is(w.Foreign, tenant.Staged, w.Foreign.Name)
	w.unstage(w.Foreign) // the bastion is up, so it is called at once
	w.work(1)
	w.is(w.Foreign, tenant.Unstaged, "")
}

func TestWhatIsNotConfirmedWithinADayIsGivenUpAndCanBeAskedAgain(t *testing.T) {
	w := newWorld(t)
	w.losing(all, nil)
	w.stage(w.Org)
	w.work(1)
	sent := len(w.sent())
	w.stage(w.Foreign)
	w.work(1)
	if len(w.sent()) != sent {
		t.Error("a bastion that is down was called for another organization at once")
	}
	w.later(time.Hour)
	w.is(w.Org, tenant.StageRequested, "")
	w.later(23 * time.Hour)
	for _, org := range []tenant.Org{w.Org, w.Foreign} {
		status := w.is(org, tenant.StageRequested, "")
		if !status.GaveUp() {
			t.Errorf("%+v", status)
		}
	}
	sent = len(w.sent())
	w.losing(nil, nil)
	w.later(time.Hour)
	if len(w.sent()) != sent {
		t.Error("it was sent again after it was given up")
	}
	w.stage(w.Org)
	w.work(1)
	if status := w.is(w.Org, tenant.Staged, w.Org.Name); status.Reason != "" || status.Due != 0 {
		t.Errorf("%+v", status)
	}
}

func TestARenameIsSentToTheBastion(t *testing.T) {
	w := newWorld(t)
	w.stage(w.Org)
	w.work(1)
	rename := func(name string) {
		t.Helper()
		_, err := w.Tenants.ChangeOrg(t.Context(), w.operator, w.Org.ID, tenant.OrgChange{Name: &name})
		w.must(err)
	}
	rename("Rialto Group")
	w.work(1)
	w.is(w.Org, tenant.Staged, "Rialto Group")
	w.losing(all, nil)
	rename("Rialto Holding")
	w.work(1)
	if status := w.is(w.Org, tenant.Staged, "Rialto Group"); status.Due == 0 || status.Reason == "" {
		t.Errorf("%+v", status)
	}
	w.losing(nil, nil)
	rename("Rialto Group") // nothing is to be sent any more
	sent := len(w.sent())
	w.later(2 * time.Minute)
	if status := w.is(w.Org, tenant.Staged, "Rialto Group"); status.Due != 0 || len(w.sent()) != sent {
		t.Errorf("%+v after %d requests", status, len(w.sent())-sent)
	}
	renamed := false
	w.losing(nil, func(bastion.Request) bool {
		if !renamed {
			renamed = true
			rename("Renamed on the way")
		}
		return false
	})
	rename("Rialto Again")
	w.work(1)
	w.is(w.Org, tenant.Staged, "Renamed on the way")
}

func TestALateRequestChangesNothingAfterALaterOne(t *testing.T) {
	w := newWorld(t)
	w.stage(w.Org)
	w.work(1)
	w.unstage(w.Org)
	w.work(1)
	late := w.sent()[0]
	_, err := w.there.Receive(t.Context(), late)
	w.Wants(fault.Conflict, err)
	w.is(w.Org, tenant.Unstaged, "")
}

// TestALateReceiptDoesNotConfirmALaterRequest stages, unstages and asks again, while the answer to the first
// request is still on its way.
func TestALateReceiptDoesNotConfirmALaterRequest(t *testing.T) {
	w := newWorld(t)
	task := tenant.BastionTask{Kind: tenant.BastionTaskKind, OrgID: w.Org.ID}
	first := true
	w.losing(nil, func(bastion.Request) bool {
		if first {
			first = false
			w.must(w.here.Tend(t.Context(), task, time.Minute))
			w.unstage(w.Org)
			w.must(w.here.Tend(t.Context(), task, time.Minute))
			w.stage(w.Org)
		}
		return false
	})
	w.stage(w.Org)
	w.must(w.here.Tend(t.Context(), task, time.Minute))
	w.is(w.Org, tenant.StageRequested, "")
	w.must(w.here.Tend(t.Context(), task, time.Minute))
	w.is(w.Org, tenant.Staged, w.Org.Name)
}

func TestNumbersGoOnAfterABackupOfProductionWasRestored(t *testing.T) {
	w := newWorld(t)
	for range 3 {
		w.stage(w.Org)
		w.work(1)
		w.unstage(w.Org)
		w.work(1)
	}
	item, err := w.Store.Get(t.Context(), numberKey())
	w.must(err)
	_, err = w.Store.Count(t.Context(), item.Key, -5, 0)
	w.must(err)
	w.stage(w.Org)
	w.work(1)
	w.is(w.Org, tenant.Staged, w.Org.Name)
	w.unstage(w.Org)
	w.work(1)
	w.is(w.Org, tenant.Unstaged, "")
}

func TestTheBastionIsForOperatorsAndOffAtFirst(t *testing.T) {
	w := newWorld(t)
	for _, by := range []identity.Principal{
		w.Person(w.MSP.Place(), identity.Admin), w.Person(w.Org.Place(), identity.Admin), w.SupportAgent(),
	} {
		_, err := w.here.Setting(t.Context(), by)
		w.Wants(fault.Forbidden, err)
		_, err = w.here.ChangeSetting(t.Context(), by, bastion.Change{Enabled: new(false)})
		w.Wants(fault.Forbidden, err)
		_, err = w.here.List(t.Context(), by, "", 10)
		w.Wants(fault.Forbidden, err)
		_, err = w.here.Status(t.Context(), by, w.Org.ID)
		w.Wants(fault.Forbidden, err)
		_, _, err = w.here.Stage(t.Context(), by, w.Org.ID)
		w.Wants(fault.Forbidden, err)
		_, _, err = w.here.Unstage(t.Context(), by, w.Org.ID)
		w.Wants(fault.Forbidden, err)
	}
	other := bastion.New(w.peer.Journal, w.peer.Tenants, w.peer.Keyring, outward.New(outward.Options{}))
	_, _, err := other.Stage(t.Context(), w.peer.Operator(), w.peer.Org.ID)
	w.Wants(fault.Conflict, err) // it is the bastion, not production
}

func TestSettingsThatCannotWorkAreRefused(t *testing.T) {
	w := newWorld(t)
	setting, err := w.here.Setting(t.Context(), w.operator)
	w.must(err)
	for name, change := range map[string]bastion.Change{
		"another side":        {Side: new(bastion.Side("both"))},
		"no key":              {PeerKey: new("")},
		"a short key":         {PeerKey: new("AAAA")},
		"its own key":         {PeerKey: &setting.Key},
		"no address":          {PeerURL: new("")},
		"http":                {PeerURL: new("http://bastion.example.com")},
		"http on one machine": {PeerURL: new("http://127.0.0.1:1")},
		"a path":              {PeerURL: new("https://bastion.example.com/x")},
		"a query":             {PeerURL: new("https://bastion.example.com?x")},
		"a password":          {PeerURL: new("https://a:b@bastion.example.com")},
		"an address there":    {Side: new(bastion.BastionSide)},
	} {
		if _, err := w.here.ChangeSetting(t.Context(), w.operator, change); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = w.here.ChangeSetting(t.Context(), w.operator, bastion.Change{Enabled: new(false), Version: 1})
	w.Wants(fault.Conflict, err)
	unchanged, err := w.here.ChangeSetting(t.Context(), w.operator, bastion.Change{Enabled: new(true)})
	if err != nil || unchanged != setting {
		t.Errorf("%+v, %v", unchanged, err)
	}
	w.stage(w.Org)
	w.work(1)
	_, err = w.here.ChangeSetting(t.Context(), w.operator, bastion.Change{Enabled: new(false)})
	w.Wants(fault.Conflict, err)
	_, err = w.there.ChangeSetting(t.Context(), w.peer.Operator(),
		bastion.Change{Enabled: new(false), Side: new(bastion.Production)})
	w.Wants(fault.Conflict, err)
	w.unstage(w.Org)
	w.work(1)
	off := w.set(w.here, w.operator, bastion.Change{Enabled: new(false)})
	if off.Key != setting.Key || bastion.Fingerprint(off.Key) == "" || len(bastion.Fingerprint(off.Key)) != 39 {
		t.Errorf("%+v", off)
	}
	_, _, err = w.here.Stage(t.Context(), w.operator, w.Org.ID)
	w.Wants(fault.Conflict, err)
}

func TestTheKeyIsSealedAndStaysWhenTheSecretRotates(t *testing.T) {
	w := newWorld(t)
	setting, err := w.here.Setting(t.Context(), w.operator)
	w.must(err)
	first, second := []byte(strings.Repeat("a", seal.SecretBytes)), []byte(strings.Repeat("b", seal.SecretBytes))
	rotated, err := seal.NewRotated([]seal.Secret{{Bytes: first}}, w.Clock.Now)
	w.must(err)
	elsewhere := bastion.New(w.Journal, w.Tenants, rotated, outward.New(outward.Options{}))
	// The secret is another one, so there is another key.
	made := w.set(elsewhere, w.operator, bastion.Change{PeerURL: new("https://bastion.example.com")})
	if made.Key == setting.Key {
		t.Error("a key was read with another secret")
	}
	w.must(rotated.Replace([]seal.Secret{{Bytes: first}, {Bytes: second, From: w.Clock.Now()}}))
	kept := w.set(elsewhere, w.operator, bastion.Change{PeerURL: new("https://other.example.com")})
	w.must(rotated.Replace([]seal.Secret{{Bytes: second}}))
	again := w.set(elsewhere, w.operator, bastion.Change{Enabled: new(true)})
	if again.Key != made.Key || kept.Key != made.Key {
		t.Error("the key changed with the secret")
	}
}
