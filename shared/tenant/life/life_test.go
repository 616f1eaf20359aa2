package life_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/casejobs"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/life"
)

func TestOnlySuperUsersOfTheMSPAndOperatorsDeleteAndRestore(t *testing.T) {
	w := supporttest.NewWorld(t)
	ctx := t.Context()
	for name, test := range map[string]struct {
		by   identity.Principal
		org  string
		want fault.Code
	}{
		"an agent":                      {w.Agent, w.Org.ID, fault.Forbidden},
		"its own administrator":         {w.Person(w.Org.Place(), identity.Admin), w.Org.ID, fault.Forbidden},
		"another organization's":        {w.Person(w.Neighbour.Place(), identity.Admin), w.Org.ID, fault.NotFound},
		"another MSP's super user":      {w.Person(w.ForeignMSP.Place(), identity.Admin), w.Org.ID, fault.NotFound},
		"an MSP for a direct customer":  {w.Person(w.MSP.Place(), identity.Admin), w.Direct.ID, fault.NotFound},
		"the direct customer's own":     {w.Person(w.Direct.Place(), identity.Admin), w.Direct.ID, fault.Forbidden},
		"an operator, of nothing":       {w.Operator(), w.Journal.NewID(), fault.NotFound},
		"an operator, of something odd": {w.Operator(), "x", fault.NotFound},
	} {
		_, err := w.Life.Delete(ctx, test.by, test.org)
		if fault.CodeOf(err) != test.want {
			t.Errorf("%s deletes: %v", name, err)
		}
	}
	super := w.Person(w.MSP.Place(), identity.Admin)
	_, err := w.Life.Restore(ctx, super, w.Org.ID)
	w.Wants(fault.Conflict, err)
	_, err = w.Life.Delete(ctx, super, w.Org.ID)
	w.Must(err)
	_, err = w.Life.Delete(ctx, super, w.Org.ID)
	w.Wants(fault.NotFound, err)
	for by, want := range map[*identity.Principal]fault.Code{
		&w.Agent: fault.Forbidden, &w.Customer: fault.NotFound,
	} {
		_, err := w.Life.Restore(ctx, *by, w.Org.ID)
		w.Wants(want, err)
	}
	foreign := w.Person(w.ForeignMSP.Place(), identity.Admin)
	_, err = w.Life.Restore(ctx, foreign, w.Org.ID)
	w.Wants(fault.NotFound, err)
	_, err = w.Life.Restore(ctx, super, w.Org.ID)
	w.Must(err)
	_, err = w.Life.Delete(ctx, w.Operator(), w.Direct.ID)
	w.Must(err)
}

func TestWhatIsInTheWayIsListed(t *testing.T) {
	w := supporttest.NewWorld(t)
	below := w.Life.Below
	for _, kind := range []string{"transfer", "gateways"} {
		below.Checks = append(below.Checks, func(_ context.Context, orgs []tenant.Org) (map[int][]life.Blocker, error) {
			at := slices.IndexFunc(orgs, func(org tenant.Org) bool { return org.ID == w.Org.ID })
			if at < 0 {
				return nil, nil
			}
			return map[int][]life.Blocker{at: {{Kind: kind, Message: "There is a " + kind + "."}}}, nil
		})
	}
	strict := life.New(below)
	_, err := strict.Delete(t.Context(), w.Operator(), w.Org.ID)
	conflict, ok := errors.AsType[*fault.Error](err)
	if !ok || conflict.Code != fault.Conflict ||
		!strings.Contains(conflict.Message, "There is a transfer. There is a gateways.") {
		t.Fatalf("%v", err)
	}
	if len(conflict.Fields) != 2 || conflict.Fields[0].Name != "transfer" {
		t.Errorf("fields %+v", conflict.Fields)
	}
	if _, err := w.Tenants.LoadOrg(t.Context(), w.Org.ID); err != nil {
		t.Error(err)
	}
	_, err = strict.Delete(t.Context(), w.Operator(), w.Neighbour.ID)
	w.Must(err)
}

