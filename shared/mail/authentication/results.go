package authentication

import (
	"errors"
	"strings"
)

// The limits of an Authentication-Results header.
const (
	maxResultsBytes = 16 << 10
	maxResults      = 100
)

// results is an Authentication-Results header (RFC 8601, 2.2).
type results struct {
	server  string
	results []methodResult
}

// methodResult is the result of one method.
type methodResult struct {
	method, value string
	// properties are the values it checked, such as "header.d".
	properties map[string]string
	// comment is the text of its comments.
	comment string
}

var (
	errResults  = errors.New("authentication: the Authentication-Results header cannot be read")
	errTooLarge = errors.New("authentication: the Authentication-Results header is too large")
)

// readResults parses a header. Text in quotes or comments is never taken for a result, because
// senders control some of it.
func readResults(value string) (results, error) {
	if len(value) > maxResultsBytes {
		return results{}, errTooLarge
	}
	s := &scanner{rest: value}
	if err := s.space(); err != nil {
		return results{}, err
	}
	server, err := s.word("=;")
	if err != nil || server == "" {
		return results{}, errResults
	}
	read := results{server: strings.ToLower(server)}
	if err := s.version(); err != nil {
		return results{}, err
	}
	for s.rest != "" {
		if s.rest[0] != ';' {
			return results{}, errResults
		}
		s.rest = s.rest[1:]
		one, err := s.result()
		if err != nil {
			return results{}, err
		}
		if one.method == "" {
			continue // "none", or a semicolon at the end
		}
		if read.results = append(read.results, one); len(read.results) > maxResults {
			return results{}, errTooLarge
		}
	}
	return read, nil
}

// scanner reads a header from its beginning.
type scanner struct {
	rest    string
	comment strings.Builder
}

// version reads the optional version after the server's name, which is 1.
func (s *scanner) version() error {
	if err := s.space(); err != nil {
		return err
	}
	version, err := s.word("=;")
	if err != nil || version != "" && version != "1" {
		return errResults
	}
	return s.space()
}

// result reads one method's result, up to the next semicolon.
func (s *scanner) result() (methodResult, error) {
	s.comment.Reset()
	read := methodResult{properties: map[string]string{}}
	for {
		if err := s.space(); err != nil {
			return methodResult{}, err
		}
		if s.rest == "" || s.rest[0] == ';' {
			read.comment = s.comment.String()
			return read, nil
		}
		name, value, err := s.pair()
		if err != nil {
			return methodResult{}, err
		}
		switch {
		case name == "none" && value == "" && read.method == "":
		case read.method == "":
			read.method, _, _ = strings.Cut(name, "/") // the method's version is of no interest
			read.value = strings.ToLower(value)
		default:
			if _, twice := read.properties[name]; !twice {
				read.properties[name] = value
			}
		}
	}
}

// pair reads "name=value", or "none".
func (s *scanner) pair() (name, value string, err error) {
	if name, err = s.word("=;"); err != nil || name == "" {
		return "", "", errResults
	}
	name = strings.ToLower(name)
	if err := s.space(); err != nil {
		return "", "", err
	}
	if !strings.HasPrefix(s.rest, "=") {
		if name == "none" {
			return name, "", nil
		}
		return "", "", errResults
	}
	s.rest = s.rest[1:]
	if err := s.space(); err != nil {
		return "", "", err
	}
	value, err = s.word(";")
	return name, value, err
}

// word reads up to a space, a comment, or one of the given characters. Quoted parts belong to the
// word, without the quotes.
func (s *scanner) word(until string) (string, error) {
	var word strings.Builder
	for s.rest != "" {
		c := s.rest[0]
		switch {
		case c == '"':
			text, err := s.quoted()
			if err != nil {
				return "", err
			}
			word.WriteString(text)
			continue
		case isSpace(c) || c == '(' || strings.IndexByte(until, c) >= 0:
			return word.String(), nil
		case c == ')' || c < ' ' || c == 0x7f:
			return "", errResults
		}
		word.WriteByte(c)
		s.rest = s.rest[1:]
	}
	return word.String(), nil
}

// quoted reads a part in quotes.
func (s *scanner) quoted() (string, error) {
	var text strings.Builder
	for i := 1; i < len(s.rest); i++ {
		switch c := s.rest[i]; c {
		case '"':
			s.rest = s.rest[i+1:]
			return text.String(), nil
		case '\\':
			if i++; i == len(s.rest) {
				return "", errResults
			}
			text.WriteByte(s.rest[i])
		default:
			text.WriteByte(c)
		}
	}
	return "", errResults
}

// space skips spaces and comments, which may be nested, and keeps the text of the comments.
func (s *scanner) space() error {
	depth := 0
	for i := 0; i < len(s.rest); i++ {
		switch c := s.rest[i]; {
		case c == '(':
			depth++
			s.comment.WriteByte(' ')
		case depth == 0 && isSpace(c):
		case depth == 0:
			s.rest = s.rest[i:]
			return nil
		case c == ')':
			depth--
			s.comment.WriteByte(' ')
		case c == '\\':
			i++
		default:
			s.comment.WriteByte(c)
		}
	}
	s.rest = ""
	if depth > 0 {
		return errResults
	}
	return nil
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
