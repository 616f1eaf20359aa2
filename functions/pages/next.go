package pages

import (
	"net/url"
	"strings"
)

// localPath returns next if it is a path of this site, and "/" otherwise. Browsers treat
// backslashes as slashes and drop tabs and line breaks (WHATWG URL Standard, 4.4), so checking for
// "//" alone is not enough.
func localPath(next string) string {
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

// loginPath returns the path of the log-in page that returns to next.
func loginPath(next string) string {
	if next = localPath(next); next == "/" {
		return "/login"
	}
	return "/login?next=" + url.QueryEscape(next)
}
