package catalog

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// Guarded puts a guard in front of the adapters, like a function's role on AWS.
func Guarded(guard *grant.Guard, adapters Adapters) Adapters {
	links := NewServices(adapters).FileLinks()
	adapters.Store, adapters.Files = guard.Tables(adapters.Store), guard.Blobs(adapters.Files)
	adapters.Queues, adapters.Sender = guard.Queues(adapters.Queues), guard.Mail(adapters.Sender)
	adapters.Depths, adapters.Links = guardedDepths{adapters.Depths, guard}, guardedLinks{links, guard}
	return adapters
}

// GuardedLimiter puts a guard in front of the counting of calls, which the functions on AWS do in
// the derived table.
type GuardedLimiter struct {
	endpoint.Limiter
	Guard *grant.Guard
}

// Take counts a call.
func (l GuardedLimiter) Take(ctx context.Context, key string, window time.Duration) (int, time.Duration, error) {
	if err := l.Guard.Use(grant.Derived, grant.Count); err != nil {
		return 0, 0, err
	}
	return l.Limiter.Take(ctx, key, window)
}

type guardedDepths struct {
	queue.Inspector
	guard *grant.Guard
}

func (d guardedDepths) Depths(ctx context.Context) ([]queue.Depth, error) {
	for _, name := range queue.Names() {
		if err := d.guard.Use(grant.Queue(name), grant.Depth); err != nil {
			return nil, err
		}
	}
	return d.Inspector.Depths(ctx)
}

type guardedLinks struct {
	uploads.Links
	guard *grant.Guard
}

func (l guardedLinks) UploadForm(
	ctx context.Context,
	key, contentType string,
	limit int64,
	valid time.Duration,
) (string, map[string]string, error) {
	if err := l.guard.Use(grant.FilesOf(key), grant.Store); err != nil {
		return "", nil, err
	}
	return l.Links.UploadForm(ctx, key, contentType, limit, valid)
}

func (l guardedLinks) Link(ctx context.Context, key, name, contentType string, valid time.Duration) (string, error) {
	if err := l.guard.Use(grant.FilesOf(key), grant.Link); err != nil {
		return "", err
	}
	return l.Links.Link(ctx, key, name, contentType, valid)
}
