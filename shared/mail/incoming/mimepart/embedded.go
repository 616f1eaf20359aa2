package mimepart

import (
	"bytes"
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

// maxEmbedded is the maximum number of files that are extracted from one text.
const maxEmbedded = 50

// Embedded extracts files that programs older than MIME put into text, by uuencode (POSIX) and
// yEnc. What cannot be decoded completely stays in the text.
func Embedded(raw []byte) (text []byte, files []*enmime.Part) {
	if !bytes.Contains(raw, []byte("begin ")) {
		return raw, nil
	}
	rest := raw
	for len(rest) > 0 {
		line := nextLine(rest)
		var file *enmime.Part
		var size int
		switch {
		case len(files) >= maxEmbedded:
		case bytes.HasPrefix(line, []byte("begin ")):
			file, size = uudecode(rest)
		case bytes.HasPrefix(line, []byte("=ybegin ")):
			file, size = ydecode(rest)
		}
		if file == nil {
			text = append(text, line...)
			rest = rest[len(line):]
			continue
		}
		files = append(files, file)
		rest = rest[size:]
	}
	return text, files
}

// nextLine returns the first line with its end.
func nextLine(raw []byte) []byte {
	if end := bytes.IndexByte(raw, '\n'); end >= 0 {
		return raw[:end+1]
	}
	return raw
}

var uuBegin = plaintext.Pattern(`^begin [0-7]{3,4} ([^\r\n]{0,255}?)\s*$`)

// uudecode reads a file at the beginning of raw, and returns the number of bytes that it takes
// there; nil if there is none. It stops at the first malformed line, so that text which only begins
// like a file costs nothing.
func uudecode(raw []byte) (*enmime.Part, int) {
	first := nextLine(raw)
	match := uuBegin().FindSubmatch(bytes.TrimRight(first, "\r\n"))
	if match == nil {
		return nil, 0
	}
	var out []byte
	at := len(first)
	for at < len(raw) {
		line := nextLine(raw[at:])
		at += len(line)
		line = bytes.TrimRight(line, "\r\n")
		if bytes.Equal(bytes.TrimSpace(line), []byte("end")) {
			return plainFile(string(match[1]), out), at
		}
		if len(line) == 0 {
			continue
		}
		count := int(line[0]-' ') & 63
		need := (count + 2) / 3 * 4
		if line[0] < ' ' || line[0] > '`' || len(line) > need+3 ||
			len(line)-1 < (count*8+5)/6 && len(bytes.TrimRight(line, " ")) != len(line) {
			return nil, 0
		}
		decoded, ok := uuLine(line[1:], count)
		if !ok {
			return nil, 0
		}
		out = append(out, decoded...)
	}
	return nil, 0
}

func uuLine(line []byte, count int) ([]byte, bool) {
	var out []byte
	for i := 0; len(out) < count; i += 4 {
		var four [4]byte
		for k := range four {
			c := byte(' ') // programs cut spaces off at the end
			if i+k < len(line) {
				c = line[i+k]
			}
			if c < ' ' || c > '`' {
				return nil, false
			}
			four[k] = (c - ' ') & 63
		}
		out = append(out, four[0]<<2|four[1]>>4, four[1]<<4|four[2]>>2, four[2]<<6|four[3])
	}
	return out[:count], true
}

var yBegin = plaintext.Pattern(
	`^=ybegin (?:part=\d+ )?(?:total=\d+ )?line=\d{1,4} size=\d{1,9} (?:crc32=\S+ )?name=(\S[^\r\n]{0,255}?)\s*$`,
)

// ydecode does the same for yEnc.
func ydecode(raw []byte) (*enmime.Part, int) {
	first := nextLine(raw)
	match := yBegin().FindSubmatch(bytes.TrimRight(first, "\r\n"))
	if match == nil {
		return nil, 0
	}
	var out []byte
	at := len(first)
	for at < len(raw) {
		line := nextLine(raw[at:])
		at += len(line)
		if bytes.HasPrefix(line, []byte("=yend ")) {
			return plainFile(string(match[1]), out), at
		}
		if bytes.HasPrefix(line, []byte("=ybegin ")) {
			return nil, 0
		}
		if !bytes.HasPrefix(line, []byte("=ypart ")) {
			out = yLine(out, bytes.TrimRight(line, "\r\n"))
		}
	}
	return nil, 0
}

func yLine(out, line []byte) []byte {
	for i := 0; i < len(line); i++ {
		c := line[i]
		if c == '=' && i+1 < len(line) {
			i++
			c = line[i] - 64
		}
		out = append(out, c-42)
	}
	return out
}

// plainFile returns a part for an embedded file without a type.
func plainFile(name string, content []byte) *enmime.Part {
	part := enmime.NewPart(Sniff(content))
	part.FileName, part.Disposition, part.Content = ToUTF8([]byte(name), ""), "attachment", content
	return part
}

// DecodeOld decodes a part whose transfer encoding is older than MIME.
func DecodeOld(part *enmime.Part) {
	switch strings.ToLower(strings.TrimSpace(part.Header.Get("Content-Transfer-Encoding"))) {
	case "x-uuencode", "uuencode", "x-uue", "uue", "x-yencode", "yenc", "x-yenc":
	default:
		return
	}
	begin := bytes.Index(part.Content, []byte("begin "))
	if begin < 0 {
		return
	}
	if begin > 0 && part.Content[begin-1] == 'y' {
		begin -= 2
	}
	_, files := Embedded(part.Content[max(begin, 0):])
	if len(files) == 0 {
		return
	}
	part.Content = files[0].Content
	if part.FileName == "" && part.Disposition == "attachment" {
		part.FileName = files[0].FileName
	}
}
