package specimen

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
)

// calendars shows invitations and replies to them, which are displayed but never acted upon.
func calendars() []Mail {
	event := func(method, inner string) string {
		return "BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:" + method + "\nBEGIN:VEVENT\nUID:visit-7\nSUMMARY:Visit\\, port 7\nDTSTART;TZID=Europe/Ljubljana:20260304T101500\nDTEND;TZID=Europe/Ljubljana:20260304T110000\n" +
			"ORGANIZER;CN=Ana:mailto:" + Sender + "\n" + inner + "BEGIN:VALARM\nSUMMARY:not this\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n"
	}
	const when = "2026-03-04 10:15 - 11:00 (Europe/Ljubljana)"
	return []Mail{
		{
			Name: "calendar: invitation",
			Rule: "an invitation is a file with a one-line summary",
			Raw: mixed("", "multipart/alternative", words("Please come."),
				part("Content-Type: text/calendar; method=REQUEST; charset=utf-8", event("REQUEST", ""))),
			Want: Want{
				Text:     "Please come.",
				Files:    []string{"invitation.ics"},
				Calendar: []string{"REQUEST: Visit, port 7, " + when + ", by " + Sender},
			},
		},
		{
			Name: "calendar: answer",
			Rule: "a calendar reply is a kind of its own",
			Raw: mixed(
				"Subject: Accepted: Visit",
				"multipart/alternative",
				words("Ana has accepted."),
				part("Content-Type: text/calendar; method=REPLY",
					event("REPLY", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:"+Sender+"\n")),
			),
			Want: Want{
				Kind:     "calendar-answer",
				NoAnswer: true,
				Files:    []string{"invitation.ics"},
				Calendar: []string{"REPLY: ACCEPTED " + Sender + ", Visit, port 7, " + when + ", by " + Sender},
			},
		},
		{
			Name: "calendar: cancelled, folded, in UTC",
			Rule: "lines are unfolded, times keep their zone",
			Raw: mixed(
				"",
				"multipart/mixed",
				words("Cancelled."),
				part(
					"Content-Type: text/calendar\nContent-Disposition: attachment; filename=visit.ics",
					"BEGIN:VCALENDAR\nMETHOD:CANCEL\nBEGIN:VEVENT\nSUMMARY:Vi\n sit\nDTSTART:20260304T101500Z\nEND:VEVENT\nEND:VCALENDAR\n",
				),
			),
			Want: Want{
				Text:     "Cancelled.",
				Files:    []string{"visit.ics"},
				Calendar: []string{"CANCEL: Visit, 2026-03-04 10:15 (UTC)"},
			},
		},
		{
			Name: "calendar: a whole day",
			Rule: "an event may have dates without times",
			Raw: write(
				"Content-Type: text/calendar; method=PUBLISH",
				"BEGIN:VCALENDAR\nMETHOD:PUBLISH\nBEGIN:VEVENT\nSUMMARY:Stocktaking\nDTSTART;VALUE=DATE:20260304\nEND:VEVENT\nEND:VCALENDAR\n",
			),
			Want: Want{
				NoContent: true,
				Files:     []string{"invitation.ics"},
				Calendar:  []string{"PUBLISH: Stocktaking, 2026-03-04"},
			},
		},
		{
			Name: "calendar: broken",
			Rule: "a calendar that cannot be read is only a file",
			Raw:  write("Content-Type: text/calendar", "BEGIN:VEVENT\nSUMMARY\n"),
			Want: Want{NoContent: true, Files: []string{"invitation.ics"}},
		},
	}
}

// der encodes an ASN.1 element.
func der(tag byte, parts ...string) string {
	body := strings.Join(parts, "")
	if len(body) < 0x80 {
		return string([]byte{tag, byte(len(body))}) + body
	}
	return string([]byte{tag, 0x82, byte(len(body) >> 8), byte(len(body))}) + body
}

const (
	oidData   = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
	oidSigned = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
	oidSealed = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"
)

// sealed shows signed and encrypted mails: what can be read is read, and signature and encryption
// are reported.
func sealed() []Mail {
	inner := "Content-Type: text/plain\r\n\r\nSigned text.\r\n"
	opaque := der(
		0x30,
		der(0x06, oidSigned),
		der(0xa0, der(0x30, der(0x02, "\x01"), der(0x31), der(0x30, der(0x06, oidData), der(0xa0, der(0x04, inner))))),
	)
	streamed := "\x30\x80" + der(0x06, oidSigned) + "\xa0\x80\x30\x80" + der(0x02, "\x01") + der(
		0x31,
	) + "\x30\x80" + der(0x06, oidData) + "\xa0\x80\x24\x80" + der(0x04, inner[:20]) + der(0x04,
		inner[20:]) + strings.Repeat(
		"\x00\x00",
		6,
	)
	closed := der(0x30, der(0x06, oidSealed), der(0xa0, der(0x30, der(0x02, "\x00"))))
	mime := func(kind, content string) []byte {
		return write(
			"Content-Type: application/pkcs7-mime; smime-type="+kind+"; name=smime.p7m\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=smime.p7m",
			base64.StdEncoding.EncodeToString([]byte(content)),
		)
	}
	return []Mail{
		{
			Name: "S/MIME beside the text",
			Rule: "signed text is shown, and the signature is reported",
			Raw: mixed(
				"",
				"multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256",
				words("Signed text."),
				part(
					"Content-Type: application/pkcs7-signature; name=smime.p7s\nContent-Disposition: attachment; filename=smime.p7s",
					"x",
				),
			),
			Want: Want{Text: "Signed text.", Signed: "S/MIME", Files: []string{"smime.p7s"}},
		},
		{
			Name: "S/MIME around the text",
			Rule: "text wrapped in a signature is extracted",
			Raw:  mime("signed-data", opaque),
			Want: Want{Text: "Signed text.", Signed: "S/MIME"},
		},
		{
			Name: "S/MIME around the text, streamed",
			Rule: "indefinite lengths are read too",
			Raw:  mime("signed-data", streamed),
			Want: Want{Text: "Signed text.", Signed: "S/MIME"},
		},
		{
			Name: "S/MIME encrypted",
			Rule: "an encrypted part stays a file, and the encryption is reported",
			Raw:  mime("enveloped-data", closed),
			Want: Want{NoContent: true, Encrypted: "S/MIME", Files: []string{"smime.p7m"}},
		},
		{
			Name: "S/MIME that is none",
			Rule: "an unreadable part stays a file",
			Raw:  mime("signed-data", "nonsense"),
			Want: Want{NoContent: true, Files: []string{"smime.p7m"}},
		},
		{
			Name: "PGP beside the text",
			Rule: "signed text is shown, and the signature is reported",
			Raw: mixed("", "multipart/signed; protocol=\"application/pgp-signature\"", words("Signed text."),
				part("Content-Type: application/pgp-signature", "x")),
			Want: Want{Text: "Signed text.", Signed: "PGP", Files: []string{"signature.asc"}},
		},
		{
			Name: "PGP in the text",
			Rule: "the signature markers are dropped from the text",
			Raw: plain(
				"",
				"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSigned text.\n- -- \nAna\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n",
			),
			Want: Want{Text: "Signed text.\n-- \nAna", Reply: "Signed text.", Signed: "PGP"},
		},
		{
			Name: "PGP encrypted",
			Rule: "an encrypted part stays a file, and the encryption is reported",
			Raw: mixed("", "multipart/encrypted; protocol=\"application/pgp-encrypted\"",
				part("Content-Type: application/pgp-encrypted", "Version: 1"),
				part("Content-Type: application/octet-stream; name=encrypted.asc", "-----BEGIN PGP MESSAGE-----")),
			Want: Want{NoContent: true, Encrypted: "PGP", Files: []string{"encryption.txt", "encrypted.asc"}},
		},
		{
			Name: "PGP encrypted in the text",
			Rule: "encrypted text is shown as it is, and the encryption is reported",
			Raw:  plain("", "-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n"),
			Want: Want{Text: "-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----", Encrypted: "PGP"},
		},
	}
}

// attribute encodes an attribute of a winmail.dat.
func attribute(level byte, id uint32, data string) string {
	head := append(
		[]byte{level},
		binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, id), uint32(len(data)))...)
	var sum uint16
	for _, b := range []byte(data) {
		sum += uint16(b)
	}
	return string(head) + data + string(binary.LittleEndian.AppendUint16(nil, sum))
}

