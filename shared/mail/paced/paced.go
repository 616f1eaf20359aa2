// Package paced limits how many mails a sender sends a second, for servers that refuse more. How
// mails are sent is up to the sender.
package paced

import (
	"context"

	"golang.org/x/time/rate"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail"
)

// Sender is a sender with a pace. It is safe for concurrent use.
type Sender struct {
	sender mail.Sender
	limit  *rate.Limiter
}

// New returns a sender that sends at most so many mails a second, after a first burst of as many.
func New(sender mail.Sender, perSecond float64) *Sender {
	return &Sender{sender, rate.NewLimiter(rate.Limit(perSecond), max(1, int(perSecond)))}
}

// Send waits for its turn and sends the mail. It returns a fault of code Unavailable without sending
// if the turn comes after the end of ctx.
func (s *Sender) Send(ctx context.Context, message mail.Outgoing) (string, error) {
	if err := s.limit.Wait(ctx); err != nil {
		return "", fault.Wrap(err, fault.Unavailable, "More mails wait than may be sent a second.")
	}
	return s.sender.Send(ctx, message)
}
