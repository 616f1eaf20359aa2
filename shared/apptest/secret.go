package apptest

import "github.com/tenantry/tenantry/shared/seal"

// The installation's secrets, before and after a rotation.
const (
	firstSecret  = "the secret of a trial, 32 bytes."
	secondSecret = "another secret, also of 32 bytes"
)

// RotateSecret brings another secret of the installation into use; the first stays valid.
func (w *App) RotateSecret() {
	w.must(w.Keyring.Replace([]seal.Secret{
		{Bytes: []byte(firstSecret)}, {Bytes: []byte(secondSecret), From: w.Clock.Now()},
	}))
}
