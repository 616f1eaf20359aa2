package mimepart

import (
	"bytes"
	"net/http"
	"path"
	"slices"
	"strings"
)

// Sniff returns the type of a file according to its first bytes.
func Sniff(content []byte) string {
	for _, known := range programs {
		if bytes.HasPrefix(content, known.begin) && (len(known.begin) > 2 || looksExecutable(content)) {
			return known.kind
		}
	}
	kind, _, _ := strings.Cut(http.DetectContentType(content), ";")
	return kind
}

// programs are the first bytes of executable files.
var programs = []struct {
	begin []byte
	kind  string
}{
	{[]byte("MZ"), "application/vnd.microsoft.portable-executable"},
	{[]byte("\x7fELF"), "application/x-executable"},
	{
		[]byte("\xfe\xed\xfa\xce"),
		"application/x-mach-binary",
	},
	{[]byte("\xfe\xed\xfa\xcf"), "application/x-mach-binary"},
	{
		[]byte("\xce\xfa\xed\xfe"),
		"application/x-mach-binary",
	},
	{[]byte("\xcf\xfa\xed\xfe"), "application/x-mach-binary"},
	{[]byte("\xca\xfe\xba\xbe"), "application/java-vm"},
	{[]byte("L\x00\x00\x00\x01\x14\x02\x00"), "application/x-ms-shortcut"},
	{[]byte("#!/"), "application/x-shellscript"},
}

// looksExecutable distinguishes a program of DOS or Windows, which begins with just "MZ", from text
// that does.
func looksExecutable(content []byte) bool {
	return len(content) >= 64 && bytes.IndexByte(content[:64], 0) >= 0
}

// programEndings are the extensions of files that programs start (the list is that of common mail
// programs).
var programEndings = []string{
	".exe", ".com", ".scr", ".pif", ".bat", ".cmd", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".wsh", ".hta",
	".msi", ".msp", ".cpl", ".jar", ".lnk", ".ps1", ".psm1", ".reg", ".dll", ".sys", ".app", ".apk", ".dmg",
	".pkg", ".deb", ".rpm", ".sh", ".command", ".iso", ".img", ".vhd", ".vhdx", ".chm", ".inf", ".scf",
	".url", ".appx", ".msix", ".xll", ".one", ".gadget",
}

// harmlessEndings are the extensions of documents, pictures, sounds and films.
var harmlessEndings = []string{
	".pdf", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".txt", ".log",
	".csv", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".ods", ".rtf", ".mp3", ".mp4", ".wav",
	".avi", ".mov", ".zip", ".eml", ".ics", ".vcf",
}

// Lies reports whether a file pretends, by its declared type or its name, to be harmless, but is a
// program or a page, or hides its real extension. Mere mistakes do not count, such as a JPEG that
// is called a PNG.
func Lies(name, declared, sniffed string) bool {
	ending := strings.ToLower(path.Ext(name))
	shown := strings.HasPrefix(declared, "image/") || strings.HasPrefix(declared, "audio/") ||
		strings.HasPrefix(declared, "video/") ||
		declared == "application/pdf"
	harmless := shown || strings.HasPrefix(declared, "text/") && ending != ".sh" ||
		slices.Contains(harmlessEndings, ending)
	if inner := strings.ToLower(
		path.Ext(strings.TrimRight(strings.TrimSuffix(name, path.Ext(name)), " _")),
	); slices.Contains(programEndings, ending) &&
		slices.Contains(harmlessEndings, inner) {
		return true
	}
	switch {
	case runs(sniffed):
		script := sniffed == "application/x-shellscript" && strings.HasPrefix(declared, "text/")
		return harmless && !script && !slices.Contains(programEndings, ending)
	case sniffed == "text/html":
		return shown ||
			slices.Contains([]string{".pdf", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".docx", ".xlsx", ".zip"},
				ending)
	case slices.Contains(programEndings, ending):
		return shown
	case shown && (sniffed == "application/zip" || sniffed == "application/x-rar-compressed" || sniffed == "application/x-gzip"):
		return true
	}
	return false
}

// runs reports whether the type is that of a program.
func runs(sniffed string) bool {
	for _, known := range programs {
		if known.kind == sniffed {
			return true
		}
	}
	return false
}

// Executable reports whether a computer would run the file.
func Executable(name, sniffed string) bool {
	return runs(sniffed) || slices.Contains(programEndings, strings.ToLower(path.Ext(name)))
}
