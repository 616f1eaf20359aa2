package machine

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/shared/store/queue"
)

const (
	housekeepEvery = time.Minute
	housekeepBatch = 500
	// forgottenUploads is how long an uploaded file waits to be attached to its case.
	forgottenUploads = 24 * time.Hour
)

// housekeep periodically cleans up until ctx ends: it removes expired items, forgotten uploads and
// old quarantined mails, and stores messages that crashed their workers as dead letters. It also
// reads the secrets again.
func (p Program) housekeep(ctx context.Context, built *parts) error {
	for ctx.Err() == nil {
		if err := p.renewSecrets(ctx, built.services.Keyring); err != nil {
			p.Log.Error("the secrets were not read again; those read before stay in use", "error", err)
		}
		if err := p.tidy(ctx, built); err != nil && ctx.Err() == nil {
			p.Log.Error("housekeeping failed", "error", err)
		}
		sleep(ctx, housekeepEvery)
	}
	return nil
}

func (p Program) tidy(ctx context.Context, built *parts) error {
	if err := built.folder.Expire(ctx, p.Now().Add(-forgottenUploads)); err != nil {
		return err
	}
	if err := p.dropSetupToken(ctx, built.services.Accounts); err != nil {
		return err
	}
	if _, err := built.services.Intake.ForgetQuarantined(ctx); err != nil {
		return err
	}
	for _, name := range queue.Names() {
		dead, err := built.queues.Dead(ctx, name, housekeepBatch, 0)
		if err != nil {
			return err
		}
		for _, letter := range dead {
			if err := built.services.DeadLetters.Park(ctx, letter.Message, letter.Reason, letter.Receives); err != nil {
				return err
			}
			if _, err := built.queues.TakeDead(ctx, name, letter.Message.ID); err != nil {
				return err
			}
		}
	}
	for {
		removed, err := built.store.Sweep(ctx, housekeepBatch)
		if err != nil || removed < housekeepBatch {
			return err
		}
	}
}
