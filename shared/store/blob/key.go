package blob

import "strings"

const (
	// maxNames is how many names a key has at most: seven folders and the file.
	maxNames = 8
	// maxName is how many characters a name has at most.
	maxName = 64
)

// ValidKey reports whether a key has the right form: folders and a name, each of 1 to 64 lower-case
// letters, digits, '-' and '_', with '/' between them; with no dots, so that no key can lead out of
// the store.
func ValidKey(key string) bool {
	names := 0
	for name := range strings.SplitSeq(key, "/") {
		if names++; names > maxNames || name == "" || len(name) > maxName || strings.ContainsFunc(name, foreign) {
			return false
		}
	}
	return true
}

func foreign(r rune) bool {
	letter, digit := r >= 'a' && r <= 'z', r >= '0' && r <= '9'
	return !letter && !digit && r != '-' && r != '_'
}
