package uploads

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/shared/fault"
)

// Form describes how form data with files (RFC 7578) is read; File is what the store returns for a
// file.
type Form[File any] struct {
	// Texts are the names of the accepted text parts, of at most MaxText bytes each. Files come in
	// parts named "file", at most MaxFiles of them.
	Texts    []string
	MaxText  int
	MaxFiles int
	// Store streams one file into the store.
	Store func(ctx context.Context, name, contentType string, content io.Reader) (File, error)
	// Admit, if set, is called once before the first file is stored, or at the end of a form
	// without files, with the texts received so far. If it returns an error, nothing is stored.
	Admit func(texts map[string]string) error
}

// Parts holds the parts of a form.
type Parts[File any] struct {
	Texts map[string]string
	Files []File
}

// Read reads a form: it streams files into the store and collects texts. Parts includes what was
// stored before an error.
func (f Form[File]) Read(ctx context.Context, u *Upload) (Parts[File], error) {
	read := Parts[File]{Texts: map[string]string{}}
	media, parameters, err := mime.ParseMediaType(u.contentType)
	if err != nil || media != "multipart/form-data" || parameters["boundary"] == "" {
		return read, fault.New(fault.Invalid, "The body must be multipart/form-data with a boundary.")
	}
	admit := f.Admit
	admitted := func() error {
		if admit == nil {
			return nil
		}
		ask := admit
		admit = nil
		return ask(read.Texts)
	}
	reader := multipart.NewReader(u.body, parameters["boundary"])
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return read, admitted()
		}
		if err != nil {
			return read, broken(err)
		}
		if part.FormName() != "file" {
			err = f.readText(part, read.Texts)
		} else if err = admitted(); err == nil {
			err = f.readFile(ctx, part, &read)
		}
		if err != nil {
			return read, err
		}
	}
}

func (f Form[File]) readFile(ctx context.Context, part *multipart.Part, read *Parts[File]) error {
	content := bufio.NewReader(part)
	if _, err := content.Peek(1); part.FileName() == "" && errors.Is(err, io.EOF) {
		return nil // browsers send such a part if no file was chosen
	}
	if len(read.Files) >= f.MaxFiles {
		return fault.InField("body.file", "must be at most %d files", f.MaxFiles)
	}
	file, err := f.Store(ctx, part.FileName(), part.Header.Get("Content-Type"), content)
	if err != nil {
		return broken(err)
	}
	read.Files = append(read.Files, file)
	return nil
}

func (f Form[File]) readText(part *multipart.Part, texts map[string]string) error {
	name := part.FormName()
	if !slices.Contains(f.Texts, name) {
		return fault.InField("body."+name, "is not a part of this call")
	}
	if _, twice := texts[name]; twice {
		return fault.InField("body."+name, "is given twice")
	}
	text, err := io.ReadAll(io.LimitReader(part, int64(f.MaxText)+1))
	if err != nil {
		return broken(err)
	}
	if len(text) > f.MaxText {
		return fault.New(fault.TooLarge, "The part %q is larger than %d bytes.", name, f.MaxText)
	}
	texts[name] = string(text)
	return nil
}

// broken classifies an error while reading a body: faults stay as they are, anything else is the
// client's error.
func broken(err error) error {
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	return fault.Wrap(err, fault.Invalid, "The body ended early or is not well-formed multipart/form-data.")
}

// Unquote removes the quotes that some API clients put around every text, by sending it as JSON.
func Unquote(text string) string {
	var inner string
	if len(text) >= 2 && text[0] == '"' && json.Unmarshal([]byte(text), &inner) == nil {
		return inner
	}
	return text
}

// Schema describes a form with files in the API's document.
func Schema(properties map[string]*huma.Schema, required ...string) *huma.MediaType {
	return &huma.MediaType{Schema: &huma.Schema{
		Type: huma.TypeObject, Properties: properties, Required: required, AdditionalProperties: false,
	}}
}
