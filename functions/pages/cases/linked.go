package cases

import (
	"regexp"
	"strings"
)

// part is a part of a text; address is where it leads to, "" for plain words.
type part struct{ text, address string }

// addresses matches web and mail addresses in a text.
var addresses = regexp.MustCompile(`https?://[^\s<>"'` + "`" + `]+|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)

// partsOf divides a text into words and addresses. Punctuation behind an address is not part of it.
func partsOf(text string) []part {
	var parts []part
	rest := 0
	for _, at := range addresses.FindAllStringIndex(text, -1) {
		begin, end := at[0], at[1]
		found := strings.TrimRight(text[begin:end], ".,;:!?)]}»”’")
		if strings.HasSuffix(text[begin:end], ")") && strings.Count(found, "(") > strings.Count(found, ")") {
			found += ")"
		}
		address := found
		if !strings.Contains(found, "://") {
			address = "mailto:" + found
		}
		if begin > rest {
			parts = append(parts, part{text: text[rest:begin]})
		}
		parts = append(parts, part{text: found, address: address})
		rest = begin + len(found)
	}
	if rest < len(text) {
		parts = append(parts, part{text: text[rest:]})
	}
	return parts
}
