package endpoint

import (
	"encoding/json"
	"errors"
	"strconv"
	"unicode/utf8"
)

// CheckJSON refuses a JSON document whose texts are not Unicode: bytes that are not UTF-8, and escapes that stand for half a character (RFC
// 8259, section 8.2). The standard library would put a replacement for both, so that something else is stored than was sent.
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
			return errors.New("the body has an escape that stands for half a character")
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

// decodeJSON reads a body that CheckJSON has nothing against.
func decodeJSON(data []byte, into any) error {
	if err := CheckJSON(data); err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}
