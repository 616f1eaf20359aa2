package mimepart

import (
	"fmt"
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/jhillyerd/enmime/v2"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

// MaxName is the maximum length of a file name, in characters.
const MaxName = 120

// endings are the extensions for files without a name, by type.
var endings = map[string]string{
	"text/plain": ".txt", "text/html": ".html", "text/csv": ".csv", "text/calendar": ".ics", "application/pdf": ".pdf",
	"application/json": ".json", "application/zip": ".zip", "application/xml": ".xml", "image/png": ".png",
	"image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp", "image/bmp": ".bmp", "image/tiff": ".tif",
	"message/rfc822": ".eml", "message/global": ".eml",
}

// usual are the names of files without one whose type says what they are.
var usual = map[string]string{
	"text/calendar":                    "invitation.ics",
	"message/delivery-status":          "delivery-status.txt",
	"text/rfc822-headers":              "headers.txt",
	"message/disposition-notification": "read-receipt.txt",
	"application/ms-tnef":              "winmail.dat",
	"application/pgp-signature":        "signature.asc",
	"application/pkcs7-signature":      "smime.p7s",
	"application/pkcs7-mime":           "smime.p7m",
	"application/x-pkcs7-mime":         "smime.p7m",
	"application/x-pkcs7-signature":    "smime.p7s",
	"application/pgp-keys":             "key.asc",
	"application/pgp-encrypted":        "encryption.txt",
	"message/feedback-report":          "feedback-report.txt",
	"message/partial":                  "part-of-a-mail.eml",
	"message/external-body":            "text-kept-elsewhere.txt",
	"text/vcard":                       "contact.vcf",
	"text/x-vcard":                     "contact.vcf",
}

// FileName returns the name of a part: the given one, or one derived from its type; charset is that
// of raw bytes in the name.
func FileName(part *enmime.Part, kind string, number int, charset string) string {
	disposition, mediaType := part.Header.Get("Content-Disposition"), part.Header.Get("Content-Type")
	given := []string{longParameter(disposition, "filename"), longParameter(mediaType, "name")}
	if !utf8.ValidString(disposition + mediaType) { // enmime would lose the bytes
		given = append(given, looseValue(disposition, "filename"), looseValue(mediaType, "name"))
	}
	given = append(given, part.FileName, looseValue(disposition, "filename"), looseValue(mediaType, "name"))
	for _, name := range given {
		if name = tidyName(DecodeWords(ToUTF8([]byte(name), charset))); name != "" {
			return name
		}
	}
	if kind == "message/rfc822" || kind == "message/global" {
		if subject := tidyName(strings.ReplaceAll(innerSubject(part), "/", "-")); subject != "" {
			return plaintext.FirstRunes(subject, MaxName-4) + ".eml"
		}
	}
	if location, err := url.Parse(strings.TrimSpace(part.Header.Get("Content-Location"))); err == nil {
		if name := tidyName(location.Path); strings.Contains(name, ".") {
			return name
		}
	}
	if name := usual[kind]; name != "" {
		return name
	}
	ending := endings[kind]
	if id, _, _ := strings.Cut(strings.Trim(part.ContentID, "<> "), "@"); strings.EqualFold(path.Ext(id), ending) &&
		ending != "" {
		if name := tidyName(id); name != "" {
			return name // programs make the id of a picture from its name
		}
	}
	if ending == "" {
		ending = ".bin"
	}
	return fmt.Sprintf("attachment-%d%s", number, ending)
}

// looseValue returns a parameter of a malformed header.
func looseValue(header, name string) string {
	_, parameters, _, _ := salvage(plaintext.FirstBytes(header, maxMediaType))
	return parameters[name]
}

var segmentOf = plaintext.Pattern(`(?i)(?:^|;)\s*([a-z]+)\*(\d{1,2})?(\*)?\s*=\s*("[^"]*"|[^;\s]*)`)

// longParameter returns a parameter in the forms of RFC 2231: in pieces, and in any character set;
// empty if it has none of these forms.
func longParameter(header, name string) string {
	if !strings.Contains(header, "*") {
		return ""
	}
	var raw []byte
	charset, next := "", 0
	for _, match := range segmentOf().FindAllStringSubmatch(plaintext.FirstBytes(header, maxMediaType), 100) {
		if !strings.EqualFold(match[1], name) || match[2] != "" && match[2] != fmt.Sprint(next) {
			continue
		}
		value := strings.Trim(match[4], `"`)
		if match[3] == "*" || match[2] == "" {
			if set, rest, ok := strings.Cut(value, "'"); ok && next == 0 {
				if _, text, ok := strings.Cut(rest, "'"); ok {
					charset, value = set, text
				}
			}
			if decoded, err := url.PathUnescape(value); err == nil {
				value = decoded
			}
		}
		raw = append(raw, value...)
		next++
	}
	return ToUTF8(raw, charset)
}

// tidyName returns a harmless name: without a path and without characters that are special to a
// file system or a shell or change the direction of writing; never hidden, never too long.
func tidyName(name string) string {
	name = plaintext.OneLine(name, 1000)
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"|?*`, r) {
			return '_'
		}
		return r
	}, name)
	name = strings.Trim(name, ". ")
	ending := plaintext.FirstRunes(path.Ext(name), 20)
	stem := strings.TrimSuffix(name, path.Ext(name))
	return strings.TrimSpace(plaintext.FirstRunes(stem, MaxName-len([]rune(ending)))) + ending
}

// UniqueNames makes names unique, regardless of case.
type UniqueNames map[string]bool

// Take returns the name, with a number added if it is taken.
func (u UniqueNames) Take(name string) string {
	candidate := name
	for count := 2; u[strings.ToLower(candidate)]; count++ {
		ending := path.Ext(name)
		mark := fmt.Sprintf(" (%d)", count)
		stem := strings.TrimSuffix(name, ending)
		candidate = plaintext.FirstRunes(stem, MaxName-len([]rune(mark+ending))) + mark + ending
	}
	u[strings.ToLower(candidate)] = true
	return candidate
}