func TestADeletedOrganizationIsMissingForEverybody(t *testing.T) {
	w := supporttest.NewWorld(t)
	ctx := t.Context()
	c := w.NewCase(w.Customer, "No Wi-Fi")
	invite := w.Invite(w.Org.Place(), identity.Read, "new@rialto.example.net")
	admin := w.Person(w.Org.Place(), identity.Admin)
	_, err := w.Life.Delete(ctx, w.Operator(), w.Org.ID) // what follows is not done yet
	w.Must(err)
	for name, by := range map[string]identity.Principal{
		"its administrator": admin, "its customer": w.Customer, "an agent": w.Agent, "an operator": w.Operator(),
	} {
		for what, err := range map[string]error{
			"org":     second(w.Tenants.Org(ctx, by, w.Org.ID, identity.SeeOrg)),
			"setting": second(w.Tenants.Setting(ctx, by, w.Org.ID)),
			"case":    second(w.Cases.Detail(ctx, by, w.Org.ID, c.ID)),
			"new":     second(w.Cases.Create(ctx, by, w.Org.ID, supporttest.Request("More"))),
			"cases":   second(w.List(by, lists.Scope{OrgID: w.Org.ID}, lists.Query{Limit: 10})),
		} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %s: %v", name, what, err)
			}
		}
	}
	if orgs, err := w.Tenants.OwnOrgs(ctx, admin); err != nil || len(orgs) != 0 {
		t.Errorf("its administrator lists %+v, %v", orgs, err)
	}
	orgs, err := w.Tenants.MSPOrgs(ctx, w.Agent, w.MSP.ID, tenant.OrgFilter{}, 100)
	if err != nil || len(orgs) != 1 || orgs[0].ID != w.Neighbour.ID {
		t.Errorf("the MSP has %+v, %v", orgs, err)
	}
	_, err = w.Accounts.ReadInvitation(ctx, w.Accounts.InviteToken(w.Org.Place(), invite))
	w.Wants(fault.NotFound, err)
	people, _, err := w.Accounts.Administrators(ctx, w.Operator(), w.MSP.Place())
	w.Must(err)
	for _, person := range people {
		if person.ID == admin.UserID || person.ID == w.Customer.UserID {
			t.Errorf("the MSP lists %s", person.Email)
		}
	}
	w.Wants(fault.NotFound, w.MayBeTold(w.Customer.UserID, c))
}

func second[T any](_ T, err error) error { return err }

func TestTheProviderSeesAndCountsNoCaseOfADeletedOrganization(t *testing.T) {
	w := supporttest.NewWorld(t)
	var kept []int64
	for range 20 { // more than are moved at once
		w.NewCase(w.Customer, "No Wi-Fi")
	}
	customer := w.Person(w.Neighbour.Place(), identity.Write)
	other, err := w.Cases.Create(t.Context(), customer, w.Neighbour.ID, supporttest.Request("No Wi-Fi either"))
	w.Must(err)
	kept = append(kept, other.Number)
	w.SetStatus(w.Agent, w.NewCase(w.Customer, "Solved"), support.Solved)
	w.IndexAll()
	scope := lists.Scope{MSPID: w.MSP.ID}
	sees := func(when string, want []int64) {
		t.Helper()
		for name, query := range map[string]lists.Query{
			"list": {State: support.OpenList, Limit: 7}, "search": {Phrase: "wi-fi", Limit: 7},
			"filter": {Filters: map[string][]string{"status": {"open"}}, Limit: 7},
		} {
			got := w.All(w.Agent, scope, query)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s, %s: %v, want %v", when, name, got, want)
			}
		}
		counts, err := w.Lists.Count(t.Context(), w.Agent, scope, lists.CountQuery{By: "status", List: support.OpenList})
		w.Must(err)
		var total int64
		for _, count := range counts.Counts {
			total += count.Count
		}
		if total != int64(len(want)) {
			t.Errorf("%s: counted %d, want %d", when, total, len(want))
		}
		queues, err := w.Lists.Queues(t.Context(), w.Agent, scope)
		if err != nil || queues.All != int64(len(want)) {
			t.Errorf("%s: queues %+v, %v", when, queues, err)
		}
	}
	all := w.All(w.Agent, scope, lists.Query{State: support.OpenList, Limit: 50})
	slices.Sort(all)
	before := known(w)
	_, err = w.Life.Delete(t.Context(), w.Operator(), w.Org.ID)
	w.Must(err)
	sees("at once", kept)
	tend(w, before)
	sees("after the first way", kept)
	w.Clock.Pass(20 * time.Minute)
	due(w)
	sees("after the second way", kept)
	if page, err := w.Lists.Search(t.Context(), w.Agent, scope, lists.Query{Phrase: "1", Limit: 5}); err != nil ||
		slices.ContainsFunc(page.Lines, func(line support.Summary) bool { return line.OrgID == w.Org.ID }) {
		t.Errorf("by its number: %+v, %v", page.Lines, err)
	}
	restored(w)
	sees("restored", all)
	if result := w.Verify(false); len(result.Mismatches) > 0 {
		t.Errorf("%+v", result.Mismatches)
	}
	found := w.All(w.Customer, lists.Scope{OrgID: w.Org.ID}, lists.Query{Phrase: "wi-fi", Limit: 50})
	if len(found) != 20 {
		t.Errorf("its customer finds %v", found)
	}
}

