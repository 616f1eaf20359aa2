// Package winmail reads winmail.dat files (MS-OXTNEF), in which Outlook packs the text and
// attachments of a mail if it believes that the recipient uses Outlook too. It returns text and
// files and ignores everything else. It reports character sets but does not decode them;
// mail/incoming does. It cannot write such files.
package winmail

import (
	"encoding/binary"
	"errors"
)

// Limits bound the cost of reading a file. Zero means the default.
type Limits struct {
	Files int // attachments, including those of nested mails; default 100
	Depth int // nesting of attached mails; default 3
	// Bytes is the maximum size of compressed text after decompression; default 8 MiB.
	Bytes int
}

func (l Limits) orDefaults() Limits {
	if l.Files == 0 {
		l.Files = 100
	}
	if l.Depth == 0 {
		l.Depth = 3
	}
	if l.Bytes == 0 {
		l.Bytes = 8 << 20
	}
	return l
}

// Text is text in a character set, which has its MIME name.
type Text struct {
	Content []byte
	Charset string
}

// File is an attachment.
type File struct {
	// Name, ContentType and ContentID are as stored in the file; each may be empty.
	Name                   Text
	ContentType, ContentID string
	Content                []byte
}

// Message is the content of a winmail.dat.
type Message struct {
	// Plain, HTML and RTF are versions of the text; each may be empty.
	Plain, HTML Text
	RTF         []byte
	Files       []File
}

// ErrForeign is returned for data that is not a winmail.dat.
var ErrForeign = errors.New("winmail: not a TNEF stream")

const (
	signature  = 0x223e9f78
	headerSize = 6
	// attribute: level (1), id (4), length (4), data, checksum (2)
	attributeHead, attributeTail = 9, 2
)

// The attributes that this package reads (MS-OXTNEF, 2.1.3.3).
const (
	attBody           = 0x0002800c
	attAttachTitle    = 0x00018010
	attAttachData     = 0x0006800f
	attAttachRenddata = 0x00069002
	attMessageProps   = 0x00069003
	attAttachment     = 0x00069005
	attOemCodepage    = 0x00069007
)

// Open reads a winmail.dat. It returns ErrForeign for anything else. If the file is truncated or
// partly malformed, Open returns what it can read. It leaves out what exceeds the limits.
func Open(raw []byte, limits Limits) (*Message, error) {
	r := reader{limits: limits.orDefaults(), message: &Message{}}
	if !r.read(raw, 0) {
		return nil, ErrForeign
	}
	return r.message, nil
}

// reader reads a stream and the streams of nested mails.
type reader struct {
	limits  Limits
	message *Message
	// charset is the character set of text that does not state its own; file is the attachment
	// being read.
	charset string
	file    *File
}

// read reads one stream; it returns false if the data is not a stream.
func (r *reader) read(raw []byte, depth int) bool {
	if len(raw) < headerSize || binary.LittleEndian.Uint32(raw) != signature {
		return false
	}
	r.charset = "windows-1252"
	r.file = nil
	for at := headerSize; at+attributeHead <= len(raw); {
		id := binary.LittleEndian.Uint32(raw[at+1:])
		size := int64(binary.LittleEndian.Uint32(raw[at+5:]))
		at += attributeHead
		data := raw[at:min(int64(at)+size, int64(len(raw)))]
		if !r.attribute(id, data, depth) || int64(len(data)) < size {
			break
		}
		at += len(data) + attributeTail
	}
	r.endFile()
	return true
}

// attribute reads one attribute; it returns false to stop reading.
func (r *reader) attribute(id uint32, data []byte, depth int) bool {
	switch id {
	case attOemCodepage:
		if len(data) >= 4 {
			r.charset = codepage(binary.LittleEndian.Uint32(data))
		}
	case attBody:
		r.setPlain(Text{withoutNull(data), r.charset})
	case attMessageProps:
		for _, p := range properties(data) {
			r.ofMessage(p)
		}
	case attAttachRenddata:
		r.endFile()
		if len(r.message.Files) >= r.limits.Files {
			return false
		}
		r.file = &File{}
	}
	if r.file == nil {
		return true
	}
	switch id {
	case attAttachTitle:
		if len(r.file.Name.Content) == 0 {
			r.file.Name = Text{withoutNull(data), r.charset}
		}
	case attAttachData:
		r.file.Content = data
	case attAttachment:
		for _, p := range properties(data) {
			r.ofFile(p, depth)
		}
	}
	return true
}

// endFile adds the attachment being read to the message.
func (r *reader) endFile() {
	if r.file != nil && len(r.file.Content) > 0 && len(r.message.Files) < r.limits.Files {
		r.message.Files = append(r.message.Files, *r.file)
	}
	r.file = nil
}

func (r *reader) setPlain(text Text) {
	if len(r.message.Plain.Content) == 0 {
		r.message.Plain = text
	}
}

// The properties that this package reads (MS-OXPROPS).
const (
	propBody         = 0x1000
	propRTF          = 0x1009
	propHTML         = 0x1013
	propCodepage     = 0x3fde
	propData         = 0x3701
	propFileName     = 0x3704
	propLongFileName = 0x3707
	propMimeTag      = 0x370e
	propContentID    = 0x3712
	propDisplayName  = 0x3001
)

func (r *reader) ofMessage(p property) {
	switch p.id {
	case propCodepage:
		if len(p.value) >= 4 {
			r.charset = codepage(binary.LittleEndian.Uint32(p.value))
		}
	case propBody:
		r.setPlain(p.text(r.charset))
	case propHTML:
		if len(r.message.HTML.Content) == 0 {
			r.message.HTML = p.text(r.charset)
		}
	case propRTF:
		if len(r.message.RTF) == 0 {
			r.message.RTF = decompress(p.value, r.limits.Bytes)
		}
	}
}

func (r *reader) ofFile(p property, depth int) {
	switch p.id {
	case propLongFileName:
		r.file.Name = p.text(r.charset)
	case propFileName, propDisplayName:
		if len(r.file.Name.Content) == 0 {
			r.file.Name = p.text(r.charset)
		}
	case propMimeTag:
		r.file.ContentType = string(withoutNull(p.text("").Content))
	case propContentID:
		r.file.ContentID = string(withoutNull(p.text("").Content))
	case propData:
		data := p.value
		if p.kind == kindObject && len(data) > 16 {
			data = data[16:] // skip the interface ID of the object
		}
		if r.inner(data, depth) || len(r.file.Content) > 0 {
			return
		}
		r.file.Content = data
	}
}

// inner reads a nested mail: its attachments are added to the message, and its text becomes a file.
// It returns false if the data is not a nested mail.
func (r *reader) inner(data []byte, depth int) bool {
	if depth+1 >= r.limits.Depth {
		return false
	}
	other := reader{limits: r.limits, message: &Message{Files: r.message.Files}}
	if !other.read(data, depth+1) {
		return false
	}
	r.message.Files = other.message.Files
	for _, form := range []struct {
		text Text
		kind string
	}{{other.message.HTML, "text/html"}, {other.message.Plain, "text/plain"}, {Text{other.message.RTF, ""}, "application/rtf"}} {
		if len(form.text.Content) > 0 {
			r.file.Content, r.file.ContentType = form.text.Content, form.kind
			return true
		}
	}
	return true
}
