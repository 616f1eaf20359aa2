// Package publicdomain knows the mail domains in which everybody can have an address, such as
// gmail.com: two addresses of such a domain say nothing about whether their owners know each other.
// It decides nothing; the packages that send mail do.
package publicdomain

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the list
	"io"
	"slices"
	"strings"
	"sync"
)

// packed is a sorted list of domains, one on each line, compressed with gzip -9. update.sh made it from
// the npm package free-email-domains 1.12.6, which collects the lists of HubSpot, Castle and
// github.com/disposable-email-domains. Its copyright notice is in the file NOTICE.
//
//go:embed domains.txt.gz
var packed []byte

// listed holds the domains. It is decompressed on first use, because few functions need it.
var listed = sync.OnceValue(unpack)

func unpack() []string {
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic("publicdomain: the embedded list is corrupt: " + err.Error())
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		panic("publicdomain: the embedded list is corrupt: " + err.Error())
	}
	return strings.Fields(string(text))
}

// List is the embedded list with the domains that an operator adds.
type List struct{ Added []string }

// Contains reports whether a domain, in lower case, is one in which everybody can have an address.
// Its subdomains are other domains.
func (l List) Contains(domain string) bool {
	if slices.Contains(l.Added, domain) {
		return true
	}
	_, found := slices.BinarySearch(listed(), domain)
	return found
}
