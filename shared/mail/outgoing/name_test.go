package outgoing_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/mail/outgoing"
)

// link is what mail programs make a link of: a scheme, or a word with a dot before a word of letters.
var link = regexp.MustCompile(`(?i)[a-z][a-z0-9+]*://|www\.|[\p{L}\p{N}-][.。．｡]\p{L}{2}`)

func TestANameInAMailIsNoLink(t *testing.T) {
	for name, want := range map[string]string{
		"Anna Smith":                   "Anna Smith",
		"Rialto Hotels & Söhne (Nord)": "Rialto Hotels & Söhne (Nord)",
		"J.R. Smith":                   "J.R. Smith",
		"Version 2.5":                  "Version 2.5",
		"evil.example":                 "evil. example",
		"Booking.com":                  "Booking. com",
		"https://evil.example/pay?a=b": "evil. example/pay?a=b",
		"Pay at HTTPS://evil.example":  "Pay at evil. example",
		"a.b.evil.co.uk":               "a.b. evil. co. uk",
		"evil。example":                 "evil。 example",
		"evil．example":                 "evil． example",
		"two\r\nlines\tand more":       "two lines and more",
		"friend@rialto.example.net":    "friend@rialto.example.net",
		"x@evil.example/pay":           "x@evil. example/pay",
		"call x@evil.example now":      "call x@evil. example now",
	} {
		got := outgoing.Name(name)
		if got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
		if address := strings.Count(name, "@") == 1 && got == name; !address && link.MatchString(got) {
			t.Errorf("%q is a link", got)
		}
	}
}

func TestAnInvitationHasNoLinkButItsOwn(t *testing.T) {
	invite := outgoing.Invite{
		Inviter: "Pay evil.example", Place: "https://evil.example/pay\nnow", Provider: "evil.example", Role: "Observer",
		Portal: "https://portal.example.com",
		Link:   "https://portal.example.com/verify/invite?token=x", Expires: time.Unix(0, 0),
	}
	html, err := invite.HTML(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{invite.Text(), html} {
		if !strings.Contains(body, "evil. example") || strings.Contains(body, "evil.example") ||
			strings.Contains(body, "\nnow") {
			t.Errorf("the mail has\n%s", body)
		}
	}
}
