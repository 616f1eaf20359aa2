package intake_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/intake"
	"github.com/tenantry/tenantry/shared/support/mailthread"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// TestTheOrderOfThreading sends mails with references to several cases: the most trusted reference
// decides.
func TestTheOrderOfThreading(t *testing.T) {
	w := supporttest.NewWorld(t)
	var cases []support.Case
	for i := range 5 {
		cases = append(cases, w.NewCase(w.Customer, fmt.Sprint("Case ", i)))
		w.Must(w.Sent(cases[i], w.Customer, fmt.Sprintf("sent-%d@ses.example", i)))
		mail := w.Mail(fmt.Sprint("received-", i), w.Customer.Email, w.ReplyTo(w.Customer, cases[i], ""))
		w.Receive(mail)
	}
	root := func(i int) string { return "case-" + cases[i].ID + "@portal.example.com" }
	received := func(i int) string { return fmt.Sprintf("received-%d@mail.example.net", i) }
	tag := func(i int) string { return fmt.Sprintf("AW: [Case %d] what ever", cases[i].Number) }
	for name, test := range map[string]struct {
		want int // -1 for a new case
		edit func(*intake.Mail)
	}{
		"the reply address first": {0, func(m *intake.Mail) {
			m.Recipients = []string{w.ReplyTo(w.Customer, cases[0], "")}
			m.InReplyTo, m.References, m.Subject = "sent-1@ses.example", []string{root(2)}, tag(3)
		}},
		"In-Reply-To before References": {1, func(m *intake.Mail) {
			m.InReplyTo, m.References = "sent-1@ses.example", []string{root(2), "sent-2@ses.example"}
		}},
		"the nearest of References":         {2, func(m *intake.Mail) { m.References = []string{root(1), "x@y", "sent-2@ses.example", "z@y"} }},
		"a root alone":                      {1, func(m *intake.Mail) { m.References = []string{root(1), "x@y"} }},
		"sent mails before received mails":  {1, func(m *intake.Mail) { m.InReplyTo, m.References = received(2), []string{"sent-1@ses.example"} }},
		"received mails before the subject": {2, func(m *intake.Mail) { m.InReplyTo, m.Subject = received(2), tag(3) }},
		"the subject last":                  {3, func(m *intake.Mail) { m.InReplyTo, m.Subject = "x@y", tag(3) }},
		"the subject, whatever its prefixes": {3, func(m *intake.Mail) {
			m.Subject = fmt.Sprintf("Re: AW[2]: Antw: [EXTERN] [case %d] x", cases[3].Number)
		}},
		"a root at the head of a long chain": {4, func(m *intake.Mail) {
			m.References = append([]string{root(4)}, slices.Repeat([]string{"a@b", "c@d"}, 20)...)
		}},
		"no reference":                        {-1, func(m *intake.Mail) { m.Subject = "Re: what ever" }},
		"a number that no case has":           {-1, func(m *intake.Mail) { m.Subject = "Re: [Case 4711] what ever" }},
		"another form of a number":            {-1, func(m *intake.Mail) { m.Subject = fmt.Sprintf("Re: Case %d (#%[1]d)", cases[3].Number) }},
		"a made-up root":                      {-1, func(m *intake.Mail) { m.References = []string{"case-" + w.Journal.NewID() + "@portal.example.com"} }},
		"a forwarded mail of somebody else's": {-1, func(m *intake.Mail) { m.Subject = fmt.Sprintf("Fwd: [Case %d] what ever", cases[3].Number) }},
		"a forwarded mail received before":    {-1, func(m *intake.Mail) { m.Subject, m.InReplyTo = "WG: what ever", received(2) }},
		"a forwarded mail of ours":            {2, func(m *intake.Mail) { m.Subject, m.References = "Fwd: what ever", []string{"sent-2@ses.example"} }},
	} {
		w.Clock.Pass(11 * 60e9) // so that nobody exceeds the rate limit
		outcome := w.Receive(w.Unaddressed(w.Customer, test.edit))
		switch {
		case test.want < 0 && outcome.Kind != "case":
			t.Errorf("%s: %+v, want a new case", name, outcome)
		case test.want >= 0 && (outcome.Kind != "comment" || outcome.CaseID != cases[test.want].ID):
			t.Errorf("%s: %+v, want a comment on %s", name, outcome, cases[test.want].ID)
		}
	}
}

