package uploads

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/fault"
)

const (
	// uploadTime is how long receiving an upload may take.
	uploadTime = 10 * time.Minute
	// MaxUpload is the maximum size of a whole upload in bytes: some files and the texts.
	MaxUpload = 100 << 20
)

// Upload is a request body that the handler reads itself, as a stream.
type Upload struct {
	body        io.Reader
	contentType string
}

// Resolve captures the body; the library that reads inputs calls it.
func (u *Upload) Resolve(ctx huma.Context) []error {
	if err := u.take(ctx.BodyReader(), ctx.Header, ctx.SetReadDeadline); err != nil {
		return []error{endpoint.ProblemOf(err)}
	}
	return nil
}

// Of returns the body of a plain request.
func Of(w http.ResponseWriter, r *http.Request) (*Upload, error) {
	u := &Upload{}
	return u, u.take(r.Body, r.Header.Get, http.NewResponseController(w).SetReadDeadline)
}

func (u *Upload) take(body io.Reader, header func(string) string, setDeadline func(time.Time) error) error {
	u.body, u.contentType = &bounded{from: body, left: MaxUpload}, header("Content-Type")
	if length, err := strconv.ParseInt(header("Content-Length"), 10, 64); err == nil && length > MaxUpload {
		return tooLarge()
	}
	if err := setDeadline(time.Now().Add(uploadTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}

// Drain reads the rest of the body, up to the limit. Browsers do not show a response that arrives
// while they are still sending.
func (u *Upload) Drain() {
	_, _ = io.Copy(io.Discard, u.body) // the response says what was wrong
}

func tooLarge() error {
	return fault.New(fault.TooLarge, "The upload is larger than %d MiB.", MaxUpload>>20)
}

// bounded reads at most a number of bytes, and fails if there are more.
type bounded struct {
	from io.Reader
	left int64
}

// Read reads from the body.
func (b *bounded) Read(into []byte) (int, error) {
	if b.left <= 0 {
		return 0, tooLarge()
	}
	n, err := b.from.Read(into[:min(int64(len(into)), b.left)])
	b.left -= int64(n)
	return n, err
}

// Decode reads a JSON body strictly into value.
func (u *Upload) Decode(value any) error {
	data, err := io.ReadAll(io.LimitReader(u.body, 2<<20))
	if err != nil {
		return broken(err)
	}
	if len(data) > 1<<20 {
		return fault.New(fault.TooLarge, "The body is larger than 1 MiB.")
	}
	if err := endpoint.CheckJSON(data); err != nil {
		return fault.Wrap(err, fault.Invalid, "The body is not the expected JSON document: %s", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value); err != nil {
		return fault.Wrap(err, fault.Invalid, "The body is not the expected JSON document: %s", err)
	}
	if decoder.More() {
		return fault.New(fault.Invalid, "The body has more than one JSON document.")
	}
	return nil
}

// Bytes reads a whole body; a fault of code TooLarge if it has more than limit bytes.
func (u *Upload) Bytes(limit int64) ([]byte, error) { return readAll(u.body, limit) }

// InMemory returns a Store for forms whose files are small.
func InMemory(limit int64) func(ctx context.Context, name, contentType string, content io.Reader) ([]byte, error) {
	return func(_ context.Context, _, _ string, content io.Reader) ([]byte, error) {
		return readAll(content, limit)
	}
}

func readAll(from io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(from, limit+1))
	if err != nil {
		return nil, broken(err)
	}
	if int64(len(data)) > limit {
		return nil, fault.New(fault.TooLarge, "The file is larger than %d bytes.", limit)
	}
	return data, nil
}

// Kind returns the media type of the body in lower case, without parameters; "" if the request does not
// say.
func (u *Upload) Kind() string {
	media, _, err := mime.ParseMediaType(u.contentType)
	if err != nil {
		return u.contentType
	}
	return media
}

// IsJSON reports whether the content type is JSON or absent.
func (u *Upload) IsJSON() bool {
	media, _, err := mime.ParseMediaType(u.contentType)
	return u.contentType == "" || err == nil && media == "application/json"
}
