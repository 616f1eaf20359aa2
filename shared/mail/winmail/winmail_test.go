package winmail

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/cputime"
)

func TestCompressedTextIsExpandedAsTheStandardShows(t *testing.T) {
	// The examples of MS-OXRTFCP, 4.1.1 and 4.2.1.
	for packed, want := range map[string]string{
		"2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232 0af32068656c090020627705b06c647d0a800fa0": "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n",
		"1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0":                                        "{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}",
	} {
		raw, err := hex.DecodeString(strings.ReplaceAll(packed, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		if got := decompress(raw, 1<<20); string(got) != want {
			t.Errorf("%q", got)
		}
		if got := decompress(raw, 5); string(got) != want[:5] {
			t.Errorf("%q", got)
		}
	}
	if got := decompress([]byte("too short"), 100); got != nil {
		t.Errorf("%q", got)
	}
}

// attribute encodes an attribute.
func attribute(level byte, id uint32, data string) string {
	head := binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32([]byte{level}, id), uint32(len(data)))
	return string(head) + data + "\x00\x00"
}

func stream(attributes ...string) []byte {
	return []byte("\x78\x9f\x3e\x22\x01\x00" + strings.Join(attributes, ""))
}

// value encodes a property list with one property of variable size.
func value(kind, id uint16, data string) string {
	out := binary.LittleEndian.AppendUint32(nil, 1)
	out = binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(out, kind), id)
	out = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(out, 1), uint32(len(data)))
	return string(out) + data + strings.Repeat("\x00", (4-len(data)%4)%4)
}

const rendering = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"

func TestFilesAreNamedByTheirLongNames(t *testing.T) {
	m, err := Open(stream(
		attribute(2, attAttachRenddata, rendering),
		attribute(2, attAttachTitle, "REPORT~1.TXT\x00"),
		attribute(2, attAttachData, "one"),
		attribute(2, attAttachment,
			value(kindUnicode, propLongFileName, "\x0d\x01a\x00j\x00.\x00t\x00x\x00t\x00\x00\x00")),
		attribute(2, attAttachRenddata, rendering),
		attribute(2, attAttachTitle, "b.txt\x00"),
		attribute(2, attAttachment, value(kindBinary, propData, "two")),
		attribute(2, attAttachment, value(kindString, propMimeTag, "text/plain\x00")),
		attribute(2, attAttachment, value(kindString, propContentID, "b@x\x00")),
	), Limits{})
	if err != nil || len(m.Files) != 2 {
		t.Fatalf("%+v, %v", m, err)
	}
	one, two := m.Files[0], m.Files[1]
	if string(one.Name.Content) != "čaj.txt" || one.Name.Charset != "utf-8" || string(one.Content) != "one" {
		t.Errorf("%+v", one)
	}
	if string(two.Name.Content) != "b.txt" || string(two.Content) != "two" || two.ContentType != "text/plain" ||
		two.ContentID != "b@x" {
		t.Errorf("%+v", two)
	}
}

