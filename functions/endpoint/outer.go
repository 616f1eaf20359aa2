package endpoint

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/tracing"
)

// notes holds what the endpoint adds to the log line of a call.
type notes struct{ endpoint, user string }

type notesKey struct{}

func notesOf(ctx context.Context) *notes {
	noted, _ := ctx.Value(notesKey{}).(*notes)
	return noted
}

// newRequestID returns an id as long as those of API Gateway. Each entry of the audit log holds one.
func newRequestID() string {
	random := make([]byte, 12)
	_, _ = rand.Read(random) // crypto/rand never fails on the platforms that Go supports
	return base64.RawURLEncoding.EncodeToString(random)
}

// statusWriter remembers the status that was written.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status.
func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write notes that a body without a status means 200.
func (w *statusWriter) Write(data []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(data)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// bodyTime is the default time limit for reading a body.
const bodyTime = 30 * time.Second

// strictTransport makes browsers come by https alone for a year (RFC 6797). Other hosts of the domain are
// not ours to decide about.
const strictTransport = "max-age=31536000"

// contentPolicy lets a browser that shows an answer load and run nothing, and no page frame it. Pages
// replace it by what they need.
const contentPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// SetHeaders sets the headers that every answer has. With secure, people reach the portal by https.
func SetHeaders(header http.Header, secure bool) {
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Security-Policy", contentPolicy)
	if secure {
		header.Set("Strict-Transport-Security", strictTransport)
	}
}

// outer wraps all calls: it gives each an id, recovers panics, sets the common headers and writes one
// line to the log. broken responds after a panic if nothing was written yet.
func (s *server) outer(next http.Handler, broken func(http.ResponseWriter, *http.Request, *Problem)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := s.Now()
		noted := &notes{}
		ctx := context.WithValue(r.Context(), notesKey{}, noted)
		id := change.RequestID(ctx) // API Gateway's, if there is one
		if id == "" {
			id = newRequestID()
			ctx = change.WithRequest(ctx, id)
		}
		ctx, span := tracing.Request(ctx, r.Method)
		r = r.WithContext(ctx)
		w.Header().Set("X-Request-Id", id)
		SetHeaders(w.Header(), s.Secure)
		out := &statusWriter{ResponseWriter: w}
		// Slow clients must not keep a connection forever. Uploads, and bodies that are read whole,
		// set their own limit.
		if r.ContentLength != 0 {
			if err := http.NewResponseController(w).
				SetReadDeadline(s.Now().Add(bodyTime)); err != nil &&
				!errors.Is(err, http.ErrNotSupported) {
				s.Log.WarnContext(r.Context(), "no deadline for the body", "error", err)
			}
		}
		defer func() {
			if thrown := recover(); thrown == http.ErrAbortHandler { //nolint:errorlint // panic again with the same value
				panic(thrown) // the answer cannot be finished: the connection is cut, so that the client knows
			} else if thrown != nil {
				s.Log.ErrorContext(
					r.Context(),
					"panic in a call",
					"request",
					id,
					"panic",
					fmt.Sprint(thrown),
					"stack",
					string(debug.Stack()),
				)
				if out.status == 0 {
					broken(out, r, ProblemOf(fault.New(fault.Internal, "panic")))
				}
			}
			if noted.endpoint != "" {
				span.Name(noted.endpoint)
			}
			span.Number("http.response.status_code", out.status)
			span.End(nil)
			s.Log.LogAttrs(
				r.Context(),
				slog.LevelInfo,
				"call",
				slog.String("method", r.Method),
				slog.String("path", loggable(r)),
				slog.Int(
					"status",
					out.status,
				),
				slog.Duration("took", s.Now().Sub(began)),
				slog.String("request", id),
				slog.String("endpoint", noted.endpoint),
				slog.String("user", noted.user),
			)
		}()
		next.ServeHTTP(out, r)
	})
}

// loggable returns the path of a call for the log. What follows "verify/", "downloads/" or "uploads/" is a
// secret, whether or not the path exists; what follows the others is somebody's mail address.
func loggable(r *http.Request) string {
	for _, private := range []string{
		"/verify/", "/downloads/", Prefix + "/uploads/", "/mail_addresses/", Prefix + "/platform/blocked/",
	} {
		if before, _, found := strings.Cut(r.URL.Path, private); found {
			return before + private + "…"
		}
	}
	return r.URL.Path
}

// answerUnknown responds to unknown paths and methods in the usual error format.
func (s *server) answerUnknown(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, pattern := mux.Handler(r)
		if _, lacks := s.Routes.Lacks(r.Method, r.URL.Path); lacks || pattern == "" {
			unknown(s.Routes, w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// unknown responds that a path does not exist, or which methods it has (RFC 9110, 15.5.6).
func unknown(routes Routes, w http.ResponseWriter, r *http.Request) {
	allowed, lacks := routes.Lacks(r.Method, r.URL.Path)
	if !lacks {
		writeProblem(w, ProblemOf(fault.Missing()))
		return
	}
	methods := strings.Join(allowed, ", ")
	w.Header().Set("Allow", methods)
	writeProblem(
		w,
		ProblemOf(fault.New(fault.MethodNotAllowed, "This path does not support %s; it supports %s.", r.Method, methods)),
	)
}

func writeProblem(w http.ResponseWriter, problem *Problem) {
	for name, values := range problem.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(problem.status)
	writeJSON(w, problem)
}
