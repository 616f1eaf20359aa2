package language

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/identity/preference"
	"github.com/tenantry/tenantry/shared/support/intake"
)

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?([a-z%])`)

// verbs returns the verbs of a sentence with the places of their values, as in "1d 2s".
func verbs(sentence string) []string {
	var found []string
	for i, match := range verb.FindAllStringSubmatch(sentence, -1) {
		place := match[1]
		if place == "" && match[2] != "%" {
			place = strconv.Itoa(i + 1)
		}
		found = append(found, place+match[2])
	}
	slices.Sort(found)
	return found
}

func TestEverySentenceOfThePagesIsTranslatedIntoGerman(t *testing.T) {
	german, plurals := german(), germanPlurals()
	keys := keysOfPages(t)
	for key, file := range keys {
		_, plain := german[key]
		_, plural := plurals[key]
		if plain == plural {
			t.Errorf("%s: %q has no German sentence, or both a plain one and a plural: see german_*.go", file, key)
		}
	}
	reasons := make(map[string]bool)
	for _, reason := range intake.QuarantineReasons() {
		name := strings.ReplaceAll(string(reason.Reason), "_", " ")
		for _, key := range []string{strings.ToUpper(name[:1]) + name[1:], reason.Meaning, reason.Advice} {
			reasons[key] = true
			if german[key] == "" {
				t.Errorf("the quarantine's %q has no German sentence: see german_reasons.go", key)
			}
		}
	}
	days := []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
	for _, day := range days {
		if german[day] == "" {
			t.Errorf("%s has no German word", day)
		}
	}
	words := germanWords()
	for key := range german {
		if words[key] == "" && keys[key] == "" && !reasons[key] && !slices.Contains(days, key) {
			t.Errorf("no page says %q any more: remove it from german_*.go", key)
		}
	}
}

func TestATranslationHasTheValuesOfItsSentence(t *testing.T) {
	for key, sentence := range german() {
		if want, got := verbs(key), verbs(sentence); !slices.Equal(got, want) {
			t.Errorf("%q has the values %v, its translation %q has %v", key, want, sentence, got)
		}
	}
}

func TestAPluralHasTheValuesOfItsSentence(t *testing.T) {
	for name, plurals := range map[string]map[string]counted{"English": english(), "German": germanPlurals()} {
		for key, sentence := range plurals {
			want := verbs(key)
			number := fmt.Sprintf("%dd", sentence.argument)
			if !slices.Contains(want, number) {
				t.Errorf("%q has no number at place %d", key, sentence.argument)
			}
			if got := verbs(sentence.other); !slices.Equal(got, want) {
				t.Errorf("%s: %q has the values %v, its translation %q has %v", name, key, want, sentence.other, got)
			}
			without := slices.DeleteFunc(slices.Clone(want), func(verb string) bool { return verb == number })
			if got := verbs(sentence.one); !slices.Equal(got, want) && !slices.Equal(got, without) {
				t.Errorf("%s: %q has the values %v, its singular %q has %v", name, key, want, sentence.one, got)
			}
		}
	}
}

func TestEveryEnglishPluralIsOneInGerman(t *testing.T) {
	german := germanPlurals()
	for key := range english() {
		if _, ok := german[key]; !ok {
			t.Errorf("%q has a plural in English, and none in German", key)
		}
	}
}

func TestASentenceCountsInTheReadersLanguage(t *testing.T) {
	for _, test := range []struct {
		language, key string
		values        []any
		want          string
	}{
		{preference.English, "%d people", []any{1}, "One person"},
		{preference.English, "%d people", []any{2}, "2 people"},
		{preference.English, "%[1]d of %[2]d cases differ", []any{1, 1}, "1 of 1 case differs"},
		{
			preference.English, "%[1]d cases from number %[2]d on were compared.", []any{1, 3},
			"One case from number 3 on was compared.",
		},
		{preference.German, "%d people", []any{1}, "Eine Person"},
		{preference.German, "%d people", []any{0}, "0 Personen"},
		{preference.German, "Go on with %d cases", []any{3}, "Weiter mit 3 Fällen"},
		{preference.German, "%[1]s and %[2]d more", []any{"A, B", 1}, "A, B und 1 weiterer"},
		{preference.German, "Log in", nil, "Anmelden"},
		{"fr", "Log in", nil, "Log in"},
	} {
		if got := Printer(test.language).Sprintf(test.key, test.values...); got != test.want {
			t.Errorf("%s: %q with %v is %q, want %q", test.language, test.key, test.values, got, test.want)
		}
	}
}

func TestNoSentenceIsPrintedWithAMissingOrSuperfluousValue(t *testing.T) {
	for key := range keysOfPages(t) {
		var values [2][]any
		for _, one := range verbs(key) {
			switch one[len(one)-1] {
			case 'd':
				values[0], values[1] = append(values[0], 1), append(values[1], 7)
			case 's':
				values[0], values[1] = append(values[0], "x"), append(values[1], "x")
			}
		}
		for _, language := range preference.Languages() {
			for _, given := range values {
				if got := Printer(language).Sprintf(key, given...); strings.Contains(got, "%!") {
					t.Errorf("%s: %q with %v is %q", language, key, given, got)
				}
			}
		}
	}
}

func TestADayIsWrittenInTheReadersLanguage(t *testing.T) {
	for month, want := range map[time.Month]string{
		time.January: "9. Jan. 2026", time.March: "9. März 2026", time.May: "9. Mai 2026", time.December: "9. Dez. 2026",
	} {
		at := time.Date(2026, month, 9, 23, 0, 0, 0, time.UTC)
		if got := Day(preference.German, at); got != want {
			t.Errorf("%s is %q in German, want %q", at, got, want)
		}
		if got, want := Day("", at), at.Format("2 Jan 2006"); got != want {
			t.Errorf("%s is %q in English, want %q", at, got, want)
		}
	}
}
