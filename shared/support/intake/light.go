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
		mail = mail.remarked("The original mail is not kept, because " + why)
	}
	mail.light = true
	return mail, nil
}

// remarked returns the mail with a remark below its text. It is still the same mail if it arrives
// again.
func (m Mail) remarked(remark string) Mail {
	original := m
	if m.original == nil {
		m.original = &original
	}
	remark = "[" + remark + "]"
	m.Text, m.Reply = strings.TrimSpace(m.Text+"\n\n"+remark), strings.TrimSpace(m.Reply+"\n\n"+remark)
	return m
}

// taken returns the outcome of a mail that a case accepted.
func (m Mail) taken(kind, caseID string) Outcome {
	return Outcome{Kind: kind, CaseID: caseID, rawKept: !m.light, rawDropped: m.light}
}
