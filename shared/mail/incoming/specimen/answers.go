package specimen

// marker is the first line of every mail about a case.
const marker = "##- Reply above this line to answer -##"

// answers shows where a reply ends, and what must not be cut.
func answers() []Mail {
	var all []Mail
	for _, c := range []struct{ name, rule, body, reply string }{
		{"our marker", "our own marker ends the reply, whatever surrounds it", "It works.\n\n" + marker + "\n\nEva answered case 9\n", "It works."},
		{"our marker below headers in a language that is not known", "labels right above our marker are headers", "It works.\n\nBlorgh: Support <cases@msp.example>\nXyz: Wednesday 10:15\nQuux: Ana\nFnord: Case 9\n\n" + marker + "\n\nEva answered case 9\n", "It works."},
		{"our marker with lines of a program above it", "the line that introduces the quote is cut too", "It works.\n\nOn Wed, 4 Mar 2026 at 9:00, Support <cases@msp.example> wrote:\n\n> " + marker + "\n>\n> Eva answered\n", "It works."},
		{"answers among our quoted mail", "a marked quote does not hide answers below the marker", "On 4 March 2026 at 9:00, Support <cases@msp.example> wrote:\n> " + marker + "\n> Which firmware?\n\n8.2\n\n> Which model?\n\nAP-500\n\n> Thanks\n",
			"On 4 March 2026 at 9:00, Support <cases@msp.example> wrote:\n> " + marker + "\n> Which firmware?\n\n8.2\n\n> Which model?\n\nAP-500"},
		{"answers pointed to in an unmarked quote", "if the sender says that answers follow in the quote, nothing is cut", "My answers are in red below.\n\nFrom: Support\nSent: Wednesday, March 4, 2026 9:00\nTo: Ana\nSubject: Case 9\n\nWhich model?\nAP-500\n", ""},
		{"the marker of another ticket system", "similar markers end a reply as well", "Done.\n\n##- Please type your reply above this line -##\n\nTicket 7 was updated\n", "Done."},
		{"answer below the quote", "a quote at the beginning is cut if the reply follows", "On 4 March 2026 at 9:00, Support wrote:\n> Is it on?\n\nYes.\n", "Yes."},
		{"nothing but a quote", "nothing is cut if no text would remain", "> Is it on?\n> Thanks\n", ""},
		{"nothing but our mail", "nothing is cut if no text would remain", marker + "\n\nEva answered case 9\n", ""},
		{"header block in English", "the headers of a mail, sender first, begin a quote", "Fixed.\n\nFrom: Support\nSent: Wednesday\nTo: Ana\nSubject: Case 9\n\nIs it?\n", "Fixed."},
		{"header block that begins with the date", "the headers may be in another order", "Fixed.\n\nDate: Wed, 4 Mar 2026\nFrom: support@msp.example\nTo: ana@customer.example\nSubject: Case 9\n\nIs it?\n", "Fixed."},
		{"header block with stars", "bold labels become stars", "Fixed.\n\n*From:* Support\n*Sent:* Wednesday\n*To:* Ana\n*Subject:* Case 9\n", "Fixed."},
		{"Outlook's line above the headers", "the line above a quote is cut too", "Fixed.\n________________________________\nFrom: Support\nSent: Wednesday\nTo: Ana\nSubject: Case 9\n", "Fixed."},
		{"a log with headers in it", "a sender alone does not begin a quote", "The log says:\nFrom: 10.0.0.1 port 22\nto 10.0.0.2 port 80\nlost 5 packets\n", ""},
		{"a table drawn with dashes", "dashes under a title do not begin a signature", "Port\n-----\n1 up\n2 down\n", ""},
		{"a sentence that ends in wrote", "a sentence is not an attribution", "On Monday the vendor wrote:\nwe shall replace it\n\nWhen?\n", ""},
	} {
		all = append(
			all,
			Mail{
				Name: "answer: " + c.name,
				Rule: c.rule,
				Raw:  plain("Subject: Re: Case 9", c.body),
				Want: Want{Reply: c.reply},
			},
		)
	}
	for language, block := range headerBlocks {
		all = append(
			all,
			Mail{Name: "headers in " + language, Rule: "the headers above a quoted mail in the language of the program",
				Raw: plain("Subject: Re: Case 9", "OK 42.\n\n"+block+"\n\nIs it up?\n"), Want: Want{Reply: "OK 42."}},
		)
	}
	for language, line := range separators {
		all = append(
			all,
			Mail{
				Name: "line of dashes in " + language,
				Rule: "the line above a quoted mail in the language of the program",
				Raw:  plain("Subject: Re: Case 9", "OK 42.\n\n-----"+line+"-----\nIs it up?\n"),
				Want: Want{Reply: "OK 42."},
			},
		)
	}
	return all
}