// winmail returns a winmail.dat with these attributes.
func winmail(attributes ...string) string {
	return "\x78\x9f\x3e\x22\x01\x00" + strings.Join(attributes, "")
}

// packed shows mails that Outlook packed into winmail.dat.
func packed() []Mail {
	mime := func(text, content string) []byte {
		return mixed(
			"",
			"multipart/mixed",
			words(text),
			part(
				"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=winmail.dat",
				base64.StdEncoding.EncodeToString([]byte(content)),
			),
		)
	}
	codepage := attribute(1, 0x00069007, "\xe2\x04\x00\x00\x00\x00\x00\x00") // 1250
	attached := attribute(2, 0x00069002, strings.Repeat("\x00", 14)) + attribute(2, 0x00018010,
		"\xe8aj.txt\x00") + attribute(
		2,
		0x0006800f,
		"Port 7\n",
	)
	rtf := `{\rtf1\ansi\ansicpg1250{\fonttbl{\f0 Arial;}}\pard \'e8aj \u382?iga\par OK 42.}`
	wrapped := "\x01\x00\x00\x00" + "\x02\x01\x09\x10" + "\x01\x00\x00\x00" + string(
		binary.LittleEndian.AppendUint32(nil, uint32(16+len(rtf))),
	) +
		string(
			binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, uint32(12+len(rtf))),
				uint32(len(rtf))),
		) + "MELA\x00\x00\x00\x00" + rtf + strings.Repeat(
		"\x00",
		(4-len(rtf)%4)%4,
	)
	return []Mail{
		{
			Name: "winmail.dat with a file",
			Rule: "winmail.dat is replaced by the files in it",
			Raw:  mime("See the file.", winmail(codepage, attached)),
			Want: Want{Text: "See the file.", Files: []string{"čaj.txt"}},
		},
		{
			Name: "winmail.dat with the text",
			Rule: "its text is read if there is no other",
			Raw:  mime(" ", winmail(codepage, attribute(1, 0x0002800c, "\xe8aj\x00"))),
			Want: Want{Text: "čaj"},
		},
		{
			Name: "winmail.dat beside the text",
			Rule: "its text is ignored if there is another",
			Raw:  mime("The text.", winmail(attribute(1, 0x0002800c, "other\x00"))),
			Want: Want{Text: "The text."},
		},
		{
			Name: "winmail.dat with RTF",
			Rule: "if it has only RTF, the text of the RTF is read",
			Raw:  mime(" ", winmail(codepage, attribute(1, 0x00069003, wrapped))),
			Want: Want{Text: "čaj žiga\nOK 42."},
		},
		{
			Name: "winmail.dat cut off",
			Rule: "a truncated one is read as far as possible",
			Raw:  mime("See the file.", winmail(codepage, attached, attached)[:120]),
			Want: Want{Text: "See the file.", Files: []string{"čaj.txt"}},
		},
		{
			Name: "winmail.dat that is none",
			Rule: "one that cannot be read stays a file",
			Raw:  mime("See the file.", "nonsense"),
			Want: Want{Text: "See the file.", Files: []string{"winmail.dat"}},
		},
	}
}

