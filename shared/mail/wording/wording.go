// Package wording has the sentences of mails in the languages that people can choose. A mail names each
// sentence by its English text, as the portal's pages do; what a language lacks is written in English.
package wording

import (
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
)

// Language is the code of the language of a mail, as in a person's preferences; "" and unknown codes
// stand for English.
type Language string

// German is the code of German (BCP 47).
const German Language = "de"

// texts has the sentences of all languages but English, whose sentences are their own keys.
var texts = build()

func build() catalog.Catalog {
	builder := catalog.NewBuilder(catalog.Fallback(language.English))
	for key, text := range german() {
		if err := builder.SetString(language.German, key, text); err != nil {
			panic("wording: " + err.Error()) // an error in a file of this package
		}
	}
	return builder
}

// T returns a sentence with its values. Numbers that must not be grouped, such as those of cases, are
// passed as texts.
func (l Language) T(key string, values ...any) string {
	return message.NewPrinter(l.tag(), message.Catalog(texts)).Sprintf(key, values...)
}

// Code returns the language's code, for HTML.
func (l Language) Code() string { return l.tag().String() }

func (l Language) tag() language.Tag {
	if l == German {
		return language.German
	}
	return language.English
}
