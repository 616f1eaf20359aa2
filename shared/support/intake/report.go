package intake

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/flow"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/mailthread"
	"github.com/tenantry/tenantry/shared/support/supportmail"
)

// ReportKind is the kind of a report about a mail that we sent.
type ReportKind string

// The kinds of reports.
const (
	Bounced    ReportKind = "bounced"    // the mail could not be delivered
	Delayed    ReportKind = "delayed"    // it has not reached the recipient yet
	Complained ReportKind = "complained" // the recipient reported it as spam
	Delivered  ReportKind = "delivered"  // the mail reached the recipient, or a server that reports nothing further
)

// Report is what a received mail or the sending service reports about a mail that we sent. Anybody
// who knows an address can forge such a mail, so a report only has an effect if it refers to one of
// our mails, and only on the recipient of that mail.
type Report struct {
	Kind ReportKind
	// Permanent is set if mail to the address will fail again.
	Permanent bool
	// Recipients are the addresses that the report names, in lower case; it may name none.
	Recipients []string
	// Status is a code of RFC 3463 such as 5.1.1, Diagnostic the server's message; either may be
	// empty.
	Status, Diagnostic string
	// Addresses are the addresses in the headers of the returned mail: one may contain one of our
	// tokens.
	Addresses []string
	// ID is the same if the same report arrives again.
	ID string
}

// takeReport records a report that arrived as a mail.
func (s *Service) takeReport(ctx context.Context, mail Mail, to mailthread.Destination) (Outcome, error) {
	report := Report{Kind: Bounced}
	if mail.Report != nil {
		report = *mail.Report
	}
	t, known := s.reported(to, report.Addresses)
	if !known {
		return Outcome{}, refuse(FailedDelivery, "a report about an undelivered mail that is not one of ours")
	}
	if t.Kind == mailthread.MailingKind {
		return s.takeMailing(ctx, t, report)
	}
	var where support.NumberEntry
	items, err := s.journal.BatchGet(ctx, []table.Key{support.NumberKey(t.Number)})
	if err != nil {
		return Outcome{}, err
	}
	if items[0].Version == 0 {
		return Outcome{}, refuse(UnknownCase, "there is no case %d", t.Number)
	}
	if err := change.Decode(items[0], &where); err != nil {
		return Outcome{}, err
	}
	if err := s.refuseDeleted(ctx, where.OrgID); err != nil {
		return Outcome{}, err
	}
	if mail.ReleasedTo != nil {
		if same, err := s.isReleasedTo(ctx, mail, support.Reference(where)); err != nil || !same {
			return Outcome{}, cmp.Or(err, refuse(FailedDelivery, "a report about a case other than that of its release"))
		}
	}
	report.ID = mail.hash("report")
	noted, err := s.noteReport(ctx, support.Reference(where), t.UserID, report)
	if err != nil {
		return Outcome{}, err
	}
	if !noted {
		return Outcome{Kind: "duplicate", CaseID: where.CaseID}, nil
	}
	return Outcome{Kind: "report", CaseID: where.CaseID}, nil
}

// takeMailing records what a report says about a mail to many organizations.
func (s *Service) takeMailing(ctx context.Context, t mailthread.Token, report Report) (Outcome, error) {
	if report.Kind != Bounced && report.Kind != Complained {
		return Outcome{Kind: "report"}, nil
	}
	failure := cmp.Or(report.failure(), strings.TrimSpace("mail cannot be delivered: "+report.details()))
	noted, err := s.mails.Returned(ctx, supportmail.MessageOf(t), failure, func(address string) bool {
		return report.failure() != "" && report.names(address)
	})
	if err != nil || noted {
		return Outcome{Kind: "report"}, err
	}
	return Outcome{Kind: "duplicate"}, nil
}

// reported returns which of our mails a report is about, from a token generated for such reports. A
// reply address proves nothing, because replies pass it on.
func (s *Service) reported(to mailthread.Destination, addresses []string) (mailthread.Token, bool) {
	if len(to.Bounces) > 0 {
		return to.Bounces[0], true
	}
	if returned := s.threads.DestinationOf(addresses); len(returned.Bounces) > 0 {
		return returned.Bounces[0], true
	}
	return mailthread.Token{}, false
}

// reportSort is the prefix of the sort keys of recorded reports.
const reportSort = "REPORT#"

// noteReport records in the internal history what became of a mail, and marks the address if mail
// to it will fail again. It returns false for a report that was recorded before, or that says
// nothing new.
func (s *Service) noteReport(ctx context.Context, where support.Reference, userID string, report Report) (bool, error) {
	if report.Kind == Delivered {
		return false, nil
	}
	for attempt := 0; ; attempt++ {
		noted, err := s.tryReport(ctx, where, userID, report)
		if !support.Again(ctx, err, attempt) {
			return noted, support.Busy(err)
		}
	}
}

