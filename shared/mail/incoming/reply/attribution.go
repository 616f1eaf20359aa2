package reply

import (
	"slices"
	"strings"
	"unicode"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

const (
	maxAttributionLines = 3
	maxVerb             = 3   // words of a line that only says "wrote", as "a écrit :"
	maxAttribution      = 500 // bytes
)

// wrote are the words by which programs introduce a quote, in lower case.
var wrote = []string{
	" wrote", ">wrote", " writes", // English
	" schrieb", " hat geschrieben", // German
	" a écrit", " écrit", // French
	" escribió", " escribio", // Spanish
	" ha scritto", " scrisse", // Italian
	" escreveu",                            // Portuguese
	" schreef", " het volgende geschreven", // Dutch
	" napisał", " pisze", // Polish, and Slovenian below
	" je napisal", " je napisala", " je pisal", // Slovenian
	" skrev",              // Danish, Norwegian, Swedish
	" kirjoitti",          // Finnish
	" napsal", " napísal", // Czech, Slovak
	" написал", " пишет", " писал", // Russian
	" пише", " написав", " написала", // Ukrainian
	"写道", "寫道", // Chinese
	"のメール", "書きました", "さんのメッセージ", // Japanese
	"작성:", "님이 작성", "썼습니다", "님이 쓴", // Korean
	" đã viết", " viết:", // Vietnamese
	" yazdı", " yazmış", " yazdi", // Turkish
	" írta",               // Hungarian
	" a scris",            // Romanian
	" έγραψε", " έγραψαν", // Greek
	" כתב", " מאת ", "כתב/ה", // Hebrew
	" كتب", "كتب:", "تمت كتابة", // Arabic
	" je napisao", " je pisao", " napisao", // Croatian, Serbian
	" написа", // Bulgarian
	// Catalan, Indonesian, Lithuanian, Latvian, Estonian, Persian
	" va escriure", " menulis", " rašė", " rakstīja", " kirjutas", " نوشت",
}

// opens are the words with which such a line begins, in lower case.
var opens = []string{
	"on ", "am ", "le ", "el ", "il ", "em ", "a ", "op ", "w dniu ", "dnia ", "den ", "på ", "dne ", "dňa ",
	"v ", "в ", "在", "于", "於", "il giorno ", "el dia ", "el día ", "vào ", "la data ", "în ", "in data ",
	"pe ", "στις ", "την ", "τη ", "בתאריך ", "ב-", "ביום ", "في ", "بتاريخ ", "dana ", "pada ", "на ", "kl",
	"tarihinde ", "lúc ",
}

var (
	// weekday finds lines that begin with a day of the week, as in "wt., 5 mar 2024".
	weekday = plaintext.Pattern(`^\pL{1,14}\.?,? \d{1,2}[. ]`)
	// dateFirst finds lines that begin with a date.
	dateFirst = plaintext.Pattern(
		`^(\d{4}[-./年] ?\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2}|(\pL{1,14}\.?,? )?\d{1,2}\.? \pL{3,12}\.?,? \d{4})`,
	)
)

var addressAtEnd = plaintext.Pattern(`<[^<>\s@]+@[^<>\s]+>[\s\x{200e}\x{200f}]{0,3}[^<>]{0,30}[:：][\x{200e}\x{200f}]*$`)

// attribution reports how many lines at the beginning make up a line such as
// "On 4 March 2026 at 10:15, Ana Novak <ana@example.com> wrote:"; 0 if they do not.
func attribution(all []string) int {
	joined := ""
	for size := 1; size <= maxAttributionLines && size <= len(all); size++ {
		line := strings.TrimSpace(all[size-1])
		if line == "" || quoted(line) {
			return 0
		}
		if joined = strings.TrimSpace(joined + " " + line); len(joined) > maxAttribution {
			return 0
		}
		if dashed(joined) {
			return size
		}
		if !colonAtEnd(joined) {
			continue
		}
		if !tellsWhoWrote(joined, size == 1) {
			return 0
		}
		// "Thanks!" above such a line must not be taken for its beginning.
		for first := 1; first < size; first++ {
			rest := strings.TrimSpace(strings.Join(all[first:size], " "))
			if tellsWhoWrote(rest, false) ||
				opening(strings.ToLower(rest)) && len(strings.Fields(rest)) > maxVerb && introduces(all[first:size]) {
				return 0
			}
		}
		return size
	}
	return 0
}

// dashed reports whether a line between dashes tells who wrote, as in "---- On … wrote ----".
func dashed(joined string) bool {
	if !strings.HasPrefix(joined, "---") || !strings.HasSuffix(joined, "---") {
		return false
	}
	words, _, _ := betweenDashes(joined)
	return tellsWhoWrote(words, true)
}

func hasDigit(text string) bool { return strings.ContainsAny(text, "0123456789") }

// tellsWhoWrote looks at a line that ends in a colon. An address in it is enough to believe it;
// without one, or over several lines, it must also begin like one. A line that begins with a date and
// ends with an address needs no word for writing.
func tellsWhoWrote(joined string, addressIsEnough bool) bool {
	lower := strings.ToLower(strings.TrimSpace(joined))
	if !hasDigit(lower) {
		return false
	}
	if !ContainsAny(lower, wrote) {
		return dateFirst().MatchString(lower) && clock().MatchString(lower) && addressAtEnd().MatchString(lower)
	}
	return opening(lower) || addressIsEnough && strings.Contains(lower, "@")
}

// introduces reports whether the lines introduce the quote that follows them. With a
// quote behind it less is asked of a line: "Ana wrote:" is enough.
func introduces(all []string) bool {
	joined := strings.TrimSpace(strings.Join(all, " "))
	if len(joined) > maxAttribution || !colonAtEnd(joined) {
		return len(joined) <= maxAttribution && dateAndAddress().MatchString(joined)
	}
	lower := strings.ToLower(joined)
	return ContainsAny(lower, wrote) || addressAtEnd().MatchString(joined)
}

// dateAndAddress is such a line without a word or colon: "2026/3/4 Ana <ana@example.com>".
var dateAndAddress = plaintext.Pattern(`^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b[^<>]{0,100}<[^<>\s@]+@[^<>\s]+>$`)

var clock = plaintext.Pattern(`\d{1,2}[:.hH]\d{2}|\d{1,2} ?(h|uhr|klo)\b|\d点|\d時`)

// dated reports whether the lines tell a moment or an address, which a sentence that
// merely ends in "wrote:" hardly does.
func dated(all []string) bool {
	joined := strings.Join(all, " ")
	return strings.Contains(joined, "@") || clock().MatchString(joined)
}

func opening(lower string) bool {
	return lower != "" &&
		(slices.ContainsFunc(opens, func(word string) bool { return strings.HasPrefix(lower, word) }) ||
			weekday().MatchString(lower) || unicode.IsDigit([]rune(lower)[0]))
}

func colonAtEnd(line string) bool {
	line = strings.TrimRight(line, "\u200e\u200f\u00a0 ") // marks of direction, as Hebrew and Arabic mails have
	return strings.HasSuffix(line, ":") || strings.HasSuffix(line, "：")
}

// ContainsAny reports whether a text contains one of some words.
func ContainsAny(text string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
}
