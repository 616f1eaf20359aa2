package pages

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

const (
	// csrfField is the form field with the CSRF token.
	csrfField = "csrf"
	// onceField is the form field with the one-time value.
	onceField = "once"
)

// maxForm is the size limit of a form without files.
const maxForm = 1 << 20

// visit is one request for a page.
type visit struct {
	w     http.ResponseWriter
	r     *http.Request
	about endpoint.About
	// by is the caller; nil if nobody is logged in.
	by *identity.Principal
	// csrf is the CSRF token of the forms in the response.
	csrf string
	// submission is the submitted form, if it has a one-time value; location is the target of the
	// redirect.
	submission *endpoint.Submission
	location   string
}

// serve wraps every page: it identifies the caller, applies the rate limits, checks the CSRF token
// and turns errors into pages.
func (p *portal) serve(route route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{w: w, about: route.about}
		var err error
		v.r, err = p.gate.Admit(r, route.about)
		if v.by = endpoint.Who(v.r.Context()); v.by != nil {
			v.csrf = p.gate.CSRF(*v.by)
		} else {
			v.csrf = p.formToken(v)
		}
		if err == nil && strings.HasPrefix(route.pattern, http.MethodPost) && !route.upload {
			err = p.readForm(v)
		}
		if err == nil && v.r.PostForm != nil && !route.session {
			p.submit(v, v.r.PostForm.Get(onceField), func() string { return fingerprint(v.r.PostForm) })
		}
		if err == nil {
			err = route.handle(v)
		}
		if err == nil {
			p.gate.Visited(v.r.Context(), v.r.PathValue("org_id"))
		}
		if err = p.sent(v, err); err != nil {
			p.fail(v, err)
		}
	})
}

// submit makes the form take effect once. The one-time value belongs to the session, or to the cookie that
// forms without a session have.
func (p *portal) submit(v *visit, once string, sum func() string) {
	if once == "" {
		return
	}
	caller, credential := "", ""
	if v.by != nil {
		caller, credential = v.by.UserID, v.by.Credential()
	} else if cookie, err := v.r.Cookie(p.formCookieName()); err == nil {
		hash := sha256.Sum256([]byte(cookie.Value))
		caller = "visitor-" + base64.RawURLEncoding.EncodeToString(hash[:])
	}
	ctx, submission := p.gate.Submit(v.r.Context(), change.Request{
		Caller: caller, Credential: credential, Operation: "page " + v.r.URL.Path, Key: once, Fingerprint: sum,
	})
	v.r, v.submission = v.r.WithContext(ctx), submission
}

// fingerprint returns a hash of the contents of the form.
func fingerprint(form url.Values) string {
	form = maps.Clone(form)
	form.Del(csrfField)
	form.Del(onceField)
	hash := sha256.Sum256([]byte(form.Encode()))
	return base64.RawStdEncoding.EncodeToString(hash[:])
}

// sent completes a form: it stores where the form redirected to. If the form was sent before, it
// redirects there again.
func (p *portal) sent(v *visit, err error) error {
	if v.submission == nil {
		return err
	}
	if err == nil && v.location != "" {
		if storeErr := v.submission.Sent(v.r.Context(), v.location); storeErr != nil {
			p.settings.Log.ErrorContext(v.r.Context(), "cannot store the redirect of a form", "error", storeErr)
		}
	}
	if err == nil {
		return nil
	}
	location, err := v.submission.Again(v.r.Context(), err)
	if err != nil {
		return err
	}
	return v.goTo(location)
}

// readForm reads a form without files and checks its CSRF token.
func (p *portal) readForm(v *visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm)
	if err := v.r.ParseForm(); err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return fault.Wrap(err, fault.TooLarge, "The form is larger than %d MiB.", maxForm>>20)
		}
		return fault.Wrap(err, fault.Invalid, "The form could not be read.")
	}
	return p.genuine(v, v.r.PostForm.Get(csrfField))
}

// genuine checks a form's CSRF token against the session, or against the cookie if there is no
// session.
func (p *portal) genuine(v *visit, token string) error {
	if v.by != nil && p.gate.CSRFValid(*v.by, token) || v.by == nil && p.formTokenValid(v, token) {
		return nil
	}
	return fault.New(fault.Forbidden,
		"This form is no longer valid. Open its page again, and make sure that your browser accepts cookies.")
}

// text returns a form field with Unix line breaks; browsers send CRLF.
func (v *visit) text(name string) string { return unixLines(v.r.PostForm.Get(name)) }

func unixLines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// line returns a form field of one line.
func (v *visit) line(name string) string { return strings.TrimSpace(v.r.PostForm.Get(name)) }

// query returns a parameter of the URL.
func (v *visit) query(name string) string { return v.r.URL.Query().Get(name) }

// goTo redirects the browser to another page of the portal.
func (v *visit) goTo(path string) error {
	v.location = path
	//nolint:gosec // paths are from the portal; localPath replaces others
	http.Redirect(v.w, v.r, path, http.StatusSeeOther)
	return nil
}

func (v *visit) setCookies(cookies []http.Cookie) {
	for _, cookie := range cookies {
		http.SetCookie(v.w, &cookie)
	}
}
