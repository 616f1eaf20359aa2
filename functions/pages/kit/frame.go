package kit

import (
	"crypto/rand"
	"net/url"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
)

// Frame is what every component needs to know of the page that it is on: the texts' language, the reader's time
// zone, the tokens of forms, why a form was refused, and what the shell shows around the content.
type Frame struct {
	// Title is the page's title without the place and the product.
	Title string
	// User is the name of the logged-in person; "" if nobody is logged in.
	User string
	// Reader is who reads the page; nil if nobody is logged in.
	Reader *identity.Principal
	// Place is where the page is; its scope is "" where a page belongs to no place. Role is the
	// reader's role there, in words.
	Place identity.Place
	Role  string
	Trail []Link
	Menu  []MenuGroup
	Flash *Flash
	// Brand is what the page shows of the MSP of the place.
	Brand Brand
	// Path is the address of the page, with its parameters.
	Path string

	reading
	csrf    string
	once    string
	assets  *assets
	version string
	request string
	problem *Problem
}

// Frame returns the frame of a page with a title. Titles are translated already.
func (v *Visit) Frame(title string) *Frame {
	f := &Frame{
		Title: title, Place: v.place, Trail: v.trail, Path: v.R.URL.RequestURI(), Reader: v.By,
		csrf: v.csrf, once: rand.Text(), assets: &v.kit.assets, reading: v.reading(),
		Flash: v.takeFlash(), version: v.kit.settings.Version, request: change.RequestID(v.R.Context()),
	}
	if v.By != nil {
		f.User = v.By.Name()
		f.Role = roleAt(f, *v.By, v.place)
		f.Brand = v.brand()
		f.Menu = v.kit.menu.shown(f, v.R.URL.Path)
	}
	return f
}

// Parameter returns a parameter of the page's address.
func (f *Frame) Parameter(name string) string {
	address, err := url.Parse(f.Path)
	if err != nil {
		return ""
	}
	return address.Query().Get(name)
}

// CSRF returns the CSRF token of the page's forms, for a form that changes nothing yet and may be sent
// twice; others have Token.
func (f *Frame) CSRF() string { return f.csrf }

// Problem describes why a submitted form was refused.
type Problem struct {
	heading string
	text    string
	fields  map[string]string
	// names lists the invalid fields, in order.
	names []string
}

// Refused reports whether the page shows a form again that was refused.
func (f *Frame) Refused() bool { return f.problem != nil }

// Wrong returns the sentence that says what is wrong with a field; "" if nothing is.
func (f *Frame) Wrong(name string) string {
	if f.problem == nil {
		return ""
	}
	return f.problem.fields[name]
}

// described returns the ids of the elements that describe a field.
func (f *Frame) described(name, hint string) string {
	ids := ""
	if hint != "" {
		ids = name + "-hint "
	}
	if f.Wrong(name) != "" {
		ids += name + "-wrong"
	}
	return ids
}
