package specimen

import (
	"encoding/base64"
	"strings"
)

// file returns a mail with text and one further part.
func file(headers, body string) []byte {
	return mixed("", "multipart/mixed", words("See the file."), part(headers, body))
}

// names shows how the name of a file is determined.
func names() []Mail {
	var all []Mail
	for _, c := range []struct{ name, headers, want string }{
		{"plain", "Content-Type: text/csv\nContent-Disposition: attachment; filename=\"report.csv\"", "report.csv"},
		{"RFC 2231", "Content-Type: text/csv\nContent-Disposition: attachment; filename*=iso-8859-2''%E8aj.csv", "čaj.csv"},
		{"RFC 2231 in pieces", "Content-Type: text/csv\nContent-Disposition: attachment; filename*0*=utf-8''%C4%8D;\n filename*1=\"aj.csv\"", "čaj.csv"},
		{"RFC 2047 in a parameter", "Content-Type: text/csv\nContent-Disposition: attachment; filename=\"=?utf-8?Q?=C4=8Daj.csv?=\"", "čaj.csv"},
		{"RFC 2231 and RFC 2047", "Content-Type: text/csv; name=\"=?utf-8?Q?caj.csv?=\"\nContent-Disposition: attachment; filename*=utf-8''%C4%8Daj.csv", "čaj.csv"},
		{"only in the type", "Content-Type: text/csv; name=report.csv\nContent-Disposition: attachment", "report.csv"},
		{"raw bytes", "Content-Type: text/csv\nContent-Disposition: attachment; filename=\"čaj.csv\"", "čaj.csv"},
		{"a path", "Content-Type: text/csv\nContent-Disposition: attachment; filename=\"../../etc/passwd\"", "passwd"},
		{"a path of Windows", "Content-Type: text/csv\nContent-Disposition: attachment; filename=\"C:\\\\Users\\\\ana\\\\report.csv\"", "report.csv"},
		{"marks of direction", "Content-Type: text/csv\nContent-Disposition: attachment; filename=\"re\u202eport.csv\"", "report.csv"},
		{"a hidden name", "Content-Type: text/csv\nContent-Disposition: attachment; filename=\".htaccess\"", "htaccess"},
		{"a long name", "Content-Type: text/csv\nContent-Disposition: attachment; filename=\"" + strings.Repeat("a", 300) + ".csv\"", strings.Repeat("a", 116) + ".csv"},
		{"by location", "Content-Type: text/csv\nContent-Disposition: attachment\nContent-Location: https://customer.example/x/report.csv", "report.csv"},
		{"by id", "Content-Type: image/png\nContent-Disposition: attachment\nContent-ID: <lamp.png@customer>", "lamp.png"},
		{"by type", "Content-Type: application/pdf\nContent-Disposition: attachment", "attachment-1.pdf"},
		{"of an unknown type", "Content-Type: application/x-none\nContent-Disposition: attachment", "attachment-1.bin"},
	} {
		all = append(
			all,
			Mail{
				Name: "file name: " + c.name,
				Rule: "a name is read in every encoding and sanitized",
				Raw:  file(c.headers, "x"),
				Want: Want{Text: "See the file.", Files: []string{c.want}},
			},
		)
	}
	one := part("Content-Type: text/csv\nContent-Disposition: attachment; filename=a.csv", "x")
	return append(
		all,
		Mail{
			Name: "file name: twice",
			Rule: "names are unique",
			Raw:  mixed("", "multipart/mixed", words("See the files."), one, one),
			Want: Want{Files: []string{"a.csv", "a (2).csv"}},
		},
	)
}

// program is the beginning of a Windows program.
var program = base64.StdEncoding.EncodeToString([]byte("MZ\x90\x00\x03\x00\x00\x00" + strings.Repeat("\x00", 120)))

