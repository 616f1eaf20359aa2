package schedule_test

import (
	"slices"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
)

// clear handles the messages about ended access after the first before ones, and those that they
// enqueue.
func clear(w *supporttest.World, before int) {
	w.T.Helper()
	for ; before < len(w.Outbox()); before++ {
		message := w.Outbox()[before]
		ended := supporttest.Decoded[identity.AccessEnded](w.T, message.Body)
		if message.Queue == queue.CasesJobs && ended.Kind == identity.AccessEndedKind {
			for range 2 { // messages may be delivered twice
				w.Must(w.Schedule.ClearAccess(w.T.Context(), ended))
			}
		}
	}
}

func assigned(w *supporttest.World, by identity.Principal, c support.Case) support.Case {
	w.T.Helper()
	after, err := w.Cases.Change(w.T.Context(), by, c.OrgID, c.ID, support.CaseChange{AssigneeID: &by.UserID})
	w.Must(err)
	return after
}

func TestOpenCasesOfAnAgentWhoseAccessEndsAreUnassigned(t *testing.T) {
	w := supporttest.NewWorld(t)
	colleague := w.Another(w.MSP.Place(), identity.Helpdesk)
	setDesk(w, w.Agent, colleague)
	open := assigned(w, w.Agent, w.NewCase(w.Customer, "Open"))
	solved := assigned(w, w.Agent, w.NewCase(w.Customer, "Solved"))
	w.SetStatus(w.Agent, solved, support.Solved)
	other := assigned(w, colleague, w.NewCase(w.Customer, "A colleague's"))
	before := len(w.Outbox())
	w.Revoke(w.Agent, w.MSP.Place())
	clear(w, before)
	for c, want := range map[*support.Case]string{&open: "", &solved: w.Agent.UserID, &other: colleague.UserID} {
		if got := w.Detail(colleague, *c).Assignee.PartyID(); got != want {
			t.Errorf("%s is assigned to %q, want %q", c.Subject, got, want)
		}
	}
	setting, err := w.Desk.Setting(t.Context(), w.Person(w.MSP.Place(), identity.Admin), w.MSP.ID)
	if err != nil || !slices.Equal(setting.DeskIDs, []string{colleague.UserID}) {
		t.Errorf("the desk is %v, %v", setting.DeskIDs, err)
	}
	notices := w.Told(before)
	if len(notices) != 1 || notices[0].Event != support.Unassigned || notices[0].UserID != colleague.UserID {
		t.Errorf("notified %+v, want the desk once", notices)
	}
	w.IndexAll()
	page, err := w.Lists.Search(t.Context(), colleague, lists.Scope{MSPID: w.MSP.ID}, lists.Query{
		State: support.OpenList, Filters: map[string][]string{"assignee": {"none"}}, Limit: 10,
	})
	if err != nil || len(page.Lines) != 1 || page.Lines[0].ID != open.ID {
		t.Errorf("without an assignee: %+v, %v", page.Lines, err)
	}
}

func TestAHigherRoleKeepsTheCases(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := assigned(w, w.Agent, w.NewCase(w.Customer, "No Wi-Fi"))
	before := len(w.Outbox())
	_, err := w.Accounts.ChangeAdministrator(t.Context(), w.Operator(), w.MSP.Place(), w.Agent.UserID, identity.Admin)
	w.Must(err)
	clear(w, before)
	if got := w.Detail(w.Agent, c).Assignee.PartyID(); got != w.Agent.UserID {
		t.Errorf("assigned to %q", got)
	}
}

func TestCasesAreUnassignedWhenSupportAccessIsWithdrawn(t *testing.T) {
	w := supporttest.NewWorld(t)
	admin := w.Person(w.Direct.Place(), identity.Admin)
	give := func(access bool) {
		_, err := w.Tenants.ChangeOrg(t.Context(), admin, w.Direct.ID, tenant.OrgChange{SupportAccess: &access})
		w.Must(err)
	}
	give(true)
	agent := w.Person(identity.ThePlatform(), identity.Support)
	c, err := w.Cases.Create(t.Context(), admin, w.Direct.ID, supporttest.Request("No Wi-Fi"))
	w.Must(err)
	assigned(w, agent, c)
	before := len(w.Outbox())
	give(false)
	clear(w, before)
	if got := w.Detail(admin, c).Assignee; got != nil {
		t.Errorf("assigned to %+v", got)
	}
}

