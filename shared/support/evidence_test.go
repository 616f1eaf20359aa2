package support_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

// unaddressed makes a mail to the support address that refers to something.
func (w *world) unaddressed(from identity.Principal, edit func(*support.Mail)) support.Mail {
	w.t.Helper()
	id := w.Journal.NewID()
	mail := w.mail(id, from.Email, supportAddress)
	mail.Text = "Text of " + id
	mail.Reply = mail.Text
	edit(&mail)
	return mail
}

// TestTheOrderOfThreading gives mails with several things that name a case: the one that is trusted most wins.
func TestTheOrderOfThreading(t *testing.T) {
	w := newWorld(t)
	var cases []support.Case
	for i := range 5 {
		cases = append(cases, w.newCase(w.customer, fmt.Sprint("Case ", i)))
		w.must(w.sent(cases[i], w.customer, fmt.Sprintf("sent-%d@ses.example", i)))
		mail := w.mail(fmt.Sprint("received-", i), w.customer.Email, w.replyTo(w.customer, cases[i], ""))
		w.intake(mail)
	}
	root := func(i int) string { return "case-" + cases[i].ID + "@portal.example.com" }
	received := func(i int) string { return fmt.Sprintf("received-%d@mail.example.net", i) }
	tag := func(i int) string { return fmt.Sprintf("AW: [Case %d] what ever", cases[i].Number) }
	for name, test := range map[string]struct {
		want int // -1 for a new case
		edit func(*support.Mail)
	}{
		"the address before all": {0, func(m *support.Mail) {
			m.Recipients = []string{w.replyTo(w.customer, cases[0], "")}
			m.InReplyTo, m.References, m.Subject = "sent-1@ses.example", []string{root(2)}, tag(3)
		}},
		"In-Reply-To before References": {1, func(m *support.Mail) {
			m.InReplyTo, m.References = "sent-1@ses.example", []string{root(2), "sent-2@ses.example"}
		}},
		"the nearest of References":        {2, func(m *support.Mail) { m.References = []string{root(1), "x@y", "sent-2@ses.example", "z@y"} }},
		"a root alone":                     {1, func(m *support.Mail) { m.References = []string{root(1), "x@y"} }},
		"what we sent before what came in": {1, func(m *support.Mail) { m.InReplyTo, m.References = received(2), []string{"sent-1@ses.example"} }},
		"what came in before the subject":  {2, func(m *support.Mail) { m.InReplyTo, m.Subject = received(2), tag(3) }},
		"the subject at last":              {3, func(m *support.Mail) { m.InReplyTo, m.Subject = "x@y", tag(3) }},
		"the subject, whatever its prefixes": {3, func(m *support.Mail) {
			m.Subject = fmt.Sprintf("Re: AW[2]: Antw: [EXTERN] [case %d] x", cases[3].Number)
		}},
		"a root at the head of a long chain": {4, func(m *support.Mail) {
			m.References = append([]string{root(4)}, slices.Repeat([]string{"a@b", "c@d"}, 20)...)
		}},
		"nothing":                              {-1, func(m *support.Mail) { m.Subject = "Re: what ever" }},
		"a number that no case has":            {-1, func(m *support.Mail) { m.Subject = "Re: [Case 4711] what ever" }},
		"another form of a number":             {-1, func(m *support.Mail) { m.Subject = fmt.Sprintf("Re: Case %d (#%[1]d)", cases[3].Number) }},
		"a made-up root":                       {-1, func(m *support.Mail) { m.References = []string{"case-" + w.Journal.NewID() + "@portal.example.com"} }},
		"a forwarded mail of somebody else's":  {-1, func(m *support.Mail) { m.Subject = fmt.Sprintf("Fwd: [Case %d] what ever", cases[3].Number) }},
		"a forwarded mail that came in before": {-1, func(m *support.Mail) { m.Subject, m.InReplyTo = "WG: what ever", received(2) }},
		"a forwarded mail of ours":             {2, func(m *support.Mail) { m.Subject, m.References = "Fwd: what ever", []string{"sent-2@ses.example"} }},
	} {
		w.Clock.Pass(11 * 60e9) // so that nobody writes too much
		outcome := w.intake(w.unaddressed(w.customer, test.edit))
		switch {
		case test.want < 0 && outcome.Kind != "case":
			t.Errorf("%s: %+v, want a new case", name, outcome)
		case test.want >= 0 && (outcome.Kind != "comment" || outcome.CaseID != cases[test.want].ID):
			t.Errorf("%s: %+v, want a comment on %s", name, outcome, cases[test.want].ID)
		}
	}
}

