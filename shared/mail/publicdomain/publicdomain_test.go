package publicdomain

import (
	"slices"
	"testing"
)

func TestTheListIsSortedSoThatItCanBeSearched(t *testing.T) {
	if domains := listed(); len(domains) < 10_000 || !slices.IsSorted(domains) {
		t.Errorf("%d domains", len(domains))
	}
}

func TestPublicMailDomainsAreKnownAndOthersAreNot(t *testing.T) {
	list := List{Added: []string{"city.example"}}
	for _, domain := range []string{
		"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "web.de", "gmx.de", "t-online.de", "orange.fr", "libero.it",
		"qq.com", "163.com", "icloud.com", "proton.me", "mail.ru", "wp.pl", "seznam.cz", "bluewin.ch", "city.example",
	} {
		if !list.Contains(domain) {
			t.Errorf("%s is not known", domain)
		}
	}
	for _, domain := range []string{
		"", "com", "example.com", "rialto.example.net", "google.com", "cisco.com", "siemens.com",
		"mail.gmail.com", "city.example.com",
	} {
		if list.Contains(domain) {
			t.Errorf("%s is taken for a public mail domain", domain)
		}
	}
}
