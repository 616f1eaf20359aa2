// Package mailfolder keeps outgoing mails as files in a folder instead of sending them: for
// trying the product on one machine, and for tests. A mail is two files: <id>.eml is the
// message exactly as it would have been sent, and <id>.json its envelope, which is not
// part of a message and so must not be written into it. The .eml appears last and makes
// the mail exist. infra/local/devmail shows what is here.
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

// idPattern is what mail.Outgoing allows as an ID; it cannot lead out of the folder.
var idPattern = regexp.MustCompile(`^[A-Za-z0-9-]{1,200}$`)

// Folder is a mail.Sender into a folder. It is safe for concurrent use; only one
// process may write to a folder.
type Folder struct {
	folder string
	// writing keeps two mails of one ID from passing the look at what is there together.
	writing sync.Mutex
}

// Open makes the folder if there is none.
func Open(folder string) (*Folder, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("outbox: make the folder: %w", err)
	}
	return &Folder{folder: folder}, nil
}

// Envelope is what a server would have been told beside the message.
type Envelope struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Send keeps the mail durably. A mail whose ID is there already is left as it is. It
// returns a fault of code Invalid for an ID that cannot be a file name, and one of code
// Unavailable when the folder cannot be written. The mail keeps its Message-ID.
func (o *Folder) Send(ctx context.Context, message mail.Outgoing) (wireID string, err error) {
	if !idPattern.MatchString(message.ID) {
		return "", fault.New(fault.Invalid, "The id %q of the mail may hold letters, digits and '-' only.", message.ID)
	}
	if err := ctx.Err(); err != nil {
		return "", fault.Wrap(err, fault.Unavailable, "The mail was not kept in time.")
	}
	if err := o.keep(message); err != nil {
		return "", fault.Wrap(err, fault.Unavailable, "The mail cannot be kept in the outbox folder.")
	}
	return "", nil
}

func (o *Folder) keep(message mail.Outgoing) error {
	o.writing.Lock()
	defer o.writing.Unlock()
	final := o.path(message.ID, ".eml")
	if _, err := os.Lstat(final); err == nil {
		// It may have come here just before a crash: make sure it stays.
		return syncFolder(o.folder)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	envelope, err := json.Marshal(Envelope{From: message.EnvelopeFrom, To: message.To})
	if err != nil {
		return err
	}
	if err := o.write(o.path(message.ID, ".json"), envelope); err != nil {
		return err
	}
	if err := o.write(final, message.Raw); err != nil {
		return err
	}
	return syncFolder(o.folder)
}

// write makes a file appear under its name only when all of it is on the disk.
func (o *Folder) write(path string, content []byte) error {
	file, err := os.CreateTemp(o.folder, ".writing-*")
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

func (o *Folder) path(id, ending string) string { return filepath.Join(o.folder, id+ending) }

// Mail is a mail that is kept.
type Mail struct {
	ID       string
	Kept     time.Time
	Size     int64
	Envelope Envelope
	// Raw is the message; List leaves it out.
	Raw []byte
}

// Position is where the mail stands in the list, for List's before.
func (m Mail) Position() string { return position(m.Kept, m.ID) }

// position sorts like the list, the newest last.
func position(kept time.Time, id string) string {
	return fmt.Sprintf("%020d-%s", kept.UnixNano(), id)
}

// Get reads one mail; a fault of code NotFound if there is none.
func (o *Folder) Get(id string) (Mail, error) {
	if !idPattern.MatchString(id) {
		return Mail{}, fault.Missing()
	}
	info, err := os.Stat(o.path(id, ".eml"))
	if errors.Is(err, fs.ErrNotExist) {
		return Mail{}, fault.Missing()
	}
	if err != nil {
		return Mail{}, fmt.Errorf("outbox: look for the mail: %w", err)
	}
	kept, err := o.describe(id, info)
	if err != nil {
		return Mail{}, err
	}
	if kept.Raw, err = os.ReadFile(o.path(id, ".eml")); err != nil {
		return Mail{}, fmt.Errorf("outbox: read the mail: %w", err)
	}
	return kept, nil
}

func (o *Folder) describe(id string, info fs.FileInfo) (Mail, error) {
	kept := Mail{ID: id, Kept: info.ModTime().UTC(), Size: info.Size()}
	envelope, err := os.ReadFile(o.path(id, ".json"))
	if err != nil {
		return Mail{}, fmt.Errorf("outbox: read the envelope: %w", err)
	}
	if err := json.Unmarshal(envelope, &kept.Envelope); err != nil {
		return Mail{}, fmt.Errorf("outbox: read the envelope of %s: %w", id, err)
	}
	return kept, nil
}

// idOf returns the ID that a file of the folder stands for.
func idOf(name string) (string, bool) {
	id, ok := strings.CutSuffix(name, ".eml")
	return id, ok && idPattern.MatchString(id)
}
