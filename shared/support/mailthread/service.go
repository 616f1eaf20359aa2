// Package mailthread connects mails with cases: it generates and parses the installation's own
// addresses, whose tokens identify a case and a person, and records the Message-IDs of mails sent
// and received about a case. Package intake decides what a mail becomes.
package mailthread

import (
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/seal"
)

// Service generates addresses and records message IDs. It is safe for concurrent use.
type Service struct {
	journal    *change.Journal
	keyring    *seal.Keyring
	mailDomain string
}

// New returns the service. mailDomain is the domain whose mail reaches Tenantry, in lower case.
func New(journal *change.Journal, keyring *seal.Keyring, mailDomain string) *Service {
	return &Service{journal: journal, keyring: keyring, mailDomain: mailDomain}
}