var headerBlocks = map[string]string{
	"German":     "Von: Support\nGesendet: Mittwoch, 4. März 2026 10:15\nAn: Ana\nBetreff: Case 9",
	"French":     "De : Support\nEnvoyé : mercredi 4 mars 2026 10:15\nÀ : Ana\nObjet : Case 9",
	"Spanish":    "De: Support\nEnviado el: miércoles, 4 de marzo de 2026\nPara: Ana\nAsunto: Case 9",
	"Italian":    "Da: Support\nInviato: mercoledì 4 marzo 2026\nA: Ana\nOggetto: Case 9",
	"Portuguese": "De: Support\nEnviado: quarta-feira, 4 de março de 2026\nPara: Ana\nAssunto: Case 9",
	"Dutch":      "Van: Support\nVerzonden: woensdag 4 maart 2026\nAan: Ana\nOnderwerp: Case 9",
	"Polish":     "Od: Support\nWysłano: środa, 4 marca 2026\nDo: Ana\nTemat: Case 9",
	"Czech":      "Od: Support\nOdesláno: středa 4. března 2026\nKomu: Ana\nPředmět: Case 9",
	"Slovak":     "Od: Support\nOdoslané: streda 4. marca 2026\nKomu: Ana\nPredmet: Case 9",
	"Slovenian":  "Od: Support\nPoslano: sreda, 04. marec 2026\nZa: Ana\nZadeva: Case 9",
	"Swedish":    "Från: Support\nSkickat: den 4 mars 2026\nTill: Ana\nÄmne: Case 9",
	"Danish":     "Fra: Support\nSendt: 4. marts 2026\nTil: Ana\nEmne: Case 9",
	"Finnish":    "Lähettäjä: Support\nLähetetty: keskiviikko 4. maaliskuuta 2026\nVastaanottaja: Ana\nAihe: Case 9",
	"Russian":    "От: Support\nОтправлено: 4 марта 2026 г.\nКому: Ana\nТема: Case 9",
	"Ukrainian":  "Від: Support\nНадіслано: 4 березня 2026 р.\nКому: Ana\nТема: Case 9",
	"Hungarian":  "Feladó: Support\nElküldve: 2026. március 4.\nCímzett: Ana\nTárgy: Case 9",
	"Romanian":   "De la: Support\nTrimis: miercuri, 4 martie 2026\nCătre: Ana\nSubiect: Case 9",
	"Greek":      "Από: Support\nΣτάλθηκε: Τετάρτη, 4 Μαρτίου 2026\nΠρος: Ana\nΘέμα: Case 9",
	"Turkish":    "Kimden: Support\nGönderildi: 4 Mart 2026 Çarşamba\nKime: Ana\nKonu: Case 9",
	"Japanese":   "差出人: Support\n送信日時: 2026年3月4日\n宛先: Ana\n件名: Case 9",
	"Chinese":    "发件人: Support\n发送时间: 2026年3月4日\n收件人: Ana\n主题: Case 9",
	"Korean":     "보낸 사람: Support\n보낸 날짜: 2026년 3월 4일\n받는 사람: Ana\n제목: Case 9",
	"Hebrew":     "מאת: Support\nנשלח: יום רביעי 4 מרץ 2026\nאל: Ana\nנושא: Case 9",
	"Arabic":     "من: Support\nتاريخ الإرسال: 4 مارس 2026\nإلى: Ana\nالموضوع: Case 9",
	"Vietnamese": "Từ: Support\nĐã gửi: 4 Tháng Ba 2026\nĐến: Ana\nChủ đề: Case 9",
}

var separators = map[string]string{
	"English":    "Original Message",
	"German":     "Ursprüngliche Nachricht",
	"French":     "Message d'origine",
	"Spanish":    "Mensaje original",
	"Italian":    "Messaggio originale",
	"Portuguese": "Mensagem original",
	"Dutch":      "Oorspronkelijk bericht",
	"Polish":     "Wiadomość oryginalna",
	"Czech":      "Původní zpráva",
	"Swedish":    "Ursprungligt meddelande",
	"Norwegian":  "Opprinnelig melding",
	"Finnish":    "Alkuperäinen viesti",
	"Russian":    "Исходное сообщение",
	"Hungarian":  "Eredeti üzenet",
	"Turkish":    "Orijinal Mesaj",
	"Greek":      "Αρχικό μήνυμα",
	"Chinese":    " 原始邮件 ",
	"Japanese":   "元のメッセージ",
	"Korean":     "원본 메시지",
	"Hebrew":     "הודעה מקורית",
	"Arabic":     "الرسالة الأصلية",
	"Vietnamese": "Thư gốc",
}

