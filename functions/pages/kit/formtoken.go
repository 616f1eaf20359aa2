package kit

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
)

// The forms before log-in (log-in, recovery, invitation) have no session to tie a CSRF token to,
// but still need one: an attacker who logs a victim in to the attacker's account can read what the
// victim types. Their token is the signature of a cookie with a random value (signed double
// submit).
//
// Checking the Origin header would be less code, but does not work here: our pages have the policy
// no-referrer, under which browsers send "Origin: null" with forms (Fetch Standard, "append a
// request Origin header"), and Sec-Fetch-Site is sent on https and localhost only, while Tenantry
// also runs on plain http in a closed network. The cookie of an https site is bound to its host by
// the prefix __Host- (RFC 6265bis), so that neighbours under the same domain cannot set it; the
// signature rejects forged pairs.
const (
	formCookie       = "form"
	formCookieSecure = "__Host-form"
	formPurpose      = "form"
	// formTokenLetters is the length of the cookie: 16 random bytes.
	formTokenLetters = 22
)

func (k *Kit) formCookieName() string {
	if k.settings.Secure {
		return formCookieSecure
	}
	return formCookie
}

// formToken returns the form token for the visitor's cookie, and sets the cookie if there is none.
func (k *Kit) formToken(v *Visit) string {
	cookie, err := v.R.Cookie(k.formCookieName())
	if err != nil || len(cookie.Value) != formTokenLetters {
		var random [16]byte
		_, _ = rand.Read(random[:]) // never fails on the platforms that Go supports
		cookie = &http.Cookie{      //nolint:gosec // Secure is set if clients connect over HTTPS
			Name: k.formCookieName(), Value: base64.RawURLEncoding.EncodeToString(random[:]), Path: "/",
			HttpOnly: true, Secure: k.settings.Secure, SameSite: http.SameSiteLaxMode,
		}
		http.SetCookie(v.W, cookie)
	}
	return base64.RawURLEncoding.EncodeToString(k.settings.Keyring.Sign(formPurpose, cookie.Value))
}

// loggedInMeanwhile reports whether a form that logs in is from before the log-in, as the second of two clicks
// sends it: its token is the visitor's, and the caller has a session by now. Nothing is left to do.
func (v *Visit) loggedInMeanwhile() bool {
	return v.By != nil && v.route.Session && v.R.PostForm != nil &&
		v.kit.formTokenValid(v, unmasked(v.R.PostForm.Get(CSRFField)))
}

func (k *Kit) formTokenValid(v *Visit, token string) bool {
	cookie, err := v.R.Cookie(k.formCookieName())
	if err != nil || len(cookie.Value) != formTokenLetters {
		return false
	}
	signature, err := base64.RawURLEncoding.DecodeString(token)
	return err == nil && len(signature) == 32 && k.settings.Keyring.Signed(signature, formPurpose, cookie.Value)
}