func TestCasesAreUnassignedWhenTheMSPsSupportAccessIsWithdrawn(t *testing.T) {
	w := supporttest.NewWorld(t)
	admin := w.Person(w.Org.Place(), identity.Admin)
	c := assigned(w, w.Agent, w.NewCase(w.Customer, "No Wi-Fi"))
	before := len(w.Outbox())
	_, err := w.Tenants.ChangeConsent(t.Context(), admin, w.Org.ID, tenant.Decision{
		Kind: identity.SupportAccess, Grantee: identity.ToMSP,
	})
	w.Must(err)
	clear(w, before)
	if got := w.Detail(admin, c).Assignee; got != nil {
		t.Errorf("assigned to %+v", got)
	}
}

func TestTheCasesOfAPlatformAgentAreUnassignedAtEveryProvider(t *testing.T) {
	w := supporttest.NewWorld(t)
	yes := true
	_, err := w.Tenants.ChangeOrg(
		t.Context(), w.Person(w.Org.Place(), identity.Admin), w.Org.ID, tenant.OrgChange{SupportAccess: &yes},
	)
	w.Must(err)
	agent := w.Another(identity.ThePlatform(), identity.Support)
	c := assigned(w, agent, w.NewCase(w.Customer, "No Wi-Fi"))
	before := len(w.Outbox())
	w.Revoke(agent, identity.ThePlatform())
	clear(w, before)
	if got := w.Detail(w.Agent, c).Assignee; got != nil {
		t.Errorf("assigned to %+v", got)
	}
}

func setDesk(w *supporttest.World, people ...identity.Principal) {
	w.T.Helper()
	_, err := w.Desk.ChangeSetting(
		w.T.Context(), w.Person(w.MSP.Place(), identity.Admin), w.MSP.ID, 0, func(s *desk.Setting) {
			for _, person := range people {
				s.DeskIDs = append(s.DeskIDs, person.UserID)
			}
		},
	)
	w.Must(err)
}

func TestPresentMembersAreNotCheckedAgain(t *testing.T) {
	w := supporttest.NewWorld(t)
	setDesk(w, w.Agent)
	watcher := w.Another(w.Org.Place(), identity.Write)
	c := assigned(w, w.Agent, w.NewCase(w.Customer, "No Wi-Fi"))
	ids := []string{watcher.UserID}
	_, err := w.Cases.Change(t.Context(), w.Customer, c.OrgID, c.ID, support.CaseChange{WatcherIDs: &ids})
	w.Must(err)
	w.Revoke(watcher, w.Org.Place())
	w.Revoke(w.Agent, w.MSP.Place())
	admin := w.Person(w.MSP.Place(), identity.Admin)
	_, err = w.Desk.ChangeSetting(t.Context(), admin, w.MSP.ID, 0, func(s *desk.Setting) { s.SolvedDays = 3 })
	w.Must(err)
	_, err = w.Cases.Change(t.Context(), admin, c.OrgID, c.ID, support.CaseChange{
		WatcherIDs: &ids, AssigneeID: &w.Agent.UserID, Subject: supporttest.Pointer("No Wi-Fi at all"),
	})
	w.Must(err)
}

func TestAReopenedCaseLosesAnAssigneeWhoLeft(t *testing.T) {
	w := supporttest.NewWorld(t)
	chief := w.Person(w.MSP.Place(), identity.Admin)
	byComment := assigned(w, w.Agent, w.NewCase(w.Customer, "By a comment"))
	byStatus := assigned(w, w.Agent, w.NewCase(w.Customer, "By a change"))
	w.SetStatus(w.Agent, byComment, support.Closed)
	w.SetStatus(w.Agent, byStatus, support.Closed)
	w.Revoke(w.Agent, w.MSP.Place())
	w.Comment(w.Customer, byComment, "It is back.")
	w.SetStatus(w.Customer, byStatus, support.Open)
	for _, c := range []support.Case{byComment, byStatus} {
		if got := w.Detail(chief, c).Assignee; got != nil {
			t.Errorf("%s is assigned to %+v", c.Subject, got)
		}
	}
}
