// Package password estimates how many guesses an attacker who knows what people choose needs for a
// password. Package identity stores passwords and decides which to accept.
//
// The method is that of Daniel Wheeler, "zxcvbn: Low-Budget Password Strength Estimation", USENIX
// Security 2016. It finds patterns in the password (words, names, keyboard runs, dates,
// repetitions), estimates the guesses for each, and returns the product for the cheapest sequence
// of patterns that makes up the password. This detects the passwords that NIST SP 800-63B, section
// 5.1.1.2, requires to be rejected.
package password

import "math"

// maxLength is the number of characters that are checked. The running time grows with the cube of
// the length; further characters only make a password harder to guess.
const maxLength = 64

// Guesses estimates the number of guesses for a password, at least 1. known are words that the
// attacker also knows: the person's names and address, the name of the service. Only the first 64
// characters count.
func Guesses(password string, known ...string) float64 {
	raw := composed(password)
	raw = raw[:min(len(raw), maxLength)]
	parts := newPieces(len(raw))
	findCharacters(raw, parts)
	findWords(raw, newContext(known), parts)
	findSequences(raw, parts)
	findRuns(raw, parts)
	findDates(raw, parts)
	return cheapest(raw, parts)
}

// pieces has the guesses for each part of a password, indexed by its start and its end (exclusive);
// infinity if no pattern matches the part.
type pieces [][]float64

func newPieces(length int) pieces {
	p := make(pieces, length+1)
	for from := range p {
		p[from] = make([]float64, length+1)
		for to := range p[from] {
			p[from][to] = math.Inf(1)
		}
	}
	return p
}

// add records that a part can be guessed with this many guesses.
func (p pieces) add(from, to int, guesses float64) {
	p[from][to] = min(p[from][to], max(guesses, 1))
}
