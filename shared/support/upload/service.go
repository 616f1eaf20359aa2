// Package upload lets a client send a file for a case straight to the file store, past the function
// that serves the API: announced first, attached once it has arrived. Files in a request body are
// package support's.
package upload

import (
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/seal"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/attachment"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

// Service announces and finishes uploads. It is safe for concurrent use.
type Service struct {
	journal     *change.Journal
	keyring     *seal.Keyring
	files       blob.Store
	cases       *support.Service
	attachments *attachment.Service
	storage     *storage.Service
}

// New returns the service.
func New(
	journal *change.Journal,
	keyring *seal.Keyring,
	files blob.Store,
	cases *support.Service,
	attachments *attachment.Service,
	storage *storage.Service,
) *Service {
	return &Service{
		journal: journal, keyring: keyring, files: files, cases: cases, attachments: attachments, storage: storage,
	}
}
