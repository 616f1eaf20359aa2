// Package seal signs and encrypts values that leave Tenantry and must come back unchanged: links in
// mails, list cursors, reply addresses, download links. All keys are derived from the
// installation's secret. The domains define what the sealed values mean.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// SecretBytes is the length of the installation's secret.
const SecretBytes = 32

// ErrForged means that a sealed value was changed, truncated, created elsewhere, or is for another
// purpose.
var ErrForged = errors.New("seal: not made here for this use")

// Keyring holds the keys derived from the installation's secrets, one for each purpose and secret.
// New values are made with the current secret; values made with any other secret of the keyring are
// still recognized. It is safe for concurrent use.
type Keyring struct {
	secrets atomic.Pointer[[]Secret]
	now     func() time.Time
}

// NewKeyring returns a keyring of one secret of SecretBytes bytes.
func NewKeyring(secret []byte) (*Keyring, error) {
	return NewRotated([]Secret{{Bytes: secret}}, time.Now)
}

// NewRotated returns a keyring of several secrets, one of which must be in use by now.
func NewRotated(secrets []Secret, now func() time.Time) (*Keyring, error) {
	k := &Keyring{now: now}
	if err := k.Replace(secrets); err != nil {
		return nil, err
	}
	return k, nil
}

// Replace replaces the secrets, at least one of which must be in use by now. After an error the
// keyring is unchanged.
func (k *Keyring) Replace(secrets []Secret) error {
	stored := make([]Secret, len(secrets))
	for i, one := range secrets {
		if len(one.Bytes) != SecretBytes {
			return fmt.Errorf("seal: the secret has %d bytes, want %d", len(one.Bytes), SecretBytes)
		}
		stored[i] = Secret{Bytes: append([]byte(nil), one.Bytes...), From: one.From}
	}
	if current(stored, k.now()) < 0 {
		return errors.New("seal: no secret is in use yet")
	}
	k.secrets.Store(&stored)
	return nil
}

// Current returns the id of the secret for new values.
func (k *Keyring) Current() string { return Secret{Bytes: k.current()}.ID() }

// key derives the key of a purpose by HKDF (RFC 5869).
func key(secret []byte, purpose string) []byte {
	key, err := hkdf.Expand(sha256.New, secret, "tenantry "+purpose, 32)
	if err != nil {
		panic("seal: " + err.Error()) // only for lengths that are impossible here
	}
	return key
}

// Sign returns the HMAC-SHA256 of parts for a purpose. Parts are kept apart: ("ab", "c") and ("a",
// "bc") have different signatures.
func (k *Keyring) Sign(purpose string, parts ...string) []byte {
	return sign(k.current(), purpose, parts)
}

func sign(secret []byte, purpose string, parts []string) []byte {
	mac := hmac.New(sha256.New, key(secret, "sign "+purpose))
	var length [8]byte
	for _, part := range parts {
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		mac.Write(length[:])
		mac.Write([]byte(part))
	}
	return mac.Sum(nil)
}

// Signed reports, in constant time for each secret, whether signature was made by Sign with any of
// the secrets, or is a beginning of it of at least 12 bytes.
func (k *Keyring) Signed(signature []byte, purpose string, parts ...string) bool {
	if len(signature) < 12 || len(signature) > sha256.Size {
		return false
	}
	signed := false
	for secret := range k.all() {
		if hmac.Equal(signature, sign(secret, purpose, parts)[:len(signature)]) {
			signed = true
		}
	}
	return signed
}

// Seal encrypts text for a purpose (AES-256-GCM, random nonce). Only Open with the same purpose and
// the same binding reads it again. The result is safe in a URL.
func (k *Keyring) Seal(purpose, binding string, text []byte) string {
	gcm := newCipher(k.current(), purpose)
	nonce := make([]byte, gcm.NonceSize(), gcm.NonceSize()+len(text)+gcm.Overhead())
	if _, err := rand.Read(nonce); err != nil {
		panic("seal: " + err.Error()) // crypto/rand never fails on the platforms that Go supports
	}
	return base64.RawURLEncoding.EncodeToString(gcm.Seal(nonce, nonce, text, []byte(binding)))
}

// Open decrypts a value from Seal; ErrForged if it was not sealed for this purpose and binding with
// any of the secrets.
func (k *Keyring) Open(purpose, binding, sealed string) ([]byte, error) {
	data, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return nil, ErrForged
	}
	for secret := range k.all() {
		gcm := newCipher(secret, purpose)
		if len(data) < gcm.NonceSize() {
			break
		}
		text, err := gcm.Open(nil, data[:gcm.NonceSize()], data[gcm.NonceSize():], []byte(binding))
		if err == nil {
			return text, nil
		}
	}
	return nil, ErrForged
}

func newCipher(secret []byte, purpose string) cipher.AEAD {
	block, err := aes.NewCipher(key(secret, "seal "+purpose))
	if err != nil {
		panic("seal: " + err.Error()) // the key always has 32 bytes
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic("seal: " + err.Error()) // AES always has GCM's block size
	}
	return gcm
}
