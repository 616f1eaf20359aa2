package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/flow"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

// Quarantined is a quarantined mail.
type Quarantined struct {
	// ID is the ID of the received mail; it stays the same when the mail is quarantined again.
	ID         string   `json:"id"`
	Reason     Reason   `json:"reason"`
	Detail     string   `json:"detail"`
	From       string   `json:"from"`
	Recipients []string `json:"recipients"`
	Subject    string   `json:"subject"`
	Size       int64    `json:"size"`
	// Received is in epoch seconds.
	Received int64         `json:"received"`
	Mail     received.Mail `json:"mail"`
	// Target is the case that refused the mail; nil if there is not exactly one, so that only
	// operators release the mail.
	Target *target `json:"target,omitempty"`
	// Taken is set if a case accepted the mail too: the content then belongs to the case, and is
	// not deleted.
	Taken bool `json:"taken,omitempty"`
	// HeadersOnly is set if there was no room for the content, so that only the headers are stored.
	HeadersOnly bool `json:"headers_only,omitempty"`
	// Orgs are the organizations in whose lists of quarantined mails it is.
	Orgs []string `json:"org_ids,omitempty"`
	// Counted is how many bytes the entry uses of the quarantine's budget.
	Counted int64 `json:"counted,omitempty"`
}

func quarantineKey(id string) table.Key {
	return table.Key{Partition: support.QuarantinePartition, Sort: id}
}

// Quarantine quarantines a mail with its reason, and adds an entry to the history of the case that
// it was sent to. It is idempotent.
func (s *Service) Quarantine(ctx context.Context, q Quarantined) error {
	return s.quarantine(ctx, q, nil, nil)
}

// quarantine quarantines a mail that refers to some cases; by is the case that refused it, see
// refusal.
func (s *Service) quarantine(ctx context.Context, q Quarantined, cases []evidence, by *target) error {
	var err error
	if q.Target, err = s.targetOf(ctx, q, cases, by); err != nil {
		return err
	}
	if !q.Taken {
		q.Counted = q.Size
	}
	for attempt := 0; ; attempt++ {
		err := s.tryQuarantine(ctx, q)
		if smaller, beyond := s.beyondBudget(q, err); beyond {
			q = smaller
			continue
		}
		if !overtaken(err) || !support.Again(ctx, fault.Stale(1), attempt) {
			return err
		}
	}
}

func (s *Service) tryQuarantine(ctx context.Context, q Quarantined) error {
	var note []table.Write
	var err error
	if q.Target != nil {
		if note, err = s.noteQuarantined(ctx, &q); err != nil {
			return err
		}
	}
	if q.Orgs, err = s.concernedOrgs(ctx, q); err != nil {
		return err
	}
	key := quarantineKey(q.ID)
	item, err := change.Encode(key, q)
	if err != nil {
		return err
	}
	by := change.Actor{Kind: change.Stranger, Email: q.From, SourceAddress: q.Mail.SourceAddress, Door: "mail"}
	err = s.journal.Commit(ctx, by, change.Record{
		Action:      "mail.receive",
		Message:     "Quarantined a mail: " + string(q.Reason),
		PlatformLog: true,
		Target:      "mail:" + q.ID,
		After:       map[string]any{"reason": q.Reason, "detail": q.Detail},
		Writes: slices.Concat(note,
			[]table.Write{table.Create(item), flow.Count(flow.Quarantined, s.journal.Now())}, s.quarantineCounts(q), q.listed()),
	})
	if table.ConflictAt(err, key) {
		// The mail arrived again. What it kept the first time may not have been stored yet.
		if _, err := s.journal.Get(ctx, key, &q); err != nil {
			return unlessAbsent(err)
		}
	} else if err != nil {
		return err
	}
	if q.HeadersOnly {
		return s.keepHeaders(ctx, q.Mail.RawKey)
	}
	return nil
}

// unlessAbsent returns nil if an item is gone.
func unlessAbsent(err error) error {
	if errors.Is(err, table.ErrAbsent) {
		return nil
	}
	return err
}

// QuarantinePage is a page of the quarantine, newest first.
type QuarantinePage struct {
	Mails []Quarantined
	// Next is the cursor of the next page; "" at the end of the list.
	Next string
}

// mostLookedAt is how many pages one call of QuarantinedMails reads in search of a reason.
const mostLookedAt = 10

