package support

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	// MaxFileBytes is the size limit of one attachment.
	MaxFileBytes = 25 << 20
	// MaxFilesAtOnce is how many attachments one comment can have.
	MaxFilesAtOnce = 20
	maxFiles       = 1000
	maxFileName    = 120
)

// File is an attachment of a case.
type File struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"size"`
	SHA256      string `json:"sha256"`
	// Inline is set for a picture that stood in the text of a mail.
	Inline bool `json:"inline,omitempty"`
	// Internal files belong to an internal note.
	Internal bool `json:"internal,omitempty"`
	// Suspicious files are not what they were declared or named as, but a program, a page or a script.
	Suspicious bool `json:"suspicious,omitempty"`
	// Created is in microseconds since 1970.
	Created int64  `json:"created"`
	BlobKey string `json:"blob_key,omitempty"`
}

// loggable is a file as the audit log keeps it: where the content lies is nobody's business.
func (f File) loggable() File {
	f.BlobKey = ""
	return f
}

// StoreFile streams an attachment into the file store, before it is put on a case by
// AddComment or AttachFile. The principal must be allowed to open the organization's cases.
func (d *Desk) StoreFile(ctx context.Context, by identity.Principal, orgID, caseID, name, contentType string, content io.Reader) (File, error) {
	if _, _, err := d.open(ctx, by, orgID, caseID, identity.OpenCases); err != nil {
		return File{}, err
	}
	id := d.journal.NewID()
	return d.putFile(ctx, id, "attachments/"+orgID+"/"+id, name, contentType, content)
}

func (d *Desk) putFile(ctx context.Context, id, key, name, contentType string, content io.Reader) (File, error) {
	seen := &beginningOf{Reader: content}
	written, err := d.files.Put(ctx, key, seen, MaxFileBytes)
	if err != nil {
		return File{}, err
	}
	file := File{
		ID: id, Name: SafeName(name), ContentType: safeType(contentType), Size: written.Size, SHA256: written.SHA256,
		Created: d.journal.Now().UnixMicro(), BlobKey: key,
	}
	if lies(file.ContentType, file.Name, seen.head) {
		file = file.suspect()
	}
	return file, nil
}

// beginningOf keeps the first bytes of what is read.
type beginningOf struct {
	io.Reader
	head []byte
}

// Read reads on.
func (b *beginningOf) Read(into []byte) (int, error) {
	n, err := b.Reader.Read(into)
	if missing := headBytes - len(b.head); missing > 0 {
		b.head = append(b.head, into[:min(n, missing)]...)
	}
	return n, err
}

// DiscardFiles removes stored attachments that did not get onto a case.
func (d *Desk) DiscardFiles(ctx context.Context, files []File) error {
	var failed []error
	for _, file := range files {
		failed = append(failed, d.files.Delete(ctx, file.BlobKey))
	}
	return errors.Join(failed...)
}

// AttachFile puts a stored attachment on a case, without a comment.
func (d *Desk) AttachFile(ctx context.Context, by identity.Principal, orgID, caseID string, file File) (Case, error) {
	for attempt := 0; ; attempt++ {
		found, _, err := d.open(ctx, by, orgID, caseID, identity.OpenCases)
		if err != nil {
			return Case{}, err
		}
		if found.Files >= maxFiles {
			return Case{}, full("attachments", maxFiles)
		}
		after := found.Case
		after.Files++
		writes, err := after.fileWrites([]File{file})
		if err != nil {
			return Case{}, err
		}
		c, err := d.commit(ctx, by, update{
			before: &found.Case, after: after,
			done: change.Done{
				Action: "cases.attach", Message: fmt.Sprintf("Attached %s to case %d", file.Name, after.Number), After: file.loggable(), Writes: writes,
			},
			notice: Notice{Event: Attached, ActorName: by.Name(), FileName: file.Name},
		})
		if again(ctx, err, attempt) {
			continue
		}
		return view(by, found.place, c), busy(err)
	}
}

func (c Case) fileWrites(files []File) ([]table.Write, error) {
	writes := make([]table.Write, 0, len(files))
	for _, file := range files {
		item, err := change.Encode(caseKey(c.OrgID, c.ID, fileSort+file.ID), file)
		if err != nil {
			return nil, err
		}
		writes = append(writes, table.Create(item))
	}
	return writes, nil
}

// File reads what is known of an attachment, for a principal who sees the case.
func (d *Desk) File(ctx context.Context, by identity.Principal, orgID, caseID, fileID string) (File, error) {
	found, items, err := d.open(ctx, by, orgID, caseID, identity.SeeCases, fileSort+fileID)
	if err != nil {
		return File{}, err
	}
	if items[0].Version == 0 {
		return File{}, fault.Missing()
	}
	var file File
	if err := change.Decode(items[0], &file); err != nil {
		return File{}, err
	}
	if file.Internal && !found.agent {
		return File{}, fault.Missing()
	}
	return file, nil
}

// SafeName makes a file name harmless: the last part of a path, no control, bidirectional or
// separator characters, no leading dot, at most 120 characters.
func SafeName(name string) string {
	name = strings.ToValidUTF8(name, "")
	if cut := strings.LastIndexAny(name, `/\`); cut >= 0 {
		name = name[cut+1:]
	}
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) || strings.ContainsRune(`:*?"<>|`, r) {
			return -1
		}
		return r
	}, name)
	name = strings.TrimLeft(strings.TrimSpace(name), ". ")
	for utf8.RuneCountInString(name) > maxFileName {
		name = shorten(name)
	}
	if name == "" {
		return "attachment"
	}
	return name
}

// shorten takes the last character before the extension away.
func shorten(name string) string {
	stem, extension := name, ""
	if dot := strings.LastIndexByte(name, '.'); dot > 0 && len(name)-dot <= 10 {
		stem, extension = name[:dot], name[dot:]
	}
	_, size := utf8.DecodeLastRuneInString(stem)
	return stem[:len(stem)-size] + extension
}

// safeType leaves a plain media type; anything else is taken as unknown bytes.
func safeType(contentType string) string {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	kind, subtype, found := strings.Cut(media, "/")
	plain := func(s string) bool {
		return s != "" && len(s) <= 64 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789.+-") == ""
	}
	if !found || !plain(kind) || !plain(subtype) {
		return unknownType
	}
	return media
}
