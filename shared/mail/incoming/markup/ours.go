package markup

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/tenantry/tenantry/shared/mail/incoming/reply"
)

// ours says which elements of a text lead to our own mail, by the number of their token. Others that
// look like quotes were pasted, and belong to the answer.
type ours struct {
	// marker is where our mail begins, end the last element before it behind which all is quoted; -1
	// if there is none.
	marker, end int
	// around are the elements that quote and hold our mail, with the last that stands above it.
	around map[int]bool
}

// endsAt reports whether an element that ends an answer does so at this place.
func (o *ours) endsAt(at int) bool { return o == nil || at == o.end || at > o.marker }

// quotedAt reports whether an element that quotes holds or introduces our mail.
func (o *ours) quotedAt(at int) bool { return o == nil || o.around[at] || at > o.marker }

// quotation is an open element that quotes.
type quotation struct {
	at    int
	kind  atom.Atom
	depth int
}

// maxQuotations is how many open quotations are followed.
const maxQuotations = 50

// findOurs looks for our own mail in a text; nil if it is not there.
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
