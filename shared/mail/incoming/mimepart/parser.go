package mimepart

import (
	"bufio"
	"bytes"

	"github.com/jhillyerd/enmime/v2"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

// parser returns enmime with all its leniency. Character sets are left to charset.go: mediaType
// tells enmime that every text is UTF-8, which it passes on as it is.
func parser() *enmime.Parser {
	return enmime.NewParser(enmime.SkipMalformedParts(true), enmime.MultipartWOBoundaryAsSinglePart(true),
		enmime.SetReadPartErrorPolicy(func(*enmime.Part, error) bool { return true }),
		enmime.MaxStoredPartErrors(maxParseErrors), enmime.DisableCharacterDetection(true),
		enmime.DisableTextConversion(true), enmime.SetCustomParseMediaType(MediaType))
}

// NewReader reads a raw mail or a part of it.
func NewReader(raw []byte) *bufio.Reader { return bufio.NewReader(bytes.NewReader(raw)) }

// maxParseErrors is how many errors enmime keeps of one part.
const maxParseErrors = 50

// NoErrors is for reading headers whose mistakes are reported elsewhere.
type NoErrors struct{}

// AddError ignores the error.
func (NoErrors) AddError(string, string, ...any) {}

// AddWarning ignores the warning.
func (NoErrors) AddWarning(string, string, ...any) {}

// WithoutMailboxLine drops what some programs leave before the headers: empty lines and
// the "From " line of a mailbox file.
func WithoutMailboxLine(raw []byte) []byte {
	raw = bytes.TrimLeft(raw, "\r\n")
	if bytes.HasPrefix(raw, []byte("From ")) || bytes.HasPrefix(raw, []byte(">From ")) {
		_, raw, _ = bytes.Cut(raw, []byte("\n"))
	}
	return raw
}

// WithoutDoubledReturns replaces CR CR LF with CR LF if the headers have it: some programs add a CR
// to every LF of a text that already has CR LF.
func WithoutDoubledReturns(raw []byte) []byte {
	header, _ := SplitHeader(raw)
	if !bytes.Contains(header, []byte("\r\r\n")) {
		return raw
	}
	return doubledReturns().ReplaceAll(raw, []byte("\r\n"))
}

var doubledReturns = plaintext.Pattern(`\r{2,}\n`)

// SplitHeader cuts a mail at its first empty line.
func SplitHeader(raw []byte) (header, body []byte) {
	for start := 0; start < len(raw); {
		end := start + bytes.IndexByte(raw[start:], '\n') + 1
		if end == start {
			break
		}
		if blank(raw[start:end]) {
			return raw[:start], raw[end:]
		}
		start = end
	}
	return raw, nil
}

func blank(line []byte) bool { return len(bytes.Trim(line, "\r\n")) == 0 }