func TestCasesStandStillWhileTheirOrganizationIsDeleted(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.Promise(60, 600)
	running, solved := w.NewCase(w.Customer, "Running"), w.NewCase(w.Customer, "Solved")
	w.SetStatus(w.Agent, solved, support.Solved)
	closes := w.Detail(w.Agent, solved).CloseAt
	w.Clock.Pass(20 * time.Minute)
	deleted(w)
	w.Clock.Pass(10 * 24 * time.Hour)
	before := len(w.Outbox())
	if got := w.WakeAll(); got != 0 || len(w.Told(before)) != 0 {
		t.Errorf("%d cases were due", got)
	}
	restored(w)
	if got := w.Detail(w.Agent, solved); got.Status != support.Solved ||
		!about(got.CloseAt-closes, 10*24*time.Hour) {
		t.Errorf("solved: %s, closes at %d, before %d", got.Status, got.CloseAt, closes)
	}
	clock := w.Detail(w.Agent, running).Clock
	if left := clock.FirstAnswer.DueAt - w.Clock.Now().UnixMicro(); !about(left, 40*time.Minute) {
		t.Errorf("%d microseconds are left", left)
	}
	w.Clock.Pass(41 * time.Minute)
	w.WakeAll()
	if clock := w.Detail(w.Agent, running).Clock; clock.FirstAnswer.Breached == 0 {
		t.Errorf("the promise is not breached: %+v", clock)
	}
}

// about reports whether microseconds are a duration, to a second: deletions are recorded in seconds.
func about(micros int64, want time.Duration) bool {
	return (time.Duration(micros)*time.Microsecond - want).Abs() <= time.Second
}

func TestACaseThatIsChangedBeforeItIsBroughtBackComesBackWithTheChange(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.Promise(60, 600)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	deleted(w)
	w.Clock.Pass(5 * time.Hour)
	before := known(w)
	_, err := w.Life.Restore(t.Context(), w.Operator(), w.Org.ID)
	w.Must(err)
	w.Comment(w.Customer, c, "It is still broken.")
	got := w.Detail(w.Agent, c)
	if got.Binned != 0 || got.Clock.Paused != 0 || got.Clock.FirstAnswer.Breached != 0 {
		t.Errorf("%+v", got.Clock)
	}
	tend(w, before)
	if result := w.Verify(false); len(result.Mismatches) > 0 {
		t.Errorf("%+v", result.Mismatches)
	}
}

func TestMailToADeletedOrganizationIsKeptOut(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	reply := w.ReplyTo(w.Customer, c, "")
	deleted(w)
	stranger := w.Mail("0190a000-0000-7000-8000-000000000009", "nobody@else.example.net", supporttest.SupportAddress)
	for name, mail := range map[string]intake.Mail{
		"a reply": w.Mail("0190a000-0000-7000-8000-000000000001", w.Customer.Email, reply),
		"new":     w.Mail("0190a000-0000-7000-8000-000000000002", w.Customer.Email, supporttest.SupportAddress),
		"named": w.Mail("0190a000-0000-7000-8000-000000000003", w.Customer.Email,
			"support+"+w.Org.ID+"@"+apptest.MailDomain),
		"an agent's": w.Mail("0190a000-0000-7000-8000-000000000004", w.Agent.Email,
			"support+"+w.Org.ID+"@"+apptest.MailDomain),
	} {
		if outcome := w.Receive(mail); outcome.Reason != intake.DeletedOrg {
			t.Errorf("%s became %+v", name, outcome)
		}
	}
	if outcome := w.Receive(stranger); outcome.Reason != intake.UnknownSender {
		t.Errorf("a stranger's became %+v", outcome)
	}
	restored(w)
	from := len(w.Outbox())
	for _, kept := range w.Quarantine() {
		if kept.Reason == intake.DeletedOrg {
			w.Must(w.Intake.ReplayQuarantined(t.Context(), w.Operator(), kept.ID))
		}
	}
	if len(w.Outbox()) != from+4 {
		t.Errorf("%d mails were replayed", len(w.Outbox())-from)
	}
}

