package winmail

import (
	"bytes"
	"strconv"
	"strings"
)

// silent lists RTF groups whose content is not part of the text.
var silent = map[string]bool{
	"fonttbl":           true,
	"colortbl":          true,
	"stylesheet":        true,
	"info":              true,
	"pict":              true,
	"object":            true,
	"header":            true,
	"footer":            true,
	"headerl":           true,
	"headerr":           true,
	"footerl":           true,
	"footerr":           true,
	"filetbl":           true,
	"listtable":         true,
	"listoverridetable": true,
	"themedata":         true,
	"datastore":         true,
	"xmlnstbl":          true,
}

// maxGroups is the maximum nesting of RTF groups; deeper groups are read as part of the enclosing
// one.
const maxGroups = 200

// group is the state of an open RTF group.
type group struct {
	silent bool
	// skip is the number of fallback characters after each Unicode character.
	skip int
}

// PlainText returns the text of RTF in the character set that the RTF declares. Characters outside
// the set are left as escapes for Unescaped. For RTF made from HTML, PlainText returns the fallback
// for programs that do not support HTML.
func PlainText(rtf []byte) Text {
	r := rtfReader{raw: rtf, open: []group{{skip: 1}}, charset: "windows-1252"}
	for len(r.raw) > 0 {
		r.step()
	}
	return Text{r.out.Bytes(), r.charset}
}

type rtfReader struct {
	raw     []byte
	out     bytes.Buffer
	open    []group
	beyond  int // number of open groups beyond maxGroups
	charset string
	pending int // number of characters left to skip
}

func (r *rtfReader) top() *group { return &r.open[len(r.open)-1] }

func (r *rtfReader) step() {
	c := r.raw[0]
	r.raw = r.raw[1:]
	switch c {
	case '{':
		if len(r.open) < maxGroups {
			r.open = append(r.open, *r.top())
		} else {
			r.beyond++
		}
	case '}':
		switch {
		case r.beyond > 0:
			r.beyond--
		case len(r.open) > 1:
			r.open = r.open[:len(r.open)-1]
		}
		r.pending = 0
	case '\\':
		r.control()
	case '\r', '\n', 0:
	default:
		r.write(c)
	}
}

// write appends bytes to the text.
func (r *rtfReader) write(b ...byte) {
	if r.pending > 0 {
		r.pending--
		return
	}
	if !r.top().silent {
		r.out.Write(b)
	}
}

// control reads a control word or symbol after a backslash.
func (r *rtfReader) control() {
	if len(r.raw) == 0 {
		return
	}
	c := r.raw[0]
	if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
		r.command(r.word())
		return
	}
	r.raw = r.raw[1:]
	switch c {
	case '\'':
		if len(r.raw) >= 2 {
			if code, err := strconv.ParseUint(string(r.raw[:2]), 16, 8); err == nil {
				r.write(byte(code))
			}
			r.raw = r.raw[2:]
		}
	case '*':
		r.top().silent = true
	case '~':
		r.write(' ')
	case '_':
		r.write('-')
	case '{', '}', '\\':
		r.write(c)
	case '\r', '\n':
		r.write('\n')
	}
}

// word reads a control word and its number.
func (r *rtfReader) word() (word string, number int) {
	end := 0
	for end < len(r.raw) && end < 32 && (r.raw[end] >= 'a' && r.raw[end] <= 'z' || r.raw[end] >= 'A' && r.raw[end] <= 'Z') {
		end++
	}
	word = string(r.raw[:end])
	r.raw = r.raw[end:]
	end = 0
	for end < len(r.raw) && end < 11 && (r.raw[end] >= '0' && r.raw[end] <= '9' || end == 0 && r.raw[end] == '-') {
		end++
	}
	number, _ = strconv.Atoi(string(r.raw[:end])) // 0 if there is no number
	r.raw = r.raw[end:]
	if len(r.raw) > 0 && r.raw[0] == ' ' {
		r.raw = r.raw[1:]
	}
	return word, number
}

func (r *rtfReader) command(word string, number int) {
	switch word {
	case "par", "line", "row", "page", "sect":
		r.write('\n')
	case "tab", "cell":
		r.write('\t')
	case "emdash", "endash":
		r.write('-')
	case "lquote", "rquote":
		r.write('\'')
	case "ldblquote", "rdblquote":
		r.write('"')
	case "bullet":
		r.write('*')
	case "ansicpg":
		if number > 0 {
			r.charset = codepage(uint32(min(number, 65001)))
		}
	case "uc":
		r.top().skip = min(max(number, 0), 8)
	case "u":
		r.unicode(number)
	case "bin":
		r.raw = r.raw[min(max(number, 0), len(r.raw)):]
	default:
		if silent[word] {
			r.top().silent = true
		}
	}
}

// unicode writes a Unicode character. Outside ASCII, it writes an HTML escape, because the text
// consists of bytes in another character set.
func (r *rtfReader) unicode(number int) {
	if number < 0 {
		number += 1 << 16
	}
	if r.pending = 0; number < 128 {
		r.write(byte(number))
	} else {
		r.write([]byte("&#" + strconv.Itoa(number) + ";")...)
	}
	r.pending = r.top().skip
}

// Unescaped replaces the escapes left by PlainText with their characters. The text must be decoded
// to UTF-8 first.
func Unescaped(text string) string {
	if !strings.Contains(text, "&#") {
		return text
	}
	var out strings.Builder
	var high int // the high surrogate of a UTF-16 pair
	for text != "" {
		before, rest, ok := strings.Cut(text, "&#")
		out.WriteString(before)
		if !ok {
			break
		}
		digits, after, ok := strings.Cut(rest, ";")
		number, err := strconv.Atoi(digits)
		if !ok || len(digits) > 5 || err != nil || number < 128 {
			out.WriteString("&#")
			text = rest
			continue
		}
		switch {
		case number >= 0xd800 && number < 0xdc00:
			high = number
		case number >= 0xdc00 && number < 0xe000 && high != 0:
			out.WriteRune(rune((high-0xd800)<<10 + number - 0xdc00 + 0x10000))
			high = 0
		default:
			out.WriteRune(rune(number))
		}
		text = after
	}
	return out.String()
}
