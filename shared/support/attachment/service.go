// Package attachment stores the files of cases, under safe names, and marks those that are not what
// their name or type says. Who may attach a file to which case is support's to decide.
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

// New makes the service.
func New(
	journal *change.Journal, files blob.Store,
) *Service {
	return &Service{journal: journal, files: files}
}
