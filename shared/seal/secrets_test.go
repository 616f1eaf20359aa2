package seal_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/seal"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// text returns a stored secret in hexadecimal digits.
func text(first byte) string {
	secret := bytes.Repeat([]byte{7}, seal.SecretBytes)
	secret[0] = first
	return hex.EncodeToString(secret)
}

func read(t *testing.T, stored string) []seal.Secret {
	t.Helper()
	secrets, err := seal.ReadSecrets(stored, seal.Hexadecimal)
	if err != nil {
		t.Fatal(err)
	}
	return secrets
}

func rotate(t *testing.T, stored, added string, now, from time.Time) string {
	t.Helper()
	rotated, err := seal.Rotate(stored, added, now, from)
	if err != nil {
		t.Fatal(err)
	}
	return rotated
}

func TestARotationIsNotNoticedByThoseWhoHoldSomethingSealed(t *testing.T) {
	now := noon
	clock := func() time.Time { return now }
	stored := text(1) + "\n"
	before, err := seal.NewRotated(read(t, stored), clock)
	if err != nil {
		t.Fatal(err)
	}
	stored = rotate(t, stored, text(2), now, now.Add(15*time.Minute))
	after, err := seal.NewRotated(read(t, stored), clock)
	if err != nil {
		t.Fatal(err)
	}
	opens := func(when string, k *seal.Keyring, sealed string, signature []byte, want bool) {
		t.Helper()
		if _, err := k.Open("link", "anna", sealed); (err == nil) != want {
			t.Errorf("%s: opened: %v", when, err)
		}
		if got := k.Signed(signature, "reply", "anna"); got != want {
			t.Errorf("%s: signed is %v", when, got)
		}
	}
	old, oldSigned := before.Seal("link", "anna", []byte("x")), before.Sign("reply", "anna")[:13]
	opens("what was made before the rotation", after, old, oldSigned, true)
	// Processes learn of the new secret at different times; until it is used, both make the same values.
	opens("made with the new secret known", before, after.Seal("link", "anna", nil), after.Sign("reply", "anna"), true)
	now = now.Add(20 * time.Minute)
	made, signed := after.Seal("link", "anna", []byte("x")), after.Sign("reply", "anna")
	opens("made with the new secret", after, made, signed, true)
	opens("made with the new secret, which is not known", before, made, signed, false)
	if err := before.Replace(read(t, stored)); err != nil {
		t.Fatal(err)
	}
	opens("made with the new secret, read again", before, made, signed, true)
	rest, dropped, err := seal.Forget(stored, now)
	if err != nil || dropped != 1 {
		t.Fatalf("%d dropped, %v", dropped, err)
	}
	if err := after.Replace(read(t, rest)); err != nil {
		t.Fatal(err)
	}
	opens("made with a forgotten secret", after, old, oldSigned, false)
	opens("made with the secret that was kept", after, made, signed, true)
}

func TestOneRotationAtATimeAndFiveSecretsAtMost(t *testing.T) {
	stored, now := text(1), noon
	for i := range byte(7) {
		stored = rotate(t, stored, text(i+2), now, now.Add(time.Minute))
		if _, err := seal.Rotate(stored, text(100), now, now.Add(time.Hour)); err == nil {
			t.Error("a second rotation began before the first was complete")
		}
		if _, dropped, err := seal.Forget(stored, now); err != nil || dropped != min(int(i), seal.MostSecrets-2) {
			t.Errorf("%d: %d would be forgotten, %v", i, dropped, err)
		}
		now = now.Add(time.Hour)
	}
	secrets := read(t, stored)
	if len(secrets) != seal.MostSecrets || !bytes.Equal(secrets[4].Bytes, read(t, text(8))[0].Bytes) {
		t.Errorf("kept %d: %s", len(secrets), stored)
	}
}

func TestDamagedSecretsAreRefusedAndNeverShown(t *testing.T) {
	for name, stored := range map[string]string{
		"nothing":           "",
		"too short":         text(1)[:60],
		"no digits":         strings.Repeat("xy", 32),
		"a damaged time":    text(1) + " yesterday",
		"one word too many": text(1) + " 2026-01-02T15:04:05Z " + text(2),
		"an empty line":     text(1) + "\n\n" + text(2) + " 2026-01-02T15:04:05Z",
	} {
		_, err := seal.ReadSecrets(stored, seal.Hexadecimal)
		if err == nil || strings.Contains(err.Error(), "0707") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := seal.NewRotated(read(t, text(1)+" 2026-03-01T13:00:00Z"), func() time.Time { return noon }); err == nil {
		t.Error("took a secret that is not in use yet as the only one")
	}
	if _, err := seal.RandomText("too short"); err == nil {
		t.Error("took a short text")
	}
}
