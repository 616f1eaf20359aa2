package seal

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"strings"
	"time"
)

// Secret is one of the installation's secrets.
type Secret struct {
	// Bytes are the SecretBytes bytes from which the keys are derived.
	Bytes []byte
	// From is when the secret comes into use for new values; zero for the first one. Until then it
	// only recognizes values, so that all processes know it before any of them uses it.
	From time.Time
}

// ID returns what tells the secret from others, and reveals nothing of it: eight hexadecimal digits.
func (s Secret) ID() string { return hex.EncodeToString(key(s.Bytes, "id")[:4]) }

// MostSecrets is the maximum number of secrets that are kept: one in use and the former ones, which
// mails of past years still carry.
const MostSecrets = 5

// current returns the position of the secret for new values, -1 if none is in use yet.
func current(secrets []Secret, now time.Time) int {
	found := -1
	for i, one := range secrets {
		if !one.From.After(now) && (found < 0 || one.From.After(secrets[found].From)) {
			found = i
		}
	}
	return found
}

// current returns the secret for new values.
func (k *Keyring) current() []byte {
	secrets := *k.secrets.Load()
	// The oldest secret if the clock was set back.
	return secrets[max(current(secrets, k.now()), 0)].Bytes
}

// all returns all secrets, the current one first.
func (k *Keyring) all() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		secrets := *k.secrets.Load()
		first := max(current(secrets, k.now()), 0)
		if !yield(secrets[first].Bytes) {
			return
		}
		for i, one := range secrets {
			if i != first && !yield(one.Bytes) {
				return
			}
		}
	}
}

// Form turns the text of a stored secret into its SecretBytes bytes.
type Form func(text string) ([]byte, error)

// Hexadecimal is the form of secrets in files: 64 hexadecimal digits.
func Hexadecimal(text string) ([]byte, error) {
	secret, err := hex.DecodeString(text)
	if err != nil || len(secret) != SecretBytes {
		return nil, fmt.Errorf("it must have %d hexadecimal digits", 2*SecretBytes)
	}
	return secret, nil
}

// minText is the minimum length of a random text in characters: as much as 32 bytes have in base64.
const minText = 43

// RandomText is the form of secrets that a service generates: a long random text, which is hashed.
func RandomText(text string) ([]byte, error) {
	if len(text) < minText {
		return nil, fmt.Errorf("it must have at least %d random characters", minText)
	}
	sum := sha256.Sum256([]byte(text))
	return sum[:], nil
}

// line is a stored secret.
type line struct {
	text string
	from time.Time
}

// ReadSecrets reads stored secrets of a form: each on a line of its own, followed by the time from
// which it is used (RFC 3339), which the first secret of an installation lacks.
func ReadSecrets(stored string, form Form) ([]Secret, error) {
	lines, err := readLines(stored)
	if err != nil {
		return nil, err
	}
	var secrets []Secret
	for i, line := range lines {
		secret, err := form(line.text)
		if err != nil {
			return nil, fmt.Errorf("the secret in line %d: %w", i+1, err)
		}
		secrets = append(secrets, Secret{Bytes: secret, From: line.from})
	}
	return secrets, nil
}

func readLines(stored string) ([]line, error) {
	var lines []line
	for number, text := range strings.Split(strings.TrimSpace(stored), "\n") {
		fields := strings.Fields(text)
		if len(fields) == 0 || len(fields) > 2 {
			return nil, fmt.Errorf("line %d must have a secret, and for all but the first secret the time from which it "+
				"is used", number+1)
		}
		one := line{text: fields[0]}
		if len(fields) == 2 {
			var err error
			if one.from, err = time.Parse(time.RFC3339, fields[1]); err != nil {
				return nil, fmt.Errorf("line %d: the time from which the secret is used must look like "+
					"2026-01-02T15:04:05Z", number+1)
			}
		}
		lines = append(lines, one)
	}
	return lines, nil
}

// Rotate returns stored secrets with a new one, which comes into use at the time from. The oldest
// are dropped if there would be more than MostSecrets. While the secret added last is not in use
// yet, it returns an error.
func Rotate(stored, text string, now, from time.Time) (string, error) {
	lines, err := readLines(stored)
	if err != nil {
		return "", err
	}
	for _, line := range lines {
		if line.from.After(now) {
			return "", fmt.Errorf("the last rotation is not complete: its secret comes into use at %s; try again then",
				line.from.UTC().Format(time.RFC3339))
		}
	}
	lines = append(lines, line{text: text, from: from})
	return written(lines[max(len(lines)-MostSecrets, 0):]), nil
}

// Forget returns stored secrets without those that came into use before the current one; it reports
// how many it dropped.
func Forget(stored string, now time.Time) (string, int, error) {
	lines, err := readLines(stored)
	if err != nil {
		return "", 0, err
	}
	first := 0
	for i, line := range lines {
		if !line.from.After(now) {
			first = i
		}
	}
	return written(lines[first:]), first, nil
}

func written(lines []line) string {
	var text strings.Builder
	for _, line := range lines {
		text.WriteString(line.text)
		if !line.from.IsZero() {
			text.WriteString(" " + line.from.UTC().Format(time.RFC3339))
		}
		text.WriteString("\n")
	}
	return text.String()
}
