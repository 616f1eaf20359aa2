package cases

import (
	"strings"
	"testing"
)

func TestOnlyWebAndMailAddressesAreLinks(t *testing.T) {
	for text, want := range map[string][]string{
		"See https://status.example.net/x, or ask noc@example.net.": {"https://status.example.net/x", "mailto:noc@example.net"},
		"(https://example.net/a_(b)) and HTTP://EXAMPLE.NET!":       {"https://example.net/a_(b)", "HTTP://EXAMPLE.NET"},
		"javascript:alert(1) example.net ftp://example.net/x":       nil,
		"data:text/html,<script>alert(1)</script>":                  nil,
		"An address: ana+net@mail.example.net?":                     {"mailto:ana+net@mail.example.net"},
		"網址是https://例え.example/パス。":                                 {"https://例え.example/パス"},
		"": nil,
	} {
		var whole strings.Builder
		var got []string
		for _, part := range partsOf(text) {
			whole.WriteString(part.text)
			if part.address != "" {
				got = append(got, part.address)
			}
		}
		if whole.String() != text {
			t.Errorf("%q becomes %q", text, whole.String())
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
