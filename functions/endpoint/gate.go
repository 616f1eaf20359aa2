package endpoint

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/shared/identity"
)

// Gate applies the rules of endpoints to the portal's pages. Pages stand in for endpoints and share
// their names in the logs, their access rules and their call limits.
type Gate struct{ server *server }

// NewGate returns a gate; with the settings of the endpoints it also shares their limits.
func NewGate(settings Settings) *Gate { return &Gate{&server{settings, &visits{}}} }

// Outer puts around pages what is around all calls: an id, the headers that every answer has, a
// line in the log. broken responds to a request whose handler panicked.
func (g *Gate) Outer(next http.Handler, broken func(http.ResponseWriter, *http.Request, *Problem)) http.Handler {
	return g.server.outer(next, broken)
}

// Admit finds who asks, by the cookie of a session, and counts the call as one of the endpoint. The
// request that it returns works with Principal, Who, Source, Cookies and Next, after a failure too. If
// a session makes an unsafe request, the caller must still check the form's token with CSRFValid.
func (g *Gate) Admit(r *http.Request, about About) (*http.Request, error) {
	call := &request{source: sourceOf(r.RemoteAddr), url: *r.URL, server: g.server}
	by := shown{userAgent: r.UserAgent(), changes: changes(r.Method), site: r.Header.Get(siteHeader)}
	if cookie, err := r.Cookie(g.server.sessionCookie()); err == nil {
		by.cookie = cookie.Value
	}
	err := g.server.identify(r.Context(), about, call, by)
	return r.WithContext(with(identity.WithClient(r.Context(), by.client()), call)), err
}

// CSRF returns the token that the forms of the principal's session carry.
func (g *Gate) CSRF(by identity.Principal) string { return g.server.Accounts.CSRF(by) }

// CSRFValid reports whether a form's token is that of the principal's session.
func (g *Gate) CSRFValid(by identity.Principal, token string) bool {
	return g.server.Accounts.CSRFValid(by, token)
}

// CSRFOfCookie reports whether a form's token is that of the session whose cookie came with the
// request, even if the session has ended.
func (g *Gate) CSRFOfCookie(r *http.Request, token string) bool {
	cookie, err := r.Cookie(g.server.sessionCookie())
	return err == nil && g.server.Accounts.CSRFOfCookie(cookie.Value, token)
}

// Answer logs an error, records a refusal, and returns the response.
func (g *Gate) Answer(ctx context.Context, about About, err error) *Problem {
	return g.server.answer(ctx, about, err)
}
