package password

import "strings"

// keyLines lists adjacent keys: the rows of common keyboards, and their slanted columns.
var keyLines = [...]string{
	"1234567890-=",
	"qwertyuiop[]",
	"asdfghjkl;'",
	"zxcvbnm,./",
	"qwertzuiop",
	"yxcvbnm",
	"azertyuiop",
	"qsdfghjklm",
	"wxcvbn",
	"1qaz",
	"2wsx",
	"3edc",
	"4rfv",
	"5tgb",
	"6yhn",
	"7ujm",
	"8ik,",
	"9ol.",
	"0p;/",
	"йцукенгшщзхъ",
	"фывапролджэ",
	"ячсмитьбю",
	"ςερτυθιοπ",
	"ασδφγηξκλ",
	"ζχψωβνμ",
	"קראטוןםפ",
	"שדגכעיחלךף",
	"זסבהנמצתץ",
	"4esz",
	"5rdx",
	"6tfc",
	"7ygv",
	"8uhb",
	"9ijn",
	"0okm",
	"-pl,",
	"=[;.",
}

const (
	shiftedKeys = `!@#$%^&*()_+{}:"<>?`
	plainKeys   = `1234567890-=[];',./`
	// placesInLines is the approximate number of keys at which a run can start.
	placesInLines = 100
)

// findRuns records runs of adjacent keys: "qwertyuiop", "1qaz2wsx", "LKJHGF".
func findRuns(raw []rune, parts pieces) {
	keys := make([]rune, len(raw))
	for i, r := range lowered(raw) {
		if at := strings.IndexRune(shiftedKeys, r); at >= 0 {
			r = rune(plainKeys[at])
		}
		keys[i] = r
	}
	for from := range keys {
		for to := from + shortestRun; to <= len(keys); to++ {
			guesses := run(keys[from:to])
			if guesses == 0 {
				break // a longer part is not a run either
			}
			shifted := 0
			for i := from; i < to; i++ {
				if raw[i] != keys[i] {
					shifted++
				}
			}
			parts.add(from, to, guesses*variations(shifted, to-from-shifted))
		}
	}
}

// run returns the guesses for a run along a line: its line or starting key, its direction and its
// length; 0 if the keys are not a run.
func run(keys []rune) float64 {
	back := reversed(keys)
	least := 0.0
	for direction, text := range []string{string(keys), string(back)} {
		for _, line := range keyLines {
			at := strings.Index(line, text)
			if at < 0 {
				continue
			}
			guesses := float64(placesInLines)
			if at == 0 || at+len(text) == len(line) {
				guesses = float64(len(keyLines))
			}
			guesses *= float64((direction + 1) * len(keys))
			if least == 0 || guesses < least {
				least = guesses
			}
		}
	}
	return least
}