func TestLabelsThatStillExistComeBack(t *testing.T) {
	w := supporttest.NewWorld(t)
	ctx := t.Context()
	label := func(name string) tenant.Label {
		made, err := w.Tenants.NewLabel(ctx, w.Operator(), w.MSP.ID, tenant.LabelChange{Name: &name})
		w.Must(err)
		return made
	}
	stays, goes := label("Stays"), label("Goes")
	_, err := w.Tenants.ChangeOrg(ctx, w.Operator(), w.Org.ID, tenant.OrgChange{Labels: &[]string{stays.ID, goes.ID}})
	w.Must(err)
	deleted(w)
	count := func(want int64) {
		t.Helper()
		got, err := w.Tenants.Label(ctx, w.Operator(), w.MSP.ID, stays.ID)
		if err != nil || got.Orgs != want {
			t.Errorf("%d organizations have it, %v", got.Orgs, err)
		}
	}
	count(0)
	w.Must(w.Tenants.DeleteLabel(ctx, w.Operator(), w.MSP.ID, goes.ID))
	restored(w)
	count(1)
	org, err := w.Tenants.LoadOrg(ctx, w.Org.ID)
	if err != nil || !slices.Equal(org.Labels, []string{stays.ID}) || org.Deleted != nil {
		t.Errorf("%+v, %v", org, err)
	}
}

func TestTheBinListsWhoDeletedWhatUntilItGoesForGood(t *testing.T) {
	w := supporttest.NewWorld(t)
	ctx := t.Context()
	super := w.Person(w.MSP.Place(), identity.Admin)
	_, err := w.Life.Delete(ctx, super, w.Org.ID)
	w.Must(err)
	w.Clock.Pass(time.Hour)
	for _, id := range []string{w.Direct.ID, w.Foreign.ID} {
		_, err := w.Life.Delete(ctx, w.Operator(), id)
		w.Must(err)
	}
	names := func(by identity.Principal, mspID string) string {
		var names []string
		for after := ""; ; {
			page, err := w.Tenants.Bin(ctx, by, mspID, 1, after)
			if err != nil {
				return string(fault.CodeOf(err))
			}
			for _, org := range page.Orgs {
				names = append(names, org.Name+" by "+org.Deleted.ByName)
			}
			if after = page.Next; after == "" {
				slices.Sort(names)
				return strings.Join(names, ", ")
			}
		}
	}
	own := w.Org.Name + " by " + super.Name()
	for name, test := range map[string]struct{ got, want string }{
		"agent":     {names(w.Agent, w.MSP.ID), own},
		"operators": {names(w.Operator(), ""), "Delta Mills by Olga Orsini, Fjord Logistics by Olga Orsini, " + own},
		"customer":  {names(w.Customer, w.MSP.ID), "not_found"},
		"an MSP":    {names(super, ""), "forbidden"},
	} {
		if test.got != test.want {
			t.Errorf("%s: %s, want %s", name, test.got, test.want)
		}
	}
	w.Clock.Pass(tenant.RestorableFor - time.Hour)
	if got := names(w.Agent, w.MSP.ID); got != "" {
		t.Errorf("after 30 days: %s", got)
	}
	_, err = w.Life.Restore(ctx, super, w.Org.ID)
	w.Wants(fault.NotFound, err)
}

