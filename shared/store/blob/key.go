package blob

import "strings"

const (
	// maxNames is the maximum number of names in a key: seven folders and the file.
	maxNames = 8
	// maxName is the maximum length of a name in characters.
	maxName = 64
)

// ValidKey reports whether a key is well formed: folders and a file name separated by '/', each of
// 1 to 64 lower-case letters, digits, '-' and '_'. There are no dots, so no key can lead out of the
// store.
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
