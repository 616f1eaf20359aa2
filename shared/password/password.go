// Package password estimates how easy a password is to guess for somebody who knows what people choose. How passwords
// are stored, and which are taken, is in shared/identity.
//
// The method is that of Daniel Wheeler, "zxcvbn: Low-Budget Password Strength Estimation", USENIX Security 2016: what
// people choose is found in the password (words, names, runs on the keyboard, dates, repeats), the guesses that each of these
// takes are counted, and the cheapest way to put the password together counts. It finds what NIST SP 800-63B,
// section 5.1.1.2, wants to be refused.
package password

import (
	"math"

	"golang.org/x/text/unicode/norm"
)

// judged is how many characters of a password are looked at: what comes behind can be ignored safely, and the time
// grows with the third power of the length.
const judged = 32

// perCharacter is how many guesses a character takes that belongs to no pattern. It is fewer than there are characters: nobody
// chooses them all equally often (Wheeler, section 4).
const perCharacter = 10

// Guesses estimates how many guesses a password takes, at least 1. known are words that the attacker knows too: the
// person's names and address, the name of the service. Patterns are found in the first 32 characters.
func Guesses(password string, known ...string) float64 {
	raw := []rune(norm.NFC.String(password))
	raw = raw[:min(len(raw), judged)]
	found := newPieces(len(raw))
	findWords(raw, newContext(known), found)
	findSequences(raw, found)
	findRuns(raw, found)
	findDates(raw, found)
	return cheapest(raw, found)
}

// pieces are the guesses for each part of a password, by its first character and the one behind its last.
type pieces [][]float64

// newPieces starts with what trying all characters takes.
func newPieces(length int) pieces {
	p := make(pieces, length+1)
	for from := range p {
		p[from] = make([]float64, length+1)
		for to := range p[from] {
			p[from][to] = math.Pow(perCharacter, float64(max(to-from, 0)))
		}
	}
	return p
}

// add notes that a part can be had with this many guesses.
func (p pieces) add(from, to int, guesses float64) {
	p[from][to] = min(p[from][to], max(guesses, 1))
}
