package endpoint

import (
	"context"
	"net/http"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
)

// The cookies of a session.
const (
	sessionCookie = "sessionid"
	csrfCookie    = "csrftoken"
	csrfHeader    = "X-CSRFToken"
)

// Cookies makes the cookies of a new session. The one with the secret cannot be read by scripts;
// the other must be, as unsafe requests repeat it in the header X-CSRFToken.
func Cookies(ctx context.Context, session identity.Session) []http.Cookie {
	return of(ctx).server.cookies(session.Cookie, session.CSRF, int(identity.SessionLife/time.Second))
}

// NoCookies ends a client's session cookies.
func NoCookies(ctx context.Context) []http.Cookie { return of(ctx).server.cookies("", "", -1) }

func (s *server) cookies(secret, csrf string, seconds int) []http.Cookie {
	cookie := func(name, value string, hidden bool) http.Cookie {
		return http.Cookie{ //nolint:gosec // Secure where people come by https; scripts must read the one of the two cookies
			Name:     name,
			Value:    value,
			Path:     "/",
			MaxAge:   seconds,
			HttpOnly: hidden,
			Secure:   s.Secure,
			SameSite: http.SameSiteLaxMode,
		}
	}
	return []http.Cookie{cookie(sessionCookie, secret, true), cookie(csrfCookie, csrf, false)}
}
