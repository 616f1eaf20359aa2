package apptest

import (
	"testing"

	"github.com/tenantry/tenantry/shared/tenant"
)

// Estate is an installation with tenants: an MSP with two organizations, another MSP with one, and
// a direct customer.
type Estate struct {
	*App
	MSP, ForeignMSP tenant.MSP
	// Org and Neighbour belong to MSP, Foreign to ForeignMSP, Direct to none. None of them allows
	// support access.
	Org, Neighbour, Foreign, Direct tenant.Org
}

// NewEstate returns an installation with tenants.
func NewEstate(t testing.TB) *Estate {
	t.Helper()
	e := &Estate{App: New(t)}
	e.MSP, e.ForeignMSP = e.NewMSP("Adria Networks"), e.NewMSP("Boreal Managed")
	e.Org, e.Neighbour = e.NewOrg(e.MSP.ID, "Rialto Hotels"), e.NewOrg(e.MSP.ID, "Corso Pharmacies")
	e.Foreign, e.Direct = e.NewOrg(e.ForeignMSP.ID, "Fjord Logistics"), e.NewOrg("", "Delta Mills")
	return e
}

// NewMSP creates an MSP.
func (w *App) NewMSP(name string) tenant.MSP {
	w.t.Helper()
	msp, err := w.Tenants.NewMSP(w.t.Context(), w.Operator(), tenant.MSPChange{Name: &name})
	w.must(err)
	return msp
}

// NewOrg creates an organization of an MSP, or a direct customer (""), without support access.
func (w *App) NewOrg(mspID, name string) tenant.Org {
	w.t.Helper()
	org, err := w.Tenants.CreateOrg(w.t.Context(), w.Operator(), mspID, name, false)
	w.must(err)
	return org
}

// NewOrgs creates organizations of an MSP.
func (w *App) NewOrgs(mspID string, names ...string) []tenant.Org {
	w.t.Helper()
	orgs := make([]tenant.Org, 0, len(names))
	for _, name := range names {
		orgs = append(orgs, w.NewOrg(mspID, name))
	}
	return orgs
}
