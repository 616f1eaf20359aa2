package markup

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/tenantry/tenantry/shared/mail/incoming/reply"
)

// ours identifies the elements that lead to our own mail, by the number of their token. Other
// elements that look like quotes were pasted, and belong to the answer.
type ours struct {
	// marker is where our mail begins; end is the last element before it that ends an answer, -1 if
	// there is none.
	marker, end int
	// around are the quoting elements that contain our mail, and the last one above it.
	around map[int]bool
}

// endsAt reports whether an element that can end an answer does so here.
func (o *ours) endsAt(at int) bool { return o == nil || at == o.end || at > o.marker }

// quotedAt reports whether a quoting element contains or introduces our mail.
func (o *ours) quotedAt(at int) bool { return o == nil || o.around[at] || at > o.marker }

// quotation is an open element that quotes.
type quotation struct {
	at    int
	kind  atom.Atom
	depth int
}

// maxQuotations is the maximum number of open quotations that are tracked.
const maxQuotations = 50

// findOurs finds our own mail in HTML; nil if it is not there.
func findOurs(source string) *ours {
	if !strings.Contains(source, "##-") {
		return nil
	}
	o := &ours{end: -1, around: map[int]bool{}}
	var open []quotation
	above := -1
	tokens := html.NewTokenizer(strings.NewReader(source))
	for at := 0; at < maxTokens; at++ {
		switch tokens.Next() {
		case html.ErrorToken:
			return nil
		case html.TextToken:
			if reply.Marked(strings.Join(strings.Fields(string(tokens.Text())), " ")) {
				for _, one := range open {
					o.around[one.at] = true
				}
				o.around[above] = true
				o.marker = at
				return o
			}
		case html.StartTagToken:
			token := tokens.Token()
			for i := range open {
				if open[i].kind == token.DataAtom {
					open[i].depth++
				}
			}
			if attributes := attributesOf(token); attributes.endsReply() {
				o.end = at
			} else if attributes.quotes(false) && len(open) < maxQuotations {
				open = append(open, quotation{at, token.DataAtom, 1})
			}
		case html.EndTagToken:
			token := tokens.Token()
			for i := len(open) - 1; i >= 0; i-- {
				if open[i].kind != token.DataAtom {
					continue
				}
				if open[i].depth--; open[i].depth == 0 {
					above = open[i].at
					open = append(open[:i], open[i+1:]...)
				}
			}
		}
	}
	return nil
}
