package winmail

import "encoding/binary"

const (
	windowSize = 4096
	// lzfu and mela mark compressed and uncompressed text (MS-OXRTFCP, 2.1.3.1.1).
	lzfu = 0x75465a4c
	mela = 0x414c454d
	// firstWindow is the initial content of the window (MS-OXRTFCP, 2.1.2.1).
	firstWindow = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)

// decompress returns at most limit bytes of compressed RTF (MS-OXRTFCP); nil for anything else.
func decompress(raw []byte, limit int) []byte {
	if len(raw) < 16 {
		return nil
	}
	size := min(int64(binary.LittleEndian.Uint32(raw[4:])), int64(limit))
	kind := binary.LittleEndian.Uint32(raw[8:])
	raw = raw[16:]
	switch kind {
	case mela:
		return raw[:min(int64(len(raw)), size)]
	case lzfu:
		return expand(raw, int(size))
	}
	return nil
}

// expand decompresses: each bit of a control byte says whether a literal byte or a reference into
// the window follows.
func expand(raw []byte, size int) []byte {
	var window [windowSize]byte
	at := copy(window[:], firstWindow)
	var out []byte
	put := func(b byte) {
		window[at%windowSize] = b
		at++
		out = append(out, b)
	}
	for len(raw) > 0 {
		control := raw[0]
		raw = raw[1:]
		for bit := range 8 {
			if len(out) >= size {
				return out[:size]
			}
			if control>>bit&1 == 0 {
				if len(raw) == 0 {
					return out
				}
				put(raw[0])
				raw = raw[1:]
				continue
			}
			if len(raw) < 2 {
				return out
			}
			reference := binary.BigEndian.Uint16(raw)
			raw = raw[2:]
			from, count := int(reference>>4), int(reference&15)+2
			if from == at%windowSize {
				return out // end of the data
			}
			for i := range count {
				put(window[(from+i)%windowSize])
			}
		}
	}
	return out[:min(len(out), size)]
}
