package smtp

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// connect opens a connection, encrypts it as required, says EHLO and logs in. The connection is
// closed when ctx ends.
func (r *Sender) connect(ctx context.Context) (*smtp.Client, error) {
	client, err := r.open(ctx)
	if err != nil {
		return nil, err
	}
	if r.server.user == "" {
		return client, nil
	}
	credentials := sasl.NewPlainClient("", r.server.user, r.server.password)
	if !client.SupportsAuth(sasl.Plain) && client.SupportsAuth(sasl.Login) {
		credentials = sasl.NewLoginClient(r.server.user, r.server.password)
	}
	if err := client.Auth(credentials); err != nil {
		return nil, fmt.Errorf("log in: %w", err)
	}
	return client, nil
}

func (r *Sender) open(ctx context.Context) (*smtp.Client, error) {
	switch r.server.encryption {
	case mandatory:
		return r.startTLS(ctx)
	case opportunistic:
		client, err := r.plain(ctx)
		if err != nil {
			return nil, err
		}
		if offered, _ := client.Extension("STARTTLS"); !offered {
			return client, nil
		}
		// The client can only start with STARTTLS, so it starts again.
		_ = client.Quit()
		return r.startTLS(ctx)
	default:
		return r.plain(ctx)
	}
}

// plain starts without STARTTLS: in clear text, or within TLS on its own port.
func (r *Sender) plain(ctx context.Context) (*smtp.Client, error) {
	connection, err := r.dial(ctx)
	if err != nil {
		return nil, err
	}
	if r.server.encryption == fromTheStart {
		connection = tls.Client(connection, r.tlsConfig())
	}
	return r.hello(smtp.NewClient(connection))
}

func (r *Sender) startTLS(ctx context.Context) (*smtp.Client, error) {
	connection, err := r.dial(ctx)
	if err != nil {
		return nil, err
	}
	client, err := smtp.NewClientStartTLS(connection, r.tlsConfig())
	if err != nil {
		return nil, fmt.Errorf("start encryption: %w", err)
	}
	return r.hello(client)
}

func (r *Sender) hello(client *smtp.Client) (*smtp.Client, error) {
	if err := client.Hello(r.server.hello); err != nil {
		return nil, fmt.Errorf("hello: %w", err)
	}
	return client, nil
}

func (r *Sender) dial(ctx context.Context) (net.Conn, error) {
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", r.String())
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	context.AfterFunc(ctx, func() { connection.Close() })
	return connection, nil
}

func (r *Sender) tlsConfig() *tls.Config {
	return &tls.Config{
		ServerName: r.server.host, RootCAs: r.roots, MinVersion: tls.VersionTLS12,
		// Opportunistic encryption only protects against eavesdropping, so an untrusted certificate
		// is still better than none (RFC 7435).
		InsecureSkipVerify: r.server.encryption == opportunistic, //nolint:gosec // see above
	}
}