func TestOnlyParticipantsAddToACase(t *testing.T) {
	w := supporttest.NewWorld(t)
	colleague, watcher := w.Another(w.Org.Place(), identity.Write), w.Another(w.Org.Place(), identity.Write)
	observer, outsider := w.Another(w.Org.Place(), identity.Read), w.Another(w.Foreign.Place(), identity.Admin)
	reader, stranger := w.Another(w.MSP.Place(), identity.Read), identity.Principal{Email: "mallory@evil.example"}
	c, err := w.Cases.Create(t.Context(), w.Customer, w.Org.ID, support.NewCase{
		Fields: desk.Fields{
			Subject: "No Wi-Fi",
		},
		Description: "x",
		WatcherIDs:  []string{watcher.UserID},
		CC:          []string{"friend@rialto.example.net"},
	})
	w.Must(err)
	w.Must(w.Sent(c, w.Customer, "sent@ses.example"))
	w.Receive(w.Mail("received", w.Customer.Email, w.ReplyTo(w.Customer, c, "")))
	for name, refer := range map[string]func(*intake.Mail){
		"by an id of ours":             func(m *intake.Mail) { m.InReplyTo, m.Subject = "sent@ses.example", "Hello" },
		"by the ID of a received mail": func(m *intake.Mail) { m.InReplyTo, m.Subject = "received@mail.example.net", "Hello" },
		"by the number":                func(m *intake.Mail) { m.Subject = fmt.Sprintf("Re: [Case %d] No Wi-Fi", c.Number) },
		"by the root of the case":      func(m *intake.Mail) { m.References = []string{"case-" + c.ID + "@portal.example.com"} },
	} {
		for _, test := range []struct {
			who  string
			from identity.Principal
			want string
		}{
			{"submitter", w.Customer, "comment"},
			{"watcher", watcher, "comment"},
			{"copied without an account", identity.Principal{Email: "friend@rialto.example.net"}, "comment"},
			{"agent", w.Agent, "comment"},
			{"colleague", colleague, "case"},
			{"another customer", outsider, "case"},
			{"observer", observer, string(intake.NoOrg)},
			{"an MSP's reader", reader, string(intake.NoOrg)},
			{"stranger", stranger, string(intake.UnknownSender)},
		} {
			w.Clock.Pass(11 * 60e9)
			outcome := w.Receive(w.Unaddressed(test.from, refer))
			if outcome.Kind != test.want && string(outcome.Reason) != test.want {
				t.Errorf("%s, %s: %+v, want %s", name, test.who, outcome, test.want)
			}
			if outcome.Kind == "comment" && outcome.CaseID != c.ID {
				t.Errorf("%s, %s: a comment on another case", name, test.who)
			}
			if outcome.Kind != "case" {
				continue
			}
			org, links := w.Org, 1
			if test.who == "another customer" {
				org, links = w.Foreign, 0
			}
			created := w.Detail(test.from, support.Case{OrgID: org.ID, ID: outcome.CaseID})
			if len(created.Links) != links ||
				links == 1 && (created.Links[0].Kind != support.Related || created.Links[0].CaseID != c.ID) ||
				created.Subject == "" ||
				created.Subject[0] == '[' {
				t.Errorf("%s, %s: %q with the links %+v", name, test.who, created.Subject, created.Links)
			}
		}
	}
}

func TestAMailOfAParticipantNeedsNoReplyAddressButAProvenSender(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	mail := w.Unaddressed(w.Customer, func(m *intake.Mail) {
		m.Subject, m.Verdicts, m.Domain = fmt.Sprintf("Re: [Case %d] No Wi-Fi", c.Number), received.Verdicts{
			SPF:   "GRAY",
			DKIM:  "GRAY",
			DMARC: "GRAY",
		}, supporttest.DomainOf(w.Customer.Email)
	})
	if outcome := w.Receive(mail); outcome.Reason != intake.Unauthenticated {
		t.Errorf("%+v", outcome)
	}
	mail.Authenticated = true
	if outcome := w.Receive(mail); outcome.Kind != "comment" {
		t.Errorf("%+v", outcome)
	}
}

