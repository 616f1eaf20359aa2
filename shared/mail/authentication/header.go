package authentication

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"mime"
	"net/mail"
	"regexp"
	"strings"
	"sync"
)

// The limits of a header. Real headers have some ten kilobytes; without limits, checking a
// signature could take arbitrarily long.
const (
	maxHeader = 512 << 10
	maxFields = 1000
)

// header is the beginning of a mail, up to the empty line.
type header struct {
	raw    []byte // with the empty line
	fields []field
	// usable is false if the header has no end or exceeds the limits.
	usable bool
}

// field is one field of a header; value has all its lines.
type field struct{ name, value string }

// readHeader parses a header as the DKIM library does. A field whose name some program might
// confuse with another counts as that one.
func readHeader(from *bufio.Reader) (header, error) {
	h := header{}
	for {
		line, err := from.ReadSlice('\n')
		h.raw = append(h.raw, line...)
		switch {
		case len(h.raw) > maxHeader:
			return h, nil
		case errors.Is(err, bufio.ErrBufferFull):
			if err := h.finishLine(from); err != nil {
				return h, err
			}
			if len(h.raw) > maxHeader {
				return h, nil
			}
		case errors.Is(err, io.EOF):
			h.split()
			return h, nil
		case err != nil:
			return h, err
		case len(bytes.TrimRight(line, "\r\n")) == 0:
			h.split()
			h.usable = len(h.fields) <= maxFields
			return h, nil
		}
	}
}

// finishLine reads the rest of a line that is longer than the buffer.
func (h *header) finishLine(from *bufio.Reader) error {
	for len(h.raw) <= maxHeader {
		line, err := from.ReadSlice('\n')
		h.raw = append(h.raw, line...)
		if err == nil || errors.Is(err, io.EOF) {
			return nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
	return nil
}

// split finds the fields.
func (h *header) split() {
	for line := range bytes.Lines(h.raw) {
		text := strings.TrimRight(string(line), "\r\n")
		if last := len(h.fields) - 1; last >= 0 && text != "" && (text[0] == ' ' || text[0] == '\t') {
			h.fields[last].value += "\r\n" + text
		} else if name, value, ok := strings.Cut(text, ":"); ok {
			h.fields = append(h.fields, field{strings.ToLower(strings.TrimSpace(name)), value})
		} else if text != "" {
			h.fields = append(h.fields, field{"", text})
		}
	}
}

// all returns the values of a field, the topmost first.
func (h *header) all(name string) []string {
	var values []string
	for _, each := range h.fields {
		if each.name == name {
			values = append(values, each.value)
		}
	}
	return values
}

// anyAddress matches the domains in a malformed From header.
var anyAddress = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[^\s<>"'(),;:\[\]]+@([^\s<>"'(),;:\[\]]+)`)
})

// sender returns the domain in the From header; "" if there is no sender or more than one.
func (h *header) sender() string { return SenderDomain(h.all("from")) }

// SenderDomain returns the domain of the one sender that the values of the From header name, in
// lower case and as the domain name system writes it; "" if there is none, or several.
func SenderDomain(values []string) string {
	if len(values) != 1 {
		return ""
	}
	value := strings.ReplaceAll(values[0], "\r\n", "")
	parser := mail.AddressParser{
		WordDecoder: &mime.WordDecoder{CharsetReader: func(_ string, in io.Reader) (io.Reader, error) {
			return in, nil // names are of no interest, so their letters may be wrong
		}},
	}
	if list, err := parser.ParseList(value); err == nil {
		if len(list) != 1 {
			return ""
		}
		return domainOf(list[0].Address)
	}
	domain := ""
	for _, match := range anyAddress().FindAllStringSubmatch(value, -1) {
		other := canonical(match[1])
		if other == "" || domain != "" && other != domain {
			return ""
		}
		domain = other
	}
	return domain
}
