package machine

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/seal"
)

// loadKeyring reads the installation's secrets, or creates the first one at the first start.
func loadKeyring(path string, fresh bool, now func() time.Time) (*seal.Keyring, error) {
	secrets, err := readSecrets(path)
	if errors.Is(err, fs.ErrNotExist) {
		if !fresh {
			return nil, fmt.Errorf(
				"the secret %s is missing, although there is a database: restore it from a backup; without it, "+
					"links in mails and open sessions are invalid",
				path,
			)
		}
		return makeKeyring(path, now)
	}
	if err != nil {
		return nil, err
	}
	return seal.NewRotated(secrets, now)
}

// readSecrets reads the installation's secrets; the error is fs.ErrNotExist if there is no file.
func readSecrets(path string) ([]seal.Secret, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the secret cannot be read: %w", err)
	}
	secrets, err := seal.ReadSecrets(string(text), seal.Hexadecimal)
	if err != nil {
		return nil, fmt.Errorf("the secret %s is damaged: %w; restore it from a backup", path, err)
	}
	return secrets, nil
}

// renewSecrets reads the secrets again, which 'operate rotate-secret' changes while the program
// runs.
func (p Program) renewSecrets(ctx context.Context, keyring *seal.Keyring) error {
	secrets, err := readSecrets(p.secretPath())
	if err != nil {
		return err
	}
	before := keyring.Current()
	if err := keyring.Replace(secrets); err != nil {
		return err
	}
	if now := keyring.Current(); now != before {
		p.Log.InfoContext(ctx, "another secret is in use", "id", now, "before", before)
	}
	return nil
}

func (p Program) secretPath() string { return filepath.Join(p.Settings.Data, "secret.key") }

func makeKeyring(path string, now func() time.Time) (*seal.Keyring, error) {
	secret := make([]byte, seal.SecretBytes)
	if _, err := rand.Read(secret); err != nil {
		return nil, err
	}
	if err := writePrivate(path, hex.EncodeToString(secret)+"\n"); err != nil {
		return nil, fmt.Errorf("the secret cannot be written: %w", err)
	}
	return seal.NewRotated([]seal.Secret{{Bytes: secret}}, now)
}

// writePrivate writes a file that only this user can read, durably and atomically.
func writePrivate(path, text string) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".new-*") // CreateTemp uses mode 0600
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	directory, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(directory.Sync(), directory.Close())
}

// prepareSetup stores the one-time token while there is no operator, prints it if somebody reads it
// at a terminal, and removes the file afterwards.
func (p Program) prepareSetup(ctx context.Context, accounts *identity.Accounts) error {
	path := filepath.Join(p.Settings.Data, "setup-token")
	content, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the setup token cannot be read: %w", err)
	}
	before := strings.TrimSpace(string(content))
	token, err := accounts.PrepareSetup(ctx, before)
	if err != nil {
		return fmt.Errorf("prepare the first start: %w", err)
	}
	if token == "" {
		if before == "" {
			return nil
		}
		return os.Remove(path) // it is no longer valid
	}
	if token != before {
		if err := writePrivate(path, token+"\n"); err != nil {
			return fmt.Errorf("the setup token cannot be written: %w", err)
		}
	}
	link := p.Settings.BaseURL + "/setup"
	if p.Interactive {
		link += "?token=" + token // its letters need no escaping
	}
	_, err = fmt.Fprintf(p.Out, `
This installation has no operator yet. Create the first one with the token in %s, in a browser at

    %s

or with POST /api/v1/setup. The API is described at %s/docs.
`, path, link, p.Settings.BaseURL)
	return err
}

// dropSetupToken removes the token's file once there is an operator.
func (p Program) dropSetupToken(ctx context.Context, accounts *identity.Accounts) error {
	path := filepath.Join(p.Settings.Data, "setup-token")
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	token, err := accounts.PrepareSetup(ctx, strings.TrimSpace(string(content)))
	if err != nil || token != "" {
		return err
	}
	return os.Remove(path)
}
