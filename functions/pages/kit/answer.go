package kit

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/fault"
)

// policy allows a page to load our own style sheet, script, and pictures, to fetch parts of pages, and
// to submit forms to us, and nothing else. No style or script in a page itself works.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"frame-src 'self'; " + formsToUs + "; base-uri 'none'; frame-ancestors 'none'"

const formsToUs = "form-action 'self'"

// AllowFormTo allows a form of the page to be sent to an address on another host.
func (v *Visit) AllowFormTo(address string) {
	if to, err := url.Parse(address); err == nil && to.Host != "" && to.Host != v.R.Host {
		v.formTo = " " + to.Scheme + "://" + to.Host
	}
}

// Show renders the whole page before it writes the first byte, so that a failure can still become
// an error page.
func (v *Visit) Show(page templ.Component) error { return v.ShowStatus(http.StatusOK, page) }

// ShowStatus renders a page with a status.
func (v *Visit) ShowStatus(status int, page templ.Component) error {
	var out bytes.Buffer
	// A browser that has gone away still gets an answer, as it may only have stopped sending.
	if err := page.Render(context.WithoutCancel(v.R.Context()), &out); err != nil {
		return err
	}
	header := v.W.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", strings.Replace(policy, formsToUs, formsToUs+v.formTo, 1))
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
	v.W.WriteHeader(status)
	_, _ = out.WriteTo(v.W) // fails only if the browser has disconnected
	return nil
}

// Refusal is how a page shows a refused form again: its title, and the heading of the box that says
// why.
type Refusal struct{ Title, Heading string }

// Again shows a refused form again with the reason. Errors that are not about the input are
// returned unchanged.
func (v *Visit) Again(err error, refusal Refusal, page func(*Frame) templ.Component) error {
	outcome, err := v.submission.Again(v.R.Context(), err)
	if err == nil {
		return v.goToOutcome(outcome)
	}
	if v.By != nil && fault.Is(err, fault.Unauthenticated) && v.about.Name != "accounts.login" {
		return err // the session is too old for the place: log in first
	}
	switch fault.CodeOf(err) {
	case fault.Invalid, fault.Forbidden, fault.Conflict, fault.TooLarge, fault.Full, fault.Unauthenticated:
	default:
		return err
	}
	answer := v.kit.gate.Answer(v.R.Context(), v.about, err)
	f := v.Frame(v.T("Error: %s", refusal.Title))
	f.problem = problemOf(v, refusal.Heading, answer)
	return v.ShowStatus(answer.GetStatus(), page(f))
}

func problemOf(t Teller, heading string, answer *endpoint.Problem) *Problem {
	shown := &Problem{heading: heading, text: answer.ForPeople(), fields: map[string]string{}}
	for _, field := range answer.Fields {
		name := fieldName(field.Name)
		shown.fields[name] = refused(t, field)
		shown.names = append(shown.names, name)
	}
	return shown
}

// fail responds with an error page, or redirects to the log-in page where logging in can help.
func (k *Kit) fail(v *Visit, err error) {
	answer := k.gate.Answer(v.R.Context(), v.about, err)
	if answer.Code == fault.Unauthenticated && (v.R.Method == http.MethodGet || v.R.Method == http.MethodHead) {
		location := LoginPath(v.R.URL.RequestURI())
		if v.By != nil {
			// The session is valid, but too old for this page.
			location = "/login?again=true&next=" + url.QueryEscape(LocalPath(v.R.URL.RequestURI()))
		}
		_ = v.GoTo(location) // never returns an error
		return
	}
	for name, values := range answer.GetHeaders() {
		v.W.Header()[name] = values
	}
	if answer.Code == fault.StepUp {
		err = v.askPassword(answer.GetStatus())
	} else if answer.Code == fault.Unauthenticated && v.posted() && !v.route.Session {
		err = v.askLogin(answer.GetStatus())
	} else {
		id := ""
		if answer.GetStatus() >= http.StatusInternalServerError {
			id = v.W.Header().Get("X-Request-Id")
		}
		title, text := describe(v, answer)
		err = v.ShowStatus(answer.GetStatus(), errorPage(v.Frame(title), text, id, answer.Code == fault.Unauthenticated))
	}
	if err != nil {
		k.broken(v.W, v.R, endpoint.ProblemOf(err))
	}
}

// describe returns the title and the text of an error page.
func describe(v *Visit, answer *endpoint.Problem) (title, text string) {
	switch answer.Code {
	case fault.NotFound:
		if answer.Detail != fault.Missing().Message {
			return v.T("This link does not work"), answer.Detail
		}
		return v.T("Page not found"), v.T("This page does not exist, or you are not allowed to see it.")
	case fault.Unauthenticated:
		return v.T("You are logged out"), v.T("Your session has ended. Log in to go on.")
	case fault.Forbidden:
		return v.T("Not allowed"), answer.ForPeople()
	case fault.Limited:
		return v.T("Too many attempts"), answer.Detail
	case fault.TooLarge:
		return v.T("Too large"), answer.Detail
	case fault.Full:
		return v.T("No space left"), answer.Detail
	case fault.Unavailable, fault.Internal:
		return v.T("Something went wrong"), answer.Detail
	default:
		return v.T("This did not work"), explained(v, answer) // no form of the page has the fields
	}
}

// broken responds to a request whose handler panicked.
func (k *Kit) broken(w http.ResponseWriter, r *http.Request, answer *endpoint.Problem) {
	v := &Visit{W: w, R: r, kit: k}
	title, text := describe(v, answer)
	err := v.ShowStatus(answer.GetStatus(), errorPage(v.Frame(title), text, w.Header().Get("X-Request-Id"), false))
	if err != nil {
		http.Error(w, answer.Detail, answer.GetStatus())
	}
}

// unknown responds to paths that do not exist.
func unknown(*Visit) error { return fault.Missing() }
