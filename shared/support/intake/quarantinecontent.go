package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/mail/incoming"
	"github.com/tenantry/tenantry/shared/store/blob"
)

// Content is what a quarantined mail says, as text.
type Content struct {
	// Headers are the headers as they came, at most 16 KiB of them.
	Headers string
	// Text is the readable text; Cut is set if there was more.
	Text  string
	Cut   bool
	Files []ContentFile
	// Problems say what is odd about the mail, or why it has no text.
	Problems []string
}

// ContentFile is a file of a quarantined mail; Size is in bytes.
type ContentFile struct {
	Name, ContentType string
	Size              int64
}

// maxRawMail is how much of a quarantined mail is read, in bytes: the largest mail that is parsed, and
// one more, by which the parser sees that there is more.
const maxRawMail = 40<<20 + 1

// QuarantinedContent reads the headers and the text of a quarantined mail, for operators. What cannot be
// parsed has its headers only.
func (s *Service) QuarantinedContent(ctx context.Context, by identity.Principal, id string) (Content, error) {
	entry, err := s.RawQuarantined(ctx, by, id)
	if err != nil {
		return Content{}, err
	}
	raw, err := s.rawMail(ctx, entry)
	if err != nil {
		return Content{}, err
	}
	headers, err := headersOf(bytes.NewReader(raw))
	if err != nil {
		return Content{}, err
	}
	content := Content{Headers: readable(string(headers))}
	if entry.HeadersOnly {
		return content, nil
	}
	mail, err := incoming.Parse(ctx, bytes.NewReader(raw), incoming.Limits{})
	if problem, ok := errors.AsType[*fault.Error](err); ok {
		content.Problems = []string{problem.Message}
		return content, nil
	}
	if err != nil {
		return Content{}, err
	}
	content.Text, content.Cut, content.Problems = readable(mail.Text), mail.TextCut, mail.Problems
	for _, file := range mail.Attachments {
		content.Files = append(content.Files,
			ContentFile{Name: file.Name, ContentType: file.ContentType, Size: int64(len(file.Content))})
	}
	return content, nil
}

func (s *Service) rawMail(ctx context.Context, entry Quarantined) ([]byte, error) {
	if entry.Mail.RawKey == "" {
		return nil, fault.Missing()
	}
	file, err := s.files.Open(ctx, entry.Mail.RawKey)
	if errors.Is(err, blob.ErrAbsent) {
		return nil, fault.Missing()
	}
	if err != nil {
		return nil, fmt.Errorf("open a quarantined mail: %w", err)
	}
	raw, err := io.ReadAll(io.LimitReader(file, maxRawMail))
	return raw, errors.Join(err, file.Close())
}

// readable returns a text with Unix line breaks, without what is no text.
func readable(text string) string {
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), "�")
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, text)
}
