package identity

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity/password"
)

const (
	shortestPassword = 12
	longestPassword  = 1024
	// fewestGuesses is how many guesses a password must withstand: about twelve days on average for
	// an attacker who has the hashes and tries 10,000 a second.
	fewestGuesses = 2e10
	// hashesAtOnce limits the memory that log-ins use: each hash needs 19 MiB.
	hashesAtOnce = 4
	// busyFor is when those come back who find the queue full: a full queue of the usual length is
	// done by then.
	busyFor = 2 * time.Second
)

// passwords hashes and checks passwords with argon2id.
type passwords struct {
	parameters *argon2id.Params
	// turns limits the number of concurrent hashes.
	turns chan struct{}
	// places limits the number of those who wait for a turn, or have one.
	places chan struct{}
	// decoy is compared if there is no account, so that the check takes the same time.
	decoy string
}

// newPasswords returns passwords of which as many wait for their turn as the queue has places.
func newPasswords(queue int64) *passwords {
	// The parameters are the first choice of OWASP's Password Storage Cheat Sheet:
	// 19 MiB, two passes, one lane.
	parameters := &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	return &passwords{
		parameters: parameters, turns: make(chan struct{}, hashesAtOnce),
		places: make(chan struct{}, queue+hashesAtOnce),
		decoy:  "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	}
}

// check returns a fault if a password is too short, too long or easy to guess, or breaks the rules of
// an organization. known are words that an attacker knows too: the address and the names.
func (p *passwords) check(chosen string, rules passwordRules, known ...string) error {
	switch length := utf8.RuneCountInString(chosen); {
	case !utf8.ValidString(chosen):
		return fault.InField("password", "must be valid UTF-8")
	case length < shortestPassword:
		return fault.InField("password", "must have at least %d characters", shortestPassword)
	case length > longestPassword:
		return fault.InField("password", "must have at most %d characters", longestPassword)
	case length < rules.length:
		return fault.InField("password", "must have at least %d characters: %s asks for it", rules.length, rules.lengthFor)
	case rules.special && !strings.ContainsFunc(chosen, special):
		return fault.InField("password",
			"must have a special character, such as a comma or a plus sign: %s asks for it", rules.specialFor)
	}
	if password.Guesses(chosen, append(known, "tenantry")...) < fewestGuesses {
		return fault.InField("password", "is too common or too easy to guess; several unrelated words make a good one")
	}
	return nil
}

// special reports whether a character is neither a letter nor a digit, and can be seen.
func special(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }

// hash checks a new password and returns its hash.
func (p *passwords) hash(
	ctx context.Context, password string, rules passwordRules, known ...string,
) (string, error) {
	if err := p.wait(ctx); err != nil {
		return "", err
	}
	defer p.done()
	if err := p.check(password, rules, known...); err != nil { // checked within the turn, because it is slow
		return "", err
	}
	hash, err := argon2id.CreateHash(password, p.parameters)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// matches reports whether password has this hash. For an empty hash it takes the same time and
// returns false.
func (p *passwords) matches(ctx context.Context, password, hash string) (bool, error) {
	if err := p.wait(ctx); err != nil {
		return false, err
	}
	defer p.done()
	if hash == "" {
		_, _ = argon2id.ComparePasswordAndHash(password, p.decoy) // only to take the same time
		return false, nil
	}
	match, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("compare a password: %w", err)
	}
	return match, nil
}

// wait waits for a turn. It returns a fault of code Unavailable if too many wait already, so that
// they are told at once and none waits for longer than it would stay.
func (p *passwords) wait(ctx context.Context) error {
	select {
	case p.places <- struct{}{}:
	default:
		busy := fault.New(fault.Unavailable, "Too many log-ins at once. Try again in a few seconds.")
		busy.RetryAfter = busyFor
		return busy
	}
	select {
	case p.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		<-p.places
		return fault.Wrap(ctx.Err(), fault.Unavailable, "Too many log-ins at once. Try again.")
	}
}

func (p *passwords) done() {
	<-p.turns
	<-p.places
}