func TestAllVersionsOfTheTextAreRead(t *testing.T) {
	m, err := Open(
		stream(attribute(1, attOemCodepage, "\xe2\x04\x00\x00\x00\x00\x00\x00"),
			attribute(1, attMessageProps, value(kindString, propBody, "\xe8aj\x00")),
			attribute(1, attMessageProps, value(kindBinary, propHTML, "<p>x</p>"))),
		Limits{},
	)
	if err != nil || string(m.Plain.Content) != "\xe8aj" || m.Plain.Charset != "windows-1250" ||
		string(m.HTML.Content) != "<p>x</p>" {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestNamedPropertiesAreSkipped(t *testing.T) {
	out := binary.LittleEndian.AppendUint32(nil, 2)
	out = append(
		out,
		"\x1e\x00\x01\x80"+strings.Repeat("g", 16)+"\x01\x00\x00\x00\x06\x00\x00\x00n\x00a\x00\x00\x00\x00\x00"...)
	out = append(out, "\x01\x00\x00\x00\x02\x00\x00\x00x\x00\x00\x00"...)
	out = append(out, value(kindString, propBody, "text\x00")[4:]...)
	if got := properties(out); len(got) != 1 || string(got[0].text("").Content) != "text" {
		t.Errorf("%+v", got)
	}
}

func TestANestedMailBecomesFiles(t *testing.T) {
	inner := stream(attribute(1, attBody, "inner text\x00"), attribute(2, attAttachRenddata, rendering),
		attribute(2, attAttachTitle, "inner.txt\x00"), attribute(2, attAttachData, "x"))
	outer := stream(attribute(2, attAttachRenddata, rendering), attribute(2, attAttachTitle, "mail\x00"),
		attribute(2, attAttachment, value(kindObject, propData, strings.Repeat("i", 16)+string(inner))))
	m, err := Open(outer, Limits{})
	if err != nil || len(m.Files) != 2 || string(m.Files[0].Name.Content) != "inner.txt" ||
		string(m.Files[1].Content) != "inner text" ||
		m.Files[1].ContentType != "text/plain" {
		t.Errorf("%+v, %v", m, err)
	}
	for range 10 {
		outer = stream(attribute(2, attAttachRenddata, rendering),
			attribute(2, attAttachment, value(kindObject, propData, strings.Repeat("i", 16)+string(outer))))
	}
	if m, err = Open(outer, Limits{}); err != nil || len(m.Files) != 1 {
		t.Errorf("%d files, %v", len(m.Files), err)
	}
}

func TestContentBeyondTheLimitsIsLeftOut(t *testing.T) {
	many := stream(strings.Repeat(attribute(2, attAttachRenddata, rendering)+attribute(2, attAttachData, "x"), 1000))
	if m, err := Open(many, Limits{Files: 7}); err != nil || len(m.Files) != 7 {
		t.Errorf("%d files, %v", len(m.Files), err)
	}
	if _, err := Open([]byte("MZ"), Limits{}); !errors.Is(err, ErrForeign) {
		t.Error(err)
	}
	if m, err := Open(append(stream(), "\x01\x0c\x80\x02\x00\xff\xff\xff\xffhello"...), Limits{}); err != nil ||
		string(m.Plain.Content) != "hello" {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestRTFIsReadAsText(t *testing.T) {
	for rtf, want := range map[string]string{
		`{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator x;}caf\'e9\par two\tab x\line{\b bold}}`: "caf\xe9\ntwo\tx\nbold",
		`{\rtf1\uc1 \u269?aj \u-10179?\u-8704? \{x\}}`:                                                       "&#269;aj &#55357;&#56832; {x}",
		`{\rtf1{\*\htmltag64 <p>}\htmlrtf \par\htmlrtf0 Hi}`:                                                 "\nHi",
		strings.Repeat("{", 100_000) + "x":                                                                   "x",
		`{\rtf1{\pict 0123}ok\bin3 abc}`:                                                                     "ok",
	} {
		if got := PlainText([]byte(rtf)); string(got.Content) != want {
			t.Errorf("%.60q: %q", rtf, got.Content)
		}
	}
	if got := Unescaped("&#269;aj &#55357;&#56832; &#x; &#99;"); got != "čaj 😀 &#x; &#99;" {
		t.Errorf("%q", got)
	}
}

func TestHostileFilesTakeLittleTime(t *testing.T) {
	lies := binary.LittleEndian.AppendUint32(nil, 0xffffffff)
	for name, raw := range map[string][]byte{
		"properties without an end": stream(attribute(1, attMessageProps, string(lies)+strings.Repeat("\x02\x00\x00\x10\x00\x00\x00\x00", 1<<18))),
		"values without an end":     stream(attribute(1, attMessageProps, "\x01\x00\x00\x00\x1e\x10\x00\x10"+string(lies)+strings.Repeat("\x00", 1<<21))),
		"attributes without data":   stream(strings.Repeat(attribute(1, attBody, ""), 1<<17)),
		"expands":                   stream(attribute(1, attMessageProps, value(kindBinary, propRTF, "\x00\x00\x00\x00\xff\xff\xff\xffLZFu\x00\x00\x00\x00"+strings.Repeat("\xff\x00\x0f", 1<<19)))),
	} {
		begun := cputime.Now()
		if _, err := Open(raw, Limits{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if took := cputime.Since(begun); took > 2*time.Second {
			t.Errorf("%s: %s", name, took)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(
		stream(attribute(1, attBody, "x"), attribute(2, attAttachRenddata, rendering),
			attribute(2, attAttachTitle, "a"), attribute(2, attAttachData, "b")),
	)
	f.Add(
		stream(
			attribute(1, attMessageProps,
				value(kindBinary, propRTF, "\x10\x00\x00\x00\x10\x00\x00\x00LZFu\x00\x00\x00\x00{\\rtf1}")),
		),
	)
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := Open(raw, Limits{Files: 20, Bytes: 1 << 16})
		if err != nil {
			return
		}
		again, err := Open(raw, Limits{Files: 20, Bytes: 1 << 16})
		if err != nil || len(m.Files) > 20 || len(m.RTF) > 1<<16 || len(again.Files) != len(m.Files) ||
			!bytes.Equal(again.RTF, m.RTF) {
			t.Errorf("%d files, %d bytes", len(m.Files), len(m.RTF))
		}
		PlainText(m.RTF)
	})
}
