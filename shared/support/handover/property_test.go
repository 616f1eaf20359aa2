package handover_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/handover"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/services"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
)

// shaky ends one of the next transactions in a crash: before it is stored, or after.
type shaky struct {
	table.Store
	left  int
	after bool
}

func (s *shaky) Transact(ctx context.Context, writes []table.Write) error {
	s.left--
	if s.left != 0 {
		return s.Store.Transact(ctx, writes)
	}
	if s.after {
		if err := s.Store.Transact(ctx, writes); err != nil {
			return err
		}
	}
	return fault.New(fault.Internal, "The process was killed.")
}

// game is organizations with cases that random moves, changes, repetitions and crashes happen to.
type game struct {
	*supporttest.World
	t     *rapid.T
	store *shaky
	// The services on the store that crashes.
	tenants *tenant.Tenants
	jobs    *job.Service
	orgJobs *bulk.Service
	moves   *handover.Service
	msps    []tenant.MSP
	agents  map[string]identity.Principal
	labels  map[string]string
	orgs    []tenant.Org
	// customers are the people of each organization, cases its cases, and targets where it may be.
	customers map[string]identity.Principal
	cases     map[string][]support.Case
	targets   map[string][]string
	// seen is how many messages of the outbox are in waiting or late.
	seen          map[string]bool
	waiting, late []queue.Message
	made          []job.Job
}

func (g *game) must(err error) {
	if err != nil {
		g.t.Fatal(err)
	}
}

// newGame builds the services on a store that crashes.
func newGame(w *supporttest.World, t *rapid.T) *game {
	g := &game{
		World: w, t: t, store: &shaky{Store: w.Store}, agents: map[string]identity.Principal{}, labels: map[string]string{},
		customers: map[string]identity.Principal{}, cases: map[string][]support.Case{},
		targets: map[string][]string{}, seen: map[string]bool{},
	}
	journal := change.NewJournal(g.store, w.Clock.Now)
	accounts := identity.NewAccounts(journal, w.Keyring, w.Log)
	g.tenants = tenant.NewTenants(journal).Inviting(accounts).
		StartingWith(tenant.Start{Kinds: identity.ConsentKinds(), Days: 30})
	set := services.New(services.Below{
		Journal: journal, Accounts: accounts, Tenants: g.tenants, Files: w.Files, Index: w.Index, Keyring: w.Keyring,
		MailDomain: apptest.MailDomain,
	})
	g.moves = set.Handover
	g.orgJobs = bulk.New(accounts, g.tenants, job.NewLedger(journal), set.Handover.Finish)
	kinds, err := job.NewKinds(g.orgJobs.JobKinds()...)
	g.must(err)
	g.jobs = job.NewService(job.NewLedger(journal), g.tenants, kinds)
	for _, message := range w.Outbox() {
		g.seen[message.ID] = true
	}
	return g
}

func (g *game) anyMSP() string {
	at := rapid.IntRange(0, len(g.msps)).Draw(g.t, "msp")
	if at == len(g.msps) {
		return ""
	}
	return g.msps[at].ID
}

func (g *game) anyOrg() tenant.Org { return rapid.SampledFrom(g.orgs).Draw(g.t, "org") }

func (g *game) newOrg() {
	if len(g.orgs) == 4 {
		return
	}
	mspID := g.anyMSP()
	org := g.NewOrg(mspID, fmt.Sprintf("Customer %d", len(g.orgs)))
	if mspID != "" && rapid.Bool().Draw(g.t, "labelled") {
		ids := []string{g.labels[mspID]}
		_, err := g.Tenants.ChangeOrg(g.t.Context(), g.Operator(), org.ID, tenant.OrgChange{Labels: &ids})
		g.must(err)
	}
	g.customers[org.ID] = g.Another(org.Place(), identity.Admin)
	g.orgs, g.targets[org.ID] = append(g.orgs, org), []string{mspID}
	for range rapid.IntRange(0, 3).Draw(g.t, "cases") {
		g.newCase(org)
	}
}