func TestOnlyThePartiesOfACaseAddToIt(t *testing.T) {
	w := newWorld(t)
	colleague, watcher := w.Another(w.Org.Place(), identity.Write), w.Another(w.Org.Place(), identity.Write)
	observer, outsider := w.Another(w.Org.Place(), identity.Read), w.Another(w.Foreign.Place(), identity.Admin)
	reader, stranger := w.Another(w.MSP.Place(), identity.Read), identity.Principal{Email: "mallory@evil.example"}
	c, err := w.Desk.CreateCase(t.Context(), w.customer, w.Org.ID, support.NewCase{
		Fields: support.Fields{Subject: "No Wi-Fi"}, Description: "x", WatcherIDs: []string{watcher.UserID}, CC: []string{"friend@rialto.example.net"},
	})
	w.must(err)
	w.must(w.sent(c, w.customer, "sent@ses.example"))
	w.intake(w.mail("received", w.customer.Email, w.replyTo(w.customer, c, "")))
	for name, refer := range map[string]func(*support.Mail){
		"by an id of ours":        func(m *support.Mail) { m.InReplyTo, m.Subject = "sent@ses.example", "Hello" },
		"by an id that came in":   func(m *support.Mail) { m.InReplyTo, m.Subject = "received@mail.example.net", "Hello" },
		"by the number":           func(m *support.Mail) { m.Subject = fmt.Sprintf("Re: [Case %d] No Wi-Fi", c.Number) },
		"by the root of the case": func(m *support.Mail) { m.References = []string{"case-" + c.ID + "@portal.example.com"} },
	} {
		for _, test := range []struct {
			who  string
			from identity.Principal
			want string
		}{
			{"submitter", w.customer, "comment"},
			{"watcher", watcher, "comment"},
			{"copied without an account", identity.Principal{Email: "friend@rialto.example.net"}, "comment"},
			{"agent", w.agent, "comment"},
			{"colleague", colleague, "case"},
			{"another customer", outsider, "case"},
			{"observer", observer, string(support.NoOrg)},
			{"an MSP's reader", reader, string(support.NoOrg)},
			{"stranger", stranger, string(support.UnknownSender)},
		} {
			w.Clock.Pass(11 * 60e9)
			outcome := w.intake(w.unaddressed(test.from, refer))
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
			made := w.detail(test.from, support.Case{OrgID: org.ID, ID: outcome.CaseID})
			if len(made.Links) != links || links == 1 && (made.Links[0].Kind != support.Related || made.Links[0].CaseID != c.ID) || made.Subject == "" || made.Subject[0] == '[' {
				t.Errorf("%s, %s: %q with the links %+v", name, test.who, made.Subject, made.Links)
			}
		}
	}
}

func TestAMailOfAPartyNeedsNoAddressButAProvenSender(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	mail := w.unaddressed(w.customer, func(m *support.Mail) {
		m.Subject, m.Verdicts, m.Domain = fmt.Sprintf("Re: [Case %d] No Wi-Fi", c.Number), support.Verdicts{SPF: "GRAY", DKIM: "GRAY", DMARC: "GRAY"}, domainOf(w.customer.Email)
	})
	if outcome := w.intake(mail); outcome.Reason != support.Unauthenticated {
		t.Errorf("%+v", outcome)
	}
	mail.Authenticated = true
	if outcome := w.intake(mail); outcome.Kind != "comment" {
		t.Errorf("%+v", outcome)
	}
}

