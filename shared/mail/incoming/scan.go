package incoming

import (
	"bytes"
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"github.com/tenantry/tenantry/shared/fault"
)

const (
	// maxBoundary is far above the 70 characters that RFC 2046, 5.1.1 allows.
	maxBoundary = 1000
	// maxWork bounds bytes times depth: the parser looks at every byte once for each
	// multipart around it. A mail of 40 MiB may still be nested seven deep.
	maxWork = 320 << 20
)

// scanner walks over the lines of a mail as the parser will, but keeps nothing but the
// boundaries around the present line. It refuses what would be dear to parse.
type scanner struct {
	limits Limits
	// around are the boundaries, the innermost last.
	around [][]byte
	// header is the header block being read; inHeader says that one is.
	header   []byte
	inHeader bool

	headerBytes, parts, work int
}

// scan refuses mails with too many parts, too deep nesting or too long headers, in one
// pass and before anything is built from them.
func scan(raw []byte, limits Limits) error {
	s := scanner{limits: limits, inHeader: true}
	for len(raw) > 0 {
		end := bytes.IndexByte(raw, '\n') + 1
		if end == 0 {
			end = len(raw)
		}
		if err := s.line(raw[:end]); err != nil {
			return err
		}
		raw = raw[end:]
	}
	return nil
}

func (s *scanner) line(line []byte) error {
	s.work += len(line) * (len(s.around) + 1)
	if s.work > maxWork {
		return fault.New(fault.Invalid, "The mail is nested too deep for its size.")
	}
	if bytes.HasPrefix(line, []byte("--")) && len(s.around) > 0 {
		found, err := s.boundary(line[2:])
		if found || err != nil {
			return err
		}
	}
	if !s.inHeader {
		return nil
	}
	if s.headerBytes += len(line); s.headerBytes > s.limits.HeaderBytes {
		return fault.New(fault.Invalid, "The headers of the mail are longer than %d bytes.", s.limits.HeaderBytes)
	}
	if !blank(line) {
		s.header = append(s.header, line...)
		return nil
	}
	s.inHeader = false
	return s.enter()
}

// boundary looks whether a line that begins with "--" ends the part or a multipart
// around it.
func (s *scanner) boundary(line []byte) (bool, error) {
	for i := len(s.around) - 1; i >= 0; i-- {
		rest, ok := bytes.CutPrefix(line, s.around[i])
		if !ok {
			continue
		}
		if bytes.HasPrefix(rest, []byte("--")) {
			s.around, s.inHeader = s.around[:i], false
			return true, nil
		}
		if len(rest) == 0 || bytes.IndexByte([]byte(" \t\r\n\v\f"), rest[0]) < 0 {
			continue
		}
		s.around, s.inHeader, s.header = s.around[:i+1], true, s.header[:0]
		if s.parts++; s.parts > s.limits.Parts {
			return true, fault.New(fault.Invalid, "The mail has more than %d parts.", s.limits.Parts)
		}
		return true, nil
	}
	return false, nil
}

// enter looks whether the header that just ended opens a multipart.
func (s *scanner) enter() error {
	header, err := enmime.ReadHeader(newReader(s.header), noErrors{})
	if err != nil {
		return nil // the parser will stumble here too, and go no deeper
	}
	kind, parameters, _, err := mediaType(header.Get("Content-Type"))
	boundary := parameters["boundary"]
	if err != nil || boundary == "" || kind == "text/plain" || kind == "text/html" {
		return nil
	}
	if len(boundary) > maxBoundary {
		return fault.New(fault.Invalid, "The mail has a boundary of %d characters.", len(boundary))
	}
	if len(s.around) >= s.limits.Depth {
		return fault.New(fault.Invalid, "The mail is nested deeper than %d levels.", s.limits.Depth)
	}
	s.around = append(s.around, []byte(strings.Clone(boundary)))
	return nil
}