func TestTheJobsOfADeletedOrganizationAreCancelled(t *testing.T) {
	w := supporttest.NewWorld(t)
	admin := w.Person(w.Org.Place(), identity.Admin)
	created, err := w.CaseJobs.ExportCases(t.Context(), admin, casejobs.Export{Scope: lists.Scope{OrgID: w.Org.ID}})
	w.Must(err)
	deleted(w)
	restored(w)
	scope := job.Scope{OrgID: w.Org.ID}
	got, _, err := w.Jobs.Get(t.Context(), admin, scope, created.ID, "", "", 10)
	if err != nil || got.Stop == nil {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestItsAdministratorsAndItsContactAreToldOnce(t *testing.T) {
	w := supporttest.NewWorld(t)
	admin := w.Person(w.Org.Place(), identity.Admin)
	_, err := w.Tenants.ChangeSetting(t.Context(), admin, w.Org.ID, tenant.SettingChange{Fields: extension.Fields{
		"contact": json.RawMessage(`{"name":"Ana","email":["ana@rialto.example.net","` + admin.Email + `"]}`),
	}})
	w.Must(err)
	told := func(before map[string]bool) string {
		var lines []string
		for _, message := range w.Outbox() {
			notice := supporttest.Decoded[identity.Notice](t, message.Body)
			if !before[message.ID] && notice.Kind == identity.NoticeDeletion {
				to := notice.Email
				if notice.RecipientID == admin.UserID {
					to = "its administrator"
				}
				lines = append(lines, string(notice.Event)+" "+to)
			}
		}
		slices.Sort(lines)
		return strings.Join(lines, ", ")
	}
	before := known(w)
	deleted(w)
	if got := told(before); got != "org_deleted ana@rialto.example.net, org_deleted its administrator" {
		t.Errorf("deleted: %s", got)
	}
	before = known(w)
	restored(w)
	if got := told(before); got != "org_restored ana@rialto.example.net, org_restored its administrator" {
		t.Errorf("restored: %s", got)
	}
	// The message comes again, after somebody changed the organization.
	earlier := before
	before = known(w)
	w.Clock.Pass(time.Minute)
	name := "Rialto Resorts"
	_, err = w.Tenants.ChangeOrg(t.Context(), w.Operator(), w.Org.ID, tenant.OrgChange{Name: &name})
	w.Must(err)
	tend(w, earlier)
	if got := told(before); got != "" {
		t.Errorf("told again: %s", got)
	}
}

// TestTheLogOfTheMSPStaysMaskedAfterTheDeletion holds for an organization that withholds personal data.
func TestTheLogOfTheMSPStaysMaskedAfterTheDeletion(t *testing.T) {
	w := supporttest.NewWorld(t)
	w.Decide(w.Org, identity.PersonalData, false)
	w.NewCase(w.Customer, "No Wi-Fi")
	super := w.Person(w.MSP.Place(), identity.Admin)
	masked := func(when string) {
		t.Helper()
		search := w.LastDay()
		search.Start = search.End.Add(-59 * 24 * time.Hour)
		page, err := w.Audit.At(t.Context(), super, w.MSP.Place(), search)
		w.Must(err)
		opened := 0
		for _, entry := range page.Entries {
			if entry.Action != "cases.create" {
				continue
			}
			if opened++; strings.Contains(entry.Actor.Email+entry.Actor.Name, "Carlo") {
				t.Errorf("%s: the log shows %+v", when, entry.Actor)
			}
		}
		if opened != 1 {
			t.Errorf("%s: %d entries", when, opened)
		}
	}
	masked("before")
	deleted(w)
	masked("deleted")
	w.Clock.Pass(time.Hour)
	due(w)
	masked("in the bin")
	w.Clock.Pass(tenant.RestorableFor)
	due(w)
	masked("purged")
}

// TestARestoredOrganizationMovesWhileItsCasesComeBack holds whether the cases come back before the move
// finishes, after it, or only with it.
func TestARestoredOrganizationMovesWhileItsCasesComeBack(t *testing.T) {
	for _, order := range []string{"before", "after", "with"} {
		t.Run(order, func(t *testing.T) {
			w := supporttest.NewWorld(t)
			open, closed := w.NewCase(w.Customer, "No Wi-Fi"), w.NewCase(w.Customer, "No LAN")
			w.SetStatus(w.Agent, closed, support.Closed)
			deleted(w)
			w.Clock.Pass(20 * time.Minute)
			due(w)
			before := known(w)
			_, err := w.Life.Restore(t.Context(), w.Operator(), w.Org.ID)
			w.Must(err)
			_, err = w.Tenants.TransferOrg(t.Context(), w.Operator(), w.Org.ID,
				tenant.Transfer{MSPID: w.ForeignMSP.ID, Partner: true})
			w.Must(err)
			_, err = w.Life.Delete(t.Context(), w.Operator(), w.Org.ID)
			w.Wants(fault.Conflict, err)
			if order == "before" {
				tend(w, before)
			}
			w.Must(w.Handover.Finish(t.Context(), w.Org.ID))
			if order == "after" {
				tend(w, before)
			}
			w.IndexAll()
			agent := w.Person(w.ForeignMSP.Place(), identity.Helpdesk)
			numbers := map[support.State]int64{support.OpenList: open.Number, support.ClosedList: closed.Number}
			for state, number := range numbers {
				query := lists.Query{State: state, Limit: 10}
				if got := w.All(agent, lists.Scope{MSPID: w.ForeignMSP.ID}, query); !slices.Equal(got, []int64{number}) {
					t.Errorf("%s: the new MSP has %v", order, got)
				}
				if got := w.All(w.Agent, lists.Scope{MSPID: w.MSP.ID}, query); len(got) > 0 {
					t.Errorf("%s: the former MSP has %v", order, got)
				}
			}
			if found := w.Verify(false); len(found.Mismatches) > 0 {
				t.Errorf("%s: %+v", order, found.Mismatches)
			}
		})
	}
}
