package outgoing

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// idForm is a shorter, slower definition of isMessageID.
var idForm = regexp.MustCompile(`^[!-;=?A-~]{1,250}@[!-;=?A-~]{1,250}$`)

func TestIDsThatAreSafeInAHeaderAreAccepted(t *testing.T) {
	for text, want := range map[string]bool{
		"a@b": true, "x.1=2?3-!~@[192.0.2.1]": true, strings.Repeat("x", 250) + "@" + strings.Repeat("y", 250): true,
		"": false, "a": false, "@": false, "a@": false, "@b": false, "a@b@c": false, "<a@b>": false, "a b@c": false, "a@b\r\nX: y": false,
		"ä@b": false, strings.Repeat("x", 251) + "@y": false, "x@" + strings.Repeat("y", 251): false, "a@b\x7f": false,
	} {
		if got := isMessageID(text); got != want || got != idForm.MatchString(text) {
			t.Errorf("%.40q: %t, want %t", text, got, want)
		}
	}
}

func TestIsMessageIDAgreesWithIDForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ -~]{0,5}@[!-~]{0,260}`)).Draw(t, "text")
		if got, want := isMessageID(text), idForm.MatchString(text); got != want {
			t.Errorf("%q: %t, the form says %t", text, got, want)
		}
	})
}
