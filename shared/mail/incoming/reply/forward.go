package reply

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

// forwardPrefix matches the prefixes of the subjects of forwarded mails.
var forwardPrefix = plaintext.Pattern(
	`(?i)^\s*(\[[^\]]{1,40}\]\s*)*(fwd?|wg|tr|rv|enc|res enc|doorst|pd|vb|vl|i|posr|přep|prep|пересл|переслано|fwd?\[\d+\]|továbbítás|továbbítva|ilt|yml|yönlendir|πρθ|πρ|redir|redirecționat|转发|轉寄|轉發|転送|전달|chuyển tiếp|إعادة توجيه|הועבר|terusan)\s*[:：]`,
)

// Forwarded reports whether the subject is that of a forwarded mail. What such a mail quotes is its
// content.
func Forwarded(subject string) bool { return forwardPrefix().MatchString(subject) }

// forwardWords are the words that programs write above a forwarded mail, in lower case.
var forwardWords = sync.OnceValue(func() map[string]bool {
	return wordSet(
		// English
		"forwarded message", "begin forwarded message", "forwarded mail", "forwarded letter",
		"start of forwarded message",
		"weitergeleitete nachricht", "anfang der weitergeleiteten nachricht", "weitergeleitete e-mail", // German
		// French
		"message transféré", "début du message réexpédié", "début du message transféré", "message réexpédié",
		"courriel transféré",
		"mensaje reenviado", "inicio del mensaje reenviado", "mensaje remitido", // Spanish
		// Portuguese
		"mensagem encaminhada", "mensagem reencaminhada", "início da mensagem reencaminhada",
		"início da mensagem encaminhada",
		"messaggio inoltrato", "inizio messaggio inoltrato", // Italian
		"doorgestuurd bericht", "begin doorgestuurd bericht", // Dutch
		// Polish
		"przekazana wiadomość", "wiadomość przekazana dalej", "treść przekazanej wiadomości",
		"początek przekazanej wiadomości", "przekazywana wiadomość",
		// Swedish
		"vidarebefordrat meddelande", "vidarebefordrat brev", "påbörjat vidarebefordrat meddelande",
		"vidarebefordrat mejl",
		// Norwegian, Danish
		"videresendt melding", "start på videresendt melding", "videresendt meddelelse", "videresendt besked",
		"start på videresendt besked",
		"välitetty viesti", "edelleenlähetetty viesti", "välitetty viesti alkaa", // Finnish
		// Czech, Slovak
		"přeposlaná zpráva", "přeposílaná zpráva", "začátek přeposlané zprávy", "preposlaná správa",
		"začiatok preposlanej správy",
		"továbbított üzenet", "továbbított levél", "továbbított üzenet kezdete", // Hungarian
		// Romanian
		"mesaj redirecționat", "mesaj redirectionat", "mesajul redirecționat",
		"începutul mesajului redirecționat",
		"προωθημένο μήνυμα", "μήνυμα που προωθήθηκε", "αρχή προωθημένου μηνύματος", // Greek
		// Russian
		"пересылаемое сообщение", "пересланное сообщение", "перенаправленное сообщение",
		"начало переадресованного сообщения", "пересылаемое письмо",
		"переслане повідомлення", "переадресоване повідомлення", "пересилане повідомлення", // Ukrainian
		// Turkish
		"iletilen mesaj", "iletilmiş mesaj", "iletilen ileti", "yönlendirilen ileti",
		"iletilen iletinin başlangıcı",
		"転送メッセージ", "転送されたメッセージ", "転送メール", "ここから転送メール", // Japanese
		"转发的邮件", "转发邮件", "转发的邮件信息", "已转发邮件", "轉寄郵件", "轉寄的郵件", "轉寄訊息", "轉寄的訊息", "开始转发的邮件", "开始转发邮件", // Chinese
		"전달된 메시지", "전달된 메일", "전달된 메세지", "전달한 메시지", "전달된 메시지 시작", // Korean
		"رسالة معاد توجيهها", "الرسالة المعاد توجيهها", "رسالة محولة", "رسالة مُعاد توجيهها", // Arabic
		"הודעה שהועברה", "תחילת ההודעה שהועברה", "הודעה מועברת", // Hebrew
		// Vietnamese
		"thư được chuyển tiếp", "tin nhắn đã chuyển tiếp", "thư đã chuyển tiếp",
		"bắt đầu thư được chuyển tiếp",
		"posredovano sporočilo", "proslijeđena poruka", "prosleđena poruka", // Slovenian, Croatian, Serbian
	)
})

