// Package winmail opens the file winmail.dat (MS-OXTNEF), in which Outlook packs the
// attachments and the text of a mail when it takes the recipient for one of its kind. It
// reads what people would want to see: files and text, and leaves out everything else.
// Character sets are named and not decoded, and nothing is written: mail/incoming does
// the one, and nobody needs the other.
package winmail

import (
	"encoding/binary"
	"errors"
)

// Limits bound what opening a file may cost. Zero means the default.
type Limits struct {
	Files int // of one winmail.dat, those of mails within it too; 100
	Depth int // of mails attached to mails; 3
	// Bytes is how large the text may become that is compressed; 8 MiB.
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

// Text is text in a character set, which is named as mails do.
type Text struct {
	Content []byte
	Charset string
}

// File is an attachment.
type File struct {
	// Name is as it was given, and may be empty; ContentType and ContentID too.
	Name                   Text
	ContentType, ContentID string
	Content                []byte
}

// Message is what a winmail.dat holds.
type Message struct {
	// Plain, HTML and RTF are the forms of the text; any may be empty.
	Plain, HTML Text
	RTF         []byte
	Files       []File
}

// ErrForeign is returned for what is no winmail.dat.
var ErrForeign = errors.New("winmail: not a TNEF stream")

const (
	signature  = 0x223e9f78
	headerSize = 6
	// attribute: level (1), id (4), length (4), data, checksum (2)
	attributeHead, attributeTail = 9, 2
)

// The attributes that are read (MS-OXTNEF, 2.1.3.3).
const (
	attBody           = 0x0002800c
	attAttachTitle    = 0x00018010
	attAttachData     = 0x0006800f
	attAttachRenddata = 0x00069002
	attMessageProps   = 0x00069003
	attAttachment     = 0x00069005
	attOemCodepage    = 0x00069007
)

// Open reads a winmail.dat. It returns ErrForeign for anything else. A file that ends
// early, or whose parts are broken, gives what can be read of it; what exceeds the
// limits is left out.
func Open(raw []byte, limits Limits) (*Message, error) {
	r := reader{limits: limits.orDefaults(), message: &Message{}}
	if !r.read(raw, 0) {
		return nil, ErrForeign
	}
	return r.message, nil
}

// reader goes through a stream, and through those of the mails within it.
type reader struct {
	limits  Limits
	message *Message
	// charset is that of the text without a better name; file the attachment being read.
	charset string
	file    *File
}

// read reads one stream; false if it is none.
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

// attribute reads one attribute; false if there is to be no more.
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

// endFile keeps the attachment that was being read.
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

// The properties that are read (MS-OXPROPS).
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
			data = data[16:] // behind the name of the object's interface
		}
		if r.inner(data, depth) || len(r.file.Content) > 0 {
			return
		}
		r.file.Content = data
	}
}

// inner opens a mail that is attached to the mail: its files join the others, and its
// text becomes a file. False if the data is no such mail.
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
