package winmail

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unicode/utf16"
)

// The types of properties (MS-OXCDATA, 2.11.1).
const (
	kindString  = 0x001e
	kindUnicode = 0x001f
	kindObject  = 0x000d
	kindBinary  = 0x0102
	manyValues  = 0x1000
)

// fixedSizes maps types of fixed size to the size of a value in bytes, padded to a multiple of
// four.
var fixedSizes = map[uint16]int{
	0x0002: 4,
	0x0003: 4,
	0x0004: 4,
	0x0005: 8,
	0x0006: 8,
	0x0007: 8,
	0x000a: 4,
	0x000b: 4,
	0x0014: 8,
	0x0040: 8,
	0x0048: 16,
}

// property is a MAPI property; if it has several values, value is the first.
type property struct {
	id, kind uint16
	value    []byte
}

// text returns a text value. If it is not UTF-16, it is in the given character set.
func (p property) text(charset string) Text {
	if p.kind != kindUnicode {
		return Text{withoutNull(p.value), charset}
	}
	units := make([]uint16, len(p.value)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(p.value[2*i:])
	}
	return Text{withoutNull([]byte(string(utf16.Decode(units)))), "utf-8"}
}

// cursor reads numbers and bytes, and records whether the data ended early.
type cursor struct {
	raw   []byte
	ended bool
}

func (c *cursor) take(size int) []byte {
	if size < 0 || size > len(c.raw) {
		c.ended = true
		return nil
	}
	bytes := c.raw[:size]
	c.raw = c.raw[size:]
	return bytes
}

func (c *cursor) number() int {
	if bytes := c.take(4); bytes != nil {
		return int(binary.LittleEndian.Uint32(bytes))
	}
	return 0
}

// sized reads bytes preceded by their length and skips the padding to a multiple of four.
func (c *cursor) sized() []byte {
	size := c.number()
	bytes := c.take(size)
	if !c.ended && len(c.raw) > 0 {
		c.take(min((4-size%4)%4, len(c.raw)))
	}
	return bytes
}

// maxProperties is the maximum number of properties to read, far more than any program writes.
const maxProperties = 10_000

// properties reads a list of properties up to the first malformed one (MS-OXTNEF, 2.1.3.4).
func properties(raw []byte) []property {
	c := cursor{raw: raw}
	var all []property
	for range min(c.number(), maxProperties) {
		p := property{}
		if head := c.take(4); head != nil {
			p.kind, p.id = binary.LittleEndian.Uint16(head), binary.LittleEndian.Uint16(head[2:])
		}
		if p.id >= 0x8000 {
			c.name()
		}
		c.values(&p)
		if c.ended {
			break
		}
		if p.id < 0x8000 {
			all = append(all, p)
		}
	}
	return all
}

// name skips the name of a named property.
func (c *cursor) name() {
	c.take(16)
	if c.number() == 0 {
		c.take(4)
		return
	}
	c.sized()
}

func (c *cursor) values(p *property) {
	many := p.kind&manyValues != 0
	p.kind &^= manyValues
	size, fixed := fixedSizes[p.kind]
	count := 1
	switch p.kind {
	case kindString, kindUnicode, kindObject, kindBinary:
		count = c.number()
	default:
		if !fixed {
			c.ended = true // unknown size: the next property cannot be located
			return
		}
		if many {
			count = c.number()
		}
	}
	for i := 0; i < count && !c.ended; i++ {
		var value []byte
		if fixed {
			value = c.take(size)
		} else {
			value = c.sized()
		}
		if i == 0 {
			p.value = value
		}
	}
}

func withoutNull(raw []byte) []byte {
	before, _, _ := bytes.Cut(raw, []byte{0})
	return before
}

// codepage returns the MIME name of a Windows code page.
func codepage(number uint32) string {
	switch {
	case number == 65001:
		return "utf-8"
	case number == 932:
		return "shift_jis"
	case number == 936:
		return "gbk"
	case number == 949:
		return "euc-kr"
	case number == 950:
		return "big5"
	case number == 20127:
		return "us-ascii"
	case number == 20866:
		return "koi8-r"
	case number == 50220, number == 50221, number == 50222:
		return "iso-2022-jp"
	case number == 51932:
		return "euc-jp"
	case number > 28590 && number < 28606:
		return fmt.Sprintf("iso-8859-%d", number-28590)
	case number >= 1250 && number <= 1258, number == 874:
		return fmt.Sprintf("windows-%d", number)
	case number > 0 && number < 1000:
		return fmt.Sprintf("ibm%d", number)
	}
	return "windows-1252"
}
