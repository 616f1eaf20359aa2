package identity

// CSRFOfCookie reports whether a token is that of the session that a cookie names, even if the session
// has ended. It says that a form comes from a page of that session, and nothing about who sent it.
func (a *Accounts) CSRFOfCookie(cookie, token string) bool {
	shown, ok := parseCredential(cookie)
	return ok && a.CSRFValid(Principal{SessionID: shown.id}, token)
}
