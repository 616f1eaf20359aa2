package sealed

import (
	"context"
	"strings"

	"github.com/jhillyerd/enmime/v2"

	"github.com/tenantry/tenantry/shared/mail/incoming/mimepart"
	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
)

const (
	sMIME = "S/MIME"
	pgp   = "PGP"
	// maxSealed is how many signed contents are opened in one mail.
	maxSealed = 5
)

// Unseal opens what is signed in the form that wraps the text (RFC 8551, 3.5.2): the text
// becomes part of the mail. What is encrypted stays a file.
func Unseal(ctx context.Context, m *parsed.Message, root *enmime.Part, limits mimepart.TreeLimits) {
	for range maxSealed {
		opened := false
		for _, part := range mimepart.Leaves(root) {
			if !sealed(part) {
				continue
			}
			inner, kind := SignedContent(part.Content)
			if kind == envelopedData {
				m.Encrypted = sMIME
			}
			if inner == nil {
				continue
			}
			m.Signed = sMIME
			child, err := mimepart.Read(ctx, inner, limits, m.Problem)
			if err != nil || child == nil {
				m.Problem("The signed content cannot be read.")
				continue
			}
			part.AddChild(child)
			opened = true
		}
		if !opened {
			return
		}
	}
}

// sealed reports whether a part is of S/MIME, by its type or by its name.
func sealed(part *enmime.Part) bool {
	switch mimepart.KindOf(part) {
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		return true
	case "application/octet-stream":
		return strings.HasSuffix(strings.ToLower(part.FileName), ".p7m")
	}
	return false
}

// NoteSeals notes what a multipart says about signature and encryption (RFC 1847).
func NoteSeals(m *parsed.Message, part *enmime.Part, kind string) {
	_, parameters, _, _ := mimepart.MediaType(part.Header.Get("Content-Type"))
	by := sMIME
	if strings.Contains(strings.ToLower(parameters["protocol"]), "pgp") {
		by = pgp
	}
	switch kind {
	case "multipart/signed":
		m.Signed = by
	case "multipart/encrypted":
		m.Encrypted = by
	}
}

const (
	armorSigned    = "-----BEGIN PGP SIGNED MESSAGE-----"
	armorSignature = "-----BEGIN PGP SIGNATURE-----"
	armorEnd       = "-----END PGP SIGNATURE-----"
	armorMessage   = "-----BEGIN PGP MESSAGE-----"
)

// Armored reads text that is signed or encrypted within itself (RFC 9580, 7): the marks
// of a signature are left out.
func Armored(m *parsed.Message, text string) string {
	if hasLine(text, armorMessage) {
		m.Encrypted = pgp
	}
	before, rest, ok := cutLine(text, armorSigned)
	if !ok {
		return text
	}
	// Headers such as Hash stand between the mark and an empty line.
	_, body, ok := strings.Cut(rest, "\n\n")
	if !ok {
		return text
	}
	signed, after, ok := cutLine(body, armorSignature)
	if !ok {
		return text
	}
	if _, after, ok = cutLine(after, armorEnd); !ok {
		after = ""
	}
	m.Signed = pgp
	lines := strings.Split(signed, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(line, "- ")
	}
	return before + strings.Join(lines, "\n") + "\n" + after
}

func hasLine(text, line string) bool {
	_, _, ok := cutLine(text, line)
	return ok
}

// cutLine cuts text around a line that begins with the given words.
func cutLine(text, line string) (before, after string, ok bool) {
	at := 0
	if !strings.HasPrefix(text, line) {
		if at = strings.Index(text, "\n"+line); at < 0 {
			return text, "", false
		}
		at++
	}
	_, after, _ = strings.Cut(text[at:], "\n")
	return text[:at], after, true
}
