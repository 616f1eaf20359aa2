package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// setup is the state of the first start, as stored.
type setup struct {
	// Hash is the hash of the one-time token.
	Hash string `json:"hash"`
	// Done is when the first operator was created, in epoch seconds; 0 before.
	Done int64 `json:"done_time"`
}

func setupHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// PrepareSetup makes sure that an installation without an operator has a setup token. stored is the
// token of an earlier start ("" if none). It returns the valid token, or "" once setup is done.
func (a *Accounts) PrepareSetup(ctx context.Context, stored string) (string, error) {
	var present setup
	version, err := a.journal.Get(ctx, setupKey(), &present)
	if err != nil && !errors.Is(err, table.ErrAbsent) {
		return "", err
	}
	if present.Done > 0 {
		return "", nil
	}
	if stored != "" && version > 0 && setupHash(stored) == present.Hash {
		return stored, nil
	}
	var secret [24]byte
	if _, err := rand.Read(secret[:]); err != nil {
		return "", err
	}
	token := base64.RawURLEncoding.EncodeToString(secret[:])
	item, err := change.Encode(setupKey(), setup{Hash: setupHash(token)})
	if err != nil {
		return "", err
	}
	write := table.Create(item)
	if version > 0 {
		item.Version = version
		write = table.Update(item)
	}
	return token, a.journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action:  "accounts.prepare_setup",
		Message: "Created a setup token for the first operator",
		Writes:  []table.Write{write},
	})
}

// IsSetUp reports whether the first operator was created. It reads one item until that is so, and
// nothing afterwards.
func (a *Accounts) IsSetUp(ctx context.Context) (bool, error) {
	if a.isSetUp.Load() {
		return true, nil
	}
	var present setup
	if _, err := a.journal.Get(ctx, setupKey(), &present); err != nil && !errors.Is(err, table.ErrAbsent) {
		return false, err
	}
	if present.Done > 0 {
		a.isSetUp.Store(true)
	}
	return present.Done > 0, nil
}

// Setup creates the first operator, who proves access to the machine with the one-time token. It
// works only once: later calls return a fault of code Forbidden.
func (a *Accounts) Setup(
	ctx context.Context,
	token, email, password, firstName, lastName, source string,
) (Person, error) {
	var present setup
	version, err := a.journal.Get(ctx, setupKey(), &present)
	if err != nil && !errors.Is(err, table.ErrAbsent) {
		return Person{}, err
	}
	if present.Done > 0 {
		return Person{}, fault.New(
			fault.Forbidden,
			"Setup is already done. Log in, or ask an operator for an invitation.",
		)
	}
	if version == 0 || subtle.ConstantTimeCompare([]byte(setupHash(token)), []byte(present.Hash)) != 1 {
		return Person{}, fault.InField(
			"token",
			"is not the setup token; it was printed at the first start and is in the file setup-token of the data folder",
		)
	}
	first, err := a.newProfile(ctx, email, firstName, lastName, password, passwordRules{})
	if err != nil {
		return Person{}, err
	}
	first.Privileges = []Privilege{{Scope: PlatformScope, Role: Operator}}
	writes, err := createWrites(first)
	if err != nil {
		return Person{}, err
	}
	item, err := change.Encode(setupKey(), setup{Hash: present.Hash, Done: a.journal.Now().Unix()})
	if err != nil {
		return Person{}, err
	}
	item.Version = version
	by := first.Principal("api", source).Actor()
	err = a.journal.Commit(ctx, by, change.Record{
		Action:      "accounts.setup",
		Message:     "Created the first operator: " + describe(first.Person),
		UserLog:     first.ID,
		PlatformLog: true,
		Target:      "user:" + first.ID,
		After:       first.Person,
		Writes:      append(writes, table.Update(item)),
	})
	if table.ConflictAt(err, setupKey()) || table.ConflictAt(err, emailKey(first.Email)) {
		return Person{}, fault.New(
			fault.Forbidden,
			"Setup is already done. Log in, or ask an operator for an invitation.",
		)
	}
	return first.Person, err
}