func TestAnAgentsAnswerToANoteNeverReachesTheCustomer(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	note := w.note(c, "hush-hush")
	chief := w.Person(w.MSP.Place(), identity.Admin)
	w.must(w.Desk.Sent(t.Context(), support.Notice{Event: support.Commented, OrgID: c.OrgID, CaseID: c.ID, UserID: chief.UserID, CommentID: note.ID, Internal: true}, "note@ses.example"))
	w.must(w.sent(c, chief, "notice@ses.example"))
	root := "case-" + c.ID + "@portal.example.com"
	for name, test := range map[string]struct {
		internal bool
		edit     func(*support.Mail)
	}{
		"by the note's id": {true, func(m *support.Mail) {
			m.InReplyTo, m.References = "note@ses.example", []string{root, "notice@ses.example"}
		}},
		"by the id of another mail": {false, func(m *support.Mail) { m.InReplyTo, m.References = "notice@ses.example", []string{root} }},
		"by the number alone":       {true, func(m *support.Mail) { m.Subject = fmt.Sprintf("Re: [Case %d] No Wi-Fi", c.Number) }},
		"by the root alone":         {true, func(m *support.Mail) { m.References = []string{root} }},
		"out of office":             {true, func(m *support.Mail) { m.InReplyTo, m.Automatic = "notice@ses.example", true }},
	} {
		before := len(w.detail(w.customer, c).Comments)
		if outcome := w.intake(w.unaddressed(chief, test.edit)); outcome.Kind != "comment" {
			t.Fatalf("%s: %+v", name, outcome)
		}
		if seen := len(w.detail(w.customer, c).Comments) > before; seen == test.internal {
			t.Errorf("%s: the customer sees it: %v", name, seen)
		}
	}
	// An answer to a note that came by mail is about a note too.
	answer := w.mail("answer", chief.Email, w.replyTo(chief, c, note.ID))
	w.intake(answer)
	before := len(w.detail(w.customer, c).Comments)
	w.intake(w.unaddressed(w.agent, func(m *support.Mail) { m.InReplyTo = answer.MessageID }))
	if len(w.detail(w.customer, c).Comments) != before {
		t.Error("the customer sees the answer to an answer to a note")
	}
}

func TestAnAutomaticMailFindsItsCaseAndOpensNone(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "No Wi-Fi")
	colleague := w.Another(w.Org.Place(), identity.Write)
	automatic := func(m *support.Mail) {
		m.Automatic, m.Subject = true, fmt.Sprintf("Out of office: [Case %d] No Wi-Fi", c.Number)
	}
	if outcome := w.intake(w.unaddressed(w.customer, automatic)); outcome.Kind != "comment" {
		t.Errorf("%+v", outcome)
	}
	if outcome := w.intake(w.unaddressed(colleague, automatic)); outcome.Reason != support.AutoWithout {
		t.Errorf("%+v", outcome)
	}
}

func TestAMailToAMergedCaseGoesToItsSurvivor(t *testing.T) {
	w := newWorld(t)
	one, err := w.Desk.CreateCase(t.Context(), w.customer, w.Org.ID, support.NewCase{Fields: support.Fields{Subject: "One"}, Description: "x", CC: []string{"friend@rialto.example.net"}})
	w.must(err)
	two, three := w.newCase(w.customer, "Two"), w.newCase(w.customer, "Three")
	w.must(w.sent(one, w.customer, "sent@ses.example"))
	customer, friend := w.replyTo(w.customer, one, ""), w.replyTo(identity.Principal{UserID: one.CC[0].ID}, one, "")
	for _, pair := range [][2]support.Case{{one, two}, {two, three}} {
		_, err := w.Desk.MergeCase(t.Context(), w.agent, w.Org.ID, pair[0].ID, pair[1].ID)
		w.must(err)
	}
	for name, mail := range map[string]support.Mail{
		"to the address":            w.mail("m-1", w.customer.Email, customer),
		"of who has no account":     w.mail("m-2", "friend@rialto.example.net", friend),
		"by the id":                 w.unaddressed(w.customer, func(m *support.Mail) { m.InReplyTo = "sent@ses.example" }),
		"by the number":             w.unaddressed(w.customer, func(m *support.Mail) { m.Subject = fmt.Sprintf("[Case %d] One", one.Number) }),
		"by the number, no account": w.unaddressed(identity.Principal{Email: "friend@rialto.example.net"}, func(m *support.Mail) { m.Subject = fmt.Sprintf("[Case %d] One", one.Number) }),
	} {
		if outcome := w.intake(mail); outcome.Kind != "comment" || outcome.CaseID != three.ID {
			t.Errorf("%s: %+v, want a comment on %s", name, outcome, three.ID)
		}
	}
}

