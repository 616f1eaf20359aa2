package specimen

import "strings"

// charsets shows character sets with correct and wrong declarations.
func charsets() []Mail {
	var all []Mail
	for _, c := range []struct{ name, kind, body, text string }{
		{"UTF-8", "text/plain; charset=utf-8", "čaj", "čaj"},
		{"windows-1250", "text/plain; charset=windows-1250", "\xe8aj", "čaj"},
		{"cp1251", "text/plain; charset=cp1251", "\xf7\xe0\xe9", "чай"},
		{"KOI8-R", "text/plain; charset=koi8-r", "\xde\xc1\xca", "чай"},
		{"ISO-8859-2", "text/plain; charset=iso-8859-2", "\xe8aj", "čaj"},
		{"GB2312 that is GB18030", "text/plain; charset=gb2312", "\xb2\xe8", "茶"},
		{"Korean of Windows", "text/plain; charset=ks_c_5601-1987", "\xc2\xf7", "차"},
		{"Big5", "text/plain; charset=big5", "\xaf\xf9", "茶"},
		{"Shift_JIS", "text/plain; charset=shift_jis", "\x92\x83", "茶"},
		{"ISO-2022-JP", "text/plain; charset=iso-2022-jp", "\x1b$BCc\x1b(B", "茶"},
		{"ISO-2022-JP of Microsoft", "text/plain; charset=iso-2022-jp-ms", "\x1b$BCc\x1b(B", "茶"},
		{"ISO-2022-JP that is not declared", "text/plain", "\x1b$BCc\x1b(B", "茶"},
		{"UTF-7 by its old name", "text/plain; charset=unicode-1-1-utf-7", "+AQ0-aj", "čaj"},
		{"UTF-16", "text/plain; charset=utf-16", "\xff\xfe\x0d\x01a\x00j\x00", "čaj"},
		{"UTF-8 declared as Latin 1", "text/plain; charset=iso-8859-1", "čaj", "čaj"},
		{"Latin 1 declared as UTF-8", "text/plain; charset=utf-8", "caf\xe9", "café"},
		{"bytes that are not declared", "text/plain", "caf\xe9", "café"},
		{"an unknown set", "text/plain; charset=x-none-such", "caf\xe9", "café"},
		{"a set in quotes and spaces", "text/plain; charset=\" 'iso-8859-2' \"", "\xe8aj", "čaj"},
		{"UTF-8 that is cut off", "text/plain; charset=utf-8", strings.Repeat("čaj ", 20) + "\xc4", strings.Repeat("čaj ", 20) + "\ufffd"},
		{"NUL and control characters", "text/plain; charset=utf-8", "a\x00b\x1b[1mc\x07", "ab[1mc"},
		{"marks that turn the direction", "text/plain; charset=utf-8", "a\u202eb\u2066c", "abc"},
		{"HTML in windows-1252", "text/html; charset=windows-1252", "<p>caf\xe9 \x80</p>", "café €"},
	} {
		all = append(
			all,
			Mail{
				Name: "charset: " + c.name,
				Rule: "whatever is declared, the text is valid UTF-8",
				Raw:  write("Content-Type: "+c.kind+"\nContent-Transfer-Encoding: 8bit", c.body),
				Want: Want{Text: c.text},
			},
		)
	}
	for _, c := range []struct{ name, subject, want string }{
		{"words of base64", "=?utf-8?B?xI1hag==?=", "čaj"}, {"words of quoted-printable", "=?utf-8?Q?=C4=8Daj_42?=", "čaj 42"},
		{"a character split over two words", "=?utf-8?Q?=C4?=\n =?utf-8?Q?=8Daj?=", "čaj"}, {"raw bytes", "caf\xe9", "café"}, {"raw UTF-8", "čaj", "čaj"}, {"raw ISO-2022-JP", "\x1b$BCc\x1b(B", "茶"},
		{"words with a language", "=?utf-8*sl?Q?=C4=8Daj?=", "čaj"}, {"words that are no words", "=?utf-8?X?abc?=", "=?utf-8?X?abc?="}, {"line ends within a word", "=?utf-8?Q?a=0D=0ABcc:_x?=", "a Bcc: x"},
		{"folded", "One\n  two", "One two"}, {"direction", "a\u202eb", "ab"},
	} {
		all = append(
			all,
			Mail{
				Name: "subject: " + c.name,
				Rule: "headers for people, in every encoding",
				Raw:  plain("Subject: "+c.subject, "x\n"),
				Want: Want{Subject: c.want},
			},
		)
	}
	return all
}

