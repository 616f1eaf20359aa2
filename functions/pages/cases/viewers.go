package cases

import "github.com/tenantry/tenantry/functions/pages/kit"

// viewers shows which other agents have the case open, and notes that the reader has. The script
// fetches it while the page of the case is open.
func (p Pages) viewers(v *kit.Visit) error {
	id := idOf(v)
	others, err := p.Cases.View(v.Context(), *v.By, id.OrgID, id.CaseID)
	if err != nil {
		return err
	}
	return v.Show(viewersPart(v.Frame(""), casePath(id.OrgID, id.CaseID), others))
}
