// Package attachment stores the files of cases under safe names, and marks files that are
// mislabeled. Package support decides who may attach a file to which case.
package attachment

import (
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/blob"
)

// Service stores attachments. It is safe for concurrent use.
type Service struct {
	journal *change.Journal
	files   blob.Store
}

// New returns the service.
func New(
	journal *change.Journal, files blob.Store,
) *Service {
	return &Service{journal: journal, files: files}
}
