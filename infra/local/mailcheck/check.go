// Package mailcheck shows what each mail in a folder of raw messages would become, and why, without
// keeping anything. It processes them with the same worker and rules as a running installation, in
// a temporary database; only the people and the organization in it are made up. Use it before
// switching a mailbox over.
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

// Result is the outcome of one mail.
type Result struct {
	// File is the mail's path below the folder.
	File string `json:"file"`
	// Became is "update", "new case" or "quarantine"; Reason and Detail explain a quarantine.
	Became string `json:"became"`
	Reason string `json:"reason,omitempty"`
	Detail string `json:"detail,omitempty"`
	// Kind is the kind of program that seems to have sent it, if any.
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

// Options configures a check.
type Options struct {
	// Folder holds the raw mails, also in subfolders; hidden files are ignored.
	Folder string
	// Known holds the addresses that have an account; nil means that all senders have one.
	Known map[string]bool
	// Domain is the domain of the support address.
	Domain string
}

// longestMail is how many bytes of a file are read: more than any mail may have.
const longestMail = 64 << 20

// Check processes every mail of the folder, in the order of names, and reports each result at once.
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

// try processes one file.
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
			intake.Unreadable), "the file is larger than any mail may be"
		return result, nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return result, err
	}
	return p.take(ctx, raw, result)
}

// take processes a raw mail and completes its result.
func (p *place) take(ctx context.Context, raw []byte, result Result) (Result, error) {
	began := time.Now()
	received, err := p.receive(ctx, raw)
	if err != nil {
		return result, err
	}
	outcome, err := p.worker.Take(ctx, received)
	result.Millis = float64(time.Since(began).Microseconds()) / 1000
	if err != nil {
		return result, err
	}
	result.fill(outcome)
	if outcome.Outcome.Kind == quarantine {
		quarantined, err := p.services.Intake.QuarantinedMail(ctx, p.operator, received.ID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return result, err
		}
		result.Detail = quarantined.Detail
	}
	return result, result.check()
}

const quarantine = "quarantine"

func (r *Result) fill(outcome mail.Result) {
	switch r.Became = outcome.Outcome.Kind; r.Became {
	case "comment":
		r.Became = "update"
	case "case":
		r.Became = "new case"
	case "duplicate":
		r.Became, r.Detail = "update", "the mail was already received: nothing changes"
	}
	r.Reason = string(outcome.Outcome.Reason)
	if m := outcome.Message; m != nil {
		r.From, r.Subject, r.Text, r.Reply = m.From.Address, m.Subject, outcome.Text, outcome.Reply
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

// check rejects a result that violates an invariant of all mails.
func (r Result) check() error {
	for _, text := range []string{r.From, r.Subject, r.Text, r.Reply, r.Detail} {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return errors.New("the text is not valid UTF-8")
		}
	}
	return nil
}

// quiet is a log that is discarded: the results contain everything.
func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
