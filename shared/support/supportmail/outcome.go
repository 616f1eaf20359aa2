package supportmail

import (
	"context"
	"errors"
	"fmt"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/mail/flow"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Done writes down that a mail was handed to the mail server or service, or why it could not be; reason is
// "" if it was. When all mails to the organization have an outcome, its target of the job has a result.
func (s *Service) Done(ctx context.Context, message Message, reason string) error {
	state := Sent
	if reason != "" {
		state = Failed
	}
	record, _, err := s.note(ctx, message, state, reason, nil)
	if fault.Is(err, fault.NotFound) {
		return nil // the job has expired
	}
	if err != nil || record.counts()[Waiting] > 0 {
		return err
	}
	settlement := job.Settlement{Index: record.Index, Outcome: job.TargetDone}
	if record.counts()[Failed] > 0 {
		settlement.Outcome, settlement.Message = job.TargetFailed, record.summary()
	}
	_, err = s.jobs.Settle(ctx, job.Kinds{}, record.place(), record.JobID, record.Part, settlement)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// Returned writes down that a mail came back, and that its target of the job has failed. It reports whether
// that was new. If mail will never reach the address of a person, as unreachable says, they get no more.
func (s *Service) Returned(
	ctx context.Context, message Message, reason string, unreachable func(address string) bool,
) (bool, error) {
	returned := []table.Write{flow.Count(flow.Bounced, s.journal.Now())}
	record, noted, err := s.note(ctx, message, Failed, reason, returned)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if recipient := record.Recipients[message.Recipient]; recipient.UserID != "" && noted {
		person, err := s.accounts.Person(ctx, recipient.UserID)
		if err == nil && person.GetsMail() && unreachable(person.Email) {
			err = s.accounts.MailFails(ctx, recipient.UserID, reason)
		}
		if err != nil && !fault.Is(err, fault.NotFound) {
			return false, err
		}
	}
	return noted, s.jobs.Fail(ctx, record.place(), record.JobID, record.target(), record.summary())
}

// races is how often a change is tried again that lost a race.
const races = 20

// note writes down what became of a mail, and reports whether that was new. A mail that failed keeps that
// outcome until it is tried again.
func (s *Service) note(
	ctx context.Context, message Message, state State, reason string, counts []table.Write,
) (Record, bool, error) {
	for range races {
		record, err := s.load(ctx, message.OrgID, message.Serial)
		if err != nil {
			return Record{}, false, err
		}
		if message.Recipient < 0 || message.Recipient >= len(record.Recipients) {
			return Record{}, false, fault.Missing()
		}
		recipient := &record.Recipients[message.Recipient]
		if recipient.State == state || recipient.State == Failed {
			return record, false, nil
		}
		recipient.State, recipient.Reason = state, reason
		write, err := s.write(record)
		if err != nil {
			return Record{}, false, err
		}
		err = s.journal.Commit(ctx, change.ByPlatform(), change.Record{
			Action:  "orgs.note_support_mail",
			Message: fmt.Sprintf("A support mail to %s: %s", record.masked(message.Recipient), state),
			OrgID:   record.OrgID, MSPID: record.MSPID, Target: "org:" + record.OrgID, Internal: true,
			Writes: append(counts, write),
		})
		if _, lost := errors.AsType[*table.ConflictError](err); lost {
			continue
		}
		return record, err == nil, err
	}
	return Record{}, false, fault.New(fault.Unavailable,
		"Too many mails to the organization were sent at once. Try again.")
}