func (g *game) newCase(org tenant.Org) {
	c, err := g.Cases.Create(g.t.Context(), g.customers[org.ID], org.ID, supporttest.Request("Broken"))
	g.must(err)
	if msp, assigned := g.agents[g.owner(org.ID)]; assigned && rapid.Bool().Draw(g.t, "assigned") {
		id := msp.UserID
		_, err := g.Cases.Change(g.t.Context(), msp, org.ID, c.ID,
			support.CaseChange{AssigneeID: &id, WatcherIDs: &[]string{id}})
		g.must(err)
	}
	g.cases[org.ID] = append(g.cases[org.ID], c)
}

// changeCase closes or reopens a case, which puts it into another list.
func (g *game) changeCase() {
	cases := g.cases[g.anyOrg().ID]
	if len(cases) == 0 {
		return
	}
	c := rapid.SampledFrom(cases).Draw(g.t, "case")
	status := rapid.SampledFrom([]support.Status{support.Open, support.Solved}).Draw(g.t, "status")
	_, err := g.Cases.Change(g.t.Context(), g.customers[c.OrgID], c.OrgID, c.ID, support.CaseChange{Status: &status})
	g.must(err)
}

func (g *game) owner(orgID string) string {
	org, err := g.Tenants.LoadOrg(g.t.Context(), orgID)
	g.must(err)
	return org.MSPID
}

// shake makes one of the next transactions end in a crash, sometimes.
func (g *game) shake() {
	g.store.left = rapid.IntRange(0, 5).Draw(g.t, "crash")
	g.store.after = rapid.Bool().Draw(g.t, "after")
}

// begin creates a job that moves some organizations.
func (g *game) begin() {
	request := bulk.Request{Action: bulk.Release, MSPID: g.anyMSP()}
	if request.MSPID != "" {
		request.Action = bulk.Transfer
	}
	for range rapid.IntRange(1, 3).Draw(g.t, "how many") {
		id := g.anyOrg().ID
		request.OrgIDs = append(request.OrgIDs, id)
		g.targets[id] = append(g.targets[id], request.MSPID)
	}
	made, err := g.orgJobs.Create(g.t.Context(), g.Operator(), "", request)
	g.must(err)
	g.made = append(g.made, made)
}

// assign moves one organization at once, if it may.
func (g *game) assign() {
	org := g.anyOrg()
	mspID := rapid.SampledFrom(g.msps).Draw(g.t, "to").ID
	owner := g.owner(org.ID)
	g.shake()
	if owner == "" {
		g.targets[org.ID] = append(g.targets[org.ID], mspID)
		_ = g.tenants.Assign(g.t.Context(), g.Operator(), mspID, []string{org.ID}) // refused while another move is under way
	} else {
		g.targets[org.ID] = append(g.targets[org.ID], "")
		_ = g.tenants.Unassign(g.t.Context(), g.Operator(), owner, []string{org.ID})
	}
	g.store.left = 0
}

func (g *game) collect() {
	for _, message := range g.Outbox() {
		if message.Queue == queue.Transfers && !g.seen[message.ID] {
			g.waiting = append(g.waiting, message)
		}
		g.seen[message.ID] = true
	}
}

// deliver delivers one of the messages, perhaps one that was handled already. It stays if it fails.
func (g *game) deliver() {
	g.collect()
	from := &g.waiting
	if len(g.late) > 0 && rapid.IntRange(0, 3).Draw(g.t, "late") == 0 {
		from = &g.late
	}
	if len(*from) == 0 {
		return
	}
	at := rapid.IntRange(0, len(*from)-1).Draw(g.t, "message")
	message := (*from)[at]
	g.shake()
	err := g.handle(message)
	g.store.left = 0
	if err == nil {
		*from = slices.Delete(*from, at, at+1)
		g.late = append(g.late, message)
	}
}

func (g *game) handle(message queue.Message) error {
	if handover.Is(message) {
		return g.moves.Handle(g.t.Context(), message)
	}
	return g.jobs.Run(g.t.Context(), message)
}

