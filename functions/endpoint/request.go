package endpoint

import (
	"context"
	"net/url"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
)

// request is what a handler can know about its call besides the input.
type request struct {
	principal identity.Principal
	known     bool
	source    string
	url       url.URL
	server    *server
	usage     Usage
}

// Usage is how many calls the caller made in the present hour, with this one.
type Usage struct {
	Calls, Limit int
	// Left is how long the hour goes on.
	Left time.Duration
}

type requestKey struct{}

func with(ctx context.Context, r *request) context.Context {
	return context.WithValue(ctx, requestKey{}, r)
}

func of(ctx context.Context) *request {
	r, ok := ctx.Value(requestKey{}).(*request)
	if !ok {
		return &request{}
	}
	return r
}

// Principal returns the caller of a Known endpoint.
func Principal(ctx context.Context) identity.Principal { return of(ctx).principal }

// Who returns the caller, or nil if anonymous.
func Who(ctx context.Context) *identity.Principal {
	r := of(ctx)
	if !r.known {
		return nil
	}
	return &r.principal
}

// Source returns the network address that the request came from.
func Source(ctx context.Context) string { return of(ctx).source }

// UsageOf returns how many calls the caller of a Known endpoint made in the present hour.
func UsageOf(ctx context.Context) Usage { return of(ctx).usage }

// Now returns the present time.
func Now(ctx context.Context) time.Time { return of(ctx).server.Now() }
