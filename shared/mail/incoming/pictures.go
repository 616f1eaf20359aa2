package incoming

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"github.com/tenantry/tenantry/shared/mail/incoming/markup"
	"github.com/tenantry/tenantry/shared/mail/incoming/mimepart"
	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

const (
	// maxPictures is the maximum number of pictures that are extracted from the HTML of one part.
	maxPictures = 20
	maxPicture  = 10 << 20 // bytes of one, encoded
)

var dataPicture = plaintext.Pattern(`^(?i:data:image/(?:png|jpe?g|gif|webp|bmp);base64,)`)

// takePictures extracts the pictures that the HTML itself contains, such as screenshots, and leaves
// references to them in their place.
func takePictures(part *enmime.Part) []*enmime.Part {
	var files []*enmime.Part
	var markup []byte
	rest := part.Content
	for len(files) < maxPictures {
		begin := bytes.Index(rest, []byte("data:image/"))
		if begin < 0 {
			break
		}
		markup = append(markup, rest[:begin]...)
		rest = rest[begin:]
		end := bytes.IndexAny(rest, `"'<>()`)
		if end < 0 {
			break
		}
		file := pictureOf(rest[:end])
		if file == nil {
			markup = append(markup, "data:"...)
			rest = rest[len("data:"):]
			continue
		}
		files = append(files, file)
		markup = append(markup, "cid:"+file.ContentID...)
		rest = rest[end:]
	}
	if len(files) > 0 {
		part.Content = append(markup, rest...)
	}
	return files
}

// pictureOf returns the file for a picture in an address; nil if it is none.
func pictureOf(address []byte) *enmime.Part {
	mark := dataPicture().Find(address[:min(len(address), 40)])
	if mark == nil || len(address) > maxPicture {
		return nil
	}
	encoded := bytes.ReplaceAll(bytes.ReplaceAll(address[len(mark):], []byte("%2B"), []byte("+")), []byte("%2F"),
		[]byte("/"))
	encoded = bytes.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\r\n=", r) {
			return -1
		}
		return r
	}, encoded)
	content, err := base64.RawStdEncoding.DecodeString(string(encoded))
	if err != nil || !strings.HasPrefix(mimepart.Sniff(content), "image/") {
		return nil
	}
	sum := sha256.Sum256(content)
	file := enmime.NewPart(mimepart.Sniff(content))
	file.ContentID, file.Disposition, file.Content = "picture-"+hex.EncodeToString(
		sum[:10],
	)+"@in-the-text.invalid", "inline", content
	return file
}

// shownTypes are the types of pictures that every browser shows and that cannot contain scripts.
var shownTypes = map[string]bool{
	"image/png":  true,
	"image/jpeg": true,
	"image/gif":  true,
	"image/webp": true,
	"image/bmp":  true,
}

func pictures(m *parsed.Message, found content) markup.Pictures {
	p := markup.Pictures{ByID: map[string]int{}, ByPart: map[*enmime.Part]int{}}
	for i, a := range m.Attachments {
		if !shownTypes[a.SniffedType] || a.LiesAboutType {
			continue
		}
		if !a.Referenced { // one that the markup names stands there
			p.ByPart[found.files[i]] = i
		}
		if id := strings.ToLower(a.ContentID); id != "" {
			if _, ok := p.ByID[id]; !ok {
				p.ByID[id] = i
			}
		}
		address := mimepart.Location(found.files[i])
		if _, ok := p.ByID[address]; address != "" && !ok {
			p.ByID[address] = i
		}
	}
	return p
}