// attributions shows the line above a quote in various languages.
func attributions() []Mail {
	var all []Mail
	for language, line := range map[string]string{
		"English": "On Wed, Mar 4, 2026 at 10:15 AM Support <cases@msp.example> wrote:", "English, on two lines": "On Wed, Mar 4, 2026 at 10:15 AM Support <cases@msp.example>\nwrote:",
		"Dutch": "Op wo 4 mrt 2026 om 10:15 schreef Support <cases@msp.example>:", "French": "Le mer. 4 mars 2026 à 10:15, Support <cases@msp.example> a écrit :", "German": "Am Mi., 4. März 2026 um 10:15 Uhr schrieb Support <cases@msp.example>:",
		"Italian": "Il giorno mer 4 mar 2026 alle ore 10:15 Support <cases@msp.example> ha scritto:", "Polish": "śr., 4 mar 2026 o 10:15 Support <cases@msp.example> napisał(a):", "Slovak": "st 4. 3. 2026 o 10:15 Support <cases@msp.example> napísal(a):",
		"Czech": "st 4. 3. 2026 v 10:15 odesílatel Support <cases@msp.example> napsal:", "Portuguese": "Em qua., 4 de mar. de 2026 às 10:15, Support <cases@msp.example> escreveu:", "Spanish": "El mié, 4 mar 2026 a las 10:15, Support (<cases@msp.example>) escribió:",
		"Chinese": "Support <cases@msp.example> 于2026年3月4日周三 10:15写道：", "Japanese": "2026年3月4日(水) 10:15 Support <cases@msp.example>:", "Korean": "2026년 3월 4일 (수) 오전 10:15, Support <cases@msp.example>님이 작성:",
		"Norwegian": "ons. 4. mar. 2026 kl. 10:15 skrev Support <cases@msp.example>:", "Danish": "Den ons. 4. mar. 2026 kl. 10.15 skrev Support <cases@msp.example>:", "Russian": "ср, 4 мар. 2026 г. в 10:15, Support <cases@msp.example>:", "Ukrainian": "ср, 4 бер. 2026 р. о 10:15 Support <cases@msp.example> пише:",
		"Swedish": "Den ons 4 mars 2026 kl 10:15 skrev Support <cases@msp.example>:", "Finnish": "ke 4. maalisk. 2026 klo 10.15 Support (cases@msp.example) kirjoitti:", "Vietnamese": "Vào Th 4, 4 thg 3, 2026 vào lúc 10:15 Support <cases@msp.example> đã viết:",
		"Turkish": "Support <cases@msp.example>, 4 Mar 2026 Çar, 10:15 tarihinde şunu yazdı:", "Hungarian": "Support <cases@msp.example> ezt írta (időpont: 2026. márc. 4., Sze, 10:15):", "Romanian": "În mie., 4 mar. 2026 la 10:15, Support <cases@msp.example> a scris:",
		"Greek": "Στις Τετ 4 Μαρ 2026 στις 10:15 π.μ., ο/η Support <cases@msp.example> έγραψε:", "Hebrew": "\u200fבתאריך יום ד׳, 4 במרץ 2026 ב-10:15 מאת Support <cases@msp.example>:\u200f", "Arabic": "في الأربعاء، 4 مارس 2026 في 10:15 ص تمت كتابة ما يلي بواسطة Support <cases@msp.example>:",
		"Slovenian": "V V sre., 4. mar. 2026 ob 10:15 je oseba Support <cases@msp.example> napisala:", "date and address alone": "2026/3/4 Support <cases@msp.example>",
	} {
		all = append(all, Mail{
			Name: "attribution in " + language,
			Rule: "the line above a quote is cut with it",
			Raw:  plain("Subject: Re: Case 9", "OK 42.\n\n"+line+"\n\n> Is it up?\n> Thanks\n"),
			Want: Want{Reply: "OK 42."},
		})
	}
	return all
}

