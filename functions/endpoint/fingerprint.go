package endpoint

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash"
	"io"
	"mime"
	"mime/multipart"
	"slices"
)

// Fingerprint is a hash of a request's body, computed while the handler reads it. For form data it
// ignores the boundary between the parts, which clients choose anew for each attempt.
type Fingerprint struct {
	body io.Reader
	pipe *io.PipeWriter
	done chan struct{}
	sum  hash.Hash
}

// NewFingerprint returns the fingerprint of a body; of a form, without the named parts. The caller
// closes it.
func NewFingerprint(body io.Reader, contentType string, without ...string) *Fingerprint {
	f := &Fingerprint{sum: sha256.New()}
	media, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || media != "multipart/form-data" {
		f.body = io.TeeReader(body, f.sum)
		return f
	}
	reader, writer := io.Pipe()
	f.body, f.pipe, f.done = io.TeeReader(body, writer), writer, make(chan struct{})
	go func() {
		defer close(f.done)
		addParts(f.sum, multipart.NewReader(reader, parameters["boundary"]), without)
		_, _ = io.Copy(io.Discard, reader) // the handler must not wait for what nobody reads
	}()
	return f
}

// Read reads the body.
func (f *Fingerprint) Read(into []byte) (int, error) { return f.body.Read(into) }

// Close ends the fingerprint.
func (f *Fingerprint) Close() error {
	if f.pipe == nil {
		return nil
	}
	err := f.pipe.Close()
	<-f.done
	return err
}

// Sum returns the fingerprint of what was read.
func (f *Fingerprint) Sum() string {
	_ = f.Close() // closing a pipe for writing never fails
	return base64.RawStdEncoding.EncodeToString(f.sum.Sum(nil))
}

func addParts(sum hash.Hash, reader *multipart.Reader, without []string) {
	for {
		part, err := reader.NextPart()
		if err != nil {
			return // the handler says what is wrong
		}
		if slices.Contains(without, part.FormName()) {
			continue
		}
		inner := sha256.New()
		if _, err := io.Copy(inner, part); err != nil && !errors.Is(err, io.EOF) {
			return
		}
		for _, field := range [][]byte{[]byte(part.FormName()), []byte(part.FileName()), inner.Sum(nil)} {
			_ = binary.Write(sum, binary.BigEndian, int64(len(field))) // writing to a hash never fails
			_, _ = sum.Write(field)
		}
	}
}
