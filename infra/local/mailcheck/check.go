// Package mailcheck tries the way in of mails on a folder of raw messages, without keeping
// anything: what each would become, and why. It takes them in by the very worker and rules that a
// running installation has, on a database of its own that is thrown away; only the people and the
// organization in it are made up. Who looks at the outcome before a mailbox is switched over is its
// user.
package mailcheck

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tenantry/tenantry/functions/mail"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/support/intake"
)

// Attachment is a file that came with a mail.
type Attachment struct {
	Name  string `json:"name"`
	Bytes int    `json:"bytes"`
}

// Result is what one mail would become.
type Result struct {
	// File is the mail's path below the folder.
	File string `json:"file"`
	// Became is "update", "new case" or "quarantine"; Reason and Detail say why in the last case.
	Became string `json:"became"`
	Reason string `json:"reason,omitempty"`
	Detail string `json:"detail,omitempty"`
	// Kind is what program seems to have sent it, if one did.
	Kind    string `json:"kind,omitempty"`
	From    string `json:"from"`
	Subject string `json:"subject"`
	// Text is what the case would have: all of the text for a new case, Reply for an update.
	Text string `json:"text"`
	// Reply is the text without what was quoted and the signature.
	Reply       string       `json:"reply"`
	Attachments []Attachment `json:"attachments,omitempty"`
	Millis      float64      `json:"milliseconds"`
}

// Options say how a folder is tried.
type Options struct {
	// Folder has the raw mails, in folders below it too; hidden files are left out.
	Folder string
	// Known are the addresses that have an account; nil takes everybody for known.
	Known map[string]bool
	// Domain is that of the support address.
	Domain string
}

// longestMail is how much of a file is read, in bytes: more than any mail may have.
const longestMail = 64 << 20

// Check tries every mail of the folder, in the order of names, and gives each result as it comes.
func Check(ctx context.Context, options Options, each func(Result) error) error {
	place, err := newPlace(ctx, options)
	if err != nil {
		return err
	}
	err = filepath.WalkDir(options.Folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if hidden := strings.HasPrefix(entry.Name(), ".") && path != options.Folder; hidden && entry.IsDir() {
			return filepath.SkipDir
		} else if hidden || !entry.Type().IsRegular() {
			return nil
		}
		result, err := place.try(ctx, path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return each(result)
	})
	return errors.Join(err, place.close())
}

// try takes one mail in.
func (p *place) try(ctx context.Context, path string) (Result, error) {
	result := Result{}
	var err error
	if result.File, err = filepath.Rel(p.Folder, path); err != nil {
		return result, err
	}
	result.File = strings.ToValidUTF8(result.File, "\uFFFD")
	info, err := os.Stat(path)
	if err != nil {
		return result, err
	}
	if info.Size() > longestMail {
		result.Became, result.Reason, result.Detail = quarantine, string(
			intake.Unreadable,
		), "the file is larger than any mail may be"
		return result, nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return result, err
	}
	return p.take(ctx, raw, result)
}

// take takes a raw mail in, and fills what became of it into a result.
func (p *place) take(ctx context.Context, raw []byte, result Result) (Result, error) {
	began := time.Now()
	received, err := p.receive(ctx, raw)
	if err != nil {
		return result, err
	}
	taken, err := p.worker.Take(ctx, received)
	result.Millis = float64(time.Since(began).Microseconds()) / 1000
	if err != nil {
		return result, err
	}
	result.fill(taken)
	if taken.Outcome.Kind == quarantine {
		kept, err := p.services.Intake.QuarantinedMail(ctx, p.operator, received.ID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return result, err
		}
		result.Detail = kept.Detail
	}
	return result, result.check()
}

const quarantine = "quarantine"

func (r *Result) fill(taken mail.Taken) {
	switch r.Became = taken.Outcome.Kind; r.Became {
	case "comment":
		r.Became = "update"
	case "case":
		r.Became = "new case"
	case "duplicate":
		r.Became, r.Detail = "update", "the same mail was there before: nothing changes"
	}
	r.Reason = string(taken.Outcome.Reason)
	if m := taken.Message; m != nil {
		r.From, r.Subject, r.Text, r.Reply = m.From.Address, m.Subject, taken.Text, taken.Reply
		if r.Became == "update" {
			r.Text = r.Reply
		}
		if m.Automatic != parsed.NotAutomatic {
			r.Kind = m.Automatic.String()
		}
		for _, file := range m.Attachments {
			r.Attachments = append(r.Attachments,
				Attachment{Name: attachment.SafeName(file.Name), Bytes: len(file.Content)})
		}
	}
}

// check refuses a result that breaks what is promised of every mail.
func (r Result) check() error {
	for _, text := range []string{r.From, r.Subject, r.Text, r.Reply, r.Detail} {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return errors.New("the text is not valid UTF-8")
		}
	}
	return nil
}

// quiet is a log that nobody reads: the results say all.
func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
