package attachment

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"

	"github.com/tenantry/tenantry/shared/fault"
)

// MaxPictureBytes is the maximum size of a picture that is shown: an answer of a function on AWS has at
// most 6 MB in base64.
const MaxPictureBytes = 4 << 20

// IsPicture reports whether a file can be shown as a picture: browsers draw these types and run nothing
// in them.
func (f File) IsPicture() bool {
	shown := []string{"image/png", "image/jpeg", "image/gif", "image/webp"}
	return slices.Contains(shown, f.ContentType) && !f.Suspicious && f.Size > 0 && f.Size <= MaxPictureBytes
}

// Picture returns the content of a file that is a picture by its first bytes, too. It returns a fault of
// code NotFound for any other, and closes its content.
func Picture(file File, content io.ReadCloser) (io.ReadCloser, error) {
	head := make([]byte, headBytes)
	n, err := io.ReadFull(content, head)
	if err == nil || errors.Is(err, io.ErrUnexpectedEOF) { // shorter files are whole in head
		if http.DetectContentType(head[:n]) == file.ContentType {
			return picture{io.MultiReader(bytes.NewReader(head[:n]), content), content}, nil
		}
		err = fault.Missing()
	}
	_ = content.Close() // it was only read
	return nil, err
}

// picture is a content of which the first bytes were read.
type picture struct {
	io.Reader
	io.Closer
}
