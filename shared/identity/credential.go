package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"

	"github.com/google/uuid"
)

// credential is what a client presents to authenticate: the person's ID, its own ID, and a secret
// of which only the hash is stored. Its text is URL-safe base64 of the two IDs and the secret, so
// that one read finds everything needed to check it.
type credential struct {
	userID, id string
	secret     [24]byte
}

func newCredential(userID, id string) credential {
	c := credential{userID: userID, id: id}
	if _, err := rand.Read(c.secret[:]); err != nil {
		panic("identity: " + err.Error()) // crypto/rand never fails on the platforms that Go supports
	}
	return c
}

func (c credential) text() string {
	user, id := uuid.MustParse(c.userID), uuid.MustParse(c.id)
	return base64.RawURLEncoding.EncodeToString(append(append(user[:], id[:]...), c.secret[:]...))
}

// parseCredential parses the text of a credential; false if it is invalid.
func parseCredential(text string) (credential, bool) {
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(data) != 16+16+24 {
		return credential{}, false
	}
	parsed := credential{userID: uuid.UUID(data[:16]).String(), id: uuid.UUID(data[16:32]).String()}
	copy(parsed.secret[:], data[32:])
	return parsed, true
}

// hash returns the stored form of the secret. The secret is random and long, so a plain hash is
// safe.
func (c credential) hash() string {
	sum := sha256.Sum256(c.secret[:])
	return hex.EncodeToString(sum[:])
}

func (c credential) has(hash string) bool {
	return subtle.ConstantTimeCompare([]byte(c.hash()), []byte(hash)) == 1
}
