// Package password estimates how easy a password is to guess for somebody who knows what people
// choose. How passwords are stored, and which are taken, is in shared/identity.
//
// The method is that of Daniel Wheeler, "zxcvbn: Low-Budget Password Strength Estimation", USENIX
// Security 2016: what people choose is found in the password (words, names, runs on the keyboard,
// dates, repeats), the guesses that each of these takes are counted, and the cheapest way to put
// the password together counts. It finds what NIST SP 800-63B, section 5.1.1.2, wants to be
// refused.
package password

import "math"

// judged is how many characters of a password are looked at. The time grows with the third power of
// the length, and somebody who guesses has to find what comes behind as well.
const judged = 64

// Guesses estimates how many guesses a password takes, at least 1. known are words that the
// attacker knows too: the person's names and address, the name of the service. Only its first 64
// characters count.
func Guesses(password string, known ...string) float64 {
	raw := composed(password)
	raw = raw[:min(len(raw), judged)]
	found := newPieces(len(raw))
	findCharacters(raw, found)
	findWords(raw, newContext(known), found)
	findSequences(raw, found)
	findRuns(raw, found)
	findDates(raw, found)
	return cheapest(raw, found)
}

// pieces are the guesses for each part of a password, by its first character and the one behind its
// last; infinity where nothing is known.
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

// add notes that a part can be had with this many guesses.
func (p pieces) add(from, to int, guesses float64) {
	p[from][to] = min(p[from][to], max(guesses, 1))
}
