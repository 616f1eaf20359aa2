package machine

import (
	"context"
	"errors"
	"fmt"
	"net"
)

// doors are the program's listeners.
type doors struct {
	http, smtp net.Listener
}

// listen opens all listeners before the program prints or serves anything, so that an address in
// use stops the start with one sentence, always the same.
func (p Program) listen(ctx context.Context) (doors, error) {
	var config net.ListenConfig
	http, err := config.Listen(ctx, "tcp", p.Settings.Address)
	if err != nil {
		return doors{}, fmt.Errorf("HTTP cannot be served: %w; set another address with TENANTRY_ADDR", err)
	}
	smtp, err := config.Listen(ctx, "tcp", p.Settings.SMTPAddress)
	if err != nil {
		return doors{}, errors.Join(
			fmt.Errorf("mail cannot be received: %w; set another address with TENANTRY_SMTP_ADDR", err),
			http.Close(),
		)
	}
	return doors{http: http, smtp: smtp}, nil
}

// close closes the listeners that a server has not closed already.
func (d doors) close() {
	_, _ = d.http.Close(), d.smtp.Close() // closing a listener twice fails, which does not matter here
}
