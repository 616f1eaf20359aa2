// Package mailfolder stores outgoing mails as files instead of sending them, for trying the product
// on one machine and for tests. A mail is two files: <id>.eml is the message as it would be sent,
// and <id>.json is its envelope, which is not part of the message. The .eml file is written last;
// without it, the mail does not exist. infra/local/devmail shows the folder.
package mailfolder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail"
)

// idPattern matches the IDs that mail.Outgoing allows; an ID cannot point outside the folder.
var idPattern = regexp.MustCompile(`^[A-Za-z0-9-]{1,200}$`)

// Folder is a mail.Sender that writes to a folder. It is safe for concurrent use; only one process
// may write to a folder.
type Folder struct {
	folder string
	// writing keeps two mails with the same ID from being written at the same time.
	writing sync.Mutex
}

// Open opens a folder, and creates it if it does not exist.
func Open(folder string) (*Folder, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("mailfolder: create the folder: %w", err)
	}
	return &Folder{folder: folder}, nil
}

// Envelope is the SMTP envelope of a mail.
type Envelope struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Send stores the mail durably. If a mail with the same ID exists, it stays unchanged. Send returns
// a fault of code Invalid for an ID that cannot be a file name, and of code Unavailable if the
// folder cannot be written. The mail keeps its Message-ID.
func (f *Folder) Send(ctx context.Context, message mail.Outgoing) (wireID string, err error) {
	if !idPattern.MatchString(message.ID) {
		return "", fault.New(fault.Invalid, "The mail ID %q may only have letters, digits and '-'.", message.ID)
	}
	if err := ctx.Err(); err != nil {
		return "", fault.Wrap(err, fault.Unavailable, "The mail was not stored in time.")
	}
	if err := f.keep(message); err != nil {
		return "", fault.Wrap(err, fault.Unavailable, "The mail cannot be stored in the mail folder.")
	}
	return "", nil
}

func (f *Folder) keep(message mail.Outgoing) error {
	f.writing.Lock()
	defer f.writing.Unlock()
	final := f.path(message.ID, ".eml")
	if _, err := os.Lstat(final); err == nil {
		// It may have been written just before a crash: make sure that it is durable.
		return syncFolder(f.folder)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	envelope, err := json.Marshal(Envelope{From: message.EnvelopeFrom, To: message.To})
	if err != nil {
		return err
	}
	if err := f.write(f.path(message.ID, ".json"), envelope); err != nil {
		return err
	}
	if err := f.write(final, message.Raw); err != nil {
		return err
	}
	return syncFolder(f.folder)
}

// write writes a file atomically: it appears under its name only when it is complete on disk.
func (f *Folder) write(path string, content []byte) error {
	file, err := os.CreateTemp(f.folder, ".writing-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	if _, err := file.Write(content); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

func syncFolder(folder string) error {
	directory, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(directory.Sync(), directory.Close())
}

func (f *Folder) path(id, ending string) string { return filepath.Join(f.folder, id+ending) }

// Mail is a stored mail.
type Mail struct {
	ID       string
	Kept     time.Time
	Size     int64
	Envelope Envelope
	// Raw is the message; List does not set it.
	Raw []byte
}

// Position returns the mail's position in the list, for the parameter before of List.
func (m Mail) Position() string { return position(m.Kept, m.ID) }

// position returns a text that sorts by time and ID, oldest first.
func position(kept time.Time, id string) string {
	return fmt.Sprintf("%020d-%s", kept.UnixNano(), id)
}

// Get reads one mail; a fault of code NotFound if there is none.
func (f *Folder) Get(id string) (Mail, error) {
	if !idPattern.MatchString(id) {
		return Mail{}, fault.Missing()
	}
	info, err := os.Stat(f.path(id, ".eml"))
	if errors.Is(err, fs.ErrNotExist) {
		return Mail{}, fault.Missing()
	}
	if err != nil {
		return Mail{}, fmt.Errorf("mailfolder: find the mail: %w", err)
	}
	stored, err := f.describe(id, info)
	if err != nil {
		return Mail{}, err
	}
	if stored.Raw, err = os.ReadFile(f.path(id, ".eml")); err != nil {
		return Mail{}, fmt.Errorf("mailfolder: read the mail: %w", err)
	}
	return stored, nil
}

func (f *Folder) describe(id string, info fs.FileInfo) (Mail, error) {
	stored := Mail{ID: id, Kept: info.ModTime().UTC(), Size: info.Size()}
	envelope, err := os.ReadFile(f.path(id, ".json"))
	if err != nil {
		return Mail{}, fmt.Errorf("mailfolder: read the envelope: %w", err)
	}
	if err := json.Unmarshal(envelope, &stored.Envelope); err != nil {
		return Mail{}, fmt.Errorf("mailfolder: read the envelope of %s: %w", id, err)
	}
	return stored, nil
}

// idOf returns the ID of the mail that a file belongs to; false for other files.
func idOf(name string) (string, bool) {
	id, ok := strings.CutSuffix(name, ".eml")
	return id, ok && idPattern.MatchString(id)
}
