package authentication

import (
	"context"
	"net"
	"sync/atomic"
)

// Resolver queries the domain name system, as *net.Resolver does. A name that does not exist is a
// *net.DNSError with IsNotFound; any other error counts as temporary. Names are absolute: they end
// in a dot.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupAddr(ctx context.Context, address string) ([]string, error)
}

// maxText is the maximum length of a text record in bytes: more than the largest key in use needs,
// and too little for a key that is made large to cost time.
const maxText = 4 << 10

// bounded is a resolver for one mechanism and one mail, with a limit on queries. Its errors are
// always *net.DNSError, and say correctly whether they are temporary.
type bounded struct {
	to   Resolver
	left atomic.Int64
}

func newBounded(to Resolver, questions int64) *bounded {
	b := &bounded{to: to}
	b.left.Store(questions)
	return b
}

// ask makes one query.
func ask[T any](b *bounded, name string, question func(name string) ([]T, error)) ([]T, error) {
	if b.left.Add(-1) < 0 {
		return nil, &net.DNSError{Err: "too many questions for one mail", Name: name, IsTemporary: true}
	}
	answer, err := question(name)
	return answer, plain(name, err)
}

// plain returns an error in the form that the libraries understand.
func plain(name string, err error) error {
	if err == nil {
		return nil
	}
	// The libraries look at the error itself, not at the errors it wraps.
	known, ok := err.(*net.DNSError) //nolint:errorlint // a resolver returns the error itself
	if ok && known.IsNotFound {
		return known
	}
	return &net.DNSError{Err: err.Error(), Name: name, IsTemporary: true}
}

// absolute returns a name that is not looked up in this machine's own domains.
func absolute(name string) string {
	if name == "" || name[len(name)-1] == '.' {
		return name
	}
	return name + "."
}

// LookupTXT looks up text records, without those that are too long.
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

// LookupMX looks up mail servers.
func (b *bounded) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	return ask(b, absolute(name), func(name string) ([]*net.MX, error) { return b.to.LookupMX(ctx, name) })
}

// LookupIPAddr looks up addresses.
func (b *bounded) LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error) {
	return ask(b, absolute(host), func(name string) ([]net.IPAddr, error) { return b.to.LookupIPAddr(ctx, name) })
}

// LookupAddr looks up the names of an address.
func (b *bounded) LookupAddr(ctx context.Context, address string) ([]string, error) {
	return ask(b, address, func(address string) ([]string, error) { return b.to.LookupAddr(ctx, address) })
}
