package markup

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

const (
	// MaxConverted is the maximum length of the text that HTML is converted to, in bytes.
	MaxConverted = 2 * plaintext.MaxText
	// maxShownDepth is the maximum number of '>' before a line; with more, the text would grow with
	// the square of the depth.
	maxShownDepth = 5
	// MaxLink is the maximum length of a link's address, in bytes.
	MaxLink = 2000
	// maxTokens is the maximum number of tokens that are read.
	maxTokens = 300_000
)

// Text converts HTML to text in one pass over its tokens. It builds no tree, so nesting costs
// nothing. Quotes become lines that begin with '>'. With cutQuotes, quotes and signatures that the
// HTML marks are left out.
func Text(source string, cutQuotes bool) string {
	if source == "" {
		return ""
	}
	c := converter{cutQuotes: cutQuotes}
	if cutQuotes {
		c.ours = findOurs(source)
	}
	c.keepAttribution = cutQuotes && strings.Contains(source, "gmail_attr") && passesOn(source)
	tokens := html.NewTokenizer(strings.NewReader(source))
	for count := 0; count < maxTokens && c.out.out.Len() < MaxConverted && !c.ended; count++ {
		switch tokens.Next() {
		case html.ErrorToken:
			c.ended = true
		case html.TextToken:
			if c.skip == "" {
				c.out.text(string(tokens.Text()), c.pre > 0)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			c.start(tokens.Token(), count)
		case html.EndTagToken:
			c.end(tokens.Token())
		}
	}
	return c.out.String()
}

// converter is the state of a conversion.
type converter struct {
	out       lines
	cutQuotes bool
	// ours is where our own mail is; nil if it is not there.
	ours *ours
	// keepAttribution keeps the line above a forwarded mail.
	keepAttribution bool
	ended           bool
	// skip is the element whose content is currently left out, skipDepth the number of open
	// elements of its kind.
	skip      string
	skipDepth int
	pre       int
	links     []link
}

type link struct {
	address string
	from    int // where its text begins in the output
}

// silent are elements whose content is not shown.
var silent = map[atom.Atom]bool{
	atom.Head: true, atom.Script: true, atom.Style: true, atom.Title: true, atom.Template: true, atom.Svg: true,
	atom.Math: true, atom.Object: true, atom.Iframe: true, atom.Select: true, atom.Noembed: true, atom.Noframes: true,
}

// Void are elements that have no end tag.
var Void = map[atom.Atom]bool{
	atom.Area:   true,
	atom.Base:   true,
	atom.Br:     true,
	atom.Col:    true,
	atom.Embed:  true,
	atom.Hr:     true,
	atom.Img:    true,
	atom.Input:  true,
	atom.Link:   true,
	atom.Meta:   true,
	atom.Param:  true,
	atom.Source: true,
	atom.Track:  true,
	atom.Wbr:    true,
}

func (c *converter) start(token html.Token, at int) {
	closed := Void[token.DataAtom]
	if c.skip != "" {
		if token.Data == c.skip {
			c.skipDepth++
		}
		return
	}
	attributes := attributesOf(token)
	if c.cutQuotes && attributes.endsReply() && c.ours.endsAt(at) {
		c.ended = true
		return
	}
	if token.DataAtom == atom.Body {
		return
	}
	leaveOut := silent[token.DataAtom] || attributes.hidden() ||
		c.cutQuotes && (attributes.signs() || attributes.quotes(c.keepAttribution) && c.ours.quotedAt(at))
	if leaveOut && !closed {
		c.skip, c.skipDepth = token.Data, 1
		return
	}
	c.open(token, attributes)
}

func (c *converter) open(token html.Token, attributes attributes) {
	switch token.DataAtom {
	case atom.Br:
		c.out.newLine()
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Hr:
		c.out.paragraph()
	case atom.Pre:
		c.out.paragraph()
		c.pre++
	case atom.Div,
		atom.Tr,
		atom.Table,
		atom.Section,
		atom.Article,
		atom.Header,
		atom.Footer,
		atom.Address,
		atom.Dt,
		atom.Dd,
		atom.Center:
		c.out.block()
	case atom.Li:
		c.out.block()
		c.out.text("- ", true)
	case atom.Td, atom.Th:
		c.out.space()
	case atom.Blockquote:
		c.out.block()
		if !attributes.indents() {
			c.out.quote(1)
		}
		c.out.quotes = append(c.out.quotes, !attributes.indents())
	case atom.Img:
		if attributes.alt != "" {
			c.out.text("["+plaintext.FirstRunes(attributes.alt, 200)+"]", false)
		}
	case atom.A:
		if len(c.links) < 100 {
			c.links = append(c.links, link{attributes.href, c.out.out.Len()})
		}
	}
}

func (c *converter) end(token html.Token) {
	if c.skip != "" {
		if token.Data == c.skip {
			if c.skipDepth--; c.skipDepth == 0 {
				c.skip = ""
			}
		}
		return
	}
	switch token.DataAtom {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol:
		c.out.paragraph()
	case atom.Pre:
		c.out.paragraph()
		c.pre = max(c.pre-1, 0)
	case atom.Div,
		atom.Tr,
		atom.Table,
		atom.Section,
		atom.Article,
		atom.Header,
		atom.Footer,
		atom.Address,
		atom.Li,
		atom.Center:
		c.out.block()
	case atom.Blockquote:
		c.out.block()
		if last := len(c.out.quotes) - 1; last >= 0 {
			if c.out.quotes[last] {
				c.out.quote(-1)
			}
			c.out.quotes = c.out.quotes[:last]
		}
	case atom.A:
		c.closeLink()
	}
}

// closeLink writes the address of a link after its text, unless the text shows it.
func (c *converter) closeLink() {
	if len(c.links) == 0 {
		return
	}
	last := c.links[len(c.links)-1]
	c.links = c.links[:len(c.links)-1]
	shown := c.out.out.String()[min(last.from, c.out.out.Len()):]
	web := strings.HasPrefix(last.address, "https://") || strings.HasPrefix(last.address, "http://")
	if web && len(last.address) <= MaxLink && len(shown) < 4096 &&
		!strings.Contains(shown, strings.TrimSuffix(last.address, "/")) {
		c.out.text(" <"+last.address+">", false)
	}
}
