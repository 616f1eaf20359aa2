package reply

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// separators are the words between dashes above a quoted mail, by language, in lower case.
var separators = sync.OnceValue(func() map[string]bool {
	return wordSet(
		// English
		"original message", "original appointment", "reply message", "replied message", "original",
		"original email", "original e-mail", "original mail",
		// German
		"ursprüngliche nachricht", "originalnachricht", "original-nachricht", "original nachricht",
		"ursprünglicher termin",
		"message d'origine", "message d’origine", "message original", "message initial", // French
		"mensaje original",                                                      // Spanish
		"messaggio originale",                                                   // Italian
		"mensagem original",                                                     // Portuguese
		"oorspronkelijk bericht", "origineel bericht", "oorspronkelijke e-mail", // Dutch
		"wiadomość oryginalna", "oryginalna wiadomość", "pierwotna wiadomość", // Polish
		"izvirno sporočilo", "originalno sporočilo", "originalna poruka", "izvorna poruka", // Slovenian, Croatian
		// Danish, Norwegian
		"oprindelig meddelelse", "oprindelig besked", "original meddelelse", "opprinnelig melding",
		"original melding",
		"ursprungligt meddelande", "originalmeddelande", "ursprungligt e-postmeddelande", // Swedish
		"alkuperäinen viesti",                                                     // Finnish
		"původní zpráva", "původní e-mail", "pôvodná správa", "originální zpráva", // Czech, Slovak
		"исходное сообщение", "оригинальное сообщение", "исходное письмо", // Russian
		"вихідне повідомлення", "оригінальне повідомлення", "початкове повідомлення", // Ukrainian
		"eredeti üzenet", "eredeti levél", // Hungarian
		"mesaj original", "mesajul original", "mesaj inițial", // Romanian
		"αρχικό μήνυμα", "πρωτότυπο μήνυμα", // Greek
		"özgün ileti", "orijinal mesaj", "orjinal mesaj", "özgün mesaj", "orijinal ileti", // Turkish
		"הודעה מקורית",                   // Hebrew
		"الرسالة الأصلية", "رسالة أصلية", // Arabic
		"thư gốc", "tin nhắn gốc", "bản gốc", "thư ban đầu", // Vietnamese
		"원본 메시지", "원본메시지", "원본 메일", "원래 메시지", // Korean
		"原始邮件", "原始郵件", "邮件原件", "原郵件", "原邮件", "原始信件", "回复的原邮件", "回复的邮件", "原始訊息", // Chinese
		"元のメッセージ", "元のメール", "オリジナルメッセージ", // Japanese
	)
})

func wordSet(words ...string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, word := range words {
		set[word] = true
	}
	return set
}

// separator reports whether the line introduces a quoted mail, or is the marker of another ticket
// system.
func separator(line string) bool {
	if len(line) >= 250 {
		return false
	}
	line = strings.TrimSpace(line)
	if strings.HasPrefix(line, "##-") && strings.HasSuffix(line, "-##") {
		return len(line) > 10
	}
	words, before, behind := betweenDashes(line)
	return before >= 2 && behind >= 2 && separators()[words]
}

// betweenDashes returns the words between dashes and similar characters, in lower case, and the
// numbers of those characters before and after them.
func betweenDashes(line string) (words string, before, behind int) {
	const dashes = "-–—_=* "
	words = strings.TrimLeft(line, dashes)
	before = utf8.RuneCountInString(line) - utf8.RuneCountInString(words)
	inner := strings.TrimRight(words, dashes)
	return strings.ToLower(inner), before, utf8.RuneCountInString(words) - utf8.RuneCountInString(inner)
}

// field is the header that a label stands for.
type field uint8

const (
	noField field = iota
	fromField
	sentField
	toField
	subjectField
	otherField
)

