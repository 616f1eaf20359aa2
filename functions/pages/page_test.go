package pages_test

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// fields are what a person types into a form.
type fields map[string]string

// page is a response as a browser sees it.
type page struct {
	b        *browser
	path     string
	status   int
	header   http.Header
	raw      string
	document *html.Node
}

func newPage(b *browser, path string, response *http.Response, content []byte) *page {
	b.t.Helper()
	document, err := html.Parse(bytes.NewReader(content))
	b.check(err)
	return &page{
		b:        b,
		path:     path,
		status:   response.StatusCode,
		header:   response.Header,
		raw:      string(content),
		document: document,
	}
}

// wants fails the test unless the page has this status and all of these texts.
func (p *page) wants(status int, texts ...string) *page {
	p.b.t.Helper()
	if p.status != status {
		p.b.t.Fatalf("%s: status %d, want %d: %s", p.path, p.status, status, p.text())
	}
	for _, text := range texts {
		if !strings.Contains(p.text(), text) {
			p.b.t.Errorf("%s: the page lacks %q: %s", p.path, text, p.text())
		}
	}
	return p
}

// leadsTo fails the test unless the response redirects the browser to a path.
func (p *page) leadsTo(path string) {
	p.b.t.Helper()
	if got := p.header.Get("Location"); p.status != http.StatusSeeOther || got != path {
		p.b.t.Fatalf("%s: status %d and location %q, want %q: %s", p.path, p.status, got, path, p.text())
	}
}

// follow follows the redirect of a response.
func (p *page) follow() *page {
	p.b.t.Helper()
	if p.status != http.StatusSeeOther {
		p.b.t.Fatalf("%s: status %d without a location: %s", p.path, p.status, p.text())
	}
	return p.b.get(p.header.Get("Location"))
}

// next returns the address of the next page of a list; "" if this is the last.
func (p *page) next() string {
	for _, link := range all(p.document, "a") {
		if attribute(link, "rel") == "next" {
			return attribute(link, "href")
		}
	}
	return ""
}

// hasNoForms fails the test if the page offers a form that changes something for others than the
// reader.
func (p *page) hasNoForms() {
	p.b.t.Helper()
	for _, form := range all(p.document, "form") {
		action := attribute(form, "action")
		own := action == "/logout" || strings.HasPrefix(action, "/account/")
		if attribute(form, "method") == "post" && !own {
			p.b.t.Errorf("%s: there is a form for %s", p.path, action)
		}
	}
}

// all returns the elements with a tag.
func all(under *html.Node, kind string) []*html.Node {
	var nodes []*html.Node
	for node := range under.Descendants() {
		if node.Type == html.ElementNode && node.Data == kind {
			nodes = append(nodes, node)
		}
	}
	return nodes
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(node *html.Node, name string) bool {
	return slices.ContainsFunc(node.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func textOf(under *html.Node) string {
	var words []string
	for node := range under.Descendants() {
		if node.Type == html.TextNode {
			words = append(words, strings.Fields(node.Data)...)
		}
	}
	return strings.Join(words, " ")
}

func (p *page) text() string { return textOf(p.document) }

// form returns the form with an action that changes something, preferring one in the content of the
// page to one in its head.
func (p *page) form(action string) *html.Node {
	p.b.t.Helper()
	forms := slices.DeleteFunc(all(p.document, "form"),
		func(form *html.Node) bool {
			return attribute(form, "action") != action || attribute(form, "method") != "post"
		})
	if len(forms) > 0 {
		return forms[len(forms)-1]
	}
	p.b.t.Fatalf("%s: there is no form for %s: %s", p.path, action, p.raw)
	return nil
}

// values returns what a browser would send for an unchanged form.
func values(form *html.Node) [][2]string {
	var pairs [][2]string
	for node := range form.Descendants() {
		name := attribute(node, "name")
		if node.Type != html.ElementNode || name == "" {
			continue
		}
		switch kind := attribute(node, "type"); {
		case node.Data == "input" && (kind == "file" || (kind == "checkbox" || kind == "radio") && !has(node, "checked")):
		case node.Data == "input":
			pairs = append(pairs, [2]string{name, attribute(node, "value")})
		case node.Data == "textarea":
			text := ""
			if node.FirstChild != nil {
				text = node.FirstChild.Data
			}
			pairs = append(pairs, [2]string{name, text})
		case node.Data == "select":
			chosen := ""
			for i, option := range all(node, "option") {
				if i == 0 || has(option, "selected") {
					chosen = attribute(option, "value")
				}
			}
			pairs = append(pairs, [2]string{name, chosen})
		}
	}
	return pairs
}

// submit fills in a form of the page and sends it. It also sends fields that the form does not
// have, as a forger would.
func (p *page) submit(action string, typed fields, files ...file) *page {
	p.b.t.Helper()
	form := p.form(action)
	texts := values(form)
	for name, text := range typed {
		at := slices.IndexFunc(texts, func(pair [2]string) bool { return pair[0] == name })
		if at < 0 {
			texts = append(texts, [2]string{name, text})
			continue
		}
		texts[at][1] = text
	}
	if attribute(form, "enctype") == "multipart/form-data" {
		if len(files) == 0 {
			files = []file{{}} // browsers send this if no file was chosen
		}
		contentType, body := multipartForm(p.b.t, texts, files)
		return p.b.do(http.MethodPost, action, contentType, body)
	}
	sent := url.Values{}
	for _, pair := range texts {
		sent.Add(pair[0], pair[1])
	}
	return p.b.post(action, sent)
}

// post sends the CSRF token of the page with further fields, as a button with a target of its own
// does.
func (p *page) post(action string, pairs ...string) *page {
	p.b.t.Helper()
	sent := url.Values{"csrf": {p.csrf("/logout")}}
	for i := 0; i+1 < len(pairs); i += 2 {
		sent.Set(pairs[i], pairs[i+1])
	}
	return p.b.post(action, sent)
}

// value returns the content of a field of the page.
func (p *page) value(id string) string {
	p.b.t.Helper()
	for node := range p.document.Descendants() {
		if node.Type == html.ElementNode && attribute(node, "id") == id {
			if node.Data == "textarea" && node.FirstChild != nil {
				return node.FirstChild.Data
			}
			return attribute(node, "value")
		}
	}
	p.b.t.Fatalf("%s: there is no field %q: %s", p.path, id, p.raw)
	return ""
}

// contents returns what a browser would send for an unchanged form.
func contents(form *html.Node) url.Values {
	sent := url.Values{}
	for _, pair := range values(form) {
		sent.Add(pair[0], pair[1])
	}
	return sent
}
