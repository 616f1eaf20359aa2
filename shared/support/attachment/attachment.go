package attachment

import (
	"context"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// MaxFileBytes is the size limit of one attachment.
	MaxFileBytes = 25 << 20
	// MaxFilesAtOnce is the maximum number of attachments of one comment.
	MaxFilesAtOnce = 20
	maxFileName    = 120
)

// File is an attachment of a case.
type File struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"size"`
	SHA256      string `json:"sha256"`
	// Inline is set for a picture in the text of a mail.
	Inline bool `json:"inline,omitempty"`
	// Internal files belong to an internal note.
	Internal bool `json:"internal,omitempty"`
	// Suspicious files are programs, pages or scripts declared or named as something harmless.
	Suspicious bool `json:"suspicious,omitempty"`
	// Counted is set if the size counts in the storage of the organization once the file belongs to a
	// case; files of earlier versions do not.
	Counted bool `json:"counted,omitempty"`
	// Created is in microseconds since 1970.
	Created int64  `json:"created"`
	BlobKey string `json:"blob_key,omitempty"`
}

// Loggable returns the file for the audit log: without where its content is stored.
func (f File) Loggable() File {
	f.BlobKey, f.Counted = "", false
	return f
}

// Store streams a file into the file store under a key, with a safe name and type. A file that is not what its name or
// type says is marked and served as unknown bytes. A file above MaxFileBytes is refused with a fault of code TooLarge.
func (s *Service) Store(ctx context.Context, id, key, name, contentType string, content io.Reader) (File, error) {
	seen := &beginningOf{Reader: content}
	written, err := s.files.Put(ctx, key, seen, MaxFileBytes)
	if err != nil {
		return File{}, err
	}
	file := File{
		ID: id, Name: SafeName(name), ContentType: SafeType(contentType), Size: written.Size, SHA256: written.SHA256,
		Counted: true, Created: s.journal.Now().UnixMicro(), BlobKey: key,
	}
	if mislabeled(file.ContentType, file.Name, seen.head) {
		file = file.Suspect()
	}
	return file, nil
}

// beginningOf keeps the first bytes read through it.
type beginningOf struct {
	io.Reader
	head []byte
}

// Read implements io.Reader.
func (b *beginningOf) Read(into []byte) (int, error) {
	n, err := b.Reader.Read(into)
	if missing := headBytes - len(b.head); missing > 0 {
		b.head = append(b.head, into[:min(n, missing)]...)
	}
	return n, err
}

// Discard removes stored attachments that were not added to a case.
func (s *Service) Discard(ctx context.Context, files []File) error {
	var failed []error
	for _, file := range files {
		failed = append(failed, s.files.Delete(ctx, file.BlobKey))
	}
	return errors.Join(failed...)
}

// SafeName returns a harmless file name: the last element of a path, without control, bidirectional
// or separator characters and without leading dots, at most 120 characters.
func SafeName(name string) string {
	name = strings.ToValidUTF8(name, "")
	if cut := strings.LastIndexAny(name, `/\`); cut >= 0 {
		name = name[cut+1:]
	}
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) ||
			strings.ContainsRune(`:*?"<>|`, r) {
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

// shorten removes the last character before the extension.
func shorten(name string) string {
	stem, extension := name, ""
	if dot := strings.LastIndexByte(name, '.'); dot > 0 && len(name)-dot <= 10 {
		stem, extension = name[:dot], name[dot:]
	}
	_, size := utf8.DecodeLastRuneInString(stem)
	return stem[:len(stem)-size] + extension
}

// SafeType returns a plain media type; anything else becomes application/octet-stream.
func SafeType(contentType string) string {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	kind, subtype, ok := strings.Cut(media, "/")
	plain := func(s string) bool {
		return s != "" && len(s) <= 64 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789.+-") == ""
	}
	if !ok || !plain(kind) || !plain(subtype) {
		return unknownType
	}
	return media
}

// Copy stores files once more: each case has its own copies, because it is deleted independently.
func (s *Service) Copy(ctx context.Context, orgID string, files []File) ([]File, error) {
	copies := make([]File, 0, len(files))
	for _, file := range files {
		content, err := s.files.Open(ctx, file.BlobKey)
		if err != nil {
			return nil, errors.Join(err, s.Discard(ctx, copies))
		}
		id := s.journal.NewID()
		stored, err := s.Store(ctx, id, "attachments/"+orgID+"/"+id, file.Name, file.ContentType, content)
		if err := errors.Join(err, content.Close()); err != nil {
			return nil, errors.Join(err, s.Discard(ctx, copies))
		}
		stored.Inline = file.Inline
		copies = append(copies, stored)
	}
	return copies, nil
}