func TestAnAgentsAnswerToANoteNeverReachesTheCustomer(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	note := w.Note(c, "hush-hush")
	chief := w.Person(w.MSP.Place(), identity.Admin)
	w.Must(
		w.Threads.Sent(
			t.Context(),
			mailthread.SentMail{
				OrgID: c.OrgID, CaseID: c.ID, UserID: chief.UserID, MessageID: "note@ses.example", Note: true,
			},
		),
	)
	w.Must(w.Sent(c, chief, "notice@ses.example"))
	root := "case-" + c.ID + "@portal.example.com"
	for name, test := range map[string]struct {
		internal bool
		edit     func(*intake.Mail)
	}{
		"by the note's id": {true, func(m *intake.Mail) {
			m.InReplyTo, m.References = "note@ses.example", []string{root, "notice@ses.example"}
		}},
		"by the id of another mail": {false, func(m *intake.Mail) { m.InReplyTo, m.References = "notice@ses.example", []string{root} }},
		"by the number alone":       {true, func(m *intake.Mail) { m.Subject = fmt.Sprintf("Re: [Case %d] No Wi-Fi", c.Number) }},
		"by the root alone":         {true, func(m *intake.Mail) { m.References = []string{root} }},
		"out of office":             {true, func(m *intake.Mail) { m.InReplyTo, m.Automatic = "notice@ses.example", true }},
	} {
		before := len(w.Detail(w.Customer, c).Comments)
		if outcome := w.Receive(w.Unaddressed(chief, test.edit)); outcome.Kind != "comment" {
			t.Fatalf("%s: %+v", name, outcome)
		}
		if seen := len(w.Detail(w.Customer, c).Comments) > before; seen == test.internal {
			t.Errorf("%s: the customer sees it: %v", name, seen)
		}
	}
	// A reply to a note that arrived by mail is about a note too.
	answer := w.Mail("answer", chief.Email, w.ReplyTo(chief, c, note.ID))
	w.Receive(answer)
	before := len(w.Detail(w.Customer, c).Comments)
	w.Receive(w.Unaddressed(w.Agent, func(m *intake.Mail) { m.InReplyTo = answer.MessageID }))
	if len(w.Detail(w.Customer, c).Comments) != before {
		t.Error("the customer sees the answer to an answer to a note")
	}
}

func TestAnAutomaticMailFindsItsCaseAndOpensNone(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	colleague := w.Another(w.Org.Place(), identity.Write)
	automatic := func(m *intake.Mail) {
		m.Automatic, m.Subject = true, fmt.Sprintf("Out of office: [Case %d] No Wi-Fi", c.Number)
	}
	if outcome := w.Receive(w.Unaddressed(w.Customer, automatic)); outcome.Kind != "comment" {
		t.Errorf("%+v", outcome)
	}
	if outcome := w.Receive(w.Unaddressed(colleague, automatic)); outcome.Reason != intake.AutoWithout {
		t.Errorf("%+v", outcome)
	}
}

func TestAMailToAMergedCaseGoesToItsSurvivor(t *testing.T) {
	w := supporttest.NewWorld(t)
	one, err := w.Cases.Create(
		t.Context(),
		w.Customer,
		w.Org.ID,
		support.NewCase{
			Fields:      desk.Fields{Subject: "One"},
			Description: "x",
			CC:          []string{"friend@rialto.example.net"},
		},
	)
	w.Must(err)
	two, three := w.NewCase(w.Customer, "Two"), w.NewCase(w.Customer, "Three")
	w.Must(w.Sent(one, w.Customer, "sent@ses.example"))
	customer, friend := w.ReplyTo(w.Customer, one, ""), w.ReplyTo(identity.Principal{UserID: one.CC[0].ID}, one, "")
	for _, pair := range [][2]support.Case{{one, two}, {two, three}} {
		_, err := w.Cases.Merge(t.Context(), w.Agent, w.Org.ID, pair[0].ID, pair[1].ID)
		w.Must(err)
	}
	for name, mail := range map[string]intake.Mail{
		"to the address":                 w.Mail("m-1", w.Customer.Email, customer),
		"of a sender without an account": w.Mail("m-2", "friend@rialto.example.net", friend),
		"by the id":                      w.Unaddressed(w.Customer, func(m *intake.Mail) { m.InReplyTo = "sent@ses.example" }),
		"by the number":                  w.Unaddressed(w.Customer, func(m *intake.Mail) { m.Subject = fmt.Sprintf("[Case %d] One", one.Number) }),
		"by the number, no account":      w.Unaddressed(identity.Principal{Email: "friend@rialto.example.net"}, func(m *intake.Mail) { m.Subject = fmt.Sprintf("[Case %d] One", one.Number) }),
	} {
		if outcome := w.Receive(mail); outcome.Kind != "comment" || outcome.CaseID != three.ID {
			t.Errorf("%s: %+v, want a comment on %s", name, outcome, three.ID)
		}
	}
}

