package jobs

import (
	"context"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
)

// act does something with the job of the path, and shows it. What cannot be done any more is said there.
func (p Pages) act(
	v *kit.Visit, done string,
	do func(ctx context.Context, by identity.Principal, scope job.Scope, id string) (job.Job, error),
) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	_, err = do(v.Context(), *v.By, scopeOf(place), v.Path("job_id"))
	switch {
	case fault.Is(err, fault.Conflict):
		v.NotDone(err)
	case err != nil:
		return err
	default:
		v.Done(done)
	}
	return v.GoTo(kit.PlacePath(place) + "/jobs/" + v.Path("job_id"))
}