func (s *Service) tryReport(ctx context.Context, where support.Reference, userID string, report Report) (bool, error) {
	seenKey := support.CaseKey(where.OrgID, where.CaseID, reportSort+report.ID)
	rateKey := support.CaseKey(where.OrgID, where.CaseID, caseRateSort("report "+userID))
	items, err := s.journal.BatchGet(ctx,
		[]table.Key{support.CaseKey(where.OrgID, where.CaseID, support.CaseSort), seenKey, rateKey})
	if err != nil {
		return false, err
	}
	c, err := support.DecodeCase(items[0])
	if fault.Is(err, fault.NotFound) || err == nil && items[1].Version > 0 {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	counted, err := decodeRate(items[2])
	if err != nil {
		return false, err
	}
	counted.key = rateKey
	if enough, err := counted.check(s.journal.Now(), caseLimits(), ""); enough {
		return false, ignoreRefusal(err) // the case has enough reports
	}
	failure := report.failure()
	after, email, err := s.markFailed(ctx, c, userID, report, failure)
	if err != nil || email == "" {
		return false, err
	}
	entry := support.HistoryEntry{
		ID:       s.journal.NewID(),
		Author:   support.Party{Name: support.PlatformPrincipal().Name()},
		Internal: true,
		Created:  s.journal.Now().UnixMicro(),
		Fields:   map[string]support.Difference{"mail": {Before: "", After: report.sentence(email)}},
	}
	history, err := change.Encode(support.CaseKey(c.OrgID, c.ID, support.HistorySort+entry.ID), entry)
	if err != nil {
		return false, err
	}
	seenItem := table.Item{Key: seenKey, Data: []byte("{}"), Expires: s.journal.Now().Add(seenFor).Unix()}
	count, err := counted.write(s.journal.Now())
	if err != nil {
		return false, err
	}
	record := change.Record{
		Action:   "mail.report",
		Message:  fmt.Sprintf("A mail about case %d %s", c.Number, report.Kind),
		OrgID:    c.OrgID,
		MSPID:    c.MSPID,
		Target:   "case:" + c.ID,
		Internal: true,
		After:    map[string]any{"mail": report.sentence(email)},
		Writes:   []table.Write{table.Create(history), table.Create(seenItem), count},
	}
	if report.Kind == Bounced {
		record.Writes = append(record.Writes, flow.Count(flow.Bounced, s.journal.Now()))
	}
	if after != nil {
		_, err = s.cases.CommitAll(ctx, support.PlatformPrincipal(), record,
			support.Update{Before: &c, After: *after, Record: change.Record{Writes: record.Writes}})
	} else {
		err = s.journal.Commit(ctx, change.ByPlatform(), record)
	}
	if table.ConflictAt(err, seenKey) {
		return false, nil
	}
	if table.ConflictAt(err, rateKey) {
		return false, fault.Stale(1) // another report was recorded in the meantime
	}
	return err == nil, err
}

// markFailed marks the address of the recipient of a mail, if the report is about that address and
// says that mail to it will fail. It returns the address, or "" if it is no longer known, and the
// case to store if the mark is on the case.
func (s *Service) markFailed(
	ctx context.Context, c support.Case, userID string, report Report, failure string,
) (*support.Case, string, error) {
	person, err := s.accounts.Person(ctx, userID)
	if err == nil {
		if failure != "" && report.names(person.Email) && person.MailFailed == 0 {
			err = s.accounts.MailFails(ctx, person.ID, failure)
		}
		return nil, person.Email, err
	}
	if !fault.Is(err, fault.NotFound) {
		return nil, "", err
	}
	at := slices.IndexFunc(c.CC, func(p support.Party) bool { return p.ID == userID })
	if at < 0 {
		return nil, "", nil
	}
	party := c.CC[at]
	if failure == "" || !report.names(party.Email) || party.MailFailure != "" {
		return nil, party.Email, nil
	}
	after := c.WithMailFailure(userID, failure)
	return &after, party.Email, nil
}

// names reports whether a report is about an address. If mail to the address is forwarded, another
// address may have failed.
func (r Report) names(address string) bool {
	return len(r.Recipients) == 0 || slices.Contains(r.Recipients, identity.NormalEmail(address))
}

// failure returns why mail to the address stops; "" if it does not.
func (r Report) failure() string {
	switch {
	case r.Kind == Complained:
		return "the recipient calls the mails unwanted"
	case r.Kind == Bounced && r.Permanent:
		return strings.TrimSpace("mail cannot be delivered: " + r.details())
	}
	return ""
}

// sentence returns a sentence about what became of the mail.
func (r Report) sentence(email string) string {
	what := map[ReportKind]string{
		Bounced: "could not be delivered", Delayed: "is delayed", Complained: "is called unwanted by the recipient",
	}[r.Kind]
	return strings.TrimRight(fmt.Sprintf("A mail to %s %s: %s", email, what, r.details()), ": ")
}

// maxDiagnostic is the maximum number of characters stored of a server's message.
const maxDiagnostic = 300

func (r Report) details() string {
	text := strings.Join(strings.Fields(strings.ToValidUTF8(r.Status+" "+r.Diagnostic, "")), " ")
	if runes := []rune(text); len(runes) > maxDiagnostic {
		return string(runes[:maxDiagnostic]) + "…"
	}
	return text
}
