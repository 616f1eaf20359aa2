package authentication

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// policy is what a domain requests for mails that are not from it.
type policy struct {
	// found is set if the domain, or the organizational domain, has a policy; absent if it
	// certainly has none.
	found, absent bool
	// wish is "none", "quarantine" or "reject".
	wish string
	// strictSPF and strictDKIM require the exact domain.
	strictSPF, strictDKIM bool
	// percent is the percentage of failing mails to which the policy applies.
	percent int
}

// findPolicy looks for a domain's policy, and then for that of the organization (RFC 7489, 6.6.3).
func findPolicy(ctx context.Context, resolver Resolver, domain string) (policy, []string) {
	if domain == "" {
		return policy{}, nil
	}
	names := []string{domain}
	if registered := organizational(domain); registered != domain {
		names = append(names, registered)
	}
	bounded := newBounded(resolver, int64(len(names)))
	for _, name := range names {
		texts, err := bounded.LookupTXT(ctx, "_dmarc."+name)
		known, ok := err.(*net.DNSError) //nolint:errorlint // bounded returns no other, and wraps none
		if err != nil && (!ok || !known.IsNotFound) {
			return policy{}, []string{fmt.Sprintf("dmarc: the policy of %s cannot be found out: %v", name, err)}
		}
		if records := onlyPolicies(texts); len(records) > 1 {
			return policy{
					absent: true,
				}, []string{
					fmt.Sprintf("dmarc: %s has several policies, which count as none", name),
				}
		} else if len(records) == 1 {
			read, ok := readPolicy(records[0], name != domain)
			if !ok {
				return policy{
						absent: true,
					}, []string{
						fmt.Sprintf("dmarc: the policy of %s makes no sense, and counts as none", name),
					}
			}
			return read, []string{fmt.Sprintf("dmarc: %s asks for %s", name, read.wish)}
		}
	}
	return policy{absent: true}, []string{fmt.Sprintf("dmarc: %s has no policy", domain)}
}

func onlyPolicies(texts []string) []string {
	var records []string
	for _, text := range texts {
		version, _, _ := strings.Cut(text, ";")
		if name, value, ok := strings.Cut(version, "="); ok && strings.TrimSpace(name) == "v" &&
			strings.TrimSpace(value) == "DMARC1" {
			records = append(records, text)
		}
	}
	return records
}

// readPolicy parses a record. Malformed tags other than the policy are ignored (RFC 7489, 6.3); a
// record without a policy that requests reports counts as "none" (6.6.3).
func readPolicy(record string, subdomain bool) (policy, bool) {
	tags := map[string]string{}
	for part := range strings.SplitSeq(record, ";") {
		name, value, _ := strings.Cut(part, "=")
		if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
			if _, twice := tags[name]; !twice {
				tags[name] = strings.ToLower(strings.TrimSpace(value))
			}
		}
	}
	p := policy{found: true, strictSPF: tags["aspf"] == "s", strictDKIM: tags["adkim"] == "s", percent: 100}
	if percent, err := strconv.Atoi(tags["pct"]); err == nil && percent >= 0 && percent <= 100 {
		p.percent = percent
	}
	p.wish = tags["p"]
	if asked := tags["sp"]; subdomain && asked != "" {
		p.wish = asked
	}
	switch p.wish {
	case "none", "quarantine", "reject":
		return p, true
	}
	p.wish = "none"
	return p, tags["rua"] != ""
}

// judge returns the verdict on a mail. A check that was skipped only matters if it could have
// authenticated the domain.
func (p policy) judge(domain string, identities []identity) string {
	if domain == "" || p.absent {
		return unknown
	}
	if !p.found {
		return unfinished
	}
	verdict := fail
	for _, each := range identities {
		if each.skipped && verdict == fail {
			verdict = unknown
		}
		strict := p.strictSPF
		if each.mechanism == "dkim" {
			strict = p.strictDKIM
		}
		if !aligned(each.domain, domain, strict) {
			continue
		}
		switch each.verdict {
		case pass:
			return pass
		case unfinished:
			verdict = unfinished
		}
	}
	return verdict
}

// sampled returns what to do with one mail that fails: beyond the percentage, the next milder
// action.
func (p policy) sampled(random func() float64) string {
	if random()*100 < float64(p.percent) {
		return p.wish
	}
	if p.wish == "reject" {
		return "quarantine"
	}
	return "none"
}