func TestAMailToACaseClosedLongAgoOpensOneThatFollows(t *testing.T) {
	w := newWorld(t)
	c, err := w.Desk.CreateCase(t.Context(), w.customer, w.Org.ID, support.NewCase{Fields: support.Fields{Subject: "No Wi-Fi"}, Description: "x", CC: []string{"friend@rialto.example.net"}})
	w.must(err)
	address := w.replyTo(w.customer, c, "")
	friend := w.mail("m-1", "friend@rialto.example.net", w.replyTo(identity.Principal{UserID: c.CC[0].ID}, c, ""))
	agents := w.mail("m-2", w.agent.Email, w.replyTo(w.agent, c, ""))
	w.setStatus(w.agent, c, support.Closed)
	w.Clock.Pass(15 * 24 * 60 * 60e9)
	mail := w.mail("m-3", w.customer.Email, address)
	mail.Subject = fmt.Sprintf("AW: Re: [Case %d] No Wi-Fi", c.Number)
	outcome := w.intake(mail)
	if outcome.Kind != "case" {
		t.Fatalf("%+v", outcome)
	}
	made := w.detail(w.customer, support.Case{OrgID: c.OrgID, ID: outcome.CaseID})
	if made.Subject != "No Wi-Fi" || made.Description != "Thanks." || len(made.Links) != 1 || made.Links[0].Kind != support.Follows || made.Links[0].CaseID != c.ID {
		t.Errorf("%+v", made)
	}
	if again := w.intake(mail); again.Kind != "duplicate" {
		t.Errorf("the same mail again: %+v", again)
	}
	if old := w.detail(w.customer, c); old.Status != support.Closed || len(old.Comments) != 0 {
		t.Errorf("%s, %+v", old.Status, old.Comments)
	}
	if outcome := w.intake(friend); outcome.Reason != support.ClosedCase {
		t.Errorf("who has no account: %+v", outcome)
	}
	automatic := w.mail("m-4", w.customer.Email, address)
	automatic.Automatic = true
	for _, mail := range []support.Mail{automatic, agents} {
		if outcome := w.intake(mail); outcome.Kind != "comment" || outcome.CaseID != c.ID {
			t.Errorf("%+v", outcome)
		}
	}
}

func TestNobodyTakesAnIDOfOursForTheirCase(t *testing.T) {
	w := newWorld(t)
	outsider := w.Another(w.Foreign.Place(), identity.Write)
	c, foreign := w.newCase(w.customer, "No Wi-Fi"), w.mail("m-1", outsider.Email, supportAddress)
	foreign.MessageID = "case-" + c.ID + "@portal.example.com"
	if outcome := w.intake(foreign); outcome.Kind != "case" {
		t.Fatalf("%+v", outcome)
	}
	// One of another domain leads a mail of the first customer to no foreign case either.
	seen := w.mail("m-2", outsider.Email, supportAddress)
	seen.Text, seen.MessageID = "more", "shared@list.example"
	w.intake(seen)
	w.must(w.sent(c, w.customer, "sent@ses.example"))
	both := w.unaddressed(w.customer, func(m *support.Mail) {
		m.InReplyTo, m.Subject = "shared@list.example", fmt.Sprintf("Re: [Case %d] No Wi-Fi", c.Number)
	})
	if outcome := w.intake(both); outcome.Kind != "comment" || outcome.CaseID != c.ID {
		t.Errorf("a foreign case stands in the way of the sender's own: %+v", outcome)
	}
	for refer, want := range map[string]string{"case-" + c.ID + "@portal.example.com": "comment", "shared@list.example": "case"} {
		outcome := w.intake(w.unaddressed(w.customer, func(m *support.Mail) { m.Subject, m.References = "Hello", []string{refer} }))
		if outcome.Kind != want {
			t.Errorf("%s: %+v", refer, outcome)
		}
	}
}
