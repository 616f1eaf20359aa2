package bastion_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/bastion"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/tenant"
)

// TestWhateverIsLostTheBastionHoldsWhatProductionSays does random steps on an organization while requests and
// answers are lost, messages come twice or late, and recorded requests are sent again. Its state moves only
// along the arrows, and in the end the bastion holds it if, and only if, it is staged.
func TestWhateverIsLostTheBastionHoldsWhatProductionSays(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	rapid.Check(t, func(rt *rapid.T) {
		org := w.NewOrg(w.MSP.ID, "Customer "+w.Journal.NewID())
		task := tenant.BastionTask{Kind: tenant.BastionTaskKind, OrgID: org.ID}
		state, name := tenant.Unconfigured, org.Name
		follow := func() {
			stored, err := w.Tenants.LoadOrg(ctx, org.ID)
			w.must(err)
			if now := stored.BastionState(); now != state {
				if !state.MayBecome(now) {
					rt.Fatalf("%s became %s", state, now)
				}
				state = now
			}
		}
		pass := func() {
			w.Clock.Pass(time.Minute)
			w.peer.Clock.Pass(time.Minute)
		}
		for range rapid.IntRange(3, 20).Draw(rt, "steps") {
			lost := func(bastion.Request) bool { return rapid.Bool().Draw(rt, "lost") }
			w.losing(lost, lost)
			steps := []string{"stage", "unstage", "rename", "message", "message", "due", "replay"}
			switch rapid.SampledFrom(steps).Draw(rt, "step") {
			case "stage":
				if _, _, err := w.here.Stage(ctx, w.operator, org.ID); err != nil && !fault.Is(err, fault.Conflict) {
					rt.Fatal(err)
				}
			case "unstage":
				if _, _, err := w.here.Unstage(ctx, w.operator, org.ID); err != nil && !fault.Is(err, fault.Conflict) {
					rt.Fatal(err)
				}
			case "rename":
				name = "Customer " + w.Journal.NewID()
				_, err := w.Tenants.ChangeOrg(ctx, w.operator, org.ID, tenant.OrgChange{Name: &name})
				w.must(err)
			case "message":
				w.must(w.here.Tend(ctx, task, time.Minute))
			case "due":
				pass()
				w.must(w.here.Tend(ctx, tenant.BastionTask{Kind: tenant.BastionDueKind}, time.Minute))
			case "replay":
				w.replay()
			}
			follow()
		}
		w.losing(nil, nil)
		pass()
		w.must(w.here.Tend(ctx, task, time.Minute))
		follow()
		w.replay()
		held := ""
		switch state {
		case tenant.Staged:
			held = name
		case tenant.StageRequested, tenant.UnstageRequested:
			rt.Fatalf("it is still %s", state)
		case tenant.Unconfigured, tenant.Unstaged:
		}
		w.is(org, state, held)
	})
}

// replay sends the latest requests to the bastion again, the last one first, as somebody does who has
// recorded them.
func (w *world) replay() {
	sent := w.sent()
	for _, one := range slices.Backward(sent[max(len(sent)-8, 0):]) {
		_, _ = w.there.Receive(w.t.Context(), one) // whatever it answers
	}
}
