package incoming

import (
	"regexp"
	"strings"
	"sync"
)

// separatorLine is what stands above a quoted mail between dashes, per language.
var separatorLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^[-–—_ ]{2,}\s*(` + strings.Join([]string{
		"original message", "original appointment", "reply message", // English
		"ursprüngliche nachricht", "originalnachricht", "original-nachricht", "ursprünglicher termin", // German
		"message d'origine", "message d’origine", "message original", // French
		"mensaje original",                            // Spanish
		"messaggio originale",                         // Italian
		"mensagem original",                           // Portuguese
		"oorspronkelijk bericht", "origineel bericht", // Dutch
		"wiadomość oryginalna", "oryginalna wiadomość", // Polish
		"izvirno sporočilo", "originalno sporočilo", // Slovenian
		"oprindelig meddelelse", "opprinnelig melding", // Danish, Norwegian
		"ursprungligt meddelande", "originalmeddelande", // Swedish
		"alkuperäinen viesti",                                // Finnish
		"původní zpráva", "původní e-mail", "pôvodná správa", // Czech, Slovak
		"исходное сообщение", "оригинальное сообщение", "пересылаемое сообщение", // Russian
		"вихідне повідомлення", "оригінальне повідомлення", // Ukrainian
		"原始邮件", "原始郵件", "邮件原件", "原郵件", // Chinese
		"元のメッセージ", "original message", // Japanese
	}, "|") + `)\s*[-–—_ ]{2,}$`)
})

// separator reports whether the line stands above a quoted mail.
func separator(line string) bool {
	return len(line) < 200 && separatorLine().MatchString(strings.TrimSpace(line))
}

// field says which header a label stands for.
type field uint8

const (
	noField field = iota
	fromField
	sentField
	toField
	subjectField
	otherField
)

// labels are the names of headers as programs write them above a quoted mail.
var labels = sync.OnceValue(func() map[string]field {
	return labelTable(map[field]string{
		fromField:    "from von de da van od fra från lähettäjä odesílatel odosielateľ от от_кого від 发件人 寄件者 寄件人 差出人 送信者 pošiljatelj",
		sentField:    "sent date gesendet datum envoyé envoyé_le enviado enviado_el enviada_em enviado_em inviato data fecha verzonden wysłano wysłane sendt dato skickat lähetetty päivämäärä odesláno odoslané datum_odeslání отправлено дата надіслано 发送时间 发送日期 寄件日期 傳送時間 日期 时间 送信日時 日時 poslano fecha_de_envío",
		toField:      "to an à a para aan do til till vastaanottaja komu pre кому 收件人 收件者 宛先 za",
		subjectField: "subject betreff objet asunto oggetto assunto onderwerp temat emne ämne aihe předmět predmet тема 主题 主旨 件名 zadeva",
		otherField:   "cc kopie copie kopia kopi копия копія 抄送 副本 kp importance wichtigkeit reply-to bcc priorität attachments anlagen",
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

// fieldOf reads a line such as "Gesendet: Mittwoch, 4. März 2026 10:15".
func fieldOf(line string) field {
	line = strings.Trim(strings.TrimSpace(line), "*")
	at := strings.IndexAny(line, ":：")
	if at <= 0 || at > 40 {
		return noField
	}
	return labels()[strings.ToLower(strings.Trim(line[:at], "* \t\u00a0"))]
}

// maxBlock is how many lines are looked at for the headers of a quoted mail: lists of
// recipients go over several lines.
const maxBlock = 12

// headerBlock reports whether the lines begin with the headers of a quoted mail: the
// sender first, and two of date, recipient and subject below it.
func headerBlock(all []string) bool {
	if first := fieldOf(all[0]); first != fromField {
		return false
	}
	seen := map[field]bool{}
	empty := 0
	for _, line := range all[1:min(len(all), maxBlock)] {
		if emptyLine(line) {
			if empty++; empty > 4 {
				break
			}
			continue
		}
		seen[fieldOf(line)] = true
	}
	found := 0
	for _, wanted := range []field{sentField, toField, subjectField} {
		if seen[wanted] {
			found++
		}
	}
	return found >= 2
}

// forwardPrefix is how programs mark the subject of a forwarded mail.
var forwardPrefix = pattern(`(?i)^\s*(fwd?|wg|tr|rv|enc|doorst|pd|vb|vl|posr|пересл|转发|轉寄|転送)\s*[:：]`)

// forwarded reports whether the subject says that the mail was forwarded. What it
// quotes is then what the sender wants to tell.
func forwarded(subject string) bool { return forwardPrefix().MatchString(subject) }
