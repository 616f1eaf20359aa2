package jobs

import (
	"slices"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/support/casejobs"
	"github.com/tenantry/tenantry/shared/tenant/export"
)

// pageSize is how many jobs or results a page shows, unless the reader prefers another number.
const pageSize = 50

// listing is a page of the jobs of a place.
type listing struct {
	path  string
	state string
	jobs  []job.Job
	pager kit.Pager
}

func scopeOf(place identity.Place) job.Scope {
	return job.Scope{MSPID: mspOf(place), OrgID: place.OrgID}
}

// mspOf returns the MSP of an MSP's place; an organization's jobs are not in its MSP's list.
func mspOf(place identity.Place) string {
	if place.Scope == identity.MSPScope {
		return place.MSPID
	}
	return ""
}

// list shows the jobs of a place, the newest first.
func (p Pages) list(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	shown := listing{path: kit.PlacePath(place) + "/jobs", state: v.Query("state")}
	if !slices.Contains(job.States(), job.State(shown.state)) {
		shown.state = ""
	}
	paging := v.Paging()
	page, err := p.Jobs.List(v.Context(), *v.By, scopeOf(place), job.Filter{State: job.State(shown.state)},
		paging.After(), v.PageSize(pageSize))
	if err != nil {
		return err
	}
	shown.jobs, shown.pager = page.Items, v.Pager(paging, page.Next)
	return v.Show(listPage(v.Frame(v.T("Jobs of %s", place.Name)), shown))
}

// detail is a job as its page shows it.
type detail struct {
	job.Job
	path    string
	outcome job.Outcome
	results []job.ShownResult
	pager   kit.Pager
	address func(map[string]string) string
	// file is the path of the report that the job wrote; "" if it wrote none.
	file string
}

func (d detail) ended() bool { return d.Ended != 0 }

// settled is how many targets have a result.
func (d detail) settled() int { return d.Done + d.Failed + d.Skipped + d.Cancelled }

func (d detail) waiting() int { return d.Total - d.settled() }

// read reads the job of the path.
func (p Pages) read(v *kit.Visit) (detail, error) {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return detail{}, err
	}
	outcome := job.Outcome(v.Query("outcome"))
	paging := v.Paging()
	read, page, err := p.Jobs.Get(v.Context(), *v.By, scopeOf(place), v.Path("job_id"), outcome, paging.After(),
		v.PageSize(pageSize))
	if err != nil {
		return detail{}, err
	}
	list := kit.PlacePath(place) + "/jobs"
	v.Trail(kit.Link{Label: v.T("Jobs of %s", place.Name), Path: list})
	shown := detail{
		Job: read, path: list + "/" + read.ID, outcome: outcome, results: page.Items, pager: v.Pager(paging, page.Next),
		address: v.With,
	}
	switch {
	case casejobs.HasReport(read, v.Now()):
		shown.file = kit.PlacePath(place) + "/reports/" + read.ID
	case export.HasFile(read, *v.By, v.Now()):
		shown.file = kit.PlacePath(place) + "/exports/" + read.ID
	}
	return shown, nil
}

// job shows a job.
func (p Pages) job(v *kit.Visit) error {
	shown, err := p.read(v)
	if err != nil {
		return err
	}
	return v.Show(jobPage(v.Frame(shown.Title), shown))
}

// progress shows the part of the page that the script fetches again while the job runs.
func (p Pages) progress(v *kit.Visit) error {
	shown, err := p.read(v)
	if err != nil {
		return err
	}
	return v.Show(progress(v.Frame(shown.Title), shown))
}

// cancel stops a job: no further targets are started.
func (p Pages) cancel(v *kit.Visit) error {
	return p.act(v, v.T("The job is being cancelled. What has begun is finished."), p.Jobs.Cancel)
}

// retry starts the failed targets again.
func (p Pages) retry(v *kit.Visit) error {
	return p.act(v, v.T("The failed ones are tried again."), p.Jobs.Retry)
}
