package mimepart

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

// ToUTF8 converts text from the declared character set. Many mails declare a wrong one, so text
// that is valid UTF-8 beyond ASCII is taken for UTF-8, and what is invalid in the declared set is
// read as windows-1252, in which every byte is defined.
func ToUTF8(raw []byte, declared string) string {
	if mark := markedUnicode(raw); mark != nil {
		return decodeWith(mark, raw)
	}
	if escapes(raw) {
		return decodeWith(japanese.ISO2022JP, raw)
	}
	if text, ok := decodeRare(raw, declared); ok {
		return text
	}
	set := lookUp(declared)
	if set != nil && !asciiBased(declared) {
		return decodeWith(set, raw)
	}
	if utf8.Valid(raw) {
		return string(raw)
	}
	if set == nil || set == unicode.UTF8 {
		if mostlyUTF8(raw) {
			return strings.ToValidUTF8(string(raw), "\uFFFD")
		}
		set = charmap.Windows1252
	}
	return decodeWith(set, raw)
}

// asciiBased reports whether the set extends ASCII, so that UTF-8 can be recognized despite a wrong
// declaration.
func asciiBased(name string) bool {
	name = plainLabel(name)
	return !slices.ContainsFunc([]string{"utf7", "utf16", "utf32", "ucs2", "ucs4", "2022", "hz", "ebcdic", "037", "1047", "1140"},
		func(part string) bool { return strings.Contains(name, part) })
}

func markedUnicode(raw []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(raw, []byte{0xEF, 0xBB, 0xBF}):
		return unicode.UTF8BOM
	case bytes.HasPrefix(raw, []byte{0xFF, 0xFE}), bytes.HasPrefix(raw, []byte{0xFE, 0xFF}):
		return unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	}
	return nil
}

// escapes reports whether the text has escape sequences of ISO-2022-JP, which occurs undeclared in
// texts and headers.
func escapes(raw []byte) bool {
	return bytes.Contains(raw, []byte("\x1b$B")) || bytes.Contains(raw, []byte("\x1b$@"))
}

// mostlyUTF8 reports whether the text is UTF-8 except for a few bytes, as after a cut in the middle
// of a character.
func mostlyUTF8(raw []byte) bool {
	good, bad := 0, 0
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good++
		}
		raw = raw[size:]
	}
	return good > 10*bad
}

func decodeWith(set encoding.Encoding, raw []byte) string {
	text, err := set.NewDecoder().Bytes(raw)
	if err != nil {
		if text, err = charmap.Windows1252.NewDecoder().Bytes(raw); err != nil {
			text = raw
		}
	}
	return strings.ToValidUTF8(string(text), "\uFFFD")
}
