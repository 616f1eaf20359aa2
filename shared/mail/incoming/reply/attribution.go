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

// wrote are the words with which programs introduce a quote, in lower case.
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

// opens are the words with which an attribution begins, in lower case.
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

// attribution returns the number of lines at the beginning that are an attribution such as "On 4
// March 2026 at 10:15, Ana Novak <ana@example.com> wrote:"; 0 if there is none.
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
		// "Thanks!" above an attribution is not its beginning.
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

// dashed reports whether the line is an attribution between dashes, such as "---- On … wrote ----".
func dashed(joined string) bool {
	if !strings.HasPrefix(joined, "---") || !strings.HasSuffix(joined, "---") {
		return false
	}
	words, _, _ := betweenDashes(joined)
	return tellsWhoWrote(words, true)
}

func hasDigit(text string) bool { return strings.ContainsAny(text, "0123456789") }

// tellsWhoWrote reports whether a line that ends in a colon is an attribution. An address in it
// suffices; without one, or over several lines, it must also begin like an attribution. A line that
// begins with a date and ends with an address needs no word for writing.
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

// introduces reports whether the lines introduce the quote that follows them. Directly above a
// quote, "Ana wrote:" suffices.
func introduces(all []string) bool {
	joined := strings.TrimSpace(strings.Join(all, " "))
	if len(joined) > maxAttribution || !colonAtEnd(joined) {
		return len(joined) <= maxAttribution && dateAndAddress().MatchString(joined)
	}
	lower := strings.ToLower(joined)
	return ContainsAny(lower, wrote) || addressAtEnd().MatchString(joined)
}

// dateAndAddress matches attributions without a word or colon: "2026/3/4 Ana <ana@example.com>".
var dateAndAddress = plaintext.Pattern(`^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b[^<>]{0,100}<[^<>\s@]+@[^<>\s]+>$`)

var clock = plaintext.Pattern(`\d{1,2}[:.hH]\d{2}|\d{1,2} ?(h|uhr|klo)\b|\d点|\d時`)

// dated reports whether the lines contain a time or an address, which a sentence that merely ends
// in "wrote:" hardly does.
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

// ContainsAny reports whether the text contains one of the words.
func ContainsAny(text string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
}
