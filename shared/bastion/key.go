package bastion

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// sealPurpose is what the private key is sealed for.
const sealPurpose = "bastion key"

// instanceKey is this installation's key as it is stored.
type instanceKey struct {
	// Public is the public key in base64url, Sealed the seed of the private one.
	Public string `json:"public"`
	Sealed string `json:"sealed"`
	// version is 0 before there is a key.
	version int64
}

// makeKey returns a new key.
func (s *Service) makeKey() (instanceKey, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return instanceKey{}, err
	}
	made := instanceKey{Public: base64.RawURLEncoding.EncodeToString(public)}
	made.Sealed = s.keyring.Seal(sealPurpose, made.Public, private.Seed())
	return made, nil
}

// renewed returns the key sealed with the present secret, or another key if there is none yet or if the
// secret that it was sealed with was forgotten.
func (s *Service) renewed(key instanceKey) (instanceKey, error) {
	if private, ok := s.private(key); ok {
		key.Sealed = s.keyring.Seal(sealPurpose, key.Public, private.Seed())
		return key, nil
	}
	made, err := s.makeKey()
	made.version = key.version
	return made, err
}

// private returns the private key; false if there is none, or if its secret was forgotten.
func (s *Service) private(key instanceKey) (ed25519.PrivateKey, bool) {
	seed, err := s.keyring.Open(sealPurpose, key.Public, key.Sealed)
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, false
	}
	return ed25519.NewKeyFromSeed(seed), true
}

// parseKey reads a public key in base64url.
func parseKey(text string) (ed25519.PublicKey, bool) {
	key, err := base64.RawURLEncoding.Strict().DecodeString(text)
	return key, err == nil && len(key) == ed25519.PublicKeySize
}

// Fingerprint returns what people compare of a public key: eight groups of four hexadecimal digits; "" for
// no key.
func Fingerprint(key string) string {
	public, ok := parseKey(key)
	if !ok {
		return ""
	}
	sum := sha256.Sum256(public)
	digits := hex.EncodeToString(sum[:16])
	var groups []string
	for ; len(digits) > 0; digits = digits[4:] {
		groups = append(groups, digits[:4])
	}
	return strings.Join(groups, " ")
}
