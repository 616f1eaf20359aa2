package markup

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/tenantry/tenantry/shared/mail/incoming/plaintext"
	"github.com/tenantry/tenantry/shared/mail/incoming/reply"
)

// attributes are the attributes of an element that matter for quotes.
type attributes struct {
	id, name, kind, style, marker string
	classes                       []string
	href, alt                     string
	unseen                        bool
}

func attributesOf(token html.Token) attributes {
	var a attributes
	for _, attribute := range token.Attr {
		value := attribute.Val
		switch attribute.Key {
		case "id":
			a.id = original(value)
		case "class":
			for class := range strings.FieldsSeq(plaintext.FirstBytes(value, 2000)) {
				a.classes = append(a.classes, original(class))
			}
		case "name":
			a.name = value
		case "type":
			a.kind = strings.ToLower(value)
		case "style":
			a.style = strings.ToLower(strings.Join(strings.Fields(plaintext.FirstBytes(value, 2000)), ""))
		case "data-marker":
			a.marker = value
		case "href":
			a.href = strings.TrimSpace(value)
		case "hidden":
			a.unseen = true
		case "alt":
			a.alt = strings.TrimSpace(value)
		}
	}
	return a
}

// original removes the prefix that Outlook on the web adds to ids and classes.
func original(name string) string {
	for strings.HasPrefix(name, "x_") {
		name = name[2:]
	}
	return name
}

// replyEnds are ids and names of elements that end an answer: Outlook's line above the headers in
// its many forms, and those of other programs.
var replyEnds = map[string]bool{
	// Outlook, Exchange
	"divRplyFwdMsg": true, "appendonsend": true, "OLK_SRC_BODY_SECTION": true, "stopSpelling": true,
	"mail-editor-reference-message-container": true, "messageReplySection": true,
	"zwchr": true, "isReplyContent": true, "ntes-pcmac-reply": true, // Zimbra, NetEase
	"_originalContent": true, "_originalMessageHeader": true, "reply-separator": true, // BlackBerry, Mailbird
}

// outlookLine reports whether the style, without spaces, is that of the line which desktop Outlook
// draws above the mail answered: on Windows, on macOS, and in Windows Mail.
func outlookLine(style string) bool {
	if strings.Contains(style, "padding:3.0pt0") || strings.Contains(style, "padding:3pt0") {
		return reply.ContainsAny(style, []string{
			"border-top:solid", "border-top:1pt", "border-top:1.0pt", "border-width:1ptmedium",
			"border-width:1pt0", "border-width:1ptnone", "border-style:solidnonenone",
		})
	}
	return strings.Contains(style, "border-top-style:solid") && strings.Contains(style, "border-top-width:1px") &&
		strings.Contains(style, "border-top-color:")
}

// endsReply reports whether everything from this element on is quoted.
func (a attributes) endsReply() bool {
	return replyEnds[a.id] || replyEnds[a.name] || a.has("mail-editor-reference-message-container") ||
		strings.HasPrefix(a.id, "cm_replymail_content") ||
		outlookLine(a.style)
}

// signatureClasses are the classes, ids and names of elements that hold a signature.
var signatureClasses = map[string]bool{
	"gmail_signature": true, "gmail_signature_prefix": true, "moz-signature": true, "yahoo-signature": true,
	"protonmail_signature_block": true, "zmail_signature_below": true, "AppleMailSignature": true,
	"Signature": true, "ms-outlook-mobile-signature": true, "messageSignatureSection": true,
	"cm_signature": true, "cm_footer": true, "composer_signature": true, // Newton, Samsung
	"__SIG_PRE__": true, "__SIG_POST__": true, // Zimbra
	"_rc_sig": true, "io-ox-signature": true, "-x-evo-signature-wrapper": true, "front-signature": true,
	"tutanota_signature": true, "_signaturePlaceholder": true, "bloop_sign": true, "mcntIOSSignature": true,
	"WPS_Signature": true,
}

// quoteClasses are the classes, ids and names of elements that contain unmarked quotes, or the line
// above a quote. A marked quote (blockquote) is left to the text, in which answers between quotes
// are found.
var quoteClasses = map[string]bool{
	"moz-cite-prefix": true, "yahoo_quoted": true, "zmail_extra": true, "__QUOTED_TEXT__": true,
	"missive_quote": true, "sh-quoted-content": true, // Missive, Superhuman
	"reply-intro": true, "__pbConvHr": true, "__pbConvBody": true,
}

// signs reports whether the element holds a signature.
func (a attributes) signs() bool {
	return signatureClasses[a.id] || signatureClasses[a.marker] || a.name == "messageSignatureSection" ||
		slices.ContainsFunc(a.classes, func(class string) bool { return signatureClasses[class] })
}

// quotes reports whether the element contains quoted text. In HTML, Gmail's line above a quote
// looks like the one above a forwarded mail.
func (a attributes) quotes(keepAttribution bool) bool {
	if quoteClasses[a.id] || quoteClasses[a.marker] || a.name == "quote" || strings.HasPrefix(a.id, "yahoo_quoted_") {
		return true
	}
	return slices.ContainsFunc(a.classes, func(class string) bool {
		return quoteClasses[class] || class == "gmail_attr" && !keepAttribution ||
			strings.HasPrefix(class, "ydp") && strings.HasSuffix(class, "yahoo_quoted")
	})
}

// passesOn reports whether the HTML contains the line above a forwarded mail.
func passesOn(source string) bool {
	tokens := html.NewTokenizer(strings.NewReader(source))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return false
		case html.TextToken:
			if text := tokens.Raw(); len(text) < 300 && reply.ForwardMark(html.UnescapeString(string(text))) {
				return true
			}
		}
	}
}

// EndMarked reports whether the HTML marks the beginning of the quote.
func EndMarked(source string) bool {
	tokens := html.NewTokenizer(strings.NewReader(source))
	for count := 0; count < maxElements; count++ {
		switch tokens.Next() {
		case html.ErrorToken:
			return false
		case html.StartTagToken, html.SelfClosingTagToken:
			token := tokens.Token()
			if len(token.Attr) == 0 {
				continue
			}
			a := attributesOf(token)
			if a.endsReply() || a.name == "quote" || a.kind == "cite" || a.has("gmail_quote") ||
				a.has("yahoo_quoted") || a.has("moz-cite-prefix") || a.has("protonmail_quote") {
				return true
			}
		}
	}
	return false
}

// indents reports whether a blockquote only indents text.
func (a attributes) indents() bool {
	return a.kind == "" && len(a.classes) == 0 && strings.Contains(a.style, "border:none")
}

// hidden reports whether the element is not shown.
func (a attributes) hidden() bool {
	return a.unseen || strings.Contains(a.style, "display:none") || strings.Contains(a.style, "mso-hide:all") ||
		strings.Contains(a.style, "visibility:hidden")
}

func (a attributes) has(class string) bool { return slices.Contains(a.classes, class) }
