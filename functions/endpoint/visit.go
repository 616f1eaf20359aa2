package endpoint

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

const (
	// visitWindow is the time in which a person's calls in an organization are one visit.
	visitWindow = 24 * time.Hour
	// mostVisits is how many visits a process remembers.
	mostVisits = 100_000
)

// visits are those that this process knows to be in the audit log. It is safe for concurrent use.
type visits struct {
	mutex sync.Mutex
	until int64 // the end of the window, in epoch seconds
	seen  map[string]struct{}
}

// first reports whether a visit is the first that the process sees in the window of now.
func (v *visits) first(key string, now time.Time) bool {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	if now.Unix() >= v.until || len(v.seen) >= mostVisits {
		v.until, v.seen = now.Truncate(visitWindow).Add(visitWindow).Unix(), map[string]struct{}{}
	}
	if _, known := v.seen[key]; known {
		return false
	}
	v.seen[key] = struct{}{}
	return true
}

// noteVisit notes that the caller was in the organization of the path, after a call that succeeded.
func (s *server) noteVisit(about About) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		next(ctx)
		if strings.Contains(about.Path, "{org_id}") && ctx.Status() == http.StatusOK {
			s.visit(ctx.Context(), ctx.Param("org_id"))
		}
	}
}

// visit writes an entry to the audit log of an organization the first time that a person's calls are
// in it on a day. It fails no call.
func (s *server) visit(ctx context.Context, orgID string) {
	call := of(ctx)
	if !call.known || orgID == "" || !s.visits.first(call.principal.UserID+" "+orgID, s.Now()) {
		return
	}
	if err := s.recordVisit(context.WithoutCancel(ctx), call.principal, orgID); err != nil {
		s.Log.ErrorContext(ctx, "a visit was not recorded", "org", orgID, "error", err)
	}
}

// recordVisit writes the entry, unless another process did. The text is what programs written for other
// network portals look for.
func (s *server) recordVisit(ctx context.Context, by identity.Principal, orgID string) error {
	before, _, err := s.Limits.Take(ctx, "visit "+by.UserID+" "+orgID, visitWindow)
	if err != nil || before > 1 {
		return err
	}
	org, err := tenant.NewTenants(s.Journal).LoadOrg(ctx, orgID)
	if err != nil {
		return err
	}
	return s.Journal.Visit(ctx, by.Actor(), change.Record{
		Action: change.VisitAction, Message: "Access Org", OrgID: org.ID, MSPID: org.MSPID, UserLog: by.UserID,
		Target: "org:" + org.ID,
	})
}

// Visited notes that the caller of a page was in an organization.
func (g *Gate) Visited(ctx context.Context, orgID string) { g.server.visit(ctx, orgID) }
