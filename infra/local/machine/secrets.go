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

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/seal"
)

// loadKeyring reads the installation's secret, or creates it at the first start.
func loadKeyring(path string, fresh bool) (*seal.Keyring, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if !fresh {
			return nil, fmt.Errorf(
				"the secret %s is missing, although there is a database: restore it from a backup; without it, "+
					"links in mails and open sessions are invalid",
				path,
			)
		}
		return makeKeyring(path)
	}
	if err != nil {
		return nil, fmt.Errorf("the secret cannot be read: %w", err)
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) != seal.SecretBytes {
		return nil, fmt.Errorf("the secret %s is damaged: it must be %d hexadecimal digits; restore it from a backup",
			path, 2*seal.SecretBytes)
	}
	return seal.NewKeyring(secret)
}

func makeKeyring(path string) (*seal.Keyring, error) {
	secret := make([]byte, seal.SecretBytes)
	if _, err := rand.Read(secret); err != nil {
		return nil, err
	}
	if err := writePrivate(path, hex.EncodeToString(secret)+"\n"); err != nil {
		return nil, fmt.Errorf("the secret cannot be written: %w", err)
	}
	return seal.NewKeyring(secret)
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

// prepareSetup stores the one-time token while there is no operator, prints it if somebody reads it at
// a terminal, and removes the file afterwards.
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
	shown := token
	if !p.Interactive {
		shown = "'\"$(cat " + path + ")\"'"
	}
	_, err = fmt.Fprintf(p.Out, `
This installation has no operator yet. Create the first one with the token in %[1]s:

    curl %[3]s/api/v1/setup -H 'Content-Type: application/json' -d '{"token": "%[2]s", "email": "you@example.com",
      "password": "several unrelated words", "first_name": "Your", "last_name": "Name"}'

Then log in at %[3]s. The API is described at %[3]s/docs.
`, path, shown, p.Settings.BaseURL)
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
