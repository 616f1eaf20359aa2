package authentication

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"

	"blitiri.com.ar/go/spf"
)

// spfQuestions is the maximum number of queries for one mail. The standard allows ten terms (RFC
// 7208, 4.6.4), each of which may need the addresses of ten names.
const spfQuestions = 60

// checkSPF checks whether the connecting server may send for the domain of the envelope sender, or
// for its own name if there is no sender (RFC 7208, 2.4).
func checkSPF(ctx context.Context, resolver Resolver, envelope Envelope) (identity, []string) {
	local, domain := "postmaster", canonical(envelope.Hello)
	if at := strings.LastIndexByte(envelope.From, '@'); envelope.From != "" {
		local, domain = envelope.From[:max(at, 0)], domainOf(envelope.From)
	}
	checked := identity{mechanism: "spf", domain: domain, verdict: unknown}
	source := envelope.Source.Unmap().WithZone("")
	switch {
	case domain == "":
		return checked, []string{"spf: there is no domain to ask"}
	case own(source):
		checked.skipped = true
		return checked, []string{"spf: the mail came through a server of our own"}
	}
	result, err := spf.CheckHostWithSender(net.IP(source.AsSlice()), helloName(envelope.Hello), local+"@"+domain,
		spf.WithContext(ctx), spf.WithResolver(newBounded(resolver, spfQuestions)))
	checked.verdict = verdictOf(string(result))
	return checked, []string{fmt.Sprintf("spf: %s for %s: %v", result, domain, err)}
}

// own reports whether an address is not public: then the connecting server is not the sender's, and
// SPF cannot be checked.
func own(address netip.Addr) bool {
	return !address.IsValid() || address.IsLoopback() || address.IsPrivate() || address.IsLinkLocalUnicast() ||
		address.IsUnspecified()
}

// helloName returns a server's name for macros; an address in brackets is not a name.
func helloName(hello string) string {
	if name := canonical(hello); name != "" {
		return name
	}
	return "unknown"
}

// verdictOf translates the results of the standards (RFC 7208, 8; RFC 8601, 2.7). "softfail",
// "neutral" and "permerror" are inconclusive.
func verdictOf(result string) string {
	switch result {
	case "pass":
		return pass
	case "fail", "hardfail":
		return fail
	case "temperror":
		return unfinished
	}
	return unknown
}
