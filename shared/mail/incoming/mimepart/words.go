package mimepart

import (
	"encoding/base64"
	"strings"

	"github.com/jhillyerd/enmime/v2"
	"golang.org/x/text/encoding/unicode"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

// encodedWord matches an encoded word of RFC 2047 as programs really write it: with spaces, and
// longer than allowed.
var encodedWord = plaintext.Pattern(`=\?([A-Za-z0-9_.:-]+)(?:\*[A-Za-z0-9-]*)?\?([bBqQ])\?([^?]*)\?=`)

// DecodeWords decodes the encoded words of a header. Adjacent words of one character set are joined
// before decoding, because many programs split words inside a character.
func DecodeWords(text string) string {
	if !strings.Contains(text, "=?") {
		return text
	}
	var out strings.Builder
	var pending []byte
	charset, end := "", 0
	flush := func() {
		out.WriteString(ToUTF8(pending, charset))
		pending = nil
	}
	for _, at := range encodedWord().FindAllStringSubmatchIndex(text, -1) {
		between := text[end:at[0]]
		name, kind, word := text[at[2]:at[3]], text[at[4]:at[5]], text[at[6]:at[7]]
		decoded, ok := decodeWord(kind, word)
		if !ok {
			continue
		}
		// White space between two encoded words is not part of the text (RFC 2047, 6.2).
		neighbours := end > 0 && strings.TrimSpace(between) == ""
		if !neighbours || !strings.EqualFold(name, charset) {
			flush()
		}
		if !neighbours {
			out.WriteString(between)
		}
		pending, charset, end = append(pending, decoded...), name, at[1]
	}
	flush()
	out.WriteString(text[end:])
	return out.String()
}

func decodeWord(kind, word string) ([]byte, bool) {
	if strings.EqualFold(kind, "b") {
		word = strings.Map(func(r rune) rune {
			if r == ' ' || r == '\t' || r == '=' {
				return -1
			}
			return r
		}, word)
		decoded, err := base64.RawStdEncoding.DecodeString(word)
		return decoded, err == nil || len(decoded) > 0
	}
	out := make([]byte, 0, len(word))
	for i := 0; i < len(word); i++ {
		switch {
		case word[i] == '_':
			out = append(out, ' ')
		case word[i] == '=' && i+2 < len(word) && hexDigit(word[i+1]) >= 0 && hexDigit(word[i+2]) >= 0:
			out = append(out, byte(hexDigit(word[i+1])<<4|hexDigit(word[i+2])))
			i += 2
		default:
			out = append(out, word[i])
		}
	}
	return out, true
}

func hexDigit(c byte) int {
	return strings.IndexByte("0123456789abcdef", strings.ToLower(string(c))[0])
}

// HeaderText decodes a header that people read: encoded words, and raw bytes in the given character
// set.
func HeaderText(value, charset string) string {
	return DecodeWords(ToUTF8([]byte(plaintext.FirstBytes(value, 64<<10)), charset))
}

// TextCharset returns the character set of the first text of a mail that declares one other than
// ASCII and UTF-8. Programs that put raw bytes into headers use it there, too.
func TextCharset(root *enmime.Part) string {
	for _, part := range Leaves(root) {
		if !strings.HasPrefix(KindOf(part), "text/") {
			continue
		}
		declared := ParametersOf(part)[DeclaredCharset]
		if set := lookUp(declared); set != nil && set != unicode.UTF8 && asciiBased(declared) {
			return declared
		}
	}
	return ""
}