// labels are the names of headers above a quoted mail, in many languages.
var labels = sync.OnceValue(func() map[string]field {
	return labelTable(map[field]string{
		fromField: "from von de da van od fra från lähettäjä odesílatel odosielateľ от от_кого від від_кого 发件人 寄件者 寄件人 差出人 送信者 发信人 發件人 pošiljatelj " +
			"보낸_사람 보낸사람 발신 kimden gönderen feladó de_la από αποστολέας מאת من المرسل từ người_gửi dari pošiljalac expediteur expéditeur mittente remitente remetente afzender nadawca",
		sentField: "sent date message_du gesendet datum envoyé envoyé_le enviado enviado_el enviada_em enviada enviado_em inviato data fecha verzonden wysłano wysłane sendt dato skickat lähetetty päivämäärä päiväys odesláno odoslané datum_odeslání отправлено дата надіслано 发送时间 发送日期 寄件日期 發送時間 傳送時間 日期 时间 送信日時 日時 送信済み poslano fecha_de_envío sent_at date_sent date_d'envoi " +
			"보낸_날짜 날짜 전송됨 gönderildi gönderme_tarihi tarih elküldve dátum küldve trimis trimis_la dată στάλθηκε ημερομηνία εστάλη נשלח תאריך تاريخ_الإرسال أرسلت التاريخ تم_الإرسال đã_gửi ngày gửi ngày_gửi dikirim tanggal enviat poslato dátum_odoslania",
		toField: "to an à a para aan do til till vastaanottaja kenelle komu pre кому 收件人 收件者 宛先 收信人 za prima destinatario destinataire per_a " +
			"받는_사람 받는사람 수신 kime alıcı címzett către catre προς אל ل إلى المستلم đến tới người_nhận kepada",
		subjectField: "subject betreff objet asunto oggetto assunto onderwerp temat emne ämne aihe předmět predmet тема 主题 主旨 件名 標題 主題 zadeva " +
			"제목 konu tárgy subiect θέμα נושא الموضوع موضوع chủ_đề tiêu_đề subjek perihal naslov assumpte sujet",
		otherField: "cc copie_à kopie copie kopia kopi копия копія 抄送 副本 kp importance wichtigkeit reply-to bcc priorität priority attachments attachment anlagen anhang 참조 bilgi másolat κοιν κοινοποίηση עותק نسخة đồng_gửi kopio kópia cco ccn организация organization organisation 重要性 附件 when where wann wo",
	})
})

func labelTable(words map[field]string) map[string]field {
	table := map[string]field{}
	for of, list := range words {
		for label := range strings.FieldsSeq(list) {
			table[strings.ReplaceAll(label, "_", " ")] = of
		}
	}
	return table
}

// fieldOf returns the field of a line such as "Gesendet: Mittwoch, 4. März 2026 10:15".
func fieldOf(line string) field {
	line = strings.Trim(strings.TrimSpace(line), "*\u200e\u200f")
	at := strings.IndexAny(line, ":：")
	if at <= 0 || at > 40 {
		return noField
	}
	return labels()[strings.ToLower(strings.Trim(line[:at], "* \t\u00a0\u200e\u200f"))]
}

// maxBlock is the maximum number of lines of the headers of a quoted mail: lists of recipients may
// take several.
const maxBlock = 12

// headerBlock reports whether the lines begin with the headers of a quoted mail: the sender,
// followed by two of date, recipient and subject. Some programs begin with another header; then all
// lines must be headers.
func headerBlock(all []string) bool {
	first := fieldOf(all[0])
	if first == noField || first == otherField {
		return false
	}
	seen := map[field]bool{}
	empty := 0
	for _, line := range all[1:min(len(all), maxBlock)] {
		if EmptyLine(line) {
			if empty++; empty > 4 || first != fromField {
				break
			}
			continue
		}
		kind := fieldOf(line)
		if kind == noField && first != fromField {
			break
		}
		seen[kind] = true
	}
	if first != fromField {
		return seen[fromField] && len(seen) >= 2
	}
	count := 0
	for _, required := range []field{sentField, toField, subjectField} {
		if seen[required] {
			count++
		}
	}
	return count >= 2
}