func TestAMailToACaseClosedLongAgoOpensOneThatFollows(t *testing.T) {
	w := supporttest.NewWorld(t)
	c, err := w.Cases.Create(
		t.Context(),
		w.Customer,
		w.Org.ID,
		support.NewCase{
			Fields:      desk.Fields{Subject: "No Wi-Fi"},
			Description: "x",
			CC:          []string{"friend@rialto.example.net"},
		},
	)
	w.Must(err)
	address := w.ReplyTo(w.Customer, c, "")
	friend := w.Mail("m-1", "friend@rialto.example.net", w.ReplyTo(identity.Principal{UserID: c.CC[0].ID}, c, ""))
	agents := w.Mail("m-2", w.Agent.Email, w.ReplyTo(w.Agent, c, ""))
	w.SetStatus(w.Agent, c, support.Closed)
	w.Clock.Pass(15 * 24 * 60 * 60e9)
	mail := w.Mail("m-3", w.Customer.Email, address)
	mail.Subject = fmt.Sprintf("AW: Re: [Case %d] No Wi-Fi", c.Number)
	outcome := w.Receive(mail)
	if outcome.Kind != "case" {
		t.Fatalf("%+v", outcome)
	}
	created := w.Detail(w.Customer, support.Case{OrgID: c.OrgID, ID: outcome.CaseID})
	if created.Subject != "No Wi-Fi" || created.Description != "Thanks." || len(created.Links) != 1 ||
		created.Links[0].Kind != support.Follows ||
		created.Links[0].CaseID != c.ID {
		t.Errorf("%+v", created)
	}
	if again := w.Receive(mail); again.Kind != "duplicate" {
		t.Errorf("the same mail again: %+v", again)
	}
	if old := w.Detail(w.Customer, c); old.Status != support.Closed || len(old.Comments) != 0 {
		t.Errorf("%s, %+v", old.Status, old.Comments)
	}
	if outcome := w.Receive(friend); outcome.Reason != intake.ClosedCase {
		t.Errorf("without an account: %+v", outcome)
	}
	automatic := w.Mail("m-4", w.Customer.Email, address)
	automatic.Automatic = true
	for _, mail := range []intake.Mail{automatic, agents} {
		if outcome := w.Receive(mail); outcome.Kind != "comment" || outcome.CaseID != c.ID {
			t.Errorf("%+v", outcome)
		}
	}
}

func TestAMailCannotClaimOneOfOurMessageIDs(t *testing.T) {
	w := supporttest.NewWorld(t)
	outsider := w.Another(w.Foreign.Place(), identity.Write)
	c, foreign := w.NewCase(w.Customer, "No Wi-Fi"), w.Mail("m-1", outsider.Email, supporttest.SupportAddress)
	foreign.MessageID = "case-" + c.ID + "@portal.example.com"
	if outcome := w.Receive(foreign); outcome.Kind != "case" {
		t.Fatalf("%+v", outcome)
	}
	// A mail from another domain cannot redirect a mail of the first customer to a foreign case
	// either.
	seen := w.Mail("m-2", outsider.Email, supporttest.SupportAddress)
	seen.Text, seen.MessageID = "more", "shared@list.example"
	w.Receive(seen)
	w.Must(w.Sent(c, w.Customer, "sent@ses.example"))
	both := w.Unaddressed(w.Customer, func(m *intake.Mail) {
		m.InReplyTo, m.Subject = "shared@list.example", fmt.Sprintf("Re: [Case %d] No Wi-Fi", c.Number)
	})
	if outcome := w.Receive(both); outcome.Kind != "comment" || outcome.CaseID != c.ID {
		t.Errorf("a foreign case hides the sender's own: %+v", outcome)
	}
	for refer, want := range map[string]string{"case-" + c.ID + "@portal.example.com": "comment", "shared@list.example": "case"} {
		outcome := w.Receive(
			w.Unaddressed(w.Customer, func(m *intake.Mail) { m.Subject, m.References = "Hello", []string{refer} }),
		)
		if outcome.Kind != want {
			t.Errorf("%s: %+v", refer, outcome)
		}
	}
}
