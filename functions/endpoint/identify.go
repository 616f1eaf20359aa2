package endpoint

import (
	"context"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// admit guards every endpoint: it identifies the caller, checks the CSRF token and counts the call.
func (s *server) admit(about About) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r := &request{source: sourceOf(ctx.RemoteAddr()), url: ctx.URL(), server: s}
		err := s.identify(ctx.Context(), about, r, shownBy(ctx))
		if err != nil {
			s.refuse(ctx, about, err)
			return
		}
		next(huma.WithContext(ctx, with(ctx.Context(), r)))
	}
}

// shown is what a request shows of who makes it.
type shown struct {
	authorization, cookie string
	// unsafe is set if the cookie is not enough and csrf must hold the session's token.
	unsafe bool
	csrf   string
}

func shownBy(ctx huma.Context) shown {
	found := shown{
		authorization: ctx.Header("Authorization"), csrf: ctx.Header(csrfHeader),
		unsafe: ctx.Method() != http.MethodGet && ctx.Method() != http.MethodHead,
	}
	if cookie, err := huma.ReadCookie(ctx, sessionCookie); err == nil {
		found.cookie = cookie.Value
	}
	return found
}

// identify finds who asks and counts the call; r and the notes for the log learn it.
func (s *server) identify(ctx context.Context, about About, r *request, by shown) error {
	if noted := notesOf(ctx); noted != nil {
		noted.endpoint = about.Name
	}
	if about.PerHour > 0 {
		if _, err := s.count(ctx, about.Name+" "+networkOf(r.source), about.PerHour); err != nil {
			return err
		}
	}
	if about.Access == Public {
		return nil
	}
	principal, err := s.principal(ctx, r.source, by)
	switch {
	case err == nil:
		r.principal, r.known = principal, true
		if noted := notesOf(ctx); noted != nil {
			noted.user = principal.UserID
		}
		r.usage, err = s.count(ctx, "calls "+principal.UserID+principal.TokenID, s.CallsPerHour)
		return err
	case about.Access == Optional && fault.Is(err, fault.Unauthenticated):
		return nil
	}
	return err
}

// principal identifies the caller by an API token or a session cookie.
func (s *server) principal(ctx context.Context, source string, by shown) (identity.Principal, error) {
	if by.authorization != "" {
		scheme, token, _ := strings.Cut(by.authorization, " ")
		if !strings.EqualFold(scheme, "Token") {
			return identity.Principal{}, fault.New(
				fault.Unauthenticated,
				"The header Authorization must have the form 'Token <key>'.",
			)
		}
		return s.Accounts.ByToken(ctx, strings.TrimSpace(token), source)
	}
	if by.cookie == "" {
		return identity.Principal{}, fault.New(fault.Unauthenticated, "Authentication credentials were not provided.")
	}
	principal, err := s.Accounts.BySession(ctx, by.cookie, source)
	if err != nil {
		return identity.Principal{}, err
	}
	if by.unsafe && !s.Accounts.CSRFValid(principal, by.csrf) {
		return identity.Principal{}, fault.New(
			fault.Forbidden,
			"The header %s must repeat the value of the cookie %s.",
			csrfHeader,
			csrfCookie,
		)
	}
	return principal, nil
}

// count counts a call and rejects it above the hourly limit.
func (s *server) count(ctx context.Context, key string, most int) (Usage, error) {
	calls, left, err := s.Limits.Take(ctx, key, time.Hour)
	if err != nil {
		return Usage{}, err
	}
	if calls > most {
		limited := fault.New(
			fault.Limited,
			"More than %d calls in this hour. Come back in %d seconds.",
			most,
			int(left/time.Second)+1,
		)
		limited.RetryAfter = left
		return Usage{}, limited
	}
	return Usage{Calls: calls, Limit: most, Left: left}, nil
}

// refuse responds to a rejected call.
func (s *server) refuse(ctx huma.Context, about About, err error) {
	problem := s.answer(ctx.Context(), about, err)
	for name, values := range problem.GetHeaders() {
		for _, value := range values {
			ctx.AppendHeader(name, value)
		}
	}
	ctx.SetHeader("Content-Type", "application/json")
	ctx.SetStatus(problem.status)
	writeJSON(ctx.BodyWriter(), problem)
}

// networkOf returns the network by which calls of strangers are counted: a version 6 address stands
// for its /64, of which everybody has more addresses than can be counted.
func networkOf(source string) string {
	address, err := netip.ParseAddr(source)
	if err != nil || address.Unmap().Is4() {
		return source
	}
	network, err := address.Prefix(64)
	if err != nil {
		return source
	}
	return network.String()
}

// sourceOf returns the address without the port.
func sourceOf(remote string) string {
	if colon := strings.LastIndexByte(remote, ':'); colon >= 0 {
		if _, err := strconv.Atoi(remote[colon+1:]); err == nil {
			remote = remote[:colon]
		}
	}
	return strings.Trim(remote, "[]")
}
