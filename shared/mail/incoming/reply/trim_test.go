package reply

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/cputime"
	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

func TestAnAnswerIsCutWhereTheProgramsQuote(t *testing.T) {
	if len(trimCases) < 40 {
		t.Fatalf("%d cases", len(trimCases))
	}
	for name, c := range trimCases {
		text, want, ok := strings.Cut(c, "\n=>\n")
		if !ok {
			t.Fatalf("%s: what is expected is missing", name)
		}
		if diff := cmp.Diff(want, Trim(text, Mail{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(want, Trim(strings.ReplaceAll(text, "\n", "\r\n"), Mail{})); diff != "" && want != text {
			t.Errorf("%s, with CR LF (-want +got):\n%s", name, diff)
		}
	}
}

func TestTrimmingNeverMakesTheTextLonger(t *testing.T) {
	lines := []string{
		"", "text", "> quote", "On 3/4/26 10:15, Ana <a@b.example> wrote:", "wrote:", "-- ", "--",
		"Sent from my iPhone", "From: x", "Sent: x", "To: y", "Subject: z", "-----Original Message-----",
		"________", "##- Reply above this line to answer -##", "\u00a0", ">", "č:",
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.OneOf(rapid.SampledFrom(lines), rapid.String())).Draw(t, "lines"),
			"\n")
		reply := Trim(text, Mail{})
		if len(reply) > len(text) {
			t.Fatalf("%q became %q", text, reply)
		}
		if strings.TrimSpace(text) != "" && strings.TrimSpace(reply) == "" {
			t.Fatalf("nothing is left of %q", text)
		}
		if Trim(reply, Mail{}) == "" && reply != "" {
			t.Fatalf("nothing is left of %q when it is trimmed again", reply)
		}
	})
}

func TestTrimmingTakesTimeInProportionToTheText(t *testing.T) {
	for name, piece := range map[string]string{
		"quotes": "> a\n", "deep quotes": strings.Repeat(">", 1000) + "\n", "colons": "1:@ wrote:\n", "openings": "On 1\n", "froms": "From: a\n",
		"signatures": "-- \n", "sent from": "Sent from my iPhone\n", "spaces": strings.Repeat(" ", 1000) + "\n", "dashes": strings.Repeat("-", 199) + "x\n",
		"alternating": "> a\n\nSent from my iPhone\n", "long lines": strings.Repeat("On 1 wrote", 400) + ":\n",
	} {
		text := strings.Repeat(piece, plaintext.MaxText/len(piece))
		begun := cputime.Now()
		Trim(text, Mail{})
		if took := cputime.Since(begun); took > 3*time.Second {
			t.Errorf("%s: %s", name, took)
		}
	}
}
