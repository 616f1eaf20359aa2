package sesnotification

import (
	"net/netip"
	"regexp"
	"strings"
	"sync"
)

// header is a header of the mail.
type header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// receivedFrom matches the beginning of the header in which the service names the client; the
// address in brackets is that of the connection, the text before it comes from the client.
var receivedFrom = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(
		`^from \S+ \((?:\S+ )?\[([0-9a-fA-F.:]+)\]\)\s+by inbound-smtp\.[a-z0-9.-]+\.amazonaws\.com(?:\.cn)? `,
	)
})

// sourceAddress returns the address from which a mail came. Only the first Received header is the
// service's; anybody may have written those below.
func sourceAddress(headers []header) string {
	for _, one := range headers {
		if !strings.EqualFold(one.Name, "Received") {
			continue
		}
		if match := receivedFrom().FindStringSubmatch(one.Value); match != nil {
			if address, err := netip.ParseAddr(match[1]); err == nil {
				return address.String()
			}
		}
		return ""
	}
	return ""
}
