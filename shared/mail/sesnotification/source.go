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

// receivedFrom is the beginning of the line by which the service says whom it got a mail
// from; the address in brackets is the one of the connection, what stands before it was
// said by the sender.
var receivedFrom = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(
		`^from \S+ \((?:\S+ )?\[([0-9a-fA-F.:]+)\]\)\s+by inbound-smtp\.[a-z0-9.-]+\.amazonaws\.com(?:\.cn)? `,
	)
})

// sourceAddress returns the address that a mail came from. Only the first Received header is the
// service's; those below may have been written by anybody.
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