// broken shows malformed mails that are read all the same.
func broken() []Mail {
	raw := func(text string) []byte {
		return []byte("From: Ana Novak <" + Sender + ">\r\nTo: " + Desk + "\r\n" + text)
	}
	var all []Mail
	for _, c := range []struct {
		name, text string
		want       Want
	}{
		{"no boundary declared", "Content-Type: multipart/mixed\r\n\r\nOK 42.\r\n", Want{Text: "OK 42."}},
		{"another boundary", "Content-Type: multipart/mixed; boundary=x\r\n\r\nOK 42.\r\n", Want{Text: "OK 42."}},
		{"boundary never closed", "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nOK 42.\r\n", Want{Text: "OK 42."}},
		{"base64 with foreign characters", "Content-Transfer-Encoding: base64\r\n\r\nT0sgND!!IuCg==\r\n", Want{Text: "OK 42."}},
		{"broken quoted-printable", "Content-Transfer-Encoding: quoted-printable\r\n\r\nOK=zz 42=\r\n.\r\n", Want{Text: "OK=zz 42."}},
		{"unknown transfer encoding", "Content-Transfer-Encoding: x-odd\r\n\r\nOK 42.\r\n", Want{Text: "OK 42."}},
		{"line feeds only", "Subject: x\n\nOK 42.\n", Want{Text: "OK 42."}},
		{"a line without a colon among the headers", "odd line\r\nSubject: x\r\n\r\nOK 42.\r\n", Want{Text: "OK 42."}},
		{"a type without a slash", "Content-Type: text\r\n\r\nOK 42.\r\n", Want{Text: "OK 42."}},
		{"a type with an open quote", "Content-Type: text/plain; charset=\"utf-8\r\n\r\nOK 42.\r\n", Want{Text: "OK 42."}},
		{"a date that cannot be true", "Date: Mon, 99 Foo 3026\r\n\r\nOK 42.\r\n", Want{Text: "OK 42."}},
		{"a boundary that nothing parts from the type", "Content-Type: multipart/mixed\r\n\tboundary=\"x\"\r\n\r\n--x\r\nContent-Type: image/png\r\nContent-Disposition: ;\r\n filename=\"lamp.png\"\r\n\r\nx\r\n--x\r\n\r\nOK 42.\r\n--x--\r\n", Want{Text: "OK 42.", Files: []string{"lamp.png"}}},
		{"ids with commas", "References: <a@x.example>,<b@x.example>\r\n\r\nOK 42.\r\n", Want{Text: "OK 42.", References: []string{"a@x.example", "b@x.example"}}},
		{"ids without brackets", "References: a@x.example b@x.example\r\n\r\nOK 42.\r\n", Want{Text: "OK 42.", References: []string{"a@x.example", "b@x.example"}}},
		{"parts of a multipart without headers", "Content-Type: multipart/digest; boundary=x\r\n\r\n--x\r\n\r\nSubject: inner\r\n\r\nhello\r\n--x--\r\n", Want{NoContent: true, Files: []string{"inner.eml"}}},
	} {
		all = append(
			all,
			Mail{
				Name: "broken: " + c.name,
				Rule: "a malformed mail is read as far as possible",
				Raw:  raw(c.text),
				Want: c.want,
			},
		)
	}
	return append(
		all,
		Mail{
			Name: "broken: mailbox line",
			Rule: "the mbox line before the headers is dropped",
			Raw:  append([]byte("From ana Wed Mar  4 10:15:00 2026\r\n"), plain("", "OK 42.\n")...),
			Want: Want{Text: "OK 42."},
		},
		Mail{
			Name: "broken: empty lines first",
			Rule: "empty lines before the headers are dropped",
			Raw:  append([]byte("\r\n\r\n"), plain("", "OK 42.\n")...),
			Want: Want{Text: "OK 42."},
		},
	)
}

// senders shows From headers that do not parse.
func senders() []Mail {
	var all []Mail
	for _, c := range []struct{ name, from, address, shown string }{
		{"name and address", "Ana Novak <Ana@Customer.Example>", Sender, "Ana Novak"}, {"a comma in the name", "Novak, Ana <" + Sender + ">", Sender, "Novak, Ana"},
		{"an open quote", "\"Ana <" + Sender + ">", Sender, "Ana"}, {"no brackets", Sender, Sender, ""}, {"a name and no brackets", "Ana Novak " + Sender, Sender, ""},
		{"an encoded name", "=?iso-8859-2?Q?=AEiga?= <" + Sender + ">", Sender, "Žiga"}, {"raw bytes in the name", "\xaeiga <" + Sender + ">", Sender, "®iga"},
		{"two senders", "Ana <" + Sender + ">, Eva <eva@customer.example>", Sender, "Ana"}, {"direction in the name", "Ana\u202e <" + Sender + ">", Sender, "Ana"},
	} {
		all = append(
			all,
			Mail{
				Name: "sender: " + c.name,
				Rule: "the address of a malformed sender is still found",
				Raw:  plain("From: "+c.from, "x\n"),
				Want: Want{From: c.address, FromName: c.shown},
			},
		)
	}
	return all
}
