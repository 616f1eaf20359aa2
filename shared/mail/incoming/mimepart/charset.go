package mimepart

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/cention-sany/utf7"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// ToUTF8 reads text in the declared character set. Many mails declare a wrong one, so
// what is valid UTF-8 beyond ASCII is believed to be that, and what is not valid in the
// declared set is read as windows-1252, in which every byte means something.
func ToUTF8(raw []byte, declared string) string {
	if mark := markedUnicode(raw); mark != nil {
		return decodeWith(mark, raw)
	}
	if escapes(raw) {
		return decodeWith(japanese.ISO2022JP, raw)
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

// lookUp finds a character set by the names that mails use; nil for an unknown one.
func lookUp(name string) encoding.Encoding {
	name = strings.ToLower(strings.Trim(name, " \t\"'"))
	name = strings.TrimPrefix(name, "charset=")
	switch name {
	case "gb2312", "gbk", "cp936":
		return simplifiedchinese.GB18030 // which holds both
	case "utf-7", "unicode-1-1-utf-7", "utf7":
		return utf7.UTF7
	case "iso-2022-jp-ms", "iso-2022-jp-1", "iso-2022-jp-2", "iso-2022-jp-3":
		return japanese.ISO2022JP
	case "cp932", "ms-kanji", "x-ms-cp932":
		return japanese.ShiftJIS
	case "cp949", "ms949", "uhc", "x-windows-949":
		return korean.EUCKR
	case "cp950", "x-windows-950", "big5-eten":
		return traditionalchinese.Big5
	case "us-ascii", "ascii", "ansi_x3.4-1968", "":
		return nil
	}
	if strings.HasPrefix(name, "cp125") {
		name = "windows-" + name[2:]
	}
	if set, err := htmlindex.Get(name); err == nil && set != encoding.Replacement {
		return set
	}
	if set, err := ianaindex.MIME.Encoding(name); err == nil {
		return set
	}
	return nil
}

// asciiBased reports whether ASCII means itself in the set, so that UTF-8 that is
// declared as it can be told apart.
func asciiBased(name string) bool {
	name = strings.ToLower(name)
	return !strings.Contains(name, "utf-7") && !strings.Contains(name, "utf7") && !strings.Contains(name, "utf-16") &&
		!strings.Contains(name, "utf-32") && !strings.Contains(name, "2022") && !strings.Contains(name, "hz-gb")
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

// escapes finds the sequences that switch to Japanese in ISO-2022-JP, which is found
// undeclared in text and headers.
func escapes(raw []byte) bool {
	return bytes.Contains(raw, []byte("\x1b$B")) || bytes.Contains(raw, []byte("\x1b$@"))
}

// mostlyUTF8 reports whether only a few bytes keep text from being valid, as when a
// mail was cut in the middle of a character.
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
