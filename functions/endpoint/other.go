package endpoint

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"github.com/tenantry/tenantry/shared/store/table"
)

// HealthPath is the path of the health check.
const HealthPath = "/healthz"

// Probe is what the health check reads from.
type Probe interface {
	// Get reads one item; table.ErrAbsent if there is none.
	Get(ctx context.Context, key table.Key) (table.Item, error)
}

// Other serves what belongs to the API and is no endpoint: its document, the page of it, the health
// check, and the answer to calls of what is not there. The endpoints are only known by it and never
// carried out.
func Other(settings Settings, endpoints []Endpoint, probe Probe) http.Handler {
	routes := RoutesOf(endpoints)
	api := sync.OnceValues(func() (http.Handler, http.Handler) {
		_, api := build(settings, endpoints)
		return documentOf(api), docsPage(api)
	})
	known := http.NewServeMux()
	known.HandleFunc(
		"GET "+Prefix+"/openapi.json",
		func(w http.ResponseWriter, r *http.Request) { document, _ := api(); document.ServeHTTP(w, r) },
	)
	known.HandleFunc(
		"GET /docs",
		func(w http.ResponseWriter, r *http.Request) { _, page := api(); page.ServeHTTP(w, r) },
	)
	known.Handle("GET "+HealthPath, Health(settings, probe))
	s := &server{settings, &visits{}}
	return s.outer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := known.Handler(r); pattern != "" {
			known.ServeHTTP(w, r)
			return
		}
		unknown(routes, w, r)
	}), func(w http.ResponseWriter, _ *http.Request, said *Problem) { writeProblem(w, said) })
}

// Health responds with 200 if the database is reachable.
func Health(settings Settings, probe Probe) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, text := http.StatusOK, `{"status":"ok"}`
		if _, err := probe.Get(
			r.Context(),
			table.Key{Partition: "PLATFORM", Sort: "SETUP"},
		); err != nil &&
			!errors.Is(err, table.ErrAbsent) {
			settings.Log.ErrorContext(r.Context(), "the health check failed", "error", err)
			status, text = http.StatusServiceUnavailable, `{"status":"the database does not answer"}`
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(text + "\n")) // fails only if the client has disconnected
	})
}
