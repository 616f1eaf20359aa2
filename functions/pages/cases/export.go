package cases

import (
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/support/casejobs"
)

// export starts the job that writes the cases of the list, with its filters, into a CSV file.
func (p Pages) export(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	_, query := listOf(v)
	created, err := p.CaseJobs.ExportCases(v.Context(), *v.By,
		casejobs.Export{Wanted: query, Scope: listScope(place), ByteOrderMark: true})
	if err != nil {
		return err
	}
	v.DoneAt(v.T("The file is being written."), v.T("Download it"), kit.PlacePath(place)+"/reports/"+created.ID)
	return v.GoTo(kit.PlacePath(place) + "/jobs/" + created.ID)
}

// download leads to the file of a report, or to its job while it is being written.
func (p Pages) download(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	job, key, err := p.CaseJobs.Exported(v.Context(), *v.By, listScope(place), v.Path("job_id"))
	if err != nil {
		return err
	}
	if key == "" {
		v.DoneAt(v.T("The file is not there yet."), v.T("Download it"), kit.PlacePath(place)+"/reports/"+job.ID)
		return v.GoTo(kit.PlacePath(place) + "/jobs/" + job.ID)
	}
	link, err := p.Links.Link(v.Context(), key, "cases.csv", "text/csv; charset=utf-8", uploads.LinkValid)
	if err != nil {
		return err
	}
	return v.GoTo(link)
}
