package mimepart

import (
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// decodeRare decodes the few character sets that the libraries lack; false for others.
func decodeRare(raw []byte, label string) (string, bool) {
	switch plainLabel(label) {
	case "iso2022kr", "csiso2022kr", "cp50225":
		return decodeShifted(raw, korean.EUCKR), true
	case "iso2022cn", "iso2022cnext", "csiso2022cn", "cp50227":
		return decodeShifted(raw, simplifiedchinese.GBK), true
	case "johab", "cp1361", "ms1361", "windows1361", "ksc56011992", "xjohab":
		return decodeJohab(raw), true
	}
	return "", false
}

const (
	shiftOut = 0x0e // begins characters of two bytes
	shiftIn  = 0x0f // ends them
	escape   = 0x1b
)

// decodeShifted decodes ISO-2022-KR (RFC 1557) and ISO-2022-CN (RFC 1922): between "shift out" and
// "shift in" are the bytes of an eight-bit set without their first bit.
func decodeShifted(raw []byte, set encoding.Encoding) string {
	wide := false
	bytesOfSet := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == shiftOut:
			wide = true
		case c == shiftIn:
			wide = false
		case c == escape && i+3 < len(raw) && raw[i+1] == '$':
			i += 3 // which set is meant, such as "$)C"
		case c == '\n':
			wide = false
			bytesOfSet = append(bytesOfSet, c)
		case wide && c > ' ':
			bytesOfSet = append(bytesOfSet, c|0x80)
		default:
			bytesOfSet = append(bytesOfSet, c)
		}
	}
	return decodeWith(set, bytesOfSet)
}

// decodeJohab decodes the combining set of KS X 1001, annex 3: a syllable is one bit and three
// letters of five bits; the positions of other characters follow from the usual set.
func decodeJohab(raw []byte) string {
	var text strings.Builder
	for len(raw) > 0 {
		if raw[0] < 0x80 || len(raw) == 1 {
			text.WriteString(strings.ToValidUTF8(string(raw[:1]), "\uFFFD"))
			raw = raw[1:]
			continue
		}
		code := int(raw[0])<<8 | int(raw[1])
		if raw[0] >= 0xd8 {
			text.WriteString(johabSymbol(raw[0], raw[1]))
		} else {
			text.WriteRune(syllable(code>>10&31, code>>5&31, code&31))
		}
		raw = raw[2:]
	}
	return text.String()
}

// syllable composes a Korean syllable from the numbers of its letters in Johab.
func syllable(first, vowel, last int) rune {
	const consonants = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
	first -= 2
	switch { // the numbers leave gaps
	case vowel >= 3 && vowel <= 7:
		vowel -= 3
	case vowel >= 10 && vowel <= 15:
		vowel -= 5
	case vowel >= 18 && vowel <= 23:
		vowel -= 7
	case vowel >= 26 && vowel <= 29:
		vowel -= 9
	default:
		vowel = -1
	}
	if last--; last > 17 {
		last--
	}
	switch {
	case first > 18 || last > 27:
		return '\uFFFD'
	case first >= 0 && vowel >= 0 && last >= 0:
		return rune(0xac00 + (first*21+vowel)*28 + last)
	case first >= 0 && vowel < 0 && last <= 0:
		return []rune(consonants)[first]
	case first < 0 && vowel >= 0 && last <= 0:
		return rune('ㅏ' + vowel)
	}
	return '\uFFFD'
}

// johabSymbol decodes a symbol or a Chinese character.
func johabSymbol(lead, trail byte) string {
	row, cell := 2*(int(lead)-0xd9), int(trail)-0x31
	if lead >= 0xe0 {
		row = 2*int(lead) - 0x197
	}
	if trail >= 0x91 {
		cell = int(trail) - 0x43
	}
	if cell >= 94 {
		row, cell = row+1, cell-94
	}
	if row < 0 || row > 93 || cell < 0 || cell > 93 {
		return "\uFFFD"
	}
	return decodeWith(korean.EUCKR, []byte{byte(row + 0xa1), byte(cell + 0xa1)})
}
