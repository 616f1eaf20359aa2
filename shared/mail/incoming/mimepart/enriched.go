package mimepart

import "strings"

// Enriched reads text/enriched (RFC 1896): commands between angle brackets are left out,
// "<<" is one bracket, a single line end is a space.
func Enriched(text string) string {
	var out strings.Builder
	parameter := false
	for text != "" {
		at := strings.IndexAny(text, "<\n")
		if at < 0 {
			at = len(text)
		}
		if !parameter {
			out.WriteString(text[:at])
		}
		text = text[at:]
		switch {
		case strings.HasPrefix(text, "<<"):
			out.WriteByte('<')
			text = text[2:]
		case strings.HasPrefix(text, "<"):
			command, rest, ok := strings.Cut(text[1:], ">")
			if !ok || len(command) > 60 {
				out.WriteByte('<')
				text = text[1:]
				continue
			}
			switch strings.ToLower(command) {
			case "param":
				parameter = true
			case "/param":
				parameter = false
			}
			text = rest
		case text != "":
			ends := len(text) - len(strings.TrimLeft(text, "\n"))
			out.WriteString(strings.Repeat("\n", ends-1))
			if ends == 1 {
				out.WriteByte(' ')
			}
			text = text[ends:]
		}
	}
	return out.String()
}
