package tenant

import (
	"context"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// Transfer is a request to give an organization another provider.
type Transfer struct {
	// MSPID is the new MSP; "" makes the organization a direct customer.
	MSPID string
	// Operator and Partner say whether the operator keeps what the organization lets it do, and
	// whether the new MSP begins with what the MSP of a new customer may do; see Start.moved.
	Operator, Partner bool
	// Key, if not empty, names what asks for it: the same request again is done already.
	Key string
}

// TransferOrg gives an organization another provider, for operators. It reports whether the move is
// this request's: false if the organization was there already. What belongs to the organization
// follows: see OrgMoved.
func (t *Tenants) TransferOrg(
	ctx context.Context, by identity.Principal, orgID string, request Transfer,
) (bool, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return false, err
	}
	org, err := t.Org(ctx, by, orgID, identity.SeeOrg)
	if err != nil {
		return false, err
	}
	if org.MSPID == request.MSPID {
		last, _, err := t.lastMove(ctx, orgID)
		return err == nil && request.Key != "" && last.Key == request.Key, err
	}
	m := movement{operator: request.Operator, partner: request.Partner, key: request.Key, action: "orgs.release"}
	if request.MSPID != "" {
		m.action = "orgs.transfer"
		if m.to, err = t.Partner(ctx, by, request.MSPID); err != nil {
			return false, err
		}
	}
	err = t.move(ctx, by, org, m)
	return err == nil, err
}

// Partner reads an MSP that organizations are to be transferred to, for operators; a fault of code
// Invalid if there is none.
func (t *Tenants) Partner(ctx context.Context, by identity.Principal, mspID string) (MSP, error) {
	msp, err := t.MSP(ctx, by, mspID, identity.CreateOrg)
	if fault.Is(err, fault.NotFound) {
		return MSP{}, fault.InField("msp_id", "is not the id of an MSP")
	}
	return msp, err
}

// MaxAssigned is how many organizations one call assigns or unassigns.
const MaxAssigned = 100

// Assign makes direct customers organizations of an MSP, for super users of the MSP who are the
// organizations' own administrators too, and for operators. All are checked before the first one
// moves, and each moves by itself; those that are the MSP's already stay as they are. An
// organization of another MSP is a fault of code Conflict.
func (t *Tenants) Assign(ctx context.Context, by identity.Principal, mspID string, orgIDs []string) error {
	msp, err := t.MSP(ctx, by, mspID, identity.ChangeMSP|identity.CreateOrg)
	if err != nil {
		return err
	}
	orgs, err := t.bothSides(ctx, by, orgIDs)
	if err != nil {
		return err
	}
	for _, org := range orgs {
		if org.MSPID != "" && org.MSPID != mspID {
			return fault.New(fault.Conflict, "%s is an organization of another MSP: it must leave that one first.", org.Name)
		}
	}
	return t.each(ctx, by, orgs, movement{to: msp, operator: true, partner: true, action: "msps.assign_org"})
}

// Unassign makes organizations of an MSP direct customers; see Assign. Organizations that are
// direct customers already stay as they are.
func (t *Tenants) Unassign(ctx context.Context, by identity.Principal, mspID string, orgIDs []string) error {
	if _, err := t.MSP(ctx, by, mspID, identity.ChangeMSP|identity.CreateOrg); err != nil {
		return err
	}
	orgs, err := t.bothSides(ctx, by, orgIDs)
	if err != nil {
		return err
	}
	for _, org := range orgs {
		if org.MSPID != "" && org.MSPID != mspID {
			return fault.New(fault.Conflict, "%s is an organization of another MSP.", org.Name)
		}
	}
	return t.each(ctx, by, orgs, movement{operator: true, action: "msps.unassign_org"})
}

// bothSides reads organizations for a principal who may decide for them: an own administrator, or
// an operator.
func (t *Tenants) bothSides(ctx context.Context, by identity.Principal, orgIDs []string) ([]Org, error) {
	ids := sorted(orgIDs)
	if len(ids) == 0 || len(ids) > MaxAssigned {
		return nil, fault.InField("org_ids", "must name 1 to %d organizations", MaxAssigned)
	}
	orgs, err := t.AnyOrgs(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, org := range orgs {
		if !by.May(identity.SeeOrg, org.Place()) {
			return nil, unknownOrg(org.ID)
		}
	}
	for _, org := range orgs {
		if !by.May(identity.RunPlatform, identity.ThePlatform()) && !by.DecidesFor(org.Place()) {
			return nil, fault.New(fault.Forbidden, "Only an own administrator of %s who is a super user of the MSP too, "+
				"or an operator, assigns it to an MSP or takes it off one.", org.Name)
		}
		if message := org.UnderWay(); message != "" {
			return nil, fault.New(fault.Conflict, "%s", message)
		}
	}
	return orgs, nil
}

// CheckFresh returns a fault if the principal has to prove who they are again, as for a change of consents:
// a new provider gets some.
func (t *Tenants) CheckFresh(by identity.Principal) error { return by.CheckFresh(t.journal.Now()) }

// each moves those of the organizations that are not there yet.
func (t *Tenants) each(ctx context.Context, by identity.Principal, orgs []Org, m movement) error {
	for _, org := range orgs {
		if org.MSPID == m.to.ID {
			continue
		}
		if err := t.move(ctx, by, org, m); err != nil {
			return err
		}
	}
	return nil
}

// ChangeProvider makes an organization one of an MSP, or a direct customer (mspID ""), as Assign
// and Unassign do.
func (t *Tenants) ChangeProvider(ctx context.Context, by identity.Principal, orgID, mspID string) (Org, error) {
	org, err := t.Org(ctx, by, orgID, identity.ChangeOrg)
	if err != nil {
		return Org{}, err
	}
	ids := []string{orgID}
	switch mspID {
	case org.MSPID:
		return org, nil
	case "":
		err = t.Unassign(ctx, by, org.MSPID, ids)
	default:
		err = t.Assign(ctx, by, mspID, ids)
		if fault.Is(err, fault.NotFound) {
			return Org{}, fault.InField("msp_id", "is not the id of an MSP of which you are a super user")
		}
	}
	if fault.Is(err, fault.NotFound) {
		return Org{}, fault.Denied() // who may change the organization knows that it has an MSP
	}
	if err != nil {
		return Org{}, err
	}
	return t.LoadOrg(ctx, orgID)
}
