package endpoint_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/functions/endpoint"
)

func TestHalfACharacterIsNoText(t *testing.T) {
	for _, right := range []string{`""`, `"a"`, `"\u00e4"`, `"\ud83d\ude00"`, `"\\ud800"`, `"\\\\udc00 \n \" \/"`, `{"a":"\uD83D\uDE00\uD83D\uDE00"}`, `"\u`, `"\`, `"\ud8`, "\"\xf0\x9f\x98\x80\""} {
		if err := endpoint.CheckJSON([]byte(right)); err != nil {
			t.Errorf("%s: %v", right, err)
		}
	}
	for _, wrong := range []string{`"\ud800"`, `"\udfff"`, `"\ude00\ud83d"`, `"\ud83d \ude00"`, `"\ud83d\u0041"`, `"\ud83dxude00"`, `"\ud83d\\ude00"`, `"\\\ud83d"`, "\"\xed\xa0\x80\"", "\"\xff\"", `"\uD83D`} {
		if err := endpoint.CheckJSON([]byte(wrong)); err == nil {
			t.Errorf("%s is taken", wrong)
		}
	}
}

func TestWhatIsTakenIsReadAsItWasSent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := `"` + strings.Join(
			rapid.SliceOf(rapid.SampledFrom([]string{"a", `\\`, `\"`, `\u0041`, `\ud83d`, `\ude00`, `\ud83d\ude00`, "ä", "u"})).
				Draw(t, "parts"),
			"",
		) + `"`
		var text string
		if err := json.Unmarshal([]byte(body), &text); err != nil {
			t.Fatal(err)
		}
		replaced := strings.ContainsRune(text, '\uFFFD')
		if err := endpoint.CheckJSON([]byte(body)); (err != nil) != replaced {
			t.Fatalf("%s is read as %q: %v", body, text, err)
		}
	})
}
