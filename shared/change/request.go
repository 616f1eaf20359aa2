package change

import "context"

type requestKey struct{}

// WithRequest returns a context of work for a request with an id. The entries of the audit log and
// the messages of the changes made with it have the id, so that they can be found with the logs of
// the gateway and of the functions.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestID returns the id of the request that a context belongs to; "" if there is none.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}
