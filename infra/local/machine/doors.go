package machine

import (
	"context"
	"errors"
	"fmt"
	"net"
)

// doors are the addresses that the program listens at.
type doors struct {
	http, smtp net.Listener
}

// listen opens all doors before the program says or serves anything, so that an address that is
// taken stops the start with one sentence, and always the same one.
func (p Program) listen(ctx context.Context) (doors, error) {
	var config net.ListenConfig
	http, err := config.Listen(ctx, "tcp", p.Settings.Address)
	if err != nil {
		return doors{}, fmt.Errorf("HTTP cannot be served: %w; give another address with TENANTRY_ADDR", err)
	}
	smtp, err := config.Listen(ctx, "tcp", p.Settings.SMTPAddress)
	if err != nil {
		return doors{}, errors.Join(
			fmt.Errorf("mail cannot be taken in: %w; give another address with TENANTRY_SMTP_ADDR", err),
			http.Close(),
		)
	}
	return doors{http: http, smtp: smtp}, nil
}

// close closes what a server has not closed already.
func (d doors) close() {
	_, _ = d.http.Close(), d.smtp.Close() // a second close of a listener fails, and that is fine
}
