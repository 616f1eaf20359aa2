package dynamo

import (
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestTheLeastTextBoundsTheSameTextsAsItsBound(t *testing.T) {
	piece := rapid.SampledFrom([]string{
		"a", "\x7f", "é", "\ud7ff", "\ue000", "\uffff", "🌍", "\U0010ffff", "\x80", "\xbf", "\xc2", "\xc3", "\xdf",
		"\xe0", "\xe2\x82", "\xed\xa0\x80", "\xef\xbf", "\xf0\x9f", "\xf4\x90", "\xf5", "\xff",
	})
	text := rapid.Custom(func(t *rapid.T) (joined string) {
		for _, part := range rapid.SliceOfN(piece, 0, 4).Draw(t, "pieces") {
			joined += part
		}
		return joined
	})
	rapid.Check(t, func(t *rapid.T) {
		bound := text.Draw(t, "bound")
		other := text.Filter(utf8.ValidString).Draw(t, "text")
		least, some := leastText(bound)
		if some && !utf8.ValidString(least) {
			t.Fatalf("%q is no text", least)
		}
		if utf8.ValidString(bound) && least != bound {
			t.Fatalf("%q for the text %q", least, bound)
		}
		if (other >= bound) != (some && other >= least) {
			t.Fatalf("bound %q became %q (%v), which bounds %q differently", bound, least, some, other)
		}
	})
}