// ForwardMark reports whether the line introduces a forwarded mail: the words are between dashes,
// or a colon follows.
func ForwardMark(line string) bool {
	if len(line) > 250 {
		return false
	}
	line = strings.Trim(strings.TrimSpace(line), "\u200e\u200f")
	if line == "" || !strings.ContainsRune("-–—_=*", firstRune(line)) && !colonAtEnd(line) {
		return false
	}
	words, before, _ := betweenDashes(line)
	trimmed := strings.TrimRight(words, " \u00a0:：")
	if before < 2 && trimmed == words {
		return false
	}
	return forwardWords()[trimmed] ||
		before >= 2 &&
			(strings.HasPrefix(trimmed, "forwarded by ") || strings.HasPrefix(trimmed, "weitergeleitet von "))
}

func firstRune(line string) rune {
	first, _ := utf8.DecodeRuneInString(line)
	return first
}

// PassedOnFrom returns the From header of the mail that a text forwards; false if it forwards none.
// The headers follow the line that introduces the mail or, if the subject says that the mail was
// forwarded, may be anywhere.
func PassedOnFrom(text string, bySubject bool) (string, bool) {
	all := strings.Split(text, "\n")
	for i := range all {
		all[i] = strings.TrimLeft(all[i], "> \t") // some programs mark what they pass on as a quote
	}
	marked := bySubject
	for i, line := range all {
		if ForwardMark(line) {
			marked = true
			continue
		}
		if !marked || fieldOf(line) == noField || !headerBlock(all[i:]) {
			continue
		}
		for _, line := range all[i:min(len(all), i+maxBlock)] {
			if fieldOf(line) == fromField {
				_, from, _ := strings.Cut(strings.ReplaceAll(line, "：", ":"), ":")
				return strings.Trim(from, "* \t\u00a0"), true
			}
		}
	}
	return "", false
}

// pointsBelow are phrases that refer the reader to answers inside the quote. If the program does
// not mark quotes, such answers can only be kept together with the quote.
var pointsBelow = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)` + strings.Join([]string{
		// English
		`\b(answers?|comments?|repl(y|ies)|responses?|remarks?)\b.{0,20}\b(below|in-?line|within|in (red|blue|green|bold|colou?r))\b`,
		`\b(answered|replied|responded|commented)\b.{0,30}\b(below|in-?line|within|in (red|blue|green|bold|colou?r))\b`,
		`\b(below|text|mail) in (red|blue|green|bold|colou?r)\b`,
		`\b(see|find) (below|in-?line)\b`, `\bin-?line (answers?|comments?|repl(y|ies))\b`,
		`(^|[\s>\[(<])in-?line[.:;,!]?\s*$`,
		`(antworten?|kommentare?|anmerkungen) .{0,30}(unten|im text|in (rot|blau|grün))`, `\bsiehe unten\b`, // German
		// French
		`(réponses?|commentaires?) .{0,30}(ci-dessous|dans le texte|en (rouge|bleu|vert))`,
		`\bvoir ci-dessous\b`,
		`(respuestas?|comentarios?) .{0,30}(abajo|más abajo|en (rojo|azul))`, `\bver (más )?abajo\b`, // Spanish
		// Portuguese, Italian
		`(respostas?|comentários?) .{0,30}(abaixo|em (vermelho|azul))`,
		`(rispost[ae]|commenti) .{0,30}(sotto|di seguito|in (rosso|blu))`,
		// Dutch
		`(antwoorden|antwoord|opmerkingen) .{0,30}(hieronder|onder|in (rood|blauw))`,
		`\bzie (onder|hieronder)\b`,
		// Polish, Czech, Slovak, Slovenian
		`(odpowiedzi|komentarze) .{0,30}(poniżej|w treści)`,
		`(odpovědi|odpovede) .{0,30}(níže|nižšie|v textu)`, `(odgovori|odgovor) .{0,30}(spodaj|v besedilu)`,
		// Scandinavian, Finnish
		`(svar|kommentarer) .{0,30}(nedan|nedenfor|herunder|i rött|i rødt)`,
		`(vastaukset|kommentit) .{0,30}(alla|tekstissä)`,
		// Russian, Ukrainian, Hungarian
		`(ответы|комментарии|отве(тил|чаю)) .{0,30}(ниже|в тексте)`,
		`(відповіді|коментарі) .{0,30}(нижче|в тексті)`, `válasz(ok|aim|om)? .{0,30}(lent|alább)`,
	}, "|"))
})

// PointsBelow reports whether the end of a text says that answers follow.
func PointsBelow(text string) bool { return answersBelow(strings.Split(text, "\n")) }

// answersBelow reports whether the last lines above a quote say that answers follow in it.
func answersBelow(above []string) bool {
	for i := len(above) - 1; i >= max(0, len(above)-30); i-- {
		if line := above[i]; len(line) < 400 && pointsBelow().MatchString(line) {
			return true
		}
	}
	return false
}
