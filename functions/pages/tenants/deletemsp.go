package tenants

import (
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/life"
)

// deleteMSPForm asks for the name of an MSP that is to be deleted, and says what is in the way.
func (p Pages) deleteMSPForm(v *kit.Visit) error {
	shown, _, err := p.mspDeletionOf(v)
	if err != nil {
		return err
	}
	return v.Show(deletePage(v.Frame(shown.title), shown))
}

func (p Pages) mspDeletionOf(v *kit.Visit) (deletion, tenant.MSP, error) {
	msp, err := p.Tenants.MayEndMSP(v.Context(), *v.By, v.Path("msp_id"))
	if err != nil {
		return deletion{}, tenant.MSP{}, err
	}
	blockers, err := p.Life.MSPBlockers(v.Context(), msp)
	if err != nil {
		return deletion{}, tenant.MSP{}, err
	}
	v.At(msp.Place())
	path := kit.PlacePath(msp.Place())
	v.Trail(kit.Link{Label: v.T("Settings"), Path: path + "/settings"})
	shown := deletion{
		title: v.T("Delete %s", msp.Name), path: path + "/delete", cancel: path + "/settings", confirm: msp.Name,
		hint: v.T("Type the name of the MSP: %s", msp.Name),
		effects: []string{
			v.T("Nobody can see the MSP any more, and the roles in it end. Accounts stay, with all their other roles."),
			v.T("Its labels, its desk and its jobs go for good. The audit log of the platform keeps what was done."),
		},
	}
	for _, blocker := range blockers {
		shown.blockers = append(shown.blockers, blocker.Message)
		switch blocker.Kind {
		case life.OrgsBlock:
			shown.orgs = path + "/orgs"
		case life.BinBlock:
			shown.orgs = path + "/orgs/deleted"
		}
	}
	return shown, msp, nil
}

// deleteMSP deletes an MSP whose name was typed.
func (p Pages) deleteMSP(v *kit.Visit) error {
	shown, msp, err := p.mspDeletionOf(v)
	if err != nil {
		return err
	}
	if err = shown.confirmed(v); err == nil {
		err = p.Life.DeleteMSP(v.Context(), *v.By, msp.ID)
	}
	if err != nil {
		return notDeleted(v, err, shown)
	}
	v.Done(v.T("%s was deleted.", msp.Name))
	return v.GoTo("/msps")
}
