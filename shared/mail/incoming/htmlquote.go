package incoming

import (
	"strings"

	"golang.org/x/net/html"
)

// attributes are what an element says about itself, as far as quotes are concerned.
type attributes struct {
	id, name, kind, style, marker string
	classes                       []string
	href, alt                     string
}

func attributesOf(token html.Token) attributes {
	var a attributes
	for _, attribute := range token.Attr {
		value := attribute.Val
		switch attribute.Key {
		case "id":
			a.id = original(value)
		case "class":
			for class := range strings.FieldsSeq(firstBytes(value, 2000)) {
				a.classes = append(a.classes, original(class))
			}
		case "name":
			a.name = value
		case "type":
			a.kind = strings.ToLower(value)
		case "style":
			a.style = strings.ToLower(strings.Join(strings.Fields(firstBytes(value, 2000)), ""))
		case "data-marker":
			a.marker = value
		case "href":
			a.href = strings.TrimSpace(value)
		case "alt":
			a.alt = strings.TrimSpace(value)
		}
	}
	return a
}

// original takes away what Outlook on the web puts before the ids and classes of others.
func original(name string) string {
	for strings.HasPrefix(name, "x_") {
		name = name[2:]
	}
	return name
}

// replyEnds are ids behind which nothing of the answer follows: Outlook's line above
// the headers of the mail answered, in its many forms.
var replyEnds = map[string]bool{
	"divRplyFwdMsg": true, "appendonsend": true, "OLK_SRC_BODY_SECTION": true, "mail-editor-reference-message-container": true,
	"stopSpelling": true,
}

// outlookLine is the line that desktop Outlook draws above the mail answered.
var outlookLine = pattern(`border-top:solid#[0-9a-f]{6}1(\.0)?pt;padding:3(\.0)?pt0(in|cm)`)

// endsReply reports whether everything from this element on is quoted.
func (a attributes) endsReply() bool {
	return replyEnds[a.id] || a.name == "messageReplySection" || a.has("mail-editor-reference-message-container") ||
		outlookLine().MatchString(a.style)
}

// quoteClasses are the classes of elements that hold what was quoted, the line above
// it, or a signature.
var quoteClasses = []string{
	"gmail_attr", "gmail_signature", "gmail_signature_prefix", "moz-cite-prefix", "moz-signature", "yahoo_quoted",
	"protonmail_quote", "protonmail_signature_block", "zmail_extra", "tutanota_quote", "front-blockquote",
}

// quotes reports whether the element holds what is no part of the answer.
func (a attributes) quotes() bool {
	for _, class := range quoteClasses {
		if a.has(class) {
			return true
		}
	}
	return a.id == "AppleMailSignature" || a.id == "Signature" || a.id == "ms-outlook-mobile-signature" ||
		strings.HasPrefix(a.id, "yahoo_quoted_") || a.marker == "__QUOTED_TEXT__" || a.marker == "__SIG_PRE__" || a.marker == "__SIG_POST__"
}

// indents reports whether a blockquote only moves text to the right, as the button for
// indenting does.
func (a attributes) indents() bool {
	return a.kind == "" && len(a.classes) == 0 && strings.Contains(a.style, "border:none")
}

// hidden reports whether the element is not shown.
func (a attributes) hidden() bool { return strings.Contains(a.style, "display:none") }

func (a attributes) has(class string) bool {
	for _, own := range a.classes {
		if own == class {
			return true
		}
	}
	return false
}
