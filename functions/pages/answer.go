package pages

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/fault"
)

// policy lets a page have our style sheet and icon and send its forms to us, and nothing else.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// frame is what is around the content of every page.
type frame struct {
	title  string
	styles string
	icon   string
	// user is the name of who is logged in; "" for nobody.
	user string
	csrf string
	// problem says what was wrong with the form that was sent; nil if nothing was.
	problem *problem
}

// problem is what people are told of a form that was not taken.
type problem struct {
	text   string
	fields map[string]string
	// names are the fields at fault, in order.
	names []string
}

func (p *portal) frame(v *visit, title string) frame {
	f := frame{title: title, styles: p.assets.styles, icon: p.assets.icon, csrf: v.csrf}
	if v.by != nil {
		f.user = v.by.Name()
	}
	return f
}

// show renders a page whole before a byte of it goes out.
func (p *portal) show(v *visit, status int, page templ.Component) error {
	var out bytes.Buffer
	if err := page.Render(v.r.Context(), &out); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.Header().Set("Content-Security-Policy", policy)
	v.w.WriteHeader(status)
	_, _ = out.WriteTo(v.w) // the browser is gone if this fails
	return nil
}

// again shows a form again whose input was not taken: the page is made of the frame that says why.
// What is no fault of the input is given back as it is.
func (p *portal) again(v *visit, err error, title string, page func(frame) templ.Component) error {
	switch fault.CodeOf(err) {
	case fault.Invalid, fault.Forbidden, fault.Conflict, fault.TooLarge, fault.Unauthenticated:
	default:
		return err
	}
	said := p.gate.Answer(v.r.Context(), v.about, err)
	f := p.frame(v, "Error: "+title)
	f.problem = problemOf(said)
	return p.show(v, said.GetStatus(), page(f))
}

func problemOf(said *endpoint.Problem) *problem {
	shown := &problem{text: said.Detail, fields: map[string]string{}}
	for _, field := range said.Fields {
		name := field.Name[strings.LastIndexByte(field.Name, '.')+1:]
		shown.fields[name] = field.Message
		shown.names = append(shown.names, name)
	}
	return shown
}

// fail answers with the page of an error. Whoever is not logged in is asked to, where that can
// help.
func (p *portal) fail(v *visit, err error) {
	said := p.gate.Answer(v.r.Context(), v.about, err)
	if said.Code == fault.Unauthenticated && (v.r.Method == http.MethodGet || v.r.Method == http.MethodHead) {
		_ = v.goTo(loginPath(v.r.URL.RequestURI())) // gives no error
		return
	}
	for name, values := range said.GetHeaders() {
		v.w.Header()[name] = values
	}
	title, text := describe(said)
	f := p.frame(v, title)
	id := ""
	if said.GetStatus() >= http.StatusInternalServerError {
		id = v.w.Header().Get("X-Request-Id")
	}
	if err := p.show(v, said.GetStatus(), errorPage(f, text, id, said.Code == fault.Unauthenticated)); err != nil {
		p.broken(v.w, v.r, endpoint.ProblemOf(err))
	}
}

// describe gives an error's page its title and its text.
func describe(said *endpoint.Problem) (title, text string) {
	switch said.Code {
	case fault.NotFound:
		if said.Detail != fault.Missing().Message {
			return "This link does not work", said.Detail
		}
		return "Nothing is here", "There is no such page, or it is not for you to see."
	case fault.Unauthenticated:
		return "You are logged out", "Your session has ended, so what you sent was not taken. Go back in your browser and copy what you wrote, then log in and send it again."
	case fault.Forbidden:
		return "This is not allowed", said.Detail
	case fault.Limited:
		return "Too many tries", said.Detail
	case fault.TooLarge:
		return "This is too large", said.Detail
	case fault.Unavailable, fault.Internal:
		return "Something went wrong", said.Detail
	default:
		return "This did not work", said.Detail
	}
}

// broken answers a call that ended in a panic.
func (p *portal) broken(w http.ResponseWriter, r *http.Request, said *endpoint.Problem) {
	v := &visit{w: w, r: r}
	title, text := describe(said)
	if err := p.show(
		v,
		said.GetStatus(),
		errorPage(p.frame(v, title), text, w.Header().Get("X-Request-Id"), false),
	); err != nil {
		http.Error(w, said.Detail, said.GetStatus())
	}
}

// unknown answers for paths that lead nowhere.
func (p *portal) unknown(*visit) error { return fault.Missing() }
