package notification_test

import (
	"slices"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// onDesk makes people members of the desk of the MSP.
func onDesk(w *supporttest.World, people ...identity.Principal) {
	w.T.Helper()
	_, err := w.Desk.ChangeSetting(
		w.T.Context(), w.Person(w.MSP.Place(), identity.Admin), w.MSP.ID, 0, func(s *desk.Setting) {
			s.DeskIDs = nil
			for _, person := range people {
				s.DeskIDs = append(s.DeskIDs, person.UserID)
			}
		},
	)
	w.Must(err)
}

// assign assigns a case to an agent.
func assign(w *supporttest.World, c support.Case, to identity.Principal) {
	w.T.Helper()
	_, err := w.Cases.Change(w.T.Context(), to, c.OrgID, c.ID, support.CaseChange{AssigneeID: &to.UserID})
	w.Must(err)
}

// notified returns the IDs of the people notified of the changes after the first before messages.
func notified(w *supporttest.World, before int) []string {
	w.T.Helper()
	var ids []string
	for _, recipient := range w.Recipients(before) {
		ids = append(ids, recipient.ID)
	}
	return ids
}

// unreachable returns the ways in which an agent becomes unreachable.
func unreachable() map[string]func(w *supporttest.World, agent identity.Principal) {
	return map[string]func(w *supporttest.World, agent identity.Principal){
		"removed": func(w *supporttest.World, agent identity.Principal) { w.Revoke(agent, w.MSP.Place()) },
		"role lowered": func(w *supporttest.World, agent identity.Principal) {
			_, err := w.Accounts.ChangeAdministrator(
				w.T.Context(), w.Operator(), w.MSP.Place(), agent.UserID, identity.Read,
			)
			w.Must(err)
		},
		"mail fails": func(w *supporttest.World, agent identity.Principal) {
			w.Must(w.Accounts.MailFails(w.T.Context(), agent.UserID, "5.1.1"))
		},
	}
}

func TestSomebodyElseIsNotifiedWhileTheAssigneeCannotBeReached(t *testing.T) {
	for name, leave := range unreachable() {
		t.Run(name, func(t *testing.T) {
			w := supporttest.NewWorld(t)
			member := w.Another(w.MSP.Place(), identity.Helpdesk)
			onDesk(w, member)
			c := w.NewCase(w.Customer, "No Wi-Fi")
			assign(w, c, w.Agent)
			leave(w, w.Agent)
			before := len(w.Outbox())
			w.Comment(w.Customer, c, "Any news?")
			if got := notified(w, before); !slices.Equal(got, []string{member.UserID}) {
				t.Errorf("notified %v, want the desk", got)
			}
		})
	}
}

func TestTheFallbackIsTheDeskThenTheSuperUsersThenTheOperator(t *testing.T) {
	w := supporttest.NewWorld(t)
	chief, member := w.Person(w.MSP.Place(), identity.Admin), w.Another(w.MSP.Place(), identity.Helpdesk)
	operator := w.Operator().UserID
	comment := func(want string) {
		t.Helper()
		before := len(w.Outbox())
		w.Comment(w.Customer, w.NewCase(w.Customer, "No Wi-Fi"), "Any news?")
		if got := notified(w, before); !slices.Equal(got, []string{w.Customer.UserID, want, want}) {
			t.Errorf("notified %v, want the customer of the receipt, and %s twice", got, want)
		}
	}
	comment(chief.UserID)
	onDesk(w, member)
	comment(member.UserID)
	w.Must(w.Accounts.MailFails(t.Context(), member.UserID, "5.1.1"))
	comment(chief.UserID)
	w.Must(w.Accounts.MailFails(t.Context(), chief.UserID, "5.1.1"))
	comment(operator)
}

func TestTheCasesOfADirectCustomerFallBackToSupportAgentsWithItsConsent(t *testing.T) {
	w := supporttest.NewWorld(t)
	direct := w.Person(w.Direct.Place(), identity.Admin)
	support := w.Person(identity.ThePlatform(), identity.Support)
	before := len(w.Outbox())
	_, err := w.Cases.Create(t.Context(), direct, w.Direct.ID, supporttest.Request("No Wi-Fi"))
	w.Must(err)
	want := []string{direct.UserID, w.Operator().UserID}
	if w.Direct.SupportAccess {
		want[1] = support.UserID
	}
	if got := notified(w, before); !slices.Equal(got, want) {
		t.Errorf("notified %v, want %v", got, want)
	}
}

func TestEachPersonIsNotifiedOnceHoweverTheCaseNamesThem(t *testing.T) {
	w := supporttest.NewWorld(t)
	onDesk(w, w.Agent)
	colleague := w.Another(w.Org.Place(), identity.Write)
	request := supporttest.Request("No Wi-Fi")
	request.WatcherIDs = []string{w.Customer.UserID, colleague.UserID}
	c, err := w.Cases.Create(t.Context(), w.Customer, w.Org.ID, request)
	w.Must(err)
	cc := []string{w.Customer.Email, colleague.Email, w.Agent.Email}
	_, err = w.Cases.Change(t.Context(), w.Agent, c.OrgID, c.ID, support.CaseChange{CC: &cc, AssigneeID: &w.Agent.UserID})
	w.Must(err)
	before := len(w.Outbox())
	w.Comment(w.Customer, c, "Any news?")
	want := []string{w.Agent.UserID, colleague.UserID}
	if got := notified(w, before); !slices.Equal(got, want) {
		t.Errorf("notified %v, want %v", got, want)
	}
}

func TestAnAddressInCopyIsThePersonWhoLaterHasAnAccount(t *testing.T) {
	w := supporttest.NewWorld(t)
	onDesk(w, w.Agent)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	cc := []string{"nora@rialto.example.net"}
	_, err := w.Cases.Change(t.Context(), w.Agent, c.OrgID, c.ID, support.CaseChange{CC: &cc})
	w.Must(err)
	nora := w.Invited(w.Org.Place(), identity.Write, "nora@rialto.example.net", "Nora", "Neri")
	before := len(w.Outbox())
	w.Comment(w.Customer, c, "Any news?")
	if got := notified(w, before); !slices.Equal(got, []string{nora.UserID, w.Agent.UserID}) {
		t.Errorf("notified %v, want Nora's account and the desk", got)
	}
	before = len(w.Outbox())
	w.Comment(nora, c, "I see it, too.")
	if got := notified(w, before); !slices.Equal(got, []string{w.Customer.UserID, w.Agent.UserID}) {
		t.Errorf("notified %v, want everybody but Nora", got)
	}
}

func TestTheRecipientsOfAChangeAreChosenOnce(t *testing.T) {
	w := supporttest.NewWorld(t)
	onDesk(w, w.Agent)
	before := len(w.Outbox())
	w.NewCase(w.Customer, "No Wi-Fi")
	first := w.Recipients(before)
	w.Revoke(w.Agent, w.MSP.Place())
	if again := w.Recipients(before); len(again) != len(first) || len(first) != 2 {
		t.Errorf("first %+v, then %+v", first, again)
	}
}
