package machine

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/shared/store/blob"
)

// archiveEvery is how often the program checks whether a day waits for the archive.
const archiveEvery = 10 * time.Minute

// archive archives the audit log of each finished day, and removes what has expired from the archive,
// until ctx ends.
func (p Program) archive(ctx context.Context, built *parts) error {
	for ctx.Err() == nil {
		if _, err := built.services.Archive.CatchUp(ctx); err != nil && ctx.Err() == nil {
			p.Log.Error("the audit log was not archived", "error", err)
		}
		if err := built.folder.ExpireArchive(ctx, p.Now().AddDate(0, 0, -blob.ArchiveDays)); err != nil && ctx.Err() == nil {
			p.Log.Error("expired files of the archive were not removed", "error", err)
		}
		sleep(ctx, archiveEvery)
	}
	return nil
}
