package directory_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/directory"
)

var parts = []string{"Hotel", "hotels", "GmbH", "Zürich", "ZUERICH", "東京", "A", "ﬁsh & co", "100%", "#1", "n!"}

// TestListsAgreeWithThePlainListWhateverBecomesOfMessages creates, renames, labels, moves and removes
// organizations at random, while messages come twice, late, and in another order.
func TestListsAgreeWithThePlainListWhateverBecomesOfMessages(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		by := w.Operator()
		var labels []string
		for _, name := range []string{"North", "South"} {
			label, err := w.Tenants.NewLabel(t.Context(), by, w.MSP.ID, tenant.LabelChange{Name: &name})
			must(rt, err)
			labels = append(labels, label.ID)
		}
		msps := []string{"", w.MSP.ID, w.ForeignMSP.ID}
		all := model{w.Org, w.Neighbour, w.Foreign, w.Direct}
		name := func() string {
			return rapid.SampledFrom(parts).Draw(rt, "part") + " " + rapid.SampledFrom(parts).Draw(rt, "part")
		}
		var late []directory.Task
		for range rapid.IntRange(5, 30).Draw(rt, "steps") {
			w.Clock.Pass(time.Second)
			at := rapid.IntRange(0, len(all)-1).Draw(rt, "which")
			steps := []string{"create", "create", "rename", "label", "move", "remove", "message"}
			switch step := rapid.SampledFrom(steps).Draw(rt, "step"); {
			case step == "create" || len(all) == 1:
				org, err := w.unlisted.CreateOrg(t.Context(), by, rapid.SampledFrom(msps).Draw(rt, "msp"), name(), false)
				must(rt, err)
				all = append(all, org)
			case step == "rename":
				renamed := name()
				org, err := w.unlisted.ChangeOrg(t.Context(), w.Person(all[at].Place(), identity.Admin), all[at].ID,
					tenant.OrgChange{Name: &renamed})
				must(rt, err)
				all[at] = org
			case step == "label" && all[at].MSPID == w.MSP.ID:
				chosen := rapid.SliceOfDistinct(rapid.SampledFrom(labels), rapid.ID).Draw(rt, "labels")
				org, err := w.unlisted.ChangeOrg(t.Context(), by, all[at].ID, tenant.OrgChange{Labels: &chosen})
				must(rt, err)
				all[at] = org
			case step == "move" && len(all[at].Labels) == 0:
				all[at] = w.move(rt, all[at], rapid.SampledFrom(slices.DeleteFunc(slices.Clone(msps),
					func(id string) bool { return id == all[at].MSPID })).Draw(rt, "to"))
			case step == "remove" && len(all[at].Labels) == 0:
				w.remove(rt, all[at])
				all = slices.Delete(all, at, at+1)
			case step == "message":
				w.hear()
				if len(w.waiting) == 0 {
					continue
				}
				next := rapid.IntRange(0, len(w.waiting)-1).Draw(rt, "message")
				must(rt, w.Directory.Index(t.Context(), w.waiting[next]))
				late = append(late, w.waiting[next])
				w.waiting = slices.Delete(w.waiting, next, next+1)
			}
		}
		w.hear()
		w.waiting = rapid.Permutation(append(w.waiting, late...)).Draw(rt, "the rest")
		w.settle()
		for range 6 {
			scope := rapid.SampledFrom([]directory.Scope{
				{}, {All: true}, {MSPID: w.MSP.ID}, {MSPID: w.ForeignMSP.ID},
			}).Draw(rt, "scope")
			query := directory.Query{
				Sort: rapid.SampledFrom([]string{"", "name", "-name", "created_time", "-created_time",
					"modified_time", "-modified_time"}).Draw(rt, "sort"),
				Limit: rapid.SampledFrom([]int{1, 3, 50}).Draw(rt, "limit"),
				Name:  rapid.SampledFrom([]string{"", "", "hotel", "a", "GMBH", "京", "uer", "s & c", "%", "n!"}).Draw(rt, "name"),
			}
			if scope.MSPID == w.MSP.ID && rapid.Bool().Draw(rt, "by label") {
				query.LabelID = labels[0]
			}
			all.agree(rt, scope, query, w.pages(rt, scope, query))
			all.agree(rt, scope, query, w.numbered(rt, scope, query))
		}
		for from := int64(1); from > 0; {
			verified, err := w.Directory.Verify(t.Context(), by, from, false)
			must(rt, err)
			if len(verified.Mismatches) > 0 {
				rt.Errorf("%+v", verified.Mismatches)
			}
			from = verified.Next
		}
	})
}
