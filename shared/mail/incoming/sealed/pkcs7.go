package sealed

import "bytes"

// sealKind says what a PKCS #7 content is.
type sealKind uint8

const (
	unknownData sealKind = iota
	signedData
	envelopedData
	otherData
)

// The object identifiers 1.2.840.113549.1.7.n (RFC 5652) and their relatives, encoded.
var (
	oidSigned       = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02}
	oidEnveloped    = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03}
	oidAuthEnvelope = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x17}
)

// SignedContent returns what a signed content wraps, nil if there is nothing to be read. Only the
// few fields in front of it are read, in BER, since many programs write indefinite lengths;
// certificates and signatures are not looked at.
func SignedContent(raw []byte) ([]byte, sealKind) {
	outer, ok := element(raw, 0x30)
	if !ok {
		return nil, unknownData
	}
	kind, ok := element(outer.body, 0x06)
	if !ok {
		return nil, unknownData
	}
	switch {
	case bytes.Equal(kind.body, oidEnveloped), bytes.Equal(kind.body, oidAuthEnvelope):
		return nil, envelopedData
	case !bytes.Equal(kind.body, oidSigned):
		return nil, otherData
	}
	body := kind.rest
	// [0] { SEQUENCE { version, digest algorithms, SEQUENCE { type, [0] { content } } } }
	for _, tag := range []byte{0xa0, 0x30} {
		value, ok := element(body, tag)
		if !ok {
			return nil, signedData
		}
		body = value.body
	}
	for _, tag := range []byte{0x02, 0x31} {
		value, ok := element(body, tag)
		if !ok {
			return nil, signedData
		}
		body = value.rest
	}
	wrapped, ok := element(body, 0x30)
	if !ok {
		return nil, signedData
	}
	inner, ok := element(wrapped.body, 0x06)
	if !ok {
		return nil, signedData
	}
	explicit, ok := element(inner.rest, 0xa0)
	if !ok {
		return nil, signedData // the content is kept elsewhere
	}
	return octets(explicit.body), signedData
}

// octets joins a string of octets, which may be in pieces one level deep.
func octets(raw []byte) []byte {
	if whole, ok := element(raw, 0x04); ok {
		return whole.body
	}
	pieces, ok := element(raw, 0x24)
	if !ok {
		return nil
	}
	out := make([]byte, 0, len(pieces.body))
	for body := pieces.body; ; {
		piece, ok := element(body, 0x04)
		if !ok {
			return out
		}
		out = append(out, piece.body...)
		body = piece.rest
	}
}

// berElement is one element: its content, and what follows it.
type berElement struct{ body, rest []byte }

// element reads the element at the beginning if it has the given tag.
func element(raw []byte, tag byte) (berElement, bool) {
	if len(raw) < 2 || raw[0] != tag {
		return berElement{}, false
	}
	length, size := berLength(raw[1:])
	body := raw[min(1+size, len(raw)):]
	switch {
	case size == 0:
		return berElement{}, false
	case length == indefinite:
		end := endOfContents(body)
		return berElement{body[:end], body[min(end+2, len(body)):]}, true
	case length > len(body):
		return berElement{body, nil}, true // the mail was cut off
	}
	return berElement{body[:length], body[length:]}, true
}

const indefinite = -1

// berLength reads a length, and tells how many bytes it takes; 0 for none.
func berLength(raw []byte) (length, size int) {
	if len(raw) == 0 {
		return 0, 0
	}
	first := int(raw[0])
	if first < 0x80 {
		return first, 1
	}
	count := first & 0x7f
	if count == 0 {
		return indefinite, 1
	}
	if count > 4 || len(raw) < 1+count {
		return 0, 0
	}
	for _, b := range raw[1 : 1+count] {
		length = length<<8 | int(b)
	}
	return length, 1 + count
}

// endOfContents finds the two zero bytes that end an element of indefinite length. It
// counts the open ones instead of calling itself, and reads every byte once.
func endOfContents(raw []byte) int {
	at, open := 0, 1
	for at < len(raw) {
		if raw[at] == 0 && at+1 < len(raw) && raw[at+1] == 0 {
			if open--; open == 0 {
				return at
			}
			at += 2
			continue
		}
		length, size := berLength(raw[at+1:])
		if size == 0 {
			return len(raw)
		}
		at += 1 + size
		if length == indefinite {
			open++
		} else {
			at += length
		}
	}
	return len(raw)
}
