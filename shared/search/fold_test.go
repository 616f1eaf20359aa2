package search

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/fault"
)

func TestEquivalentTextsFoldToTheSameText(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"strasse", "Straße", "STRASSE"},
		{"cafe", "Café", "CAFE\u0301", "ｃａｆé"},
		{"file", "ﬁle"},
		{"елка", "Ёлка", "ЁЛКА"},
		{"ελλας", "Ελλάς", "ΕΛΛΑΣ", "ελλάσ"},
		{"عربي", "عَرَبِي"},
		{"שלום", "שָׁלוֹם"},
		{"プリンタ", "ﾌﾟﾘﾝﾀ", "フ\u309aリンタ"},
		{"한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8"},
		{"a b c", "  a\t\r\nb\x00\x01c\u00a0\u2029"},
		{"ab", "a\u00adb", "a\u200bb", "\u202eab"},
		{"istanbul", "İstanbul", "ISTANBUL", "ıstanbul"},
		{"it's", "it’s", "it‘s", "it´s", "it`s", "itʼs", "it＇s", "it′s"},
		{`"a"`, "“a”", "„a“", "«a»", "＂a＂", "″a″"},
		{"wi-fi", "wi–fi", "wi—fi", "wi‑fi", "wi−fi", "Ｗｉ－ｆｉ", "wi﹘fi"},
		{"wait...", "wait…"},
		{"", " \n", "\u0301\u0302"},
	} {
		for _, text := range same {
			if got := Fold(text); got != same[0] && got != Fold(same[0]) {
				t.Errorf("Fold(%q) = %q, want %q", text, got, same[0])
			}
		}
	}
}

func TestDifferentTextsFoldToDifferentTexts(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"か", "が"}, {"は", "ぱ"}, {"कि", "कु"}, {"กิ", "กุ"}, {"กา", "ก้า"}, {"한", "하"},
		{"东", "東"}, {"👍", "👎"}, {"a b", "ab"},
	} {
		if Fold(pair[0]) == Fold(pair[1]) {
			t.Errorf("%q and %q fold to the same text", pair[0], pair[1])
		}
	}
}

func TestFoldIsIdempotent(t *testing.T) {
	t.Parallel()
	check := func(t interface{ Errorf(string, ...any) }, text string) {
		once := Fold(text)
		if twice := Fold(once); twice != once {
			t.Errorf("%q folds to %q, which folds to %q", text, once, twice)
		}
		if !utf8.ValidString(once) || strings.ContainsRune(once, 0) || strings.TrimSpace(once) != once {
			t.Errorf("%q folds to %q", text, once)
		}
	}
	for letter := range rune(0x100000) {
		// The planes in between are unassigned, and those beyond are for private use.
		if utf8.ValidRune(letter) && (letter < 0x40000 || letter >= 0xe0000 && letter < 0xe1000) {
			check(t, "a"+string(letter))
		}
	}
	rapid.Check(t, func(t *rapid.T) { check(t, rapid.String().Draw(t, "text")) })
	rapid.Check(t, func(t *rapid.T) { check(t, string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))) })
	letters := rapid.SampledFrom([]rune("aſßİΣς\u0345\u0301\u0327\u3099\u1100\u1161\u11a8ᾳΐﬃ\u0b47\u0b3e"))
	rapid.Check(t, func(t *rapid.T) { check(t, string(rapid.SliceOfN(letters, 0, 8).Draw(t, "marks"))) })
}

func TestAPhraseNeedsTwoLettersAndIsLimitedInLength(t *testing.T) {
	t.Parallel()
	for _, phrase := range []string{
		"", "ab", "a b", "#1", "東京", "한국", "ไท", "क्ष", "👍👍", "..", strings.Repeat("é", LongestPhrase),
	} {
		if err := CheckPhrase(phrase); err != nil {
			t.Errorf("%q: %v", phrase, err)
		}
	}
	for _, phrase := range []string{
		"a", " ", " a ", "\x00\x00\x00", "e\u0301", "कि", "กิ", "\u0301\u0302\u0303", "ิ\u0e38",
		"東", "👍🏽\xff", "\xff\xfe", "각", "👍", strings.Repeat("é", LongestPhrase+1), strings.Repeat("\u0301", 200),
	} {
		err := CheckPhrase(phrase)
		if !fault.Is(err, fault.Invalid) || err.(*fault.Error).Fields[0].Name != PhraseField {
			t.Errorf("%q: %v", phrase, err)
		}
	}
}

func TestATextHasTheNgramsOfEachPhraseInIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		phrase, text := Fold(drawPhrase(t)), Fold(drawText(t, "text", 6))
		if utf8.RuneCountInString(phrase) < 2 || !strings.Contains(text, phrase) {
			text += phrase
			if utf8.RuneCountInString(phrase) < 2 {
				return
			}
		}
		ngrams := map[ngram]bool{}
		eachNgram(text, func(gram ngram) { ngrams[gram] = true })
		for _, gram := range spreadOver(phraseNgrams(phrase), 3) {
			if !ngrams[gram] || gram.text() == "" {
				t.Fatalf("%q lacks the n-gram %q of %q", text, gram.text(), phrase)
			}
		}
	})
}

func TestSetsSurviveEncoding(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.SampledFrom([]int{64, 128, 4096}).Draw(t, "width")
		set := newNumbers(int64(width))
		for _, place := range rapid.SliceOfN(rapid.IntRange(0, width-1), 0, width).Draw(t, "places") {
			set.add(place)
		}
		shift := 64 * rapid.IntRange(0, 2).Draw(t, "shift")
		decoded := newNumbers(int64(width + 128))
		if err := decoded.decode(set.encode(), shift); err != nil {
			t.Fatal(err)
		}
		want := set.places()
		for i := range want {
			want[i] += shift
		}
		if got := decoded.places(); len(got) != len(want) {
			t.Fatalf("%d places, want %d", len(got), len(want))
		}
		for i, place := range decoded.places() {
			if place != want[i] {
				t.Fatalf("place %d, want %d", place, want[i])
			}
		}
	})
}

func TestKeysKeepTheOrderOfValuesAndNumbers(t *testing.T) {
	t.Parallel()
	text := rapid.OneOf(
		rapid.String(),
		rapid.SampledFrom([]string{"", " ", "!", "a", "a ", "a!", "a\x00", "a\x00b", "a#", "a%"}),
		rapid.StringN(0, 400, -1),
	)
	number := rapid.Int64Range(0, 1<<62)
	rapid.Check(t, func(t *rapid.T) {
		a, b, m, n := text.Draw(t, "a"), text.Draw(t, "b"), number.Draw(t, "m"), number.Draw(t, "n")
		want := strings.Compare(cut(a, maxOrderBytes), cut(b, maxOrderBytes))
		if want == 0 {
			want = int(min(1, max(-1, m-n)))
		}
		if got := strings.Compare(orderSort(a, m), orderSort(b, n)); got != want {
			t.Fatalf("%q %d and %q %d: %d, want %d", a, m, b, n, got, want)
		}
		if decoded, err := numberOf(orderSort(a, m)); err != nil || decoded != m {
			t.Fatalf("%d is decoded as %d (%v)", m, decoded, err)
		}
		if (short(a) == short(b)) != (a == b) {
			t.Fatalf("%q and %q have the keys %q and %q", a, b, short(a), short(b))
		}
	})
}
