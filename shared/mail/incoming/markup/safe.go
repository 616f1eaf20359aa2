package markup

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
)

const (
	// MaxSafe is the maximum length of the safe HTML in bytes, not counting the last end tags.
	MaxSafe     = 512 << 10
	maxElements = 50_000
	maxLinks    = 1000
	// maxOpen is the maximum number of open elements; deeper ones are shown without formatting.
	maxOpen = 100
)

// policy defines the safe HTML. It has no styles, classes, ids or names, so that a mail cannot
// affect the page around it; no forms; and no address that a browser would load by itself.
var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	for name := range KeptElements {
		p.AllowElements(name.String())
	}
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto", "tel", pictureScheme)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	p.AllowAttrs("src").Matching(PictureSource()).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowAttrs("width", "height").Matching(smallNumber()).OnElements("img")
	p.AllowAttrs("colspan", "rowspan").Matching(smallNumber()).OnElements("td", "th")
	p.AllowAttrs("align").Matching(alignment()).OnElements("td", "th", "p", "div", "tr")
	p.AllowAttrs("color").Matching(colour()).OnElements("font")
	p.AllowAttrs("start").Matching(smallNumber()).OnElements("ol")
	p.AllowAttrs("dir").Matching(direction()).Globally()
	return p
})

var (
	smallNumber = plaintext.Pattern(`^[0-9]{1,4}$`)
	alignment   = plaintext.Pattern(`^(?i:left|right|center|justify)$`)
	direction   = plaintext.Pattern(`^(?i:ltr|rtl|auto)$`)
	colour      = plaintext.Pattern(`^(?i:#[0-9a-f]{3}|#[0-9a-f]{6}|[a-z]{3,20})$`)
	// PictureSource matches the source of a picture that is an attachment.
	PictureSource = plaintext.Pattern(`^` + pictureScheme + `:[0-9]{1,4}$`)
	pictureMark   = plaintext.Pattern(`<img [^<>]*?src="` + pictureScheme + `:([0-9]{1,4})"[^<>]*>`)
	styleColour   = plaintext.Pattern(
		`(?:^|;)color:(#[0-9a-f]{3}|#[0-9a-f]{6}|[a-z]{3,20}|rgb\([0-9]{1,3},[0-9]{1,3},[0-9]{1,3}\))(?:;|!|$)`,
	)
)

// pictureScheme precedes the number of the attachment that is shown, as in src="attachment:0".
const pictureScheme = "attachment"

// WithPictures replaces the numbers of pictures in Message.HTML with addresses, which are escaped.
// A picture without an address is left out.
func WithPictures(safe string, address func(attachment int) string) string {
	return pictureMark().ReplaceAllStringFunc(safe, func(mark string) string {
		match := pictureMark().FindStringSubmatch(mark)
		number, err := strconv.Atoi(match[1])
		if err != nil {
			return ""
		}
		to := address(number)
		if to == "" {
			return ""
		}
		return strings.Replace(mark, pictureScheme+":"+match[1], html.EscapeString(to), 1)
	})
}

// Safe returns the readable text as HTML that is safe to show. It passes over the tokens once,
// keeps what is harmless, and closes what is open; then bluemonday sanitizes the result. It is
// empty if no part of the mail is HTML.
func Safe(ctx context.Context, segments []Segment, pictures Pictures) (string, bool) {
	s := sanitizer{ctx: ctx, pictures: pictures}
	formatted := false
	for _, piece := range segments {
		formatted = formatted || piece.HTML != ""
		number, shown := pictures.ByPart[piece.Picture]
		if s.out.Len() > 0 && (shown || piece.HTML != "" || piece.Plain != "") {
			s.out.WriteString("<br>\n")
		}
		switch {
		case shown:
			s.out.WriteString(`<img src="` + pictureScheme + ":" + strconv.Itoa(number) + `">`)
		case piece.HTML != "":
			s.add(piece.HTML)
		case piece.Plain != "":
			s.plain(piece.Plain)
		}
	}
	if !formatted || ctx.Err() != nil {
		return "", false
	}
	return plaintext.CleanText(policy().Sanitize(s.out.String())), s.cut
}
