package cases

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/support"
)

const (
	// uploadTime is how long the body of an upload may take.
	uploadTime = 10 * time.Minute
	// maxUpload is the size limit of a whole upload: some files and the text.
	maxUpload = 100 << 20
	// maxTextPart is the size limit of one text of an upload: the longest comment in four-byte characters.
	maxTextPart = 4*support.MaxText + 1024
)

// Upload is a request body that the handler reads by itself, as it comes in.
type Upload struct {
	body        io.Reader
	contentType string
}

// Resolve takes hold of the body; it is called by the library that reads inputs.
func (u *Upload) Resolve(ctx huma.Context) []error {
	u.body, u.contentType = ctx.BodyReader(), ctx.Header("Content-Type")
	if length, err := strconv.ParseInt(ctx.Header("Content-Length"), 10, 64); err == nil && length > maxUpload {
		return []error{tooLarge()}
	}
	if err := ctx.SetReadDeadline(time.Now().Add(uploadTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return []error{err}
	}
	u.body = &bounded{from: u.body, left: maxUpload}
	return nil
}

func tooLarge() huma.StatusError {
	return huma.NewError(http.StatusRequestEntityTooLarge, "The upload is larger than "+strconv.Itoa(maxUpload>>20)+" MiB.")
}

// bounded reads at most so many bytes, and says so if there are more.
type bounded struct {
	from io.Reader
	left int64
}

// Read reads from the body.
func (b *bounded) Read(into []byte) (int, error) {
	if b.left <= 0 {
		return 0, fault.New(fault.TooLarge, "The upload is larger than %d MiB.", maxUpload>>20)
	}
	n, err := b.from.Read(into[:min(int64(len(into)), b.left)])
	b.left -= int64(n)
	return n, err
}

// storeFile streams one file into the store.
type storeFile func(ctx context.Context, name, contentType string, content io.Reader) (support.File, error)

// parts is what an upload held.
type parts struct {
	texts map[string]string
	files []support.File
}

// multipart reads an upload of form data (RFC 7578): files are streamed into the store, texts kept. known
// are the names that are taken. What was stored before an error is in parts too.
func (u *Upload) multipart(ctx context.Context, known map[string]bool, store storeFile) (parts, error) {
	read := parts{texts: map[string]string{}}
	media, parameters, err := mime.ParseMediaType(u.contentType)
	if err != nil || media != "multipart/form-data" || parameters["boundary"] == "" {
		return read, fault.New(fault.Invalid, "The body must be multipart/form-data with a boundary.")
	}
	reader := multipart.NewReader(u.body, parameters["boundary"])
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return read, nil
		}
		if err != nil {
			return read, broken(err)
		}
		name := part.FormName()
		switch {
		case !known[name]:
			return read, fault.InField("body."+name, "is not a part of this call")
		case name == "file":
			if len(read.files) >= support.MaxFilesAtOnce {
				return read, fault.InField("body.file", "must be at most %d files", support.MaxFilesAtOnce)
			}
			file, err := store(ctx, part.FileName(), part.Header.Get("Content-Type"), part)
			if err != nil {
				return read, broken(err)
			}
			read.files = append(read.files, file)
		default:
			if _, twice := read.texts[name]; twice {
				return read, fault.InField("body."+name, "is given twice")
			}
			text, err := io.ReadAll(io.LimitReader(part, maxTextPart+1))
			if err != nil {
				return read, broken(err)
			}
			if len(text) > maxTextPart {
				return read, fault.New(fault.TooLarge, "The part %q is larger than %d bytes.", name, maxTextPart)
			}
			read.texts[name] = unquote(string(text))
		}
	}
}

// broken sorts an error while a body is read: faults stay as they are, anything else is the body's.
func broken(err error) error {
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	return fault.Wrap(err, fault.Invalid, "The body ended early or is not well-formed multipart/form-data.")
}

// unquote takes off the quotes that some clients put around every text, by sending it as JSON.
func unquote(text string) string {
	var inner string
	if len(text) >= 2 && text[0] == '"' && json.Unmarshal([]byte(text), &inner) == nil {
		return inner
	}
	return text
}

// decode reads a JSON body strictly into value.
func (u *Upload) decode(value any) error {
	data, err := io.ReadAll(io.LimitReader(u.body, 2<<20))
	if err != nil {
		return broken(err)
	}
	if len(data) > 1<<20 {
		return fault.New(fault.TooLarge, "The body is larger than 1 MiB.")
	}
	if !utf8.Valid(data) {
		return fault.New(fault.Invalid, "The body is not valid UTF-8.")
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value); err != nil {
		return fault.Wrap(err, fault.Invalid, "The body is not the JSON document that is wanted: %s", err)
	}
	if decoder.More() {
		return fault.New(fault.Invalid, "The body has more than one JSON document.")
	}
	return nil
}

// isJSON reports whether the body says to be JSON, or says nothing.
func (u *Upload) isJSON() bool {
	media, _, err := mime.ParseMediaType(u.contentType)
	return u.contentType == "" || err == nil && media == "application/json"
}

// store streams files of a case into the store.
func (s Services) store(in ID) storeFile {
	return func(ctx context.Context, name, contentType string, content io.Reader) (support.File, error) {
		return s.Desk.StoreFile(ctx, endpoint.Principal(ctx), in.OrgID, in.CaseID, name, contentType, content)
	}
}

// discard removes the files of a call that failed for sure. Where it is not known whether the call took effect, the
// files stay: a file that nobody refers to is better than a reference to no file.
func (s Services) discard(ctx context.Context, files []support.File, cause error) error {
	switch fault.CodeOf(cause) {
	case fault.Unavailable, fault.Internal:
		return cause
	}
	return errors.Join(cause, s.Desk.DiscardFiles(ctx, files))
}

// fileSchema describes a form with files for the API's document.
func fileSchema(properties map[string]*huma.Schema, required ...string) *huma.MediaType {
	return &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeObject, Properties: properties, Required: required}}
}
