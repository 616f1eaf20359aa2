// Package mailthread connects mails with cases: it makes and reads the installation's own
// addresses, whose tokens name a case and a person, and remembers under which Message-IDs mails
// about a case went out and came in. What a mail becomes is decided in intake.
package mailthread

import (
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/seal"
)

// Service makes addresses and remembers message ids. It is safe for concurrent use.
type Service struct {
	journal    *change.Journal
	keyring    *seal.Keyring
	mailDomain string
}

// New makes the service. mailDomain is the domain whose mail reaches Tenantry, in lower case.
func New(
	journal *change.Journal, keyring *seal.Keyring, mailDomain string,
) *Service {
	return &Service{journal: journal, keyring: keyring, mailDomain: mailDomain}
}
