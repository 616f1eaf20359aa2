package outside

import (
	"encoding/base64"
	"fmt"
	"mime"
	"strings"
)

// gmailAnswer is a reply as a web mail program writes it: text and HTML, each with the quoted mail,
// and a file.
func gmailAnswer(to letter, words, fileName string, file []byte) string {
	quoted := "> " + strings.ReplaceAll(strings.TrimSpace(to.read.Text), "\n", "\n> ")
	var b strings.Builder
	fmt.Fprintf(&b, "From: Carlo Conti <%s>\nTo: %s\nSubject: Re: %s\n",
		to.to, to.read.GetHeader("Reply-To"), to.read.GetHeader("Subject"))
	fmt.Fprintf(&b, "Message-ID: <CAF%x@mail.example.com>\nIn-Reply-To: %s\nReferences: %s %s\n",
		[]byte(words)[:min(len(words), 12)], to.read.GetHeader("Message-ID"), to.read.GetHeader("References"),
		to.read.GetHeader("Message-ID"))
	b.WriteString(
		"Date: Sun, 22 Nov 2026 10:11:12 +0100\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=outer\n\n" +
			"--outer\n",
	)
	b.WriteString(
		"Content-Type: multipart/alternative; boundary=inner\n\n--inner\nContent-Type: text/plain; charset=UTF-8\n\n")
	fmt.Fprintf(&b, "%s\n\nOn Sun, Nov 22, 2026 at 10:05 AM Adria Networks <support@help.example.com>\nwrote:\n\n%s\n",
		words, quoted)
	fmt.Fprintf(
		&b,
		"--inner\nContent-Type: text/html; charset=UTF-8\n\n<div dir=\"ltr\">%s</div><div "+
			"class=\"gmail_quote\"><blockquote>%s</blockquote></div>\n--inner--\n",
		strings.ReplaceAll(words, "\n", "<br>"),
		"quoted",
	)
	if fileName != "" {
		fmt.Fprintf(
			&b,
			"--outer\nContent-Type: image/png; name=\"%s\"\nContent-Disposition: attachment; filename=\"%s\"\n"+
				"Content-Transfer-Encoding: base64\n\n%s\n",
			mime.BEncoding.Encode("UTF-8", fileName),
			mime.BEncoding.Encode("UTF-8", fileName),
			lines(file),
		)
	}
	b.WriteString("--outer--\n")
	return b.String()
}

// lines returns base64 in lines of 76 characters.
func lines(data []byte) string {
	text := base64.StdEncoding.EncodeToString(data)
	var b strings.Builder
	for len(text) > 76 {
		b.WriteString(text[:76] + "\n")
		text = text[76:]
	}
	return b.String() + text
}
