package intake

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/mailthread"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

// writer is the author of a mail: a person with an account, or a participant of one case without an
// account.
type writer struct {
	person identity.Person
	by     identity.Principal
	guest  bool
}

func accountWriter(person identity.Person, mail Mail) writer {
	return writer{person: person, by: person.Principal("mail", mail.SourceAddress)}
}

// guestWriter returns the writer if it is a participant of the case without an account.
func guestWriter(c support.Case, id string, mail Mail) (writer, bool) {
	person, by, known := c.Guest(id, mail.SourceAddress)
	return writer{person: person, by: by, guest: true}, known
}

// answer is a mail to add to a case.
type answer struct {
	where  support.Reference
	number int64
	writer writer
	// token is set if the mail was sent to a reply address generated for its writer; note if it
	// replies to a note; exact if the mail that it replies to is known.
	token, note, exact bool
}

// takeAnswers adds a mail as a comment to every case whose address it was sent to. If one case
// refuses it, the mail is quarantined for review; releasing it later does not change the cases that
// accepted it.
func (s *Service) takeAnswers(ctx context.Context, mail Mail, k known, tokens []mailthread.Token) (Outcome, error) {
	var outcome Outcome
	var refused error
	for _, t := range tokens {
		one, err := s.takeAnswer(ctx, mail, k, t)
		if here, ok := errors.AsType[refusal](err); ok {
			entry, _, err := lookUp[support.NumberEntry](k, support.NumberKey(t.Number))
			if err != nil {
				return Outcome{}, err
			}
			here.by = &target{Reference: support.Reference(entry), PersonID: t.UserID}
			refused = refusedToo(refused, here)
			continue
		}
		if err != nil {
			return Outcome{}, err
		}
		outcome = one.with(outcome)
	}
	return outcome, refused
}

// takeAnswer adds a reply to a notification as a comment, if it is from the recipient of the
// notification.
func (s *Service) takeAnswer(ctx context.Context, mail Mail, k known, t mailthread.Token) (Outcome, error) {
	entry, ok, err := lookUp[support.NumberEntry](k, support.NumberKey(t.Number))
	if err != nil {
		return Outcome{}, err
	}
	a := answer{
		where:  support.Reference(entry),
		number: t.Number,
		token:  true,
		exact:  true,
		note:   t.Kind == mailthread.NoteKind,
	}
	person, err := s.accounts.Person(ctx, t.UserID)
	switch {
	case err == nil:
		a.writer = accountWriter(person, mail)
	case !fault.Is(err, fault.NotFound):
		return Outcome{}, err
	case !ok:
		return Outcome{}, refuse(UnknownSender, "the account of the reply address is gone")
	default:
		c, err := s.cases.Find(ctx, entry.OrgID, entry.CaseID, "case_id")
		if err != nil && !fault.Is(err, fault.Invalid) {
			return Outcome{}, err
		}
		var known bool
		if a.writer, known = guestWriter(c, t.UserID, mail); !known {
			return Outcome{}, refuse(UnknownSender,
				"the account of the reply address is gone, or the person is no longer on the case")
		}
	}
	if !ok {
		return Outcome{}, refuse(UnknownCase, "there is no case %d", t.Number)
	}
	if mail.From != a.writer.person.Email {
		person, err := s.vouched(ctx, mail, k, a.where.OrgID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return Outcome{}, err
		}
		if err != nil || person.ID != a.writer.person.ID {
			if err := s.refuseDeleted(ctx, a.where.OrgID); err != nil {
				return Outcome{}, err
			}
			return s.takeFromOther(ctx, mail, k, a)
		}
	}
	return s.takeComment(ctx, mail, k, a)
}

// takeComment adds a mail as a comment to its case, or to the case that it was merged into.
func (s *Service) takeComment(ctx context.Context, mail Mail, k known, a answer) (Outcome, error) {
	var stored *support.Origin
	for attempt := 0; ; attempt++ {
		outcome, err := s.tryComment(ctx, mail, k, &a, &stored)
		if errors.Is(err, storage.ErrBeyond) && !mail.light {
			if mail, err = s.lighten(ctx, mail, stored.Files); err != nil {
				return Outcome{}, err
			}
			stored = nil
			continue
		}
		if !support.Again(ctx, err, attempt) {
			return outcome, support.Busy(err)
		}
	}
}

