package pages_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// park makes a message a dead letter and returns the path of its page.
func (s *site) park(inQueue, body string) string {
	s.t.Helper()
	message := queue.Message{ID: s.Journal.NewID(), Queue: inQueue, Group: "ORG#" + s.Org.ID, Body: []byte(body)}
	s.check(s.DeadLetters.Park(s.t.Context(), message, "the server said no", 6))
	return "/platform/dead_letters/" + message.ID
}

// spoil deletes an entry of the open cases of the organization from its list.
func (s *site) spoil() {
	s.t.Helper()
	page, err := s.Store.Query(s.t.Context(), table.Query{Partition: "ORG#" + s.Org.ID + "#CASES#OPEN", Limit: 1})
	s.check(err)
	item := page.Items[0]
	s.check(s.Store.Transact(s.t.Context(), []table.Write{table.Delete(item.Key, item.Version)}))
}

// healthPages returns each page of the platform's health once.
func (s *site) healthPages() []*page {
	operator := s.as(s.Operator())
	letter := s.park(queue.MailSend, `{"kind":"<script>"}`)
	return []*page{
		operator.get("/platform/health"), operator.get("/platform/dead_letters"), operator.get(letter),
		operator.get(letter + "/delete"), operator.get("/platform/index"), operator.get("/platform/index?search=a"),
		operator.get("/platform/index?msp_id=" + s.MSP.ID), operator.get("/platform/index/rebuild"),
		operator.get("/platform/verification"), operator.get("/platform/verification?from=1"),
	}
}

func TestAnOperatorSeesHowManyMessagesWait(t *testing.T) {
	s := newSite(t)
	operator := s.as(s.Operator())
	s.park(queue.MailSend, `{}`)
	s.check(s.Queues.Send(t.Context(), []queue.Message{
		{ID: s.Journal.NewID(), Queue: queue.CasesDue, Group: "PLATFORM", Body: []byte(`{}`)},
	}))
	operator.get("/platform/health").wants(http.StatusOK, "Health of the platform", "Taken into cases",
		"Not delivered", "1 Waiting", "1 Dead letters",
		"cases-due", "mails to be sent", "Refresh", "of 2.0 GiB")
	part := operator.get("/platform/health/queues").wants(http.StatusOK, "1 Waiting")
	if !strings.Contains(part.raw, `hx-trigger="every 10s"`) || strings.Contains(part.raw, "<h1") {
		t.Errorf("the part is %s", part.raw)
	}
	operator.get("/platform").wants(http.StatusOK, "Queues", "Dead letters", "Index")
}

func TestADeadLetterIsReadAndReplayed(t *testing.T) {
	s := newSite(t)
	operator := s.as(s.Operator())
	const list = "/platform/dead_letters"
	operator.get(list).wants(http.StatusOK, "There are no dead letters")
	letter := s.park(queue.MailSend, `{"kind":"case","to":["<b>"]}`)
	operator.get(list).wants(http.StatusOK, "the server said no", "mail-send", "ORG#"+s.Org.ID)
	page := operator.get(letter).wants(http.StatusOK, "Error of the last attempt", "the server said no", `"<b>"`)
	if body := all(page.document, "pre")[0]; !strings.Contains(body.FirstChild.Data, "\n  \"kind\": \"case\"") {
		t.Errorf("the content is %q", body.FirstChild.Data)
	}
	before := len(s.Outbox())
	for range 2 { // sent twice, it takes effect once
		page.submit(letter+"/replay", nil).leadsTo(list)
	}
	if sent := s.Outbox()[before:]; len(sent) != 1 || sent[0].Queue != queue.MailSend {
		t.Errorf("enqueued %+v", sent)
	}
	operator.get(list).wants(http.StatusOK, "The message is on its queue again.", "There are no dead letters")
	page.submit(letter+"/replay", fields{"once": ""}).wants(http.StatusNotFound)

	unknown := s.park("cases-future", `no json`)
	operator.get(unknown).wants(http.StatusOK, `"no json"`).submit(unknown+"/replay", nil).
		wants(http.StatusConflict, "The message was not replayed", "does not know the queue")
}

func TestADeadLetterIsDiscardedAfterAQuestion(t *testing.T) {
	s := newSite(t)
	operator := s.as(s.Operator())
	letter := s.park(queue.CasesIndex, `{}`)
	asked := operator.get(letter+"/delete").wants(http.StatusOK, "Discard this message?", "never done")
	operator.get(letter).wants(http.StatusOK)
	asked.submit(letter+"/delete", nil).follow().wants(http.StatusOK, "The message was discarded.")
	asked.submit(letter+"/delete", nil).leadsTo("/platform/dead_letters")
	operator.get(letter).wants(http.StatusNotFound)
	operator.get("/platform/dead_letters/none").wants(http.StatusNotFound)
}

func TestTheDeadLettersHavePages(t *testing.T) {
	s := newSite(t)
	operator := s.as(s.Operator())
	for range 51 {
		s.park(queue.MailSend, `{}`)
	}
	first := operator.get("/platform/dead_letters").wants(http.StatusOK, "Page 1")
	second := operator.get(first.next()).wants(http.StatusOK, "Page 2")
	if rows := len(all(second.document, "tr")); rows != 2 {
		t.Errorf("the second page has %d rows", rows)
	}
}