// files shows attachments, and files embedded in text.
func files() []Mail {
	attached := func(kind, name, body string) []byte {
		return file(
			"Content-Type: "+kind+"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=\""+name+"\"",
			body,
		)
	}
	encode := base64.StdEncoding.EncodeToString
	var all []Mail
	for _, c := range []struct {
		name, kind, file, body string
		lies                   bool
	}{
		{"a picture is one", "image/png", "lamp.png", tinyPNG, false},
		{"a program called a picture", "image/png", "lamp.png", program, true},
		{"a program called a document", "application/pdf", "invoice.pdf", program, true},
		{"a program that says so", "application/octet-stream", "setup.exe", program, false},
		{"a program behind another end", "application/octet-stream", "invoice.pdf.exe", program, true},
		{"a page called a document", "application/pdf", "invoice.pdf", encode([]byte("<!DOCTYPE html><html><script>x</script>")), true},
		{"a page that says so", "text/html", "page.html", encode([]byte("<html>x")), false},
		{"a JPEG called a PNG is a mistake", "image/png", "lamp.png", encode([]byte("\xff\xd8\xff\xe0\x00\x10JFIF")), false},
		{"text that begins with MZ", "text/plain", "mz.txt", encode([]byte("MZ is a city in Germany, near the river")), false},
		{"a document that is a ZIP", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a.docx", encode([]byte("PK\x03\x04xxxx")), false},
	} {
		want := Want{Text: "See the file.", Files: []string{c.file}}
		if c.lies {
			want.Mislabeled = want.Files
		}
		all = append(
			all,
			Mail{
				Name: "type: " + c.name,
				Rule: "a mislabeled file is reported, a harmless mistake is not",
				Raw:  attached(c.kind, c.file, c.body),
				Want: want,
			},
		)
	}
	return append(
		all,
		Mail{
			Name: "file: attached mail",
			Rule: "an attached mail is a file; its text is not read",
			Raw: mixed("", "multipart/mixed", words("See the mail."),
				part("Content-Type: message/rfc822", "From: x@vendor.example\nSubject: Port/seven\n\nsecret\n")),
			Want: Want{Text: "See the mail.", Files: []string{"Port-seven.eml"}},
		},
		Mail{
			Name: "file: piece of a mail",
			Rule: "a part of a split mail is stored but not read",
			Raw: write("Content-Type: message/partial; id=\"x@y\"; number=1; total=2",
				"From: x@vendor.example\n\nhalf\n"),
			Want: Want{Incomplete: true, NoContent: true, Files: []string{"part-of-a-mail.eml"}},
		},
		Mail{
			Name: "file: text kept elsewhere",
			Rule: "external content is not fetched",
			Raw: write("Content-Type: message/external-body; access-type=URL; URL=\"https://track.example/x\"",
				"Content-Type: text/plain\n\n"),
			Want: Want{Incomplete: true, NoContent: true, Files: []string{"text-kept-elsewhere.txt"}},
		},
		Mail{
			Name: "file: two forks of a Mac",
			Rule: "the data fork of an AppleDouble file is stored",
			Raw: mixed(
				"",
				"multipart/mixed",
				words("See the file."),
				part("Content-Type: multipart/appledouble; boundary=mac", multipart(
					"mac",
					part("Content-Type: application/applefile; name=\"a.pdf\"\nContent-Transfer-Encoding: base64",
						"AAUWBwACAAA="),
					part(
						"Content-Type: application/pdf; name=\"a.pdf\"\nContent-Disposition: attachment; filename=a.pdf",
						"%PDF-1.4",
					),
				)),
			),
			Want: Want{Text: "See the file.", Files: []string{"a.pdf"}},
		},
		Mail{
			Name: "file: uuencode in text",
			Rule: "files that old programs put into the text become attachments",
			Raw:  plain("", "See the file.\n\nbegin 644 port.txt\n'4&]R=\"`W\"@``\n`\nend\n\nAna\n"),
			Want: Want{Text: "See the file.\n\n\nAna", Files: []string{"port.txt"}},
		},
		Mail{
			Name: "file: text that begins like uuencode",
			Rule: "an embedded file that cannot be decoded stays in the text",
			Raw:  plain("", "begin 644 the new era\nwith a word\nend\n"),
			Want: Want{Text: "begin 644 the new era\nwith a word\nend"},
		},
		Mail{
			Name: "file: yEnc in text",
			Rule: "yEnc files become attachments",
			Raw: write("",
				"See the file.\r\n=ybegin line=128 size=5 name=port.bin\r\n\x9a\x99\x9c\x9e\x61\r\n=yend size=5\r\n"),
			Want: Want{Text: "See the file.", Files: []string{"port.bin"}},
		},
		Mail{
			Name: "file: uuencode as a transfer encoding",
			Rule: "transfer encodings older than MIME are read",
			Raw: file(
				"Content-Type: text/plain; name=port.txt\nContent-Transfer-Encoding: x-uuencode\nContent-Disposition: attachment",
				"begin 644 port.txt\n'4&]R=\"`W\"@``\n`\nend\n",
			),
			Want: Want{Text: "See the file.", Files: []string{"port.txt"}},
		},
	)
}