// tryComment is one attempt of takeComment. stored has the attachments stored by earlier attempts.
func (s *Service) tryComment(
	ctx context.Context, mail Mail, k known, a *answer, stored **support.Origin,
) (Outcome, error) {
	opened, items, err := s.openForMail(ctx, mail, a)
	if fault.Is(err, fault.NotFound) {
		err = s.whyMissing(ctx, a, err)
	}
	if err != nil {
		return s.notTaken(err, support.Origin{}, "")
	}
	if err := mail.believe(opened.Agent, a.token); err != nil {
		return Outcome{}, err
	}
	own, err := decodeRate(items[1])
	if err != nil {
		return Outcome{}, err
	}
	own.key = items[1].Key
	quiet, err := own.check(s.journal.Now(), caseLimits(), "to the case")
	if err != nil && !overruled(mail.Mail, Rate) {
		return Outcome{}, err
	}
	if mail, err = mail.fitted(); err != nil {
		return Outcome{}, err
	}
	// An agent's reply to a note or to an unknown mail stays internal, and so does a mail generated
	// by an agent's mail program.
	request := support.NewComment{
		Text:     shown(mail.Reply),
		Internal: a.note || opened.Answers && (!a.exact || mail.Automatic),
	}
	if err := identity.CheckParagraphs("comment", request.Text, 1, desk.MaxText); err != nil {
		return s.notTaken(err, support.Origin{}, "")
	}
	if *stored == nil {
		known, err := pictures(items[2:], request.Internal)
		if err != nil {
			return Outcome{}, err
		}
		if mail, err = s.withoutLogo(ctx, mail, opened.Org); err != nil {
			return Outcome{}, err
		}
		origin, err := s.origin(ctx, mail, a.where.OrgID, strconv.FormatInt(a.number, 10), known)
		if err != nil {
			return Outcome{}, err
		}
		*stored = &origin
	}
	from := **stored
	from.Quiet = quiet || k.quiet
	from.Also = func(c support.Case, files []attachment.File) ([]table.Write, error) {
		return s.answerWrites(mail, k, own, items, c, a.writer.person.ID, request.Internal, files)
	}
	if a.writer.guest && !mail.Automatic && mail.trust() != unproven {
		from.Edit = func(c *support.Case) { *c = c.WithMailFailure(a.writer.person.ID, "") }
	}
	c, _, err := s.cases.CommitComment(ctx, a.writer.by, opened, request, from)
	switch {
	case errors.Is(err, support.ErrClosedLongAgo):
		return s.takeFollowUp(ctx, mail, k, *a, opened.Case)
	case err != nil:
		return s.notTaken(err, from, a.where.CaseID)
	}
	return mail.taken("comment", c.ID), s.mailWorks(ctx, mail, a.writer)
}

// openForMail opens the case that a mail belongs to, or the survivor if it was merged, with the
// writer's thread, the writer's rate, and the pictures of the mail that the case already has.
func (s *Service) openForMail(ctx context.Context, mail Mail, a *answer) (support.Opened, []table.Item, error) {
	for range 2 {
		extra := append(
			[]string{support.ThreadMark + a.writer.person.ID, caseRateSort(a.writer.person.ID)},
			mail.pictureSorts()...)
		opened, items, err := s.cases.Open(ctx, a.writer.by, a.where.OrgID, a.where.CaseID, identity.OpenCases, extra...)
		if err != nil {
			return support.Opened{}, nil, err
		}
		for i, sort := range extra {
			items[i].Key = support.CaseKey(a.where.OrgID, a.where.CaseID, sort)
		}
		if a.number = opened.Number; opened.MergedInto == nil {
			return opened, items, nil
		}
		survivor, err := s.cases.Survivor(ctx, opened.Case)
		if err != nil {
			return support.Opened{}, nil, err
		}
		if survivor.MergedInto != nil {
			break
		}
		a.where.CaseID = survivor.ID
		if !a.writer.guest {
			continue
		}
		party, known := survivor.Copied(a.writer.person.Email)
		if !known {
			return support.Opened{}, nil, refuse(NotPermitted,
				"the case was merged into case %d, which does not name the sender", survivor.Number)
		}
		a.writer, _ = guestWriter(survivor, party.ID, mail)
	}
	return support.Opened{}, nil, refuse(UnknownCase, "the case was merged into one that is gone")
}

// answerWrites returns the writes for a comment that arrived by mail: the rate of its sender, its
// message ID, the thread that the next mail to the writer refers to, and the pictures of the case.
func (s *Service) answerWrites(
	mail Mail,
	k known,
	own rate,
	items []table.Item,
	c support.Case,
	userID string,
	internal bool,
	files []attachment.File,
) ([]table.Write, error) {
	writes, err := s.countMail(mail, k, support.Reference{OrgID: c.OrgID, CaseID: c.ID}, internal)
	if err != nil {
		return nil, err
	}
	counted, err := own.write(s.journal.Now())
	if err != nil {
		return nil, err
	}
	thread, err := threadWrites(items[0], mail.MessageID)
	if err != nil {
		return nil, err
	}
	seen, err := pictureWrites(c, files, items[2:])
	return slices.Concat(writes, []table.Write{counted}, thread, seen), err
}

// threadWrites returns the writes that record a mail from a person, so that the next mail to them
// refers to it.
func threadWrites(stored table.Item, messageID string) ([]table.Write, error) {
	var thread mailthread.MailThread
	if stored.Version > 0 {
		if err := change.Decode(stored, &thread); err != nil {
			return nil, err
		}
	}
	if !mailthread.UsableID(messageID) || slices.Contains(thread.IDs, messageID) {
		return nil, nil
	}
	item, err := change.Encode(stored.Key, thread.With(messageID))
	if item.Version = stored.Version; item.Version > 0 {
		return []table.Write{table.Update(item)}, err
	}
	return []table.Write{table.Create(item)}, err
}

// mailWorks clears the recorded mail failure of an address after mail from it.
func (s *Service) mailWorks(ctx context.Context, mail Mail, w writer) error {
	// The word of a desk about the sender counts for its case alone.
	if mail.ReleasedTo != nil && !notChecked(mail.Verdicts) && !authenticated(mail.Mail, mail.From) {
		return nil
	}
	if w.guest || mail.From != w.person.Email || w.person.MailFailed == 0 || mail.Automatic ||
		mail.trust() != unchecked && mail.trust() != proven {
		return nil
	}
	return s.accounts.MailWorks(ctx, w.by.Actor(), w.person.ID)
}
