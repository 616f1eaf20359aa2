package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/seal"
)

func TestTheSecretInAFileIsRotatedAndTheFormerOneForgotten(t *testing.T) {
	path, now := filepath.Join(t.TempDir(), "secret.key"), time.Now()
	first := strings.Repeat("0a", seal.SecretBytes)
	if err := os.WriteFile(path, []byte(first+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	kept := func() []seal.Secret {
		t.Helper()
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		secrets, err := seal.ReadSecrets(string(text), seal.Hexadecimal)
		if err != nil {
			t.Fatal(err)
		}
		return secrets
	}
	var out bytes.Buffer
	rotate := func(arguments ...string) error {
		return rotateSecret(t.Context(), append([]string{"-file", path}, arguments...), now, &out)
	}
	if err := rotate("-forget"); err == nil {
		t.Error("forgot the only secret")
	}
	if err := rotate(); err != nil {
		t.Fatal(err)
	}
	secrets := kept()
	if len(secrets) != 2 || secrets[1].From.Sub(now).Round(time.Minute) != notice {
		t.Errorf("kept %d secrets", len(secrets))
	}
	if err := rotate(); err == nil {
		t.Error("rotated again before the new secret is used")
	}
	if err := rotate("-forget"); err == nil {
		t.Error("forgot the secret in use")
	}
	now = now.Add(time.Hour)
	if err := rotate("-forget"); err != nil {
		t.Fatal(err)
	}
	if left := kept(); len(left) != 1 || left[0].ID() != secrets[1].ID() {
		t.Errorf("kept %d secrets", len(left))
	}
	if !strings.Contains(out.String(), secrets[1].ID()) || regexp.MustCompile("[0-9a-f]{16}").MatchString(out.String()) {
		t.Errorf("printed %s", &out)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}

func TestARotationByRootLeavesTheSecretToItsOwner(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret.key")
	if err := os.WriteFile(path, []byte(strings.Repeat("0a", seal.SecretBytes)), 0o600); err != nil {
		t.Fatal(err)
	}
	want := os.Getuid()
	if want == 0 { // only root can give a file away
		want = 1000
		if err := os.Chown(path, want, want); err != nil {
			t.Fatal(err)
		}
	}
	if err := rotateSecret(t.Context(), []string{"-file", path}, time.Now(), &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); !ok || int(owner.Uid) != want {
		t.Errorf("the secret belongs to %d, want %d", owner.Uid, want)
	}
}

func TestRotateSecretSaysWhatItNeeds(t *testing.T) {
	damaged := filepath.Join(t.TempDir(), "secret.key")
	if err := os.WriteFile(damaged, []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, arguments := range [][]string{
		{}, {"-file", "a", "-aws", "b"}, {"-file", "a", "b"}, {"-file", filepath.Join(t.TempDir(), "absent")}, {"-file", damaged},
	} {
		var out bytes.Buffer
		if err := rotateSecret(t.Context(), arguments, time.Now(), &out); err == nil || out.Len() > 0 {
			t.Errorf("%v: %v, printed %q", arguments, err, &out)
		}
	}
	if text, err := os.ReadFile(damaged); err != nil || string(text) != "damaged" {
		t.Errorf("the damaged file is now %q, %v", text, err)
	}
}