func TestTheIndexOfEachPlaceIsSeenAndRebuilt(t *testing.T) {
	s := newSite(t)
	operator := s.as(s.Operator())
	const path = "/platform/index"
	operator.get(path).wants(http.StatusOK, "Direct customers", "Up to date")
	msp := path + "?msp_id=" + s.MSP.ID
	operator.get(msp).wants(http.StatusOK, s.MSP.Name, "Never built")
	s.index(s.kase)
	operator.get(msp).wants(http.StatusOK, "Up to date", "Cases in the index 1")
	s.Clock.Pass(time.Second)
	subject := "No Wi-Fi upstairs"
	_, err := s.Cases.Change(t.Context(), s.agent, s.Org.ID, s.kase.ID, support.CaseChange{Subject: &subject})
	s.check(err)
	operator.get(msp).wants(http.StatusOK, "Lagging")
	part := operator.get(path+"/state?msp_id="+s.MSP.ID).wants(http.StatusOK, "Lagging")
	if !strings.Contains(part.raw, "every 10s") || strings.Contains(part.raw, "<h1") {
		t.Errorf("the part is %s", part.raw)
	}

	operator.get(path+"?search=adria").wants(http.StatusOK, s.MSP.Name)
	operator.get(path+"?search=delta").wants(http.StatusOK, s.Direct.Name)
	operator.get(path+"?search=nobody").wants(http.StatusOK, "No name contains “nobody”")
	operator.get(msp+"&search=rialto").wants(http.StatusOK, s.Org.Name)
	operator.get(path+"?org_id="+s.Org.ID).wants(http.StatusOK, s.Org.Name)
	operator.get(path + "?org_id=" + uuid.NewString()).wants(http.StatusNotFound)
	operator.get(path + "?msp_id=none").wants(http.StatusNotFound)

	before := len(s.Outbox())
	asked := operator.get(path+"/rebuild?msp_id="+s.MSP.ID).wants(http.StatusOK, "Rebuild the search index?", s.MSP.Name)
	asked.submit(path+"/rebuild", nil).follow().wants(http.StatusOK, "One part of the index is being rebuilt.", s.MSP.Name)
	asked.submit(path+"/rebuild", nil).leadsTo(msp)
	if sent := s.Outbox()[before:]; len(sent) != 1 || sent[0].Queue != queue.CasesJobs {
		t.Errorf("enqueued %+v", sent)
	}
	asked.submit(path+"/rebuild", fields{"once": "", "msp_id": "none"}).wants(http.StatusNotFound)
	all := operator.get(path+"/rebuild").wants(http.StatusOK, "Every provider and every organization")
	all.submit(path+"/rebuild", nil).follow().wants(http.StatusOK, "8 parts of the index are being rebuilt.")
}

func TestTheListsAreComparedWithTheirCasesAndRepaired(t *testing.T) {
	s := newSite(t)
	operator := s.as(s.Operator())
	const path = "/platform/verification"
	operator.get(path).wants(http.StatusOK, "From case number")
	operator.get(path+"?from=1").
		wants(http.StatusOK, "Nothing differs", "One case from number 1", "This was the last case.")
	s.spoil()
	page := operator.get(path+"?from=1").wants(http.StatusOK, "1 of 1 case differs", "has no entry in")
	page.submit(path, nil).follow().wants(http.StatusOK, "One case was repaired.", "Nothing differs")
	operator.get(path+"?from=x").wants(http.StatusOK, "From case number")
	result, err := s.Lists.VerifyLists(t.Context(), s.Operator(), 1, false)
	s.check(err)
	if len(result.Mismatches) != 0 {
		t.Errorf("%+v", result)
	}
	for range 10 * lists.VerifyAtOnce {
		s.open(s.customer, "No Wi-Fi", "x")
	}
	operator.get(path+"?from=1").wants(http.StatusOK, "Go on from case 201")
	operator.get(path+"?from=201").wants(http.StatusOK, "One case from number 201", "This was the last case.")
}

func TestTheHealthOfThePlatformIsForOperators(t *testing.T) {
	s := newSite(t)
	letter := s.park(queue.MailSend, `{}`)
	s.spoil()
	support, super := s.as(s.SupportAgent()), s.as(s.Person(s.MSP.Place(), identity.Admin))
	customer, stranger := s.as(s.customer), s.stranger()
	for _, path := range []string{
		"/platform/health", "/platform/health/queues", "/platform/dead_letters", letter, letter + "/delete",
		"/platform/index", "/platform/index/state", "/platform/index/rebuild", "/platform/verification",
		"/platform/verification?from=1",
	} {
		support.get(path).wants(http.StatusForbidden)
		super.get(path).wants(http.StatusNotFound)
		customer.get(path).wants(http.StatusNotFound)
		if got := stranger.get(path); got.status != http.StatusSeeOther {
			t.Errorf("%s: a stranger gets %d", path, got.status)
		}
	}
	for _, path := range []string{
		letter + "/replay", letter + "/delete", "/platform/index/rebuild", "/platform/verification",
	} {
		for _, b := range []*browser{support, super, customer} {
			got := b.post(path, map[string][]string{"csrf": {b.get("/").csrf("/logout")}})
			if got.status != http.StatusForbidden && got.status != http.StatusNotFound {
				t.Errorf("%s: status %d", path, got.status)
			}
		}
	}
	s.as(s.Operator()).get("/platform/verification?from=1").wants(http.StatusOK, "1 of 1 case differs")
	s.as(s.Operator()).get(letter).wants(http.StatusOK)
}