// QuarantinedMails lists the quarantined mails, for operators; with a reason only those with it. Then a
// page may have fewer mails than the limit, or none, although the list continues: there is no list by
// reason, so one call looks at some pages of all mails.
func (s *Service) QuarantinedMails(
	ctx context.Context, by identity.Principal, reason Reason, limit int, after string,
) (QuarantinePage, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return QuarantinePage{}, err
	}
	if reason != "" && reason.text().Meaning == "" {
		return QuarantinePage{}, fault.InField("reason", "must be one of the reasons for quarantine")
	}
	result := QuarantinePage{Next: after}
	for range mostLookedAt {
		page, err := s.journal.Query(ctx, table.Query{
			Partition: support.QuarantinePartition, Descending: true, Limit: limit - len(result.Mails), After: result.Next,
		})
		if err != nil {
			return QuarantinePage{}, err
		}
		mails, err := change.DecodePage[Quarantined](page)
		if err != nil {
			return QuarantinePage{}, err
		}
		for _, mail := range mails {
			if reason == "" || mail.Reason == reason {
				result.Mails = append(result.Mails, mail)
			}
		}
		if result.Next = page.Next; page.Next == "" || len(result.Mails) >= limit || reason == "" {
			break
		}
	}
	if _, err := s.mask(ctx, by, result.Mails); err != nil {
		return QuarantinePage{}, err
	}
	return result, nil
}

// QuarantinedMail reads a quarantined mail, for operators.
func (s *Service) QuarantinedMail(ctx context.Context, by identity.Principal, id string) (Quarantined, error) {
	entry, _, err := s.quarantined(ctx, by, id)
	if err != nil {
		return Quarantined{}, err
	}
	shown := []Quarantined{entry}
	_, err = s.mask(ctx, by, shown)
	return shown[0], err
}

// RawQuarantined returns a quarantined mail with where its content is stored, for operators who may
// see it as it arrived.
func (s *Service) RawQuarantined(ctx context.Context, by identity.Principal, id string) (Quarantined, error) {
	entry, _, err := s.quarantined(ctx, by, id)
	if err != nil {
		return Quarantined{}, err
	}
	masked, err := s.mask(ctx, by, []Quarantined{entry})
	if err == nil && masked[0] {
		err = identity.NoPersonalData(identity.ThePlatform(), "a mail of its people is not shown as it arrived")
	}
	return entry, err
}

func (s *Service) quarantined(ctx context.Context, by identity.Principal, id string) (Quarantined, int64, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return Quarantined{}, 0, err
	}
	var entry Quarantined
	version, err := s.journal.Get(ctx, quarantineKey(id), &entry)
	if errors.Is(err, table.ErrAbsent) {
		return Quarantined{}, 0, fault.Missing()
	}
	return entry, version, err
}

// DiscardQuarantined permanently deletes a quarantined mail.
func (s *Service) DiscardQuarantined(ctx context.Context, by identity.Principal, id string) error {
	entry, version, err := s.quarantined(ctx, by, id)
	if err != nil {
		return err
	}
	return s.discard(ctx, by.Actor(), entry, version, "platform.discard_mail", "Deleted a quarantined mail")
}

// discard deletes a quarantined mail: the entry first, so that nobody can release a mail without
// content. An interruption may leave a raw mail behind, which only uses storage.
func (s *Service) discard(
	ctx context.Context, by change.Actor, entry Quarantined, version int64, action, what string,
) error {
	key := quarantineKey(entry.ID)
	err := s.journal.Commit(ctx, by, change.Record{
		Action: action, Message: what, PlatformLog: true, Target: "mail:" + entry.ID,
		Before: map[string]any{"reason": entry.Reason},
		Writes: slices.Concat(entry.uncounted(), entry.unlisted(), []table.Write{table.Delete(key, version)}),
	})
	if table.ConflictAt(err, key) {
		return fault.Missing()
	}
	if err != nil || entry.Mail.RawKey == "" || entry.Taken {
		return err
	}
	return s.files.Delete(ctx, entry.Mail.RawKey)
}

const (
	// quarantinedFor is how long a quarantined mail is kept.
	quarantinedFor = 90 * 24 * time.Hour
	// forgottenAtOnce is the maximum number of mails that ForgetQuarantined deletes.
	forgottenAtOnce = 20
)

// ForgetQuarantined deletes a batch of mails whose time in the quarantine is over, oldest first,
// and returns their number. Their IDs begin with the time of arrival (RFC 9562, 5.7), so it reads
// only those.
func (s *Service) ForgetQuarantined(ctx context.Context) (int, error) {
	milliseconds := s.journal.Now().Add(-quarantinedFor).UnixMilli()
	page, err := s.journal.Query(ctx, table.Query{
		Partition: support.QuarantinePartition,
		To:        fmt.Sprintf("%08x-%04x", milliseconds>>16, milliseconds&0xffff),
		Limit:     forgottenAtOnce,
	})
	if err != nil {
		return 0, err
	}
	for i, item := range page.Items {
		var entry Quarantined
		if err := change.Decode(item, &entry); err != nil {
			return i, err
		}
		err := s.discard(ctx, change.ByPlatform(), entry, item.Version, "platform.forget_mail",
			"Deleted a mail quarantined 90 days ago")
		if err != nil && !fault.Is(err, fault.NotFound) {
			return i, err
		}
	}
	return len(page.Items), nil
}