// look checks what holds at any moment: nobody sees an organization or a case of another
// provider's.
func (g *game) look(whole bool) {
	want := map[string][]string{}
	for _, org := range g.orgs {
		owner := g.owner(org.ID)
		want[owner] = append(want[owner], org.ID)
		if !slices.Contains(g.targets[org.ID], owner) {
			g.t.Fatalf("%s is with %q, where nobody moved it", org.Name, owner)
		}
		for mspID, agent := range g.agents {
			_, err := g.Tenants.Org(g.t.Context(), agent, org.ID, identity.SeeOrg)
			if seen := err == nil; seen != (mspID == owner) {
				g.t.Fatalf("%s is with %q; an agent of %q sees it: %t", org.Name, owner, mspID, seen)
			}
		}
	}
	if whole {
		g.IndexAll()
	}
	for mspID, agent := range g.agents {
		orgs, err := g.Tenants.MSPOrgs(g.t.Context(), agent, mspID, tenant.OrgFilter{}, 1000)
		g.must(err)
		var ids []string
		for _, org := range orgs {
			if g.targets[org.ID] != nil {
				ids = append(ids, org.ID)
			}
		}
		if !same(ids, want[mspID]) {
			g.t.Fatalf("the MSP lists %v, and has %v", ids, want[mspID])
		}
		g.lookAtCases(mspID, agent, want[mspID], whole)
		g.lookAtPeople(mspID, want[mspID], whole)
	}
}

// lookAtCases checks that an MSP's lists and search have no case of other organizations than its
// own, and all of those if nothing is under way.
func (g *game) lookAtCases(mspID string, agent identity.Principal, orgIDs []string, whole bool) {
	var listed []string
	for _, state := range []support.State{support.OpenList, support.ClosedList} {
		phrases := []string{"", "broken"}
		if !whole {
			phrases = []string{rapid.SampledFrom(phrases).Draw(g.t, "phrase")}
		}
		for _, phrase := range phrases {
			query := lists.Query{State: state, Limit: 100, Phrase: phrase}
			page, err := g.Lists.Search(g.t.Context(), agent, lists.Scope{MSPID: mspID}, query)
			g.must(err)
			for _, line := range page.Lines {
				if g.targets[line.OrgID] != nil && !slices.Contains(orgIDs, line.OrgID) {
					g.t.Fatalf("the MSP sees case %d of an organization that it does not have", line.Number)
				}
				if phrase == "" && g.targets[line.OrgID] != nil {
					listed = append(listed, line.ID)
				}
			}
		}
	}
	counted, err := g.Lists.Count(g.t.Context(), agent, lists.Scope{MSPID: mspID}, lists.CountQuery{By: "org"})
	g.must(err)
	for _, count := range counted.Counts {
		if g.targets[count.Value] != nil && !slices.Contains(orgIDs, count.Value) {
			g.t.Fatal("the MSP counts cases of an organization that it does not have")
		}
	}
	var want []string
	for _, id := range orgIDs {
		for _, c := range g.cases[id] {
			want = append(want, c.ID)
		}
	}
	if whole && !same(listed, want) {
		g.t.Fatalf("the MSP lists %d cases, and its organizations have %d", len(listed), len(want))
	}
}

func (g *game) lookAtPeople(mspID string, orgIDs []string, whole bool) {
	people, _, err := g.Accounts.Administrators(g.t.Context(), g.Operator(), tenant.MSP{ID: mspID}.Place())
	g.must(err)
	var in []string
	for _, person := range people {
		for _, held := range person.Privileges {
			if held.Scope == identity.OrgScope && g.targets[held.OrgID] != nil {
				in = append(in, held.OrgID)
			}
		}
	}
	for _, id := range in {
		if !slices.Contains(orgIDs, id) {
			g.t.Fatal("the MSP lists an administrator of an organization that it does not have")
		}
	}
	if whole && !same(in, orgIDs) {
		g.t.Fatalf("the MSP lists administrators in %v, and has %v", in, orgIDs)
	}
}

