package password

import "strings"

const (
	firstYear, lastYear = 1900, 2049
	// days is the number of dates in a year; separators is the number of usual ways to separate the
	// fields of a date.
	days, separators = 365, 4
	longestDate      = len("31.12.1999")
)

// findDates records years, and dates in any usual order: "1984", "31.12.99", "19991231",
// "3-4-2010".
func findDates(raw []rune, parts pieces) {
	for from := range raw {
		for to := from + 4; to <= min(from+longestDate, len(raw)); to++ {
			text := string(raw[from:to])
			if len(text) != to-from { // not ASCII
				break
			}
			if years := yearsLike(text); len(text) == 4 && years > 0 {
				parts.add(from, to, years)
			}
			if guesses := date(text); guesses > 0 {
				parts.add(from, to, guesses)
			}
		}
	}
}

// date returns the guesses for a date; 0 if the text is not a date.
func date(text string) float64 {
	if at := strings.IndexAny(text, " -/\\_."); at > 0 {
		fields := strings.Split(text, text[at:at+1])
		if len(fields) != 3 {
			return 0
		}
		return separators * dateOf(fields[0], fields[1], fields[2])
	}
	least := 0.0
	for first := 1; first <= 4; first++ {
		for second := first + 1; second <= first+2 && second < len(text); second++ {
			guesses := dateOf(text[:first], text[first:second], text[second:])
			if guesses > 0 && (least == 0 || guesses < least) {
				least = guesses
			}
		}
	}
	return least
}

// dateOf returns the guesses for a date in three fields, with the year first or last; 0 if they are
// not a date.
func dateOf(first, second, third string) float64 {
	least := 0.0
	for _, order := range [][3]string{{first, second, third}, {third, first, second}} {
		years := yearsLike(order[0])
		one, other := number(order[1]), number(order[2])
		inYear := one >= 1 && other >= 1 && min(one, other) <= 12 && max(one, other) <= 31
		if guesses := days * years; inYear && guesses > 0 && (least == 0 || guesses < least) {
			least = guesses
		}
	}
	return least
}

// yearsLike returns the number of years that can be written in this form; 0 if the text is not a
// year.
func yearsLike(text string) float64 {
	switch year := number(text); {
	case len(text) == 4 && year >= firstYear && year <= lastYear:
		return lastYear - firstYear + 1
	case len(text) == 2 && year >= 0:
		return 100
	}
	return 0
}

// number parses one to four digits; it returns -1 for anything else.
func number(text string) int {
	if len(text) < 1 || len(text) > 4 {
		return -1
	}
	value := 0
	for _, r := range text {
		if r < '0' || r > '9' {
			return -1
		}
		value = 10*value + int(r-'0')
	}
	return value
}
