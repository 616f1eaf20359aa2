package endpoint

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// admit is the door of every endpoint: it finds who asks, checks the token against forged requests,
// and counts the call.
func (s *server) admit(about About) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r := &request{source: sourceOf(ctx.RemoteAddr()), url: ctx.URL(), server: s}
		if err := s.identify(ctx, about, r); err != nil {
			s.refuse(ctx, about, err)
			return
		}
		if noted := notesOf(ctx.Context()); noted != nil {
			noted.endpoint, noted.user = about.Name, r.principal.UserID
		}
		next(huma.WithContext(ctx, with(ctx.Context(), r)))
	}
}

func (s *server) identify(ctx huma.Context, about About, r *request) error {
	if about.PerHour > 0 {
		if err := s.count(ctx.Context(), about.Name+" "+r.source, about.PerHour); err != nil {
			return err
		}
	}
	if about.Access == Public {
		return nil
	}
	principal, err := s.principal(ctx, r.source)
	switch {
	case err == nil:
		r.principal, r.known = principal, true
		return s.count(ctx.Context(), "calls "+principal.UserID+principal.TokenID, s.CallsPerHour)
	case about.Access == Optional && fault.Is(err, fault.Unauthenticated):
		return nil
	}
	return err
}

// principal finds who shows a token or a session cookie.
func (s *server) principal(ctx huma.Context, source string) (identity.Principal, error) {
	if header := ctx.Header("Authorization"); header != "" {
		scheme, token, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Token") {
			return identity.Principal{}, fault.New(fault.Unauthenticated, "The header Authorization must have the form 'Token <key>'.")
		}
		return s.Accounts.ByToken(ctx.Context(), strings.TrimSpace(token), source)
	}
	cookie, err := huma.ReadCookie(ctx, sessionCookie)
	if err != nil || cookie.Value == "" {
		return identity.Principal{}, fault.New(fault.Unauthenticated, "Authentication credentials were not provided.")
	}
	principal, err := s.Accounts.BySession(ctx.Context(), cookie.Value, source)
	if err != nil {
		return identity.Principal{}, err
	}
	safe := ctx.Method() == http.MethodGet || ctx.Method() == http.MethodHead
	if !safe && !s.Accounts.CSRFValid(principal, ctx.Header(csrfHeader)) {
		return identity.Principal{}, fault.New(fault.Forbidden, "The header %s must repeat the value of the cookie %s.", csrfHeader, csrfCookie)
	}
	return principal, nil
}

// count counts a call and refuses those above the limit of the hour.
func (s *server) count(ctx context.Context, key string, most int) error {
	calls, left, err := s.Limits.Take(ctx, key, time.Hour)
	if err != nil {
		return err
	}
	if calls > most {
		limited := fault.New(fault.Limited, "More than %d calls in this hour. Come back in %d seconds.", most, int(left/time.Second)+1)
		limited.RetryAfter = left
		return limited
	}
	return nil
}

// refuse answers a call that did not get in.
func (s *server) refuse(ctx huma.Context, about About, err error) {
	problem := problemOf(err)
	s.note(ctx.Context(), about, problem, err)
	for name, values := range problem.GetHeaders() {
		for _, value := range values {
			ctx.AppendHeader(name, value)
		}
	}
	ctx.SetHeader("Content-Type", "application/json")
	ctx.SetStatus(problem.status)
	writeJSON(ctx.BodyWriter(), problem)
}

// sourceOf gives the address without the port.
func sourceOf(remote string) string {
	if colon := strings.LastIndexByte(remote, ':'); colon >= 0 {
		if _, err := strconv.Atoi(remote[colon+1:]); err == nil {
			remote = remote[:colon]
		}
	}
	return strings.Trim(remote, "[]")
}
