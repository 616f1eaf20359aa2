package pages

import (
	"bytes"
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/fault"
)

// policy allows a page to load our style sheet and icon and to submit forms to us, and nothing
// else.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; " +
	"frame-ancestors 'none'"

// frame holds what every page shows around its content.
type frame struct {
	title  string
	styles string
	icon   string
	// user is the name of the logged-in person; "" if nobody is logged in.
	user string
	csrf string
	// once is the one-time value of the forms on the page, with which a form takes effect once.
	once string
	// problem describes why the submitted form was rejected; nil if it was not.
	problem *problem
}

// problem describes why a submitted form was rejected.
type problem struct {
	heading string
	text    string
	fields  map[string]string
	// names lists the invalid fields, in order.
	names []string
}

func (p *portal) frame(v *visit, title string) frame {
	f := frame{title: title, styles: p.assets.styles, icon: p.assets.icon, csrf: v.csrf, once: rand.Text()}
	if v.by != nil {
		f.user = v.by.Name()
	}
	return f
}

// show renders the whole page before it writes the first byte, so that a failure can still become
// an error page.
func (p *portal) show(v *visit, status int, page templ.Component) error {
	var out bytes.Buffer
	if err := page.Render(v.r.Context(), &out); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.Header().Set("Content-Security-Policy", policy)
	v.w.WriteHeader(status)
	_, _ = out.WriteTo(v.w) // fails only if the browser has disconnected
	return nil
}

// again redisplays a rejected form with the reason. Errors that are not about the input are
// returned unchanged.
func (p *portal) again(v *visit, err error, title, failure string, page func(frame) templ.Component) error {
	location, err := v.submission.Again(v.r.Context(), err)
	if err == nil {
		return v.goTo(location)
	}
	switch fault.CodeOf(err) {
	case fault.Invalid, fault.Forbidden, fault.Conflict, fault.TooLarge, fault.Full, fault.Unauthenticated:
	default:
		return err
	}
	answer := p.gate.Answer(v.r.Context(), v.about, err)
	f := p.frame(v, "Error: "+title)
	f.problem = problemOf(failure, answer)
	return p.show(v, answer.GetStatus(), page(f))
}

func problemOf(failure string, answer *endpoint.Problem) *problem {
	shown := &problem{heading: failure, text: answer.Detail, fields: map[string]string{}}
	for _, field := range answer.Fields {
		name := field.Name[strings.LastIndexByte(field.Name, '.')+1:]
		shown.fields[name] = field.Message
		shown.names = append(shown.names, name)
	}
	return shown
}

// fail responds with an error page, or redirects to the log-in page where logging in can help.
func (p *portal) fail(v *visit, err error) {
	answer := p.gate.Answer(v.r.Context(), v.about, err)
	if answer.Code == fault.Unauthenticated && (v.r.Method == http.MethodGet || v.r.Method == http.MethodHead) {
		location := loginPath(v.r.URL.RequestURI())
		if v.by != nil {
			// The session is valid, but too old for this page.
			location = "/login?again=true&next=" + url.QueryEscape(localPath(v.r.URL.RequestURI()))
		}
		_ = v.goTo(location) // never returns an error
		return
	}
	for name, values := range answer.GetHeaders() {
		v.w.Header()[name] = values
	}
	title, text := describe(answer)
	f := p.frame(v, title)
	id := ""
	if answer.GetStatus() >= http.StatusInternalServerError {
		id = v.w.Header().Get("X-Request-Id")
	}
	if err := p.show(v, answer.GetStatus(), errorPage(f, text, id, answer.Code == fault.Unauthenticated)); err != nil {
		p.broken(v.w, v.r, endpoint.ProblemOf(err))
	}
}

// describe returns the title and the text of an error page.
func describe(answer *endpoint.Problem) (title, text string) {
	switch answer.Code {
	case fault.NotFound:
		if answer.Detail != fault.Missing().Message {
			return "This link does not work", answer.Detail
		}
		return "Page not found", "This page does not exist, or you are not allowed to see it."
	case fault.Unauthenticated:
		return "You are logged out", "Your session has ended and the form was not saved. Go back in your browser, " +
			"copy your text, log in and submit it again."
	case fault.Forbidden:
		return "Not allowed", answer.Detail
	case fault.Limited:
		return "Too many attempts", answer.Detail
	case fault.TooLarge:
		return "Too large", answer.Detail
	case fault.Full:
		return "No space left", answer.Detail
	case fault.Unavailable, fault.Internal:
		return "Something went wrong", answer.Detail
	default:
		return "This did not work", answer.Detail
	}
}

// broken responds to a request whose handler panicked.
func (p *portal) broken(w http.ResponseWriter, r *http.Request, answer *endpoint.Problem) {
	v := &visit{w: w, r: r}
	title, text := describe(answer)
	err := p.show(v, answer.GetStatus(), errorPage(p.frame(v, title), text, w.Header().Get("X-Request-Id"), false))
	if err != nil {
		http.Error(w, answer.Detail, answer.GetStatus())
	}
}

// unknown responds to paths that do not exist.
func (p *portal) unknown(*visit) error { return fault.Missing() }
