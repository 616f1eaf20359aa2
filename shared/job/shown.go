package job

import (
	"github.com/tenantry/tenantry/shared/identity"
)

// ShownTo returns a job as a principal sees it: without the consent to personal data, those of the
// organization who created or cancelled it are masked.
func ShownTo(by identity.Principal, place identity.Place, j Job) Job {
	if by.May(identity.SeePersonalData, place) {
		return j
	}
	j.Creator = by.MaskActor(j.Creator)
	if j.Stop != nil {
		stop := *j.Stop
		stop.By = by.MaskActor(stop.By)
		j.Stop = &stop
	}
	return j
}
