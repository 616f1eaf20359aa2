package outgoing

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// Logo is the picture of the provider at the top of a mail. It comes with the mail: mail programs show
// it without asking, and nobody learns when the mail is read. A mail says everything without it.
type Logo struct {
	// ContentID identifies the picture, as in "logo.4f2a@portal.example", without angle brackets.
	ContentID string
	// Name is that of the provider, which stands for the picture where there are none.
	Name string
	// Width and Height are in pixels, as shown.
	Width, Height int
	PNG           []byte
}

// logoFile is the name of the picture where mail programs list it.
const logoFile = "logo.png"

func (l *Logo) attach(message *gomail.Msg) error {
	if !visible(l.ContentID) || strings.ContainsAny(l.ContentID, "<>") {
		return fmt.Errorf("outgoing: %q cannot be the ID of a picture", l.ContentID)
	}
	return message.EmbedReader(logoFile, bytes.NewReader(l.PNG), gomail.WithFileContentType("image/png"),
		gomail.WithFileContentID("<"+l.ContentID+">"))
}

// address returns what the HTML calls the picture.
func (l *Logo) address() string { return "cid:" + l.ContentID }

// alt returns the text in place of the picture.
func (l *Logo) alt() string { return Name(l.Name) }

// withOwnBoundaries replaces the random boundaries of a mail with a picture by ones that are derived
// from the content. The library takes one boundary only, and this mail has two: one around text and
// HTML, and one around these and the picture.
func (m Message) withOwnBoundaries(raw []byte) ([]byte, error) {
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("outgoing: read the message: %w", err)
	}
	outer, err := boundaryOf(message.Header.Get("Content-Type"))
	if err != nil {
		return nil, err
	}
	part, err := multipart.NewReader(io.LimitReader(message.Body, int64(len(raw))), outer).NextRawPart()
	if err != nil {
		return nil, fmt.Errorf("outgoing: read the message: %w", err)
	}
	inner, err := boundaryOf(part.Header.Get("Content-Type"))
	if err != nil {
		return nil, err
	}
	own := m.boundary()
	raw = bytes.ReplaceAll(raw, []byte(outer), []byte(own))
	// Neither must begin with the other: programs compare the beginning of lines only.
	return bytes.ReplaceAll(raw, []byte(inner), []byte("text-"+own)), nil
}

func boundaryOf(contentType string) (string, error) {
	_, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || parameters["boundary"] == "" {
		return "", fmt.Errorf("outgoing: %q has no boundary", contentType)
	}
	return parameters["boundary"], nil
}
