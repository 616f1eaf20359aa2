package support_test

import (
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

// world is an estate with a customer and an agent of their provider.
type world struct {
	*apptest.Estate
	t        *testing.T
	customer identity.Principal
	agent    identity.Principal
}

func newWorld(t *testing.T) *world {
	t.Helper()
	t.Parallel() // a test mostly waits for the disk
	e := apptest.NewEstate(t)
	return &world{
		Estate: e, t: t,
		customer: e.Invited(e.Org.Place(), identity.Write, "carlo@rialto.example.net", "Carlo", "Conti"),
		agent:    e.Invited(e.MSP.Place(), identity.Helpdesk, "hanna@adria.example.net", "Hanna", "Horvat"),
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// newCase opens a case of the organization.
func (w *world) newCase(by identity.Principal, subject string) support.Case {
	w.t.Helper()
	c, err := w.Desk.CreateCase(w.t.Context(), by, w.Org.ID, request(subject))
	w.must(err)
	return c
}

func request(subject string) support.NewCase {
	return support.NewCase{Fields: support.Fields{Subject: subject}, Description: "It is broken."}
}

func (w *world) comment(by identity.Principal, c support.Case, text string) (support.Case, support.Comment) {
	w.t.Helper()
	after, comment, err := w.Desk.AddComment(w.t.Context(), by, c.OrgID, c.ID, support.NewComment{Text: text})
	w.must(err)
	return after, comment
}

func (w *world) note(c support.Case, text string) support.Comment {
	w.t.Helper()
	_, comment, err := w.Desk.AddComment(w.t.Context(), w.agent, c.OrgID, c.ID, support.NewComment{Text: text, Internal: true})
	w.must(err)
	return comment
}

func (w *world) setStatus(by identity.Principal, c support.Case, status support.Status) support.Case {
	w.t.Helper()
	after, err := w.Desk.ChangeCase(w.t.Context(), by, c.OrgID, c.ID, support.CaseChange{Status: &status})
	w.must(err)
	return after
}

func (w *world) detail(by identity.Principal, c support.Case) support.Detail {
	w.t.Helper()
	detail, err := w.Desk.Detail(w.t.Context(), by, c.OrgID, c.ID)
	w.must(err)
	return detail
}

// told gives who is told of what since a number of messages.
func (w *world) told(before int) []support.Notice {
	w.t.Helper()
	return apptest.Since[support.Notice](w.Trial, before)
}

// replyTo gives the address by which a person answers a case.
func (w *world) replyTo(to identity.Principal, c support.Case, note string) string {
	w.t.Helper()
	notice := support.Notice{Kind: support.NoticeCase, Event: support.Changed, OrgID: c.OrgID, CaseID: c.ID, UserID: to.UserID}
	if note != "" {
		notice.Event, notice.CommentID, notice.Internal = support.Commented, note, true
	}
	letter, err := w.Desk.Letter(w.t.Context(), notice)
	w.must(err)
	return letter.ReplyTo
}

func textOf(length int) string { return strings.Repeat("x", length) }

// sent notes that a mail about a case went to a person under an id.
func (w *world) sent(c support.Case, to identity.Principal, id string) error {
	return w.Desk.Sent(w.t.Context(), support.Notice{Event: support.Changed, OrgID: c.OrgID, CaseID: c.ID, UserID: to.UserID}, id)
}

func domainOf(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	return domain
}

// release lets a mail be kept out for a reason and released, and gives it as it then comes in.
func (w *world) release(mail support.Mail, want support.Reason) support.Mail {
	w.t.Helper()
	if outcome := w.intake(mail); outcome.Reason != want {
		w.t.Fatalf("became %+v, want %s", outcome, want)
	}
	before := len(w.Outbox())
	w.must(w.Desk.ReleaseQuarantined(w.t.Context(), w.Operator(), mail.ID))
	mail.Received = apptest.Since[support.Received](w.Trial, before)[0]
	return mail
}

// list gives a page of a scope's cases; of the open ones, unless another list is wanted.
func (w *world) list(by identity.Principal, scope support.Scope, wanted support.Wanted) (support.Lines, error) {
	w.t.Helper()
	if wanted.State == "" {
		wanted.State = support.AreOpen
	}
	found, err := w.Desk.Console(w.t.Context(), by, scope, wanted)
	return found.Lines, err
}

// of are the filters of a list of one submitter's cases, or of none.
func of(submitterID string) map[string][]string {
	if submitterID == "" {
		return nil
	}
	return map[string][]string{"submitter": {submitterID}}
}