// settle delivers everything, and checks that each organization and each case is in one place.
func (g *game) settle() {
	for range 50 {
		g.collect()
		if len(g.waiting) == 0 {
			break
		}
		var left []queue.Message
		for _, message := range g.waiting {
			if err := g.handle(message); err != nil {
				left = append(left, message)
			}
		}
		g.waiting = left
	}
	if len(g.waiting) > 0 {
		g.t.Fatalf("%d messages cannot be handled", len(g.waiting))
	}
	g.look(true)
	providers := []string{""}
	for _, msp := range g.msps {
		providers = append(providers, msp.ID)
	}
	for _, org := range g.orgs {
		stored, err := g.Tenants.LoadOrg(g.t.Context(), org.ID)
		g.must(err)
		if stored.Moving != "" {
			g.t.Fatalf("%s is still moving", org.Name)
		}
		for _, c := range g.cases[org.ID] {
			detail, err := g.Cases.Detail(g.t.Context(), g.customers[org.ID], org.ID, c.ID)
			g.must(err)
			var in []string
			for _, id := range providers {
				sort := fmt.Sprintf("%016d#%s", detail.Updated, c.ID)
				key := table.Key{Partition: desk.Partition(id) + "#CASES#" + detail.ListName(), Sort: sort}
				if _, err := g.Store.Get(g.t.Context(), key); err == nil {
					in = append(in, id)
				}
			}
			if !slices.Equal(in, []string{stored.MSPID}) || detail.MSPID != stored.MSPID {
				g.t.Fatalf("case %d of %q is in the lists of %q", c.Number, stored.MSPID, in)
			}
			if assignee := detail.Assignee; assignee != nil && !detail.Status.Done() &&
				assignee.ID != g.agents[stored.MSPID].UserID {
				g.t.Fatalf("case %d is still assigned to %s", c.Number, assignee.Name)
			}
		}
	}
	for _, made := range g.made {
		done, results, err := g.jobs.Get(g.t.Context(), g.Operator(), job.Scope{}, made.ID, "", "", 10)
		g.must(err)
		if done.State != job.Done && done.State != job.Failed {
			g.t.Fatalf("a job is %s", done.State)
		}
		for _, result := range results.Items {
			refused := strings.Contains(result.Message, "under way") || strings.Contains(result.Message, "temporary")
			if result.Outcome == job.TargetFailed && !refused {
				g.t.Fatalf("a move failed: %s", result.Message)
			}
		}
	}
}

// forget empties the outbox, so that the next game does not read the messages of this one.
func (g *game) forget() {
	for _, digit := range "0123456789abcdef" {
		page, err := g.Store.Query(g.t.Context(), table.WithPrefix(table.Core, fmt.Sprintf("OUTBOX#%c", digit), ""))
		g.must(err)
		for batch := range slices.Chunk(page.Items, table.MaxPuts) {
			gone := make([]table.Item, len(batch))
			for i, item := range batch {
				gone[i] = table.Item{Key: item.Key}
			}
			g.must(g.Store.BatchPut(g.t.Context(), gone))
		}
	}
}

func same(x, y []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(x)), slices.Sorted(slices.Values(y)))
}

// found makes the MSPs, each with an agent and a label.
func (g *game) found() {
	for n := range 3 {
		msp := g.NewMSP(fmt.Sprintf("MSP %d", n))
		name := "Retail"
		label, err := g.Tenants.NewLabel(g.t.Context(), g.Operator(), msp.ID, tenant.LabelChange{Name: &name})
		g.must(err)
		g.msps = append(g.msps, msp)
		g.agents[msp.ID], g.labels[msp.ID] = g.Another(msp.Place(), identity.Admin), label.ID
	}
}

// lookAtLabels checks that each label counts the organizations that have it.
func (g *game) lookAtLabels() {
	for mspID, agent := range g.agents {
		labels, err := g.Tenants.Labels(g.t.Context(), agent, mspID)
		g.must(err)
		ids, err := g.Tenants.LabelledOrgs(g.t.Context(), agent, mspID, g.labels[mspID])
		g.must(err)
		if int64(len(ids)) != labels[0].Orgs {
			g.t.Fatalf("the label counts %d organizations, and has %d", labels[0].Orgs, len(ids))
		}
		for _, id := range ids {
			if g.owner(id) != mspID {
				g.t.Fatal("the label has an organization of another provider")
			}
		}
	}
}

func TestWhoeverHasNoOrganizationAnyMoreSeesNothingOfIt(t *testing.T) {
	w := supporttest.NewWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		g := newGame(w, t)
		g.found()
		g.newOrg()
		actions := []func(){
			g.newOrg, func() { g.newCase(g.anyOrg()) }, g.changeCase, g.begin, g.assign, g.deliver, g.deliver, g.deliver,
			g.IndexAll,
		}
		for range rapid.IntRange(5, 25).Draw(t, "steps") {
			rapid.SampledFrom(actions).Draw(t, "action")()
			g.look(false)
		}
		g.settle()
		g.lookAtLabels()
		g.forget()
	})
	for _, mismatch := range w.Verify(false).Mismatches {
		t.Errorf("case %d %s", mismatch.Number, mismatch.What)
	}
}
