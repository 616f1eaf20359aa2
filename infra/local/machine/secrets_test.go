package machine

import (
	"bytes"
	"encoding/hex"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/infra/local/settings"
	"github.com/tenantry/tenantry/shared/seal"
)

func TestARunningProgramFollowsARotationAndSurvivesADamagedFile(t *testing.T) {
	now, log := time.Now(), &bytes.Buffer{}
	p := Program{
		Settings: settings.Settings{Data: t.TempDir()},
		Log:      slog.New(slog.NewTextHandler(log, nil)), Now: func() time.Time { return now },
	}
	keyring, err := loadKeyring(p.secretPath(), true, p.Now)
	if err != nil {
		t.Fatal(err)
	}
	before := keyring.Current()
	stored, err := os.ReadFile(p.secretPath())
	if err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		t.Helper()
		if err := writePrivate(p.secretPath(), text); err != nil {
			t.Fatal(err)
		}
	}
	secret := hex.EncodeToString(bytes.Repeat([]byte{9}, seal.SecretBytes))
	rotated, err := seal.Rotate(string(stored), secret, now, now.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	write(rotated)
	if err := p.renewSecrets(t.Context(), keyring); err != nil || keyring.Current() != before {
		t.Errorf("before its time the new secret is in use: %v", err)
	}
	now = now.Add(2 * time.Minute)
	if keyring.Current() == before {
		t.Error("the new secret is not in use at its time")
	}
	after := keyring.Current()
	write("damaged")
	if err := p.renewSecrets(t.Context(), keyring); err == nil || keyring.Current() != after {
		t.Errorf("a damaged file: %v; now %s, before %s", err, keyring.Current(), after)
	}
	write(rotated)
	info, err := os.Stat(p.secretPath())
	if err != nil || info.Mode() != fs.FileMode(0o600) {
		t.Errorf("%v, %v", info, err)
	}
	if files, err := filepath.Glob(filepath.Join(p.Settings.Data, ".new-*")); err != nil || len(files) > 0 {
		t.Errorf("left behind: %v, %v", files, err)
	}
	if strings.Contains(log.String(), secret[:8]) {
		t.Errorf("the log has a secret: %s", log)
	}
}
