// Package language holds the languages of the portal's pages. A page names each sentence by its
// English text; a further language is a file that translates those sentences. What a language lacks
// is shown in English.
package language

import (
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"

	"github.com/tenantry/tenantry/shared/identity/preference"
)

// counted is a sentence whose form depends on a number.
type counted struct {
	// argument is the number's place among the values of the sentence, from 1.
	argument int
	// one is the form for the number 1, other the form for all other numbers.
	one, other string
}

func (c counted) message() catalog.Message {
	return plural.Selectf(c.argument, "%d", plural.One, c.one, plural.Other, c.other)
}

// texts has the sentences of all languages.
var texts = build()

func build() catalog.Catalog {
	builder := catalog.NewBuilder(catalog.Fallback(language.English))
	for key, sentence := range english() {
		must(builder.Set(language.English, key, sentence.message()))
	}
	for key, text := range german() {
		must(builder.SetString(language.German, key, text))
	}
	for key, sentence := range germanPlurals() {
		must(builder.Set(language.German, key, sentence.message()))
	}
	return builder
}

// must panics on a sentence that the catalog cannot read: an error in a file of this package.
func must(err error) {
	if err != nil {
		panic("language: " + err.Error())
	}
}

// Printer returns what prints sentences in a language; English for an unknown one.
func Printer(code string) *message.Printer {
	tag := language.English
	if code == preference.German {
		tag = language.German
	}
	return message.NewPrinter(tag, message.Catalog(texts))
}

// Match returns the language that suits the header Accept-Language of a request best (RFC 9110,
// 12.5.4); English if none does.
func Match(header string) string {
	_, at := language.MatchStrings(language.NewMatcher([]language.Tag{language.English, language.German}), header)
	return preference.Languages()[at]
}
