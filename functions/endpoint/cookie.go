package endpoint

import (
	"context"
	"net/http"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
)

// The cookies of a session. On https, browsers take a cookie with the prefix __Host- from this host alone,
// so that no neighbouring one can set it. The other cookie keeps its name: programs look for it.
const (
	sessionCookie = "sessionid"
	hostPrefix    = "__Host-"
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

// sessionCookie returns the name of the cookie with the secret.
func (s *server) sessionCookie() string {
	if s.Secure {
		return hostPrefix + sessionCookie
	}
	return sessionCookie
}

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
	return []http.Cookie{cookie(s.sessionCookie(), secret, true), cookie(csrfCookie, csrf, false)}
}
