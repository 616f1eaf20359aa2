package intake

import (
	"context"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/support/attachment"
)

// lighten returns a mail without its files and its original, for which its organization has no room,
// and removes the files that were stored already. The text says what is left out.
func (s *Service) lighten(ctx context.Context, mail Mail, stored []attachment.File) (Mail, error) {
	if err := s.attachments.Discard(ctx, stored); err != nil {
		return Mail{}, err
	}
	const why = "the organization's storage is full"
	if len(mail.Attachments) > 0 {
		mail = mail.without(slices.Clone(mail.Attachments), why+", and the original mail is not kept")
	} else {
		original := mail
		if mail.original == nil {
			mail.original = &original
		}
		remark := "[The original mail is not kept, because " + why + "]"
		mail.Text, mail.Reply = strings.TrimSpace(mail.Text+"\n\n"+remark), strings.TrimSpace(mail.Reply+"\n\n"+remark)
	}
	mail.light = true
	return mail, nil
}

// taken returns the outcome of a mail that a case accepted.
func (m Mail) taken(kind, caseID string) Outcome {
	return Outcome{Kind: kind, CaseID: caseID, rawKept: !m.light, rawDropped: m.light}
}
