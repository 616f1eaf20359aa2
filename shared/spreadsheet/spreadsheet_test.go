package spreadsheet

import (
	"testing"

	"pgregory.net/rapid"
)

// TestACellIsTakenAsItIsOnlyIfNothingWouldBeChanged compares the way of most cells with that of all.
func TestACellIsTakenAsItIsOnlyIfNothingWouldBeChanged(t *testing.T) {
	t.Parallel()
	letters := rapid.SampledFrom([]rune("a1'=+-@%|,; \t\r\n\x00\x7f"))
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringOfN(letters, 0, 8, -1).Draw(t, "cell")
		if got, want := harmless(cell), disarmed(cell) == cell; got != want {
			t.Errorf("%q is harmless: %v, want %v", cell, got, want)
		}
	})
	for _, cell := range []string{"＝1+1", "\u00a0=1", "\u2060=1", "é"} {
		if harmless(cell) {
			t.Errorf("%q was not looked at", cell)
		}
	}
}