// bounds shows mails that are designed to use too many resources.
func bounds() []Mail {
	deep := "Content-Type: multipart/mixed; boundary=b0\n\n"
	for i := range 40 {
		deep += "--b" + strings.Repeat("x", i) + "0\nContent-Type: multipart/mixed; boundary=b" + strings.Repeat("x",
			i+1) + "0\n\n"
	}
	return []Mail{
		{
			Name: "bounds: nested 40 deep",
			Rule: "deep nesting is refused",
			Raw:  []byte("From: " + Sender + "\n" + deep),
			Want: Want{Refused: true},
		},
		{
			Name: "bounds: too many parts",
			Rule: "many parts are refused",
			Raw:  mixed("", "multipart/mixed", strings.Split(strings.Repeat("\n\nx|", 600), "|")...),
			Want: Want{Refused: true},
		},
		{
			Name: "bounds: too many files",
			Rule: "many files are refused",
			Raw: mixed(
				"",
				"multipart/mixed",
				strings.Split(strings.Repeat("Content-Type: image/png\nContent-Disposition: attachment\n\nx|", 150),
					"|")...),
			Want: Want{Refused: true},
		},
		{
			Name: "bounds: long headers",
			Rule: "long headers are refused",
			Raw:  plain("X-Long: "+strings.Repeat("a", 300<<10), "x"),
			Want: Want{Refused: true},
		},
		{
			Name: "bounds: elements 100,000 deep",
			Rule: "deeply nested HTML is cheap to read, and all elements are closed",
			Raw:  page("", "<p>OK</p>"+strings.Repeat("<div>", 100_000)+"x"),
			Want: Want{HTML: []string{"<p>OK</p>"}},
		},
		{
			Name: "bounds: many links",
			Rule: "links beyond the limit lose their address",
			Raw:  page("", strings.Repeat(`<a href="https://customer.example/">x</a> `, 3000)),
			Want: Want{HTML: []string{"href"}},
		},
	}
}
