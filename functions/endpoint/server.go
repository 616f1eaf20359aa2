package endpoint

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/seal"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

// Limiter counts calls in windows of time.
type Limiter interface {
	// Take counts one call by key. It returns the number of calls in the current window, including
	// this one, and the remaining time of the window.
	Take(ctx context.Context, key string, window time.Duration) (int, time.Duration, error)
}

// Settings are what the serving of endpoints needs.
type Settings struct {
	Accounts *identity.Accounts
	// Journal records what was refused.
	Journal *change.Journal
	Keyring *seal.Keyring
	Limits  Limiter
	Log     *slog.Logger
	Now     func() time.Time
	// Secure is set if clients connect over HTTPS: cookies are sent there only.
	Secure bool
	// CallsPerHour is how many calls a person or token may make in an hour.
	CallsPerHour int
	// Version is that of the API, for its document.
	Version string
	// Routes are those of the whole API, where only a part of its endpoints is served; if empty,
	// those of the endpoints.
	Routes Routes
}

type server struct {
	Settings
	visits *visits
}

// Handler serves endpoints. The document of the API is at Prefix/openapi.json, a page of it at
// /docs.
func Handler(settings Settings, endpoints []Endpoint) http.Handler {
	if settings.Routes.paths == nil {
		settings.Routes = RoutesOf(endpoints)
	}
	mux, api := build(settings, endpoints)
	document := documentOf(api)
	mux.Handle("GET "+Prefix+"/openapi.json", document)
	mux.Handle("GET /docs", docsPage(api))
	s := &server{settings, &visits{}}
	return s.outer(
		s.answerUnknown(mux),
		func(w http.ResponseWriter, _ *http.Request, said *Problem) { writeProblem(w, said) },
	)
}

// Document returns the API's OpenAPI 3.1 document as JSON.
func Document(version string, endpoints []Endpoint) ([]byte, error) {
	_, api := build(Settings{Version: version}, endpoints)
	return json.MarshalIndent(api.OpenAPI(), "", "  ")
}

func build(settings Settings, endpoints []Endpoint) (*http.ServeMux, huma.API) {
	problems()
	config := huma.DefaultConfig("Tenantry", settings.Version)
	config.Components.Schemas = newSchemas()
	config.DocsPath, config.OpenAPIPath, config.SchemasPath = "", "", ""
	config.CreateHooks = nil // no $schema in answers
	format := huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: decodeJSON}
	config.Formats = map[string]huma.Format{"application/json": format, "json": format}
	config.Info.Description = "The API of Tenantry: customers' networks and support cases, for service providers and their customers."
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "apiKey", In: "header", Name: "Authorization", Description: "`Token <key>`: an API token."},
		"session": {
			Type:        "apiKey",
			In:          "cookie",
			Name:        sessionCookie,
			Description: "The cookie of a log-in; on https it is called `__Host-sessionid`. Unsafe methods repeat the cookie `csrftoken` in the header `X-CSRFToken`.",
		},
	}
	mux := http.NewServeMux()
	api := humago.New(mux, config)
	s := &server{settings, &visits{}}
	for _, endpoint := range endpoints {
		endpoint.register(api, s.operation(api, endpoint.About), s, endpoint.About)
	}
	return mux, api
}

func (s *server) operation(api huma.API, about About) huma.Operation {
	tag, _, _ := strings.Cut(about.Name, ".")
	operation := huma.Operation{
		OperationID:   about.Name,
		Method:        about.Method,
		Path:          Prefix + about.Path,
		Summary:       about.Summary,
		Description:   about.Description,
		Tags:          []string{tag},
		MaxBodyBytes:  about.MaxBody + 1, // huma refuses a body of exactly its limit
		DefaultStatus: http.StatusOK,
		Responses:     about.Responses,
		Errors:        about.Errors(),
		Middlewares: huma.Middlewares{
			s.admit(about), s.requireJSON(about), s.noteVisit(about), s.refuseUnknown(about), s.once(about),
			s.acceptWrittenBack(api, about), s.refuseNulls(api, about),
		},
	}
	if about.repeatable() {
		operation.Parameters = append(operation.Parameters, about.onceParameter())
	}
	if about.Access == Known {
		operation.Security = []map[string][]string{{"token": {}}, {"session": {}}}
	}
	return operation
}

// answer turns a handler's error into the response, logs it, and records a refusal.
func (s *server) answer(ctx context.Context, about About, err error) *Problem {
	problem := ProblemOf(err)
	s.note(ctx, about, problem, err)
	if refused, ok := errors.AsType[*identity.RefusedError](err); ok {
		s.record(ctx, about, refused)
	}
	return problem
}

// record writes a refusal into the audit log: that of the place, or the platform's where the caller
// may not know that the place exists; always the caller's own.
func (s *server) record(ctx context.Context, about About, refused *identity.RefusedError) {
	r := of(ctx)
	if !r.known {
		return
	}
	done := change.Record{
		Action:      cmp.Or(about.Former, about.Name),
		Message:     "Refused: " + refused.Error(),
		UserLog:     r.principal.UserID,
		PlatformLog: refused.Hidden,
	}
	if !refused.Hidden {
		done.OrgID, done.MSPID = refused.Place.OrgID, refused.Place.MSPID
	}
	if err := s.Journal.Refuse(ctx, r.principal.Actor(), done); err != nil {
		s.Log.ErrorContext(ctx, "a refusal was not recorded", "endpoint", about.Name, "error", err)
	}
}

// note logs an error: ours at the level of errors, the caller's for debugging. A full budget of an
// organization is the caller's, although its status (507) is one of the server's.
func (s *server) note(ctx context.Context, about About, problem *Problem, err error) {
	level := slog.LevelDebug
	if problem.status >= 500 && !errors.Is(err, storage.ErrBeyond) {
		level = slog.LevelError
	}
	s.Log.Log(
		ctx,
		level,
		"call failed",
		"endpoint",
		about.Name,
		"status",
		problem.status,
		"error",
		err,
		"request",
		change.RequestID(ctx),
	)
}

func writeJSON(to io.Writer, value any) {
	encoder := json.NewEncoder(to)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // fails only if the client has disconnected
}
