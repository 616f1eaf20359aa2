package authentication

import (
	"context"
	"net"
	"sync/atomic"
)

// Resolver asks the domain name system; *net.Resolver does. A name that does not exist is a
// *net.DNSError with IsNotFound; any other error counts as passing. Names are absolute: they end in
// a dot.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupAddr(ctx context.Context, address string) ([]string, error)
}

// maxText is the longest text record in bytes that is looked at: more than the largest key in use
// needs, and little enough that a key made to be large costs no time.
const maxText = 4 << 10

// bounded is a resolver for one mechanism and one mail, with a limit on questions. Its errors are
// always *net.DNSError, and say rightly whether they pass.
type bounded struct {
	to   Resolver
	left atomic.Int64
}

func newBounded(to Resolver, questions int64) *bounded {
	b := &bounded{to: to}
	b.left.Store(questions)
	return b
}

// ask asks one question.
func ask[T any](b *bounded, name string, question func(name string) ([]T, error)) ([]T, error) {
	if b.left.Add(-1) < 0 {
		return nil, &net.DNSError{Err: "too many questions for one mail", Name: name, IsTemporary: true}
	}
	answer, err := question(name)
	return answer, plain(name, err)
}

// plain returns an error in the one form that the libraries understand.
func plain(name string, err error) error {
	if err == nil {
		return nil
	}
	// The libraries look at the error itself, not at what it wraps.
	known, ok := err.(*net.DNSError) //nolint:errorlint // a resolver returns the error itself
	if ok && known.IsNotFound {
		return known
	}
	return &net.DNSError{Err: err.Error(), Name: name, IsTemporary: true}
}

// absolute returns a name as one that is looked for in no domain of this machine's own.
func absolute(name string) string {
	if name == "" || name[len(name)-1] == '.' {
		return name
	}
	return name + "."
}

// LookupTXT asks for text records; those that are too long are left out.
func (b *bounded) LookupTXT(ctx context.Context, name string) ([]string, error) {
	texts, err := ask(b, absolute(name), func(name string) ([]string, error) { return b.to.LookupTXT(ctx, name) })
	kept := make([]string, 0, len(texts))
	for _, text := range texts {
		if len(text) <= maxText {
			kept = append(kept, text)
		}
	}
	return kept, err
}

// LookupMX asks for mail servers.
func (b *bounded) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	return ask(b, absolute(name), func(name string) ([]*net.MX, error) { return b.to.LookupMX(ctx, name) })
}

// LookupIPAddr asks for addresses.
func (b *bounded) LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error) {
	return ask(b, absolute(host), func(name string) ([]net.IPAddr, error) { return b.to.LookupIPAddr(ctx, name) })
}

// LookupAddr asks for the names of an address.
func (b *bounded) LookupAddr(ctx context.Context, address string) ([]string, error) {
	return ask(b, address, func(address string) ([]string, error) { return b.to.LookupAddr(ctx, address) })
}
