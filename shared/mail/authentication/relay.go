package authentication

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/tenantry/tenantry/shared/mail/received"
)

// TrustedServer trusts the server in front, which checks mails itself and adds the results in a
// header at the top.
type TrustedServer struct {
	// ServerID is the name under which that server writes its results (RFC 8601, 2.5).
	ServerID string
	// Networks are the addresses from which it connects. Results from others are ignored, because
	// anybody can write such a header.
	Networks []netip.Prefix
}

// Authenticate reads the results of the server in front. Of the headers with its name only the
// topmost counts: it is the latest, and others may have come with the mail.
func (r TrustedServer) Authenticate(_ context.Context, envelope Envelope, content io.Reader) (Result, error) {
	head, err := readHeader(bufio.NewReader(content))
	if err != nil {
		return Result{}, fmt.Errorf("read the mail's header: %w", err)
	}
	result := Result{Domain: head.sender(), Verdicts: received.Verdicts{SPF: unknown, DKIM: unknown, DMARC: unknown}}
	source := envelope.Source.Unmap().WithZone("")
	if !slices.ContainsFunc(r.Networks, func(network netip.Prefix) bool { return network.Contains(source) }) {
		result.Notes = []string{fmt.Sprintf("relay: %s is not the server in front", source)}
		return result, nil
	}
	read, ok := r.topmost(head)
	if !ok {
		result.Notes = []string{fmt.Sprintf("relay: there is no header of %s at the top that can be read", r.ServerID)}
		return result, nil
	}
	result.Notes = []string{fmt.Sprintf("relay: %s found %d results", r.ServerID, len(read.results))}
	result.take(read)
	return result, nil
}

// topmost finds the results of the server in front.
func (r TrustedServer) topmost(head header) (results, bool) {
	for _, value := range head.all("authentication-results") {
		read, err := readResults(value)
		if err != nil {
			// It may be that of the server in front, so headers below it must not be taken for it.
			return results{}, false
		}
		if strings.EqualFold(read.server, r.ServerID) {
			return read, true
		}
	}
	return results{}, false
}

// take adopts the results.
func (r *Result) take(read results) {
	var way, signatures []identity
	wish := policy{absent: true}
	dmarc := unknown
	for _, one := range read.results {
		switch one.method {
		case "spf":
			way = append(way, identity{mechanism: "spf", domain: one.spfDomain(), verdict: verdictOf(one.value)})
		case "dkim":
			signatures = append(signatures,
				identity{mechanism: "dkim", domain: one.dkimDomain(), verdict: verdictOf(one.value)})
		case "dmarc":
			// A result about another domain than the visible one means nothing.
			if about, ok := one.properties["header.from"]; ok && fromDomain(about) != r.Domain || r.Domain == "" {
				continue
			}
			if dmarc = verdictOf(one.value); dmarc != unknown {
				wish = policy{found: true, wish: one.policy(), percent: 100}
			}
		}
	}
	r.Verdicts.SPF, r.Verdicts.DKIM, r.Verdicts.DMARC = combined(way), combined(signatures), dmarc
	switch {
	case wish.found:
		r.Authenticated = dmarc == pass
	default:
		r.Authenticated = proven(r.Domain, append(way, signatures...))
	}
	if dmarc == fail {
		r.Verdicts.DMARCPolicy = wish.wish
	}
}

// fromDomain reads a value that is a domain, or an address.
func fromDomain(value string) string {
	if strings.Contains(value, "@") {
		return domainOf(value)
	}
	return canonical(value)
}

func (m methodResult) spfDomain() string {
	if from := strings.Trim(m.properties["smtp.mailfrom"], "<>"); from != "" {
		return fromDomain(from)
	}
	return canonical(m.properties["smtp.helo"])
}

func (m methodResult) dkimDomain() string {
	if domain := m.properties["header.d"]; domain != "" {
		return canonical(domain)
	}
	return domainOf(m.properties["header.i"])
}

// saidPolicy finds the domain's policy in a comment, as many servers write it: "(p=reject sp=none
// dis=none)".
var saidPolicy = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|[\s,;])(?:p|policy)\s*=\s*(none|quarantine|reject)\b`)
})

// policy returns the domain's policy according to the server in front.
func (m methodResult) policy() string {
	for _, name := range []string{"policy.dmarc", "policy.published-domain-policy"} {
		switch wish := strings.ToLower(m.properties[name]); wish {
		case "none", "quarantine", "reject":
			return wish
		}
	}
	if said := saidPolicy().FindStringSubmatch(m.comment); said != nil {
		return strings.ToLower(said[1])
	}
	return ""
}
