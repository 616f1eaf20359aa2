package markup

import (
	"context"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

// KeptElements are the elements that are kept.
var KeptElements = map[atom.Atom]bool{
	atom.A:          true,
	atom.B:          true,
	atom.Strong:     true,
	atom.I:          true,
	atom.Em:         true,
	atom.U:          true,
	atom.S:          true,
	atom.Strike:     true,
	atom.Del:        true,
	atom.Ins:        true,
	atom.Sub:        true,
	atom.Sup:        true,
	atom.Small:      true,
	atom.Big:        true,
	atom.Code:       true,
	atom.Tt:         true,
	atom.Kbd:        true,
	atom.Samp:       true,
	atom.Font:       true,
	atom.Span:       true,
	atom.P:          true,
	atom.Div:        true,
	atom.Br:         true,
	atom.Hr:         true,
	atom.Blockquote: true,
	atom.Pre:        true,
	atom.Center:     true,
	atom.H1:         true,
	atom.H2:         true,
	atom.H3:         true,
	atom.H4:         true,
	atom.H5:         true,
	atom.H6:         true,
	atom.Ul:         true,
	atom.Ol:         true,
	atom.Li:         true,
	atom.Dl:         true,
	atom.Dt:         true,
	atom.Dd:         true,
	atom.Table:      true,
	atom.Thead:      true,
	atom.Tbody:      true,
	atom.Tfoot:      true,
	atom.Tr:         true,
	atom.Td:         true,
	atom.Th:         true,
	atom.Caption:    true,
	atom.Img:        true,
}

// tableParts are only meaningful within a table; elsewhere they could close one of the page around
// the mail.
var tableParts = map[atom.Atom]bool{
	atom.Thead:   true,
	atom.Tbody:   true,
	atom.Tfoot:   true,
	atom.Tr:      true,
	atom.Td:      true,
	atom.Th:      true,
	atom.Caption: true,
}

// sanitizer writes harmless HTML.
type sanitizer struct {
	ctx      context.Context
	pictures Pictures
	out      strings.Builder
	// open are the open elements, the innermost last; tables counts the tables among them.
	open            []atom.Atom
	tables          int
	links, elements int
	cut             bool
	// skip is the element whose content is currently left out.
	skip      string
	skipDepth int
}

func (s *sanitizer) plain(text string) {
	text = plaintext.FirstBytes(text, plaintext.MaxText)
	s.out.WriteString("<div>" + strings.ReplaceAll(html.EscapeString(text), "\n", "<br>\n") + "</div>")
}

// add adds one text. Elements that it leaves open are closed at its end.
func (s *sanitizer) add(source string) {
	tokens := html.NewTokenizer(strings.NewReader(source))
	for more := true; more; {
		if s.elements++; s.elements > maxElements || s.out.Len() > MaxSafe ||
			s.elements%1000 == 0 && s.ctx.Err() != nil {
			s.cut = true
			break
		}
		switch tokens.Next() {
		case html.ErrorToken:
			more = false
		case html.TextToken:
			if s.skip == "" {
				s.text(string(tokens.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			s.start(tokens.Token())
		case html.EndTagToken:
			s.end(tokens.Token())
		}
	}
	s.closeTo(0)
	s.skip, s.skipDepth = "", 0
}

func (s *sanitizer) text(text string) {
	if room := MaxSafe - s.out.Len(); len(text) > room {
		text, s.cut = plaintext.FirstBytes(text, max(room, 0)), true
	}
	s.out.WriteString(html.EscapeString(text))
}

func (s *sanitizer) start(token html.Token) {
	if s.skip != "" {
		if token.Data == s.skip {
			s.skipDepth++
		}
		return
	}
	a := attributesOf(token)
	if silent[token.DataAtom] || a.hidden() {
		if !Void[token.DataAtom] {
			s.skip, s.skipDepth = token.Data, 1
		}
		return
	}
	kind := token.DataAtom
	if !KeptElements[kind] || len(s.open) >= maxOpen && !Void[kind] || tableParts[kind] && s.tables == 0 {
		if tableParts[kind] {
			s.out.WriteString(" ")
		}
		return
	}
	switch kind {
	case atom.Img:
		s.picture(token, a)
	case atom.Br, atom.Hr:
		s.out.WriteString("<" + kind.String() + ">")
	case atom.A:
		s.link(a)
	case atom.Span, atom.Font:
		s.coloured(token, a)
	default:
		s.write(kind, token, "align", "colspan", "rowspan", "start", "dir")
	}
}

// write opens an element with the named attributes.
func (s *sanitizer) write(kind atom.Atom, token html.Token, names ...string) {
	s.out.WriteString("<" + kind.String())
	for _, name := range names {
		for _, attribute := range token.Attr {
			if attribute.Key == name && len(attribute.Val) < 20 {
				s.out.WriteString(" " + name + `="` + html.EscapeString(attribute.Val) + `"`)
				break
			}
		}
	}
	s.out.WriteString(">")
	s.push(kind)
}

func (s *sanitizer) push(kind atom.Atom) {
	if kind == atom.Table {
		s.tables++
	}
	s.open = append(s.open, kind)
}

// link opens a link to a web page, a mailbox or a phone number; of other links only the text is
// kept.
func (s *sanitizer) link(a attributes) {
	lower := strings.ToLower(a.href)
	fit := strings.HasPrefix(lower, "https://") || strings.HasPrefix(lower, "http://") ||
		strings.HasPrefix(lower, "mailto:") ||
		strings.HasPrefix(lower, "tel:")
	if s.links++; !fit || s.links > maxLinks || len(a.href) > MaxLink {
		s.cut = s.cut || s.links > maxLinks
		return
	}
	s.out.WriteString(`<a href="` + html.EscapeString(a.href) + `">`)
	s.push(atom.A)
}

// coloured keeps the colour of text, with which people mark their answers.
func (s *sanitizer) coloured(token html.Token, a attributes) {
	name := ""
	for _, attribute := range token.Attr {
		if attribute.Key == "color" {
			name = strings.TrimSpace(attribute.Val)
		}
	}
	if match := styleColour().FindStringSubmatch(a.style); match != nil {
		name = hexColour(match[1])
	}
	if !colour().MatchString(name) {
		s.out.WriteString("<span>")
		s.push(atom.Span)
		return
	}
	s.out.WriteString(`<font color="` + name + `">`)
	s.push(atom.Font)
}

// hexColour writes a colour of the form rgb(1,2,3) as attributes know them.
func hexColour(value string) string {
	inner, ok := strings.CutPrefix(value, "rgb(")
	if !ok {
		return value
	}
	out := "#"
	for part := range strings.SplitSeq(strings.TrimSuffix(inner, ")"), ",") {
		number, err := strconv.Atoi(part)
		if err != nil {
			return ""
		}
		out += string("0123456789abcdef"[min(number, 255)/16]) + string("0123456789abcdef"[min(number, 255)%16])
	}
	return out
}

// picture shows a picture that came with the mail. A picture on another server would tell the
// sender who reads the mail and when, so only its text is shown.
func (s *sanitizer) picture(token html.Token, a attributes) {
	source := ""
	for _, attribute := range token.Attr {
		if attribute.Key == "src" {
			source = strings.TrimSpace(plaintext.FirstBytes(attribute.Val, 1000))
		}
	}
	number, shown := s.pictures.ByID[strings.ToLower(source)]
	if len(source) > 4 && strings.EqualFold(source[:4], "cid:") {
		number, shown = s.pictures.ByID[ShownID(source[4:])]
	}
	alt := plaintext.FirstRunes(a.alt, 200)
	if !shown {
		if alt != "" {
			s.text("[" + alt + "]")
		}
		return
	}
	s.out.WriteString(
		`<img src="` + pictureScheme + ":" + strconv.Itoa(number) + `" alt="` + html.EscapeString(alt) + `"`,
	)
	for _, attribute := range token.Attr {
		if (attribute.Key == "width" || attribute.Key == "height") && smallNumber().MatchString(attribute.Val) {
			s.out.WriteString(" " + attribute.Key + `="` + attribute.Val + `"`)
		}
	}
	s.out.WriteString(">")
}

// end closes an element and all within it. An end tag without a start tag is dropped, because it
// could close an element of the page around the mail.
func (s *sanitizer) end(token html.Token) {
	if s.skip != "" {
		if token.Data == s.skip {
			if s.skipDepth--; s.skipDepth == 0 {
				s.skip = ""
			}
		}
		return
	}
	for i := len(s.open) - 1; i >= 0; i-- {
		open := s.open[i]
		if open == token.DataAtom || open == atom.Font && token.DataAtom == atom.Span ||
			open == atom.Span && token.DataAtom == atom.Font {
			s.closeTo(i)
			return
		}
		if open == atom.Table && token.DataAtom != atom.Table {
			return // what stands in a cell ends nothing around the table
		}
	}
}

// closeTo closes elements until the given number is open.
func (s *sanitizer) closeTo(count int) {
	for len(s.open) > count {
		last := s.open[len(s.open)-1]
		s.open = s.open[:len(s.open)-1]
		if last == atom.Table {
			s.tables--
		}
		s.out.WriteString("</" + last.String() + ">")
	}
}
