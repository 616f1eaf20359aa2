package kit

import (
	"net/url"
	"strings"
)

// LocalPath returns next if it is a path of this site, and "/" otherwise. Browsers treat
// backslashes as slashes and drop tabs and line breaks (WHATWG URL Standard, 4.4), so checking for
// "//" alone is not enough.
func LocalPath(next string) string {
	parsed, err := url.Parse(next)
	bad := err != nil || parsed.Scheme != "" || parsed.Host != "" || parsed.User != nil || parsed.Opaque != "" ||
		!strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.Contains(next, `\`)
	for _, r := range next {
		bad = bad || r <= ' ' || r == 0x7f
	}
	if bad {
		return "/"
	}
	return next
}

// LoginPath returns the path of the log-in page that returns to next.
func LoginPath(next string) string {
	if next = LocalPath(next); next == "/" {
		return "/login"
	}
	return "/login?next=" + url.QueryEscape(next)
}
