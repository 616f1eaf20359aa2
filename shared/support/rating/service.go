// Package rating lets a submitter rate the help with a closed case, by a link that needs no log-in.
// Whether and when to ask is decided in package support.
package rating

import (
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/seal"
	"github.com/tenantry/tenantry/shared/support"
)

// Service stores the ratings of cases. It is safe for concurrent use.
type Service struct {
	journal *change.Journal
	keyring *seal.Keyring
	cases   *support.Service
}

// New returns the service.
func New(
	journal *change.Journal, keyring *seal.Keyring, cases *support.Service,
) *Service {
	return &Service{journal: journal, keyring: keyring, cases: cases}
}
