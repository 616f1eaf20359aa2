package authentication

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
)

const (
	// maxSignatures is the maximum number of signatures that are checked, from the top. Real mails
	// have up to three; each costs another pass over the body, 0.3 to 0.7 seconds for the largest.
	maxSignatures = 5
	// maxSignature is the longest signature in bytes; the header is searched for each name in it.
	maxSignature = 4 << 10
)

// checkSignatures checks a mail's signatures. The library rejects those that the standards call too
// weak (RFC 8301), and those that cover only a part of the body.
func checkSignatures(
	ctx context.Context, resolver Resolver, head header, rest io.Reader,
) ([]identity, []string, error) {
	signatures := head.all("dkim-signature")
	if len(signatures) == 0 {
		return nil, []string{"dkim: there is no signature"}, nil
	}
	if !head.usable {
		return nil, []string{"dkim: the header is too large, or has no end"}, nil
	}
	for _, signature := range signatures {
		if len(signature) > maxSignature {
			return nil, []string{"dkim: a signature is too long"}, nil
		}
	}
	keys := newBounded(resolver, maxSignatures)
	content := newWhole(head, rest)
	checks, err := dkim.VerifyWithOptions(content, &dkim.VerifyOptions{
		LookupTXT:        func(name string) ([]string, error) { return keys.LookupTXT(ctx, name) },
		MaxVerifications: maxSignatures,
	})
	if content.err != nil {
		return nil, nil, content.err
	}
	identities, notes := []identity{}, []string{}
	if err != nil { // too many, or none that could be looked at
		notes = append(notes, fmt.Sprintf("%d signatures: %v", len(signatures), err))
	}
	for _, check := range checks {
		each := identity{mechanism: "dkim", domain: canonical(check.Domain), verdict: dkimVerdict(check.Err)}
		identities = append(identities, each)
		notes = append(notes, fmt.Sprintf("dkim: %s for %s: %v", strings.ToLower(each.verdict), each.domain, check.Err))
	}
	return identities, notes, nil
}

// dkimVerdict translates the library's result. A signature that cannot be checked, because it has
// no key or is malformed, is as good as none (RFC 6376, 6.1).
func dkimVerdict(err error) string {
	switch {
	case err == nil:
		return pass
	case dkim.IsTempFail(err):
		return unfinished
	case dkim.IsPermFail(err):
		return unknown
	}
	return fail
}
