package seal_test

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/seal"
)

func keyring(t rapid.TB, first byte) *seal.Keyring {
	t.Helper()
	secret := bytes.Repeat([]byte{7}, seal.SecretBytes)
	secret[0] = first
	made, err := seal.NewKeyring(secret)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestWhatIsSealedOpensOnlyForItsPurposeAndBinding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ours, theirs := keyring(t, 1), keyring(t, 2)
		text := rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "text")
		sealed := ours.Seal("cursor", "anna", text)
		opened, err := ours.Open("cursor", "anna", sealed)
		if err != nil || !bytes.Equal(opened, text) {
			t.Fatalf("opened %q, %v; want %q", opened, err, text)
		}
		changed := []byte(sealed)
		at := rapid.IntRange(0, len(changed)-2).Draw(t, "at")
		changed[at] ^= 1
		for name, open := range map[string]func() ([]byte, error){
			"another purpose": func() ([]byte, error) { return ours.Open("link", "anna", sealed) },
			"another binding": func() ([]byte, error) { return ours.Open("cursor", "ben", sealed) },
			"another secret":  func() ([]byte, error) { return theirs.Open("cursor", "anna", sealed) },
			"changed":         func() ([]byte, error) { return ours.Open("cursor", "anna", string(changed)) },
			"cut":             func() ([]byte, error) { return ours.Open("cursor", "anna", sealed[:len(sealed)/2]) },
		} {
			if _, err := open(); err == nil {
				t.Errorf("%s: opened", name)
			}
		}
	})
}

func TestASignatureKeepsItsPartsApart(t *testing.T) {
	ours := keyring(t, 1)
	signature := ours.Sign("reply", "ab", "c")
	for _, test := range []struct {
		name      string
		signature []byte
		parts     []string
		want      bool
	}{
		{"the same parts", signature, []string{"ab", "c"}, true},
		{"a beginning of 13 bytes", signature[:13], []string{"ab", "c"}, true},
		{"parts cut elsewhere", signature, []string{"a", "bc"}, false},
		{"a beginning too short to trust", signature[:8], []string{"ab", "c"}, false},
		{"nothing", nil, []string{"ab", "c"}, false},
	} {
		if got := ours.Signed(test.signature, "reply", test.parts...); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestASecretOfTheWrongLengthIsRefused(t *testing.T) {
	if _, err := seal.NewKeyring(make([]byte, 16)); err == nil {
		t.Error("a secret of 16 bytes was taken")
	}
}
