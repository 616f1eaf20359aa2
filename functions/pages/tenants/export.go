package tenants

import (
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/spreadsheet"
)

// export starts the job that writes the organizations of the place into a file.
func (p Pages) export(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	created, err := p.Exports.Create(v.Context(), *v.By, place.MSPID, spreadsheet.Format{ByteOrderMark: true})
	if err != nil {
		return err
	}
	path := kit.PlacePath(place)
	v.DoneAt(v.T("The file is being written."), v.T("Download it"), path+"/exports/"+created.ID)
	return v.GoTo(path + "/jobs/" + created.ID)
}

// exported leads to the file of an export, or to its job while it is being written.
func (p Pages) exported(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	path := kit.PlacePath(place)
	job, key, err := p.Exports.Get(v.Context(), *v.By, place.MSPID, v.Path("job_id"))
	if err != nil {
		return err
	}
	if key == "" {
		v.DoneAt(v.T("The file is not there yet."), v.T("Download it"), path+"/exports/"+job.ID)
		return v.GoTo(path + "/jobs/" + job.ID)
	}
	link, err := p.Links.Link(v.Context(), key, "organizations.csv", "text/csv; charset=utf-8", uploads.LinkValid)
	if err != nil {
		return err
	}
	return v.GoTo(link)
}
