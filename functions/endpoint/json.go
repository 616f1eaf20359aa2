package endpoint

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// CheckJSON returns an error if the texts of a JSON document are not valid Unicode: bytes that are not
// UTF-8, and escapes of half a character (RFC 8259, section 8.2). The standard library replaces both,
// so that something other than what was sent would be stored.
func CheckJSON(data []byte) error {
	if !utf8.Valid(data) {
		return errors.New("the body is not valid UTF-8")
	}
	for at := 0; at < len(data); at++ {
		if data[at] != '\\' {
			continue
		}
		at++ // what is escaped
		first, is := escape(data, at)
		if !is || first>>11 != 0xd800>>11 {
			continue
		}
		second, is := escape(data, at+6)
		if first >= 0xdc00 || !is || data[at+5] != '\\' || second>>10 != 0xdc00>>10 {
			return errors.New("the body has an escape of half a character")
		}
		at += 10
	}
	return nil
}

// escape reads a UTF-16 unit that is written as "u" and four hexadecimal digits.
func escape(data []byte, at int) (uint64, bool) {
	if at+5 > len(data) || data[at] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(data[at+1:at+5]), 16, 16)
	return unit, err == nil
}

// decodeJSON decodes a body that passes CheckJSON. Its errors are for callers.
func decodeJSON(data []byte, into any) error {
	if err := CheckJSON(data); err != nil {
		return err
	}
	if err := json.Unmarshal(plainIntegers(data), into); err != nil {
		return sayJSON(err)
	}
	return nil
}

// plainIntegers writes whole numbers such as 2.0 and 2e3 without point and exponent: to JSON they
// are the same numbers (RFC 8259, section 6), but Go does not read them into an integer.
func plainIntegers(data []byte) []byte {
	if !bytes.ContainsAny(data, ".eE") {
		return data
	}
	var plain []byte
	last, inText := 0, false
	for at := 0; at < len(data); at++ {
		switch c := data[at]; {
		case inText && c == '\\':
			at++
		case c == '"':
			inText = !inText
		case !inText && (c == '-' || c >= '0' && c <= '9'):
			end := at
			for end < len(data) && bytes.IndexByte([]byte("+-0123456789.eE"), data[end]) >= 0 {
				end++
			}
			if whole, ok := wholeNumber(string(data[at:end])); ok {
				plain = append(append(plain, data[last:at]...), whole...)
				last = end
			}
			at = end - 1
		}
	}
	if last == 0 {
		return data
	}
	return append(plain, data[last:]...)
}

// wholeNumber writes a number without point and exponent, if it has one and can be written so
// exactly.
func wholeNumber(text string) (string, bool) {
	if !strings.ContainsAny(text, ".eE") {
		return "", false
	}
	const exact = 1 << 53
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || value != math.Trunc(value) || math.Abs(value) > exact {
		return "", false
	}
	return strconv.FormatInt(int64(value), 10), true
}
