package cases

import (
	"regexp"
	"strings"
	"sync"

	"mvdan.cc/xurls/v2"
)

// part is a part of a text; address is where it leads to, "" for plain words.
type part struct{ text, address string }

// mailAddress matches a mail address in a text.
const mailAddress = `[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`

// addresses returns the pattern of web and mail addresses in a text.
var addresses = sync.OnceValue(func() *regexp.Regexp {
	web, err := xurls.StrictMatchingScheme(`https?://`)
	if err != nil {
		panic("cases: the pattern of web addresses: " + err.Error()) // a constant
	}
	return regexp.MustCompile(web.String() + "|" + mailAddress)
})

// partsOf divides a text into words and addresses.
func partsOf(text string) []part {
	var parts []part
	rest := 0
	for _, at := range addresses().FindAllStringIndex(text, -1) {
		if at[0] > rest {
			parts = append(parts, part{text: text[rest:at[0]]})
		}
		found := text[at[0]:at[1]]
		address := found
		if !strings.Contains(found, "://") {
			address = "mailto:" + found
		}
		parts = append(parts, part{text: found, address: address})
		rest = at[1]
	}
	if rest < len(text) {
		parts = append(parts, part{text: text[rest:]})
	}
	return parts
}
