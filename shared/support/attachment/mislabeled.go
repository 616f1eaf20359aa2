package attachment

import (
	"bytes"
	"net/http"
	"path"
	"slices"
	"strings"
)

const unknownType = "application/octet-stream"

// headBytes is how much of a file is inspected.
const headBytes = 512

// Suspect marks a mislabeled file; it is served as application/octet-stream.
func (f File) Suspect() File {
	f.ContentType, f.Suspicious = unknownType, true
	return f
}

// mislabeled reports whether a file that is declared or named as something harmless is a program, a
// page or a script by its first bytes.
func mislabeled(contentType, name string, head []byte) bool {
	return harmless(contentType, name) && dangerous(head)
}

// harmless reports whether a file is declared or named as a picture, a recording, a text or a
// document.
func harmless(contentType, name string) bool {
	kind, subtype, _ := strings.Cut(contentType, "/")
	switch kind {
	case "image":
		return subtype != "svg+xml"
	case "audio", "video", "font":
		return true
	case "text":
		return slices.Contains(
			[]string{"plain", "csv", "calendar", "markdown", "tab-separated-values", "rtf"},
			subtype,
		) &&
			!scriptName(name)
	case "application":
		if subtype == "octet-stream" {
			break // no type is declared: the name decides
		}
		return subtype == "pdf" || subtype == "rtf" || subtype == "msword" ||
			strings.HasPrefix(subtype, "vnd.openxmlformats") ||
			strings.HasPrefix(subtype, "vnd.oasis") ||
			strings.HasPrefix(subtype, "vnd.ms-") && subtype != "vnd.ms-cab-compressed"
	}
	return slices.Contains(
		[]string{".pdf", ".png", ".jpg", ".jpeg", ".gif", ".txt", ".csv", ".doc", ".docx", ".xls", ".xlsx"},
		extension(name),
	)
}

// scriptName reports whether a file that is declared as plain text has the name of a script.
func scriptName(name string) bool {
	return slices.Contains(
		[]string{
			".sh",
			".py",
			".pl",
			".rb",
			".ps1",
			".bat",
			".cmd",
			".js",
			".vbs",
			".html",
			".htm",
			".xml",
			".php",
			".conf",
			".cfg",
		},
		extension(name),
	)
}

func extension(name string) string { return strings.ToLower(path.Ext(name)) }

// dangerous reports whether the bytes begin a program, a page or a script.
func dangerous(head []byte) bool {
	for _, magic := range []string{
		"MZ", "\x7fELF", "\xfe\xed\xfa\xce", "\xfe\xed\xfa\xcf", "\xce\xfa\xed\xfe", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe", "#!", "L\x00\x00\x00\x01\x14\x02\x00", "MSCF", "<?php",
	} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return !strings.HasPrefix(magic, "MZ") || len(head) < 3 ||
				bytes.ContainsRune(head, 0) // a text may begin with "MZ" too
		}
	}
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	sniffed := http.DetectContentType(head)
	return strings.HasPrefix(sniffed, "text/html") ||
		bytes.HasPrefix(bytes.ToLower(bytes.TrimLeft(head, " \t\r\n")), []byte("<svg"))
}
