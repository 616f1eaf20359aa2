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
)

// SecretBytes is the length of the installation's secret.
const SecretBytes = 32

// ErrForged means that a sealed value was changed, truncated, created elsewhere, or is for another
// purpose.
var ErrForged = errors.New("seal: not made here for this use")

// Keyring holds the keys derived from the installation's secret, one for each
// purpose. It is safe for concurrent use.
type Keyring struct{ secret []byte }

// NewKeyring returns a keyring of a secret of SecretBytes bytes.
func NewKeyring(secret []byte) (*Keyring, error) {
	if len(secret) != SecretBytes {
		return nil, fmt.Errorf("seal: the secret has %d bytes, want %d", len(secret), SecretBytes)
	}
	return &Keyring{secret: append([]byte(nil), secret...)}, nil
}

// key derives the key of a purpose by HKDF (RFC 5869).
func (k *Keyring) key(purpose string) []byte {
	key, err := hkdf.Expand(sha256.New, k.secret, "tenantry "+purpose, 32)
	if err != nil {
		panic("seal: " + err.Error()) // only for lengths that are impossible here
	}
	return key
}

// Sign returns the HMAC-SHA256 of parts for a purpose. Parts are kept apart: ("ab", "c") and ("a",
// "bc") have different signatures.
func (k *Keyring) Sign(purpose string, parts ...string) []byte {
	mac := hmac.New(sha256.New, k.key("sign "+purpose))
	var length [8]byte
	for _, part := range parts {
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		mac.Write(length[:])
		mac.Write([]byte(part))
	}
	return mac.Sum(nil)
}

// Signed reports, in constant time, whether signature was made by Sign, or is a
// beginning of it of at least 12 bytes.
func (k *Keyring) Signed(signature []byte, purpose string, parts ...string) bool {
	want := k.Sign(purpose, parts...)
	if len(signature) < 12 || len(signature) > len(want) {
		return false
	}
	return hmac.Equal(signature, want[:len(signature)])
}

// Seal encrypts text for a purpose (AES-256-GCM, random nonce). Only Open with the same purpose and
// the same binding reads it again. The result is safe in a URL.
func (k *Keyring) Seal(purpose, binding string, text []byte) string {
	gcm := k.cipher(purpose)
	nonce := make([]byte, gcm.NonceSize(), gcm.NonceSize()+len(text)+gcm.Overhead())
	if _, err := rand.Read(nonce); err != nil {
		panic("seal: " + err.Error()) // crypto/rand never fails on the platforms that Go supports
	}
	return base64.RawURLEncoding.EncodeToString(gcm.Seal(nonce, nonce, text, []byte(binding)))
}

// Open decrypts a value from Seal; ErrForged if it was not sealed for this purpose and binding.
func (k *Keyring) Open(purpose, binding, sealed string) ([]byte, error) {
	data, err := base64.RawURLEncoding.DecodeString(sealed)
	gcm := k.cipher(purpose)
	if err != nil || len(data) < gcm.NonceSize() {
		return nil, ErrForged
	}
	text, err := gcm.Open(nil, data[:gcm.NonceSize()], data[gcm.NonceSize():], []byte(binding))
	if err != nil {
		return nil, ErrForged
	}
	return text, nil
}

func (k *Keyring) cipher(purpose string) cipher.AEAD {
	block, err := aes.NewCipher(k.key("seal " + purpose))
	if err != nil {
		panic("seal: " + err.Error()) // the key always has 32 bytes
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic("seal: " + err.Error()) // AES always has GCM's block size
	}
	return gcm
}
