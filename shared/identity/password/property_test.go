package password_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/identity/password"
)

// bits allows for rounding differences between products in different order.
func bits(guesses float64) float64 { return math.Round(math.Log2(guesses)*1e6) / 1e6 }

// texts are typical parts of passwords. None begins with a combining accent, which would join the
// part before it.
func texts() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.OneOf(
			rapid.SampledFrom(
				[]string{
					"password",
					"Anna",
					"drowssap",
					"1984",
					"31.12.99",
					"qwer",
					"abcd",
					"P@ss",
					"1l",
					"müller",
					"aaa",
					"!",
					" ",
				},
			),
			rapid.StringMatching(`[a-zA-Z0-9!@$|é日]{1,4}`),
		), 1, 4).Draw(t, "parts"), "")
	})
}

func TestKnowingMoreNeverTakesMoreGuesses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, first, second := texts().Draw(t, "text"), texts().Draw(t, "first"), texts().Draw(t, "second")
		if less, more := password.Guesses(text, first), password.Guesses(text, first, second); more > less {
			t.Errorf("%g guesses with one known word, %g with two", less, more)
		}
	})
}

func TestTwoPartsTakeAtMostTheProductOfTheirGuesses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first, second := texts().Draw(t, "first"), texts().Draw(t, "second")
		both, product := password.Guesses(first+second), password.Guesses(first)*password.Guesses(second)
		if bits(both) > bits(product) {
			t.Errorf("together %g guesses, separately %g", both, product)
		}
	})
}

func TestARepetitionTakesAtMostTheGuessesOfItsUnitTimesItsCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		unit, times := rapid.StringMatching(`[a-zA-Z0-9!@$|é日. ]{1,12}`).
			Draw(t, "unit"),
			rapid.IntRange(2, 5).
				Draw(t, "times")
		repeated, one := password.Guesses(strings.Repeat(unit, times)), password.Guesses(unit)
		if bits(repeated) > bits(one*float64(times)) {
			t.Errorf("%g guesses repeated, %g once", repeated, one)
		}
	})
}

// TestTheWorstPasswordIsCheckedQuickly takes the best of several rounds, because other processes
// use the machine too.
func TestTheWorstPasswordIsCheckedQuickly(t *testing.T) {
	password.Guesses("the lists are read once")
	for name, text := range map[string]string{
		"signs with two meanings": strings.Repeat("1|7!03@$", 128), "one letter": strings.Repeat("a", 1024),
		"accents apart": strings.Repeat("e\u0301", 512), "accents without letters": strings.Repeat("\u0301", 1024),
		"a keyboard run": strings.Repeat("qwertyuiop[]", 85), "a date": strings.Repeat("1.1.1111", 128),
	} {
		least := time.Hour
		for range 10 {
			began := time.Now()
			password.Guesses(text, known...)
			least = min(least, time.Since(began))
		}
		if least > 100*time.Millisecond { // about 3 without the race detector
			t.Errorf("%s: took %v", name, least)
		}
	}
}

func FuzzGuesses(f *testing.F) {
	for _, seed := range []string{"", "Password1234!", "1|7!", "\xff\xfe", "e\u0301", "31.12.1999", "日本語", "{[(<"} {
		f.Add(seed, "anna.smith@example.net")
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		guesses := password.Guesses(text, name)
		if !(guesses >= 1) || math.IsInf(guesses, 0) {
			t.Errorf("%q takes %g guesses", text, guesses)
		}
		if less := password.Guesses(text); less < guesses {
			t.Errorf("%q takes %g guesses, and %g for who knows %q", text, less, guesses, name)
		}
	})
}
