package reply

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// maxSignature is the maximum number of lines of a signature below its mark "-- ". More lines are
// more likely text that contains a line of dashes.
const maxSignature = 25

// signature returns the index at which the signature begins; len(all) if there is none. The mark is
// "-- " (RFC 3676, 4.3). Many programs remove its space, and people separate answers with the same
// line, so without the space the sender's name must follow.
func (m Mail) signature(all []string) int {
	for i := len(all) - 1; i >= 0 && i >= len(all)-maxSignature; i-- {
		if quoted(all[i]) {
			break
		}
		switch line := strings.TrimRight(all[i], " \t\u00a0"); {
		case line != "--" && line != "—":
		case all[i] == "-- " || m.signs(all[i+1:]):
			return i
		default:
			return len(all)
		}
	}
	return len(all)
}

const (
	// maxNameLine is the maximum number of words in the first line of a signature.
	maxNameLine = 6
	// maxUnnamed is the maximum number of lines of a signature if the sender's name is unknown.
	maxUnnamed = 8
)

// signs reports whether the lines look like the sender's signature: one of the first two contains
// the sender's name. If the name is unknown, a few lines suffice, of which the first could be a
// name.
func (m Mail) signs(block []string) bool {
	var lines []string
	for _, line := range block {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, strings.ToLower(line))
		}
	}
	if len(lines) == 0 {
		return true
	}
	words := strings.Fields(lines[0])
	sentence := len(words) > 3 && strings.ContainsAny(lines[0][len(lines[0])-1:], ".?!:")
	if len(words) > maxNameLine || sentence || hasDigit(words[0]) || fieldOf(lines[0]) != noField {
		return false
	}
	names := m.names()
	if len(names) == 0 {
		return len(block) <= maxUnnamed
	}
	for _, line := range lines[:min(2, len(lines))] {
		words := strings.FieldsFunc(line, func(r rune) bool { return !unicode.IsLetter(r) && r != '@' && r != '.' })
		if slices.ContainsFunc(words, func(word string) bool { return names[strings.Trim(word, ".")] }) {
			return true
		}
	}
	return false
}

// names returns the words that may identify the sender in a signature, in lower case.
func (m Mail) names() map[string]bool {
	names := map[string]bool{}
	local, domain, _ := strings.Cut(strings.ToLower(m.Address), "@")
	company, _, _ := strings.Cut(domain, ".")
	notLetter := func(r rune) bool { return !unicode.IsLetter(r) }
	for _, word := range strings.FieldsFunc(strings.ToLower(m.Name)+" "+local+" "+company, notLetter) {
		if utf8.RuneCountInString(word) > 2 {
			names[word] = true
		}
	}
	if m.Address != "" {
		names[strings.ToLower(m.Address)] = true
	}
	return names
}

// maxFooter is the maximum number of lines of a mailing list's footer.
const maxFooter = 6

// listFooter returns the index at which the footer of a mailing list begins; len(all) if there is
// none.
func listFooter(all []string) int {
	named := false
	for i := len(all) - 1; i >= 0 && i >= len(all)-maxFooter-1; i-- {
		line := strings.TrimSpace(all[i])
		if named && len(line) >= 40 && strings.Trim(line, "_") == "" {
			return i
		}
		named = named || strings.Contains(strings.ToLower(line), "mailing list")
	}
	return len(all)
}

// sentFromLine matches the lines that programs, mostly on phones, add to every mail.
var sentFromLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^[\s<(\[*_]*(` + strings.Join([]string{
		// English
		`sent (from|via|using|with) my [^,;:]{2,60}$`,
		`sent (from|via|using|with) \[?(mail |yahoo|outlook|proton|samsung|gmail|k-9|aqua|blackberry|type app)`,
		`get outlook for `, `get bluemail for `,
		// German
		`von (meinem|meiner|unterwegs).{0,60}(gesendet|gesendet\.)`, `gesendet (von|mit|über|aus) `,
		`diese nachricht wurde von meinem `, `outlook für (ios|android)`, `holen sie sich outlook`,
		`envoyé (de|depuis|à partir|avec) `, `obtenez outlook`, // French
		`enviado (desde|do|de|a partir|via|com) `, `obtener outlook`, `obter o outlook`, // Spanish, Portuguese
		`inviato (da|dal|dalla|con) `, `scarica outlook`, // Italian
		`verzonden (vanaf|vanuit|met|via) `, `verstuurd (vanaf|via) `, `outlook voor `, // Dutch
		`wysłan[eoy] (z|ze|za) `, `pobierz outlook`, // Polish
		`poslano (z|iz|s) `,                                                          // Slovenian
		`sendt fra `, `skickat från `, `hämta outlook`, `få outlook`, `hent outlook`, // Danish, Norwegian, Swedish
		`lähetetty `,                           // Finnish
		`odesláno (z|ze) `, `odoslané (z|zo) `, // Czech, Slovak
		`отправлено (с|из|от) `, `надіслано (з|із) `, // Russian, Ukrainian
		`发自我的`, `發自我的`, `從我的 ?.{1,20}傳送`, `获取 ?outlook`, // Chinese
		`(iphone|ipad|android|スマートフォン|outlook).{0,20}(から送信|を入手)`,                                // Japanese
		`.{0,30}(iphone|ipad|android|galaxy|갤럭시|outlook|휴대폰).{0,20}(에서 보냄|에서 보냈습니다|에서 발송)`,      // Korean
		`.{0,40}(iphone|ipad|android|telefon|outlook|samsung|yahoo).{0,30} gönderil(di|miştir)`, // Turkish
		// Hungarian
		`.{0,40}(iphone|ipad|android|készülék|telefon|outlook|samsung).{0,30} küld(ve|tem|ték)`,
		`küldve (az|a) `,
		`trimis (de pe|din|cu|de la) `, // Romanian
		`στάλθηκε από `, `εστάλη από `, // Greek
		`נשלח (מ|באמצעות)`,                             // Hebrew
		`(أ|أُ)رسلت من `, `تم الإرسال من `, `مرسل من `, // Arabic
		`(được )?gửi từ `, `đã gửi từ `, // Vietnamese
		// Croatian, Serbian, Bulgarian, Indonesian, Catalan
		`poslano (s|sa) `, `послато са `, `изпратено от `, `dikirim dari `, `enviat (des|de|amb) `,
	}, "|") + `)`)
})

// sentFrom reports whether a program added the line.
func sentFrom(line string) bool {
	return len(line) < 150 && sentFromLine().MatchString(line)
}
