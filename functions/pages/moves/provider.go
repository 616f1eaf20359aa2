package moves

import (
	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// provider is who looks after an organization, and what the reader may change about it.
type provider struct {
	orgID, name, path, back string
	// mspName is the name of the MSP; "" for a direct customer.
	mspName string
	// moving is when a transfer began that is under way, in epoch seconds; else 0.
	moving int64
	// decides is set for own administrators, runs for operators, and leaves if the reader may take
	// the organization off its MSP.
	decides, runs, leaves bool
	// msps are those to which the reader may assign it.
	msps []kit.Option
}

// provider shows who looks after an organization.
func (p Pages) provider(v *kit.Visit) error {
	shown, err := p.providerOf(v)
	if err != nil {
		return err
	}
	return v.Show(providerPage(v.Frame(v.T("Provider of %s", shown.name)), shown))
}

func (p Pages) providerOf(v *kit.Visit) (provider, error) {
	org, err := p.Tenants.Org(v.Context(), *v.By, v.Path("org_id"), identity.SeeOrg)
	if err != nil {
		return provider{}, err
	}
	place := org.Place()
	v.At(place)
	back := kit.PlacePath(place) + "/settings"
	v.Trail(kit.Link{Label: v.T("Settings of %s", org.Name), Path: back})
	shown := provider{
		orgID: org.ID, name: org.Name, path: kit.PlacePath(place) + "/provider", back: back, moving: org.MovingSince,
		decides: v.By.DecidesFor(place), runs: v.May(identity.RunPlatform, identity.ThePlatform()),
	}
	names, err := p.Tenants.Names(v.Context(), []string{org.MSPID}, nil)
	if err != nil {
		return provider{}, err
	}
	shown.mspName = names[org.MSPID]
	if shown.runs || !shown.decides {
		return shown, nil
	}
	msps, err := p.Tenants.MSPs(v.Context(), *v.By)
	if err != nil {
		return provider{}, err
	}
	for _, msp := range msps {
		switch {
		case !v.May(identity.ChangeMSP|identity.CreateOrg, msp.Place()):
		case msp.ID == org.MSPID:
			shown.leaves = true
		default:
			shown.msps = append(shown.msps, kit.Option{Value: msp.ID, Label: msp.Name})
		}
	}
	return shown, nil
}

// changeProvider assigns the organization to an MSP, or takes it off its MSP.
func (p Pages) changeProvider(v *kit.Visit) error {
	changed, err := p.Tenants.ChangeProvider(v.Context(), *v.By, v.Path("org_id"), v.Line("msp_id"))
	if err != nil {
		shown, readErr := p.providerOf(v)
		if readErr != nil || fault.Is(err, fault.NotFound) {
			return err
		}
		refusal := kit.Refusal{Title: v.T("Provider of %s", shown.name), Heading: v.T("Nothing was changed")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return providerPage(f, shown) })
	}
	v.Done(v.T("The organization has another provider. Its cases and people are moving."))
	return v.GoTo(kit.PlacePath(changed.Place()) + "/provider")
}
