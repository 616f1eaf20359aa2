package endpoint

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// admit guards every endpoint: it identifies the caller, checks the CSRF token and counts the call.
func (s *server) admit(about About) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r := &request{source: sourceOf(ctx.RemoteAddr()), url: ctx.URL(), server: s}
		by := s.shownBy(ctx)
		err := s.identify(ctx.Context(), about, r, by)
		if err != nil {
			s.refuse(ctx, about, err)
			return
		}
		described := identity.WithClient(ctx.Context(), by.client())
		next(huma.WithContext(ctx, with(described, r)))
	}
}

// shown is what a request shows of who makes it.
type shown struct {
	authorization, cookie string
	// unsafe is set if the cookie is not enough and csrf must hold the session's token.
	unsafe bool
	csrf   string
	// changes is set if the request can change something, and site is where the browser says that it
	// comes from (Fetch Metadata, Sec-Fetch-Site); "" if it does not say.
	changes bool
	site    string
	// userAgent is what the client says about itself.
	userAgent string
}

// siteHeader is where browsers say whether another site made a request.
const siteHeader = "Sec-Fetch-Site"

// changes reports whether requests with a method can change something.
func changes(method string) bool { return method != http.MethodGet && method != http.MethodHead }

// foreign reports whether the browser says that another site made the request: also a neighbouring one
// of the same domain.
func (s shown) foreign() bool { return s.site != "" && s.site != "same-origin" && s.site != "none" }

func (s shown) client() identity.Client {
	return identity.Client{UserAgent: s.userAgent, Session: s.cookie}
}

func (s *server) shownBy(ctx huma.Context) shown {
	found := shown{
		authorization: ctx.Header("Authorization"), csrf: ctx.Header(csrfHeader), userAgent: ctx.Header("User-Agent"),
		unsafe: changes(ctx.Method()), changes: changes(ctx.Method()), site: ctx.Header(siteHeader),
	}
	if cookie, err := huma.ReadCookie(ctx, s.sessionCookie()); err == nil {
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
		if _, err := s.countAll(ctx, networkLimits(about.Name, r.source, about.PerHour)); err != nil {
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
		if about.Fresh == FreshSession {
			if err := principal.CheckFresh(s.Now()); err != nil {
				return err
			}
		}
		r.usage, err = s.countAll(ctx, s.personLimits(about, principal))
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
	if by.changes && by.foreign() {
		return identity.Principal{}, fault.New(
			fault.Forbidden,
			"The browser says that another site made this request (%s: %s). Open the portal itself and repeat it.",
			siteHeader, by.site,
		)
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

// sourceOf returns the address without the port.
func sourceOf(remote string) string {
	if colon := strings.LastIndexByte(remote, ':'); colon >= 0 {
		if _, err := strconv.Atoi(remote[colon+1:]); err == nil {
			remote = remote[:colon]
		}
	}
	return strings.Trim(remote, "[]")
}