// signatures shows what programs and people add below a mail.
func signatures() []Mail {
	var all []Mail
	for language, line := range map[string]string{
		"English": "Sent from my iPhone", "English, Outlook": "Get Outlook for Android", "German": "Von meinem iPhone gesendet", "French": "Envoyé de mon iPhone", "Spanish": "Enviado desde mi iPhone", "Portuguese": "Enviado do meu iPhone",
		"Italian": "Inviato da iPhone", "Dutch": "Verstuurd vanaf mijn iPhone", "Polish": "Wysłane z iPhone'a", "Slovenian": "Poslano iz mojega iPhona", "Danish": "Sendt fra min iPhone", "Swedish": "Skickat från min iPhone", "Finnish": "Lähetetty iPhonesta",
		"Czech": "Odesláno z iPhonu", "Slovak": "Odoslané z iPhonu", "Russian": "Отправлено с iPhone", "Ukrainian": "Надіслано з iPhone", "Chinese": "发自我的iPhone", "Japanese": "iPhoneから送信", "Korean": "나의 iPhone에서 보냄", "Turkish": "iPhone'umdan gönderildi",
		"Hungarian": "iPhone-omról küldve", "Romanian": "Trimis de pe iPhone", "Greek": "Στάλθηκε από το iPhone μου", "Hebrew": "נשלח מה-iPhone שלי", "Arabic": "أُرسلت من الـ iPhone", "Vietnamese": "Đã gửi từ iPhone của tôi", "Croatian": "Poslano s mog iPhone-a",
	} {
		all = append(
			all,
			Mail{
				Name: "sent from, in " + language,
				Rule: "text that a program adds to every mail is not part of the reply",
				Raw:  plain("Subject: Re: Case 9", "OK 42.\n\n"+line+"\n"),
				Want: Want{Reply: "OK 42."},
			},
		)
	}
	for _, c := range []struct{ name, rule, body, reply string }{
		{"mark with a space", "what stands under \"-- \" is a signature", "OK 42.\n\n-- \nAna Novak\nIT, Mlekarna\n", "OK 42."},
		{"mark without its space", "many programs drop the space", "OK 42.\n\n--\nAna Novak\n", "OK 42."},
		{"above a quote", "a signature may precede the quote", "OK 42.\n\n-- \nAna\n\nOn 4 March 2026 at 9:00, Support wrote:\n> Is it up?\n", "OK 42."},
		{"dashes within a line", "dashes in a sentence do not begin a signature", "It is slow -- very slow.\n", ""},
		{"of a mailing list", "the footer of a mailing list is cut", "OK 42.\n\n_______________________________________________\nNetwork mailing list\nnetwork@lists.customer.example\n", "OK 42."},
		{"a sentence that begins like one", "a sentence is not a signature", "We have two sites.\nSent from my office, the packets arrive; sent from home, they do not.\n", ""},
	} {
		all = append(
			all,
			Mail{
				Name: "signature: " + c.name,
				Rule: c.rule,
				Raw:  plain("Subject: Re: Case 9", c.body),
				Want: Want{Reply: c.reply},
			},
		)
	}
	return all
}

// forwards shows forwarded mails, which are part of what the sender says.
func forwards() []Mail {
	var all []Mail
	for language, line := range map[string]string{
		"English": "---------- Forwarded message ---------", "English, Apple": "Begin forwarded message:", "German": "---------- Weitergeleitete Nachricht ----------", "French": "---------- Message transféré ----------", "Spanish": "---------- Mensaje reenviado ----------",
		"Italian": "---------- Messaggio inoltrato ----------", "Portuguese": "---------- Mensagem encaminhada ----------", "Dutch": "---------- Doorgestuurd bericht ----------", "Polish": "---------- Przekazana wiadomość ----------", "Swedish": "---------- Vidarebefordrat meddelande ----------",
		"Russian": "-------- Пересылаемое сообщение --------", "Japanese": "---------- 転送メッセージ ----------", "Chinese": "---------- 转发的邮件 ----------", "Korean": "---------- 전달된 메시지 ----------", "Hungarian": "---------- Továbbított üzenet ----------",
	} {
		all = append(
			all,
			Mail{
				Name: "forward in " + language,
				Rule: "forwarded text is part of the mail, with its headers",
				Raw: plain(
					"Subject: Vendor",
					"Please act.\n\n"+line+"\nFrom: Vendor <v@vendor.example>\nDate: Wed, 4 Mar 2026\nSubject: Recall\nTo: Ana\n\nPort 7 burns.\n",
				),
				Want: Want{Reply: ""},
			},
		)
	}
	for _, prefix := range []string{"Fwd: ", "FW: ", "WG: ", "TR: ", "RV: ", "Enc: ", "I: ", "VS: Fwd: "} {
		reply := ""
		if prefix == "VS: Fwd: " { // a reply, in Finnish
			reply = "Please act."
		}
		all = append(
			all,
			Mail{
				Name: "forward by subject " + prefix,
				Rule: "the subject distinguishes a forward from a reply if the text looks the same",
				Raw: plain("Subject: "+prefix+"Recall",
					"Please act.\n\nFrom: Vendor\nSent: Wednesday\nTo: Ana\nSubject: Recall\n\nPort 7 burns.\n"),
				Want: Want{Reply: reply},
			},
		)
	}
	return append(
		all,
		Mail{Name: "answer to a forward", Rule: "a forward within a quote is a quote", Raw: plain(
			"Subject: Re: Fwd: Recall",
			"OK 42.\n\nOn 4 March 2026 at 9:00, Support <cases@msp.example> wrote:\n> ---------- Forwarded message ---------\n> From: Vendor\n> Port 7 burns.\n",
		), Want: Want{Reply: "OK 42."}},
	)
}
