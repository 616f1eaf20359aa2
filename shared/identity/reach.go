package identity

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// MaxGiven is the maximum number of privileges that one invitation offers, and that one change of an
// administrator gives or takes.
const MaxGiven = 20

// maxGivenWrites is how many writes the privileges of one transaction may take; the rest of its
// table.MaxWrites is for the person, the invitation, the audit log and the mails.
const maxGivenWrites = 80

// maxOfLabels is how many labels a person has roles at: lists name them all in one request.
const maxOfLabels = 90

// aim is a privilege at a label or an organization of an MSP, with what was read of it.
type aim struct {
	Privilege
	// name is that of the label or organization.
	name string
	// org is the organization of scope org, and label the item of a label.
	org   organization
	label table.Item
}

// writes is roughly how many writes giving the privilege takes.
func (m aim) writes() int {
	switch {
	case m.Scope == LabelScope:
		return 2 // the entry of the list, and that the label is as it was
	case m.Role == Admin && m.org.FirstOwnAdmin == 0:
		return 7 // and the consents that end now that somebody can decide
	default:
		return 4 // two entries, the organization, and its log
	}
}

// labelKey is the key of a label, whose item belongs to package tenant.
func labelKey(mspID, labelID string) table.Key {
	return table.Key{Partition: "MSP#" + mspID, Sort: "LABEL#" + labelID}
}

// aims reads what privileges are for: labels and organizations of an MSP where the principal may give
// roles; a fault of code Invalid or Forbidden for others. It takes at most two requests.
func (a *Accounts) aims(ctx context.Context, by Principal, msp Place, privileges []Privilege) ([]aim, error) {
	if len(privileges) == 0 {
		return nil, nil
	}
	var keys []table.Key
	var orgIDs []string
	for _, p := range privileges {
		switch {
		case p.Scope == LabelScope && uuid.Validate(p.LabelID) == nil:
			keys = append(keys, labelKey(msp.MSPID, p.LabelID))
		case p.Scope == OrgScope && uuid.Validate(p.OrgID) == nil:
			orgIDs = append(orgIDs, p.OrgID)
		}
	}
	labels := map[string]table.Item{}
	if len(keys) > 0 {
		items, err := a.journal.BatchGet(ctx, keys)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			labels[item.Sort] = item
		}
	}
	orgs := map[string]organization{}
	if len(orgIDs) > 0 {
		loaded, err := organizations(ctx, a.journal, orgIDs)
		if err != nil {
			return nil, err
		}
		for _, org := range loaded {
			orgs[org.id()] = org
		}
	}
	aims := make([]aim, len(privileges))
	for i, p := range privileges {
		p.MSPID, p.GivenBy = msp.MSPID, ""
		aims[i] = aim{Privilege: p, org: orgs[p.OrgID], label: labels[labelKey(msp.MSPID, p.LabelID).Sort]}
		if err := aims[i].check(by, msp, a.journal.Now().Unix()); err != nil {
			return nil, err
		}
	}
	// Those at labels come first: who works for the MSP by them gets the others as one of its people.
	slices.SortStableFunc(aims, func(x, y aim) int { return cmp.Compare(x.OrgID, y.OrgID) })
	return aims, nil
}

// check completes an aim, and returns a fault unless the principal may give its privilege.
func (m *aim) check(by Principal, msp Place, now int64) error {
	if m.Scope == LabelScope {
		if m.label.Version == 0 {
			return fault.InField("privileges", "%q is not the id of a label of this MSP", m.LabelID)
		}
		var label struct {
			Name string `json:"name"`
		}
		err := change.Decode(m.label, &label)
		m.name = label.Name
		return err
	}
	if m.OrgID == "" || m.org.item.Version == 0 || m.org.MSPID != msp.MSPID {
		return fault.InField("privileges", "%q is not the id of an organization of this MSP", m.OrgID)
	}
	place := m.org.place(now)
	m.name = place.Name
	if err := checkMember(by.Privileges, place); err != nil {
		return err
	}
	m.GivenBy = by.giver(place)
	return by.Check(ChangeAdministrators, place)
}

// checkGiven returns a fault of code Invalid unless privileges are for labels and organizations of an MSP,
// each once, with roles that exist there, and are not too many with those at the place itself.
func checkGiven(place Place, privileges []Privilege, atPlace int) error {
	if len(privileges)+atPlace > MaxGiven {
		return fault.InField("privileges", "must be at most %d", MaxGiven)
	}
	return checkScopes(place, privileges)
}

// checkScopes is checkGiven for any number of privileges.
func checkScopes(place Place, privileges []Privilege) error {
	for i, p := range privileges {
		switch {
		case place.Scope != MSPScope || p.Scope != LabelScope && p.Scope != OrgScope:
			return fault.InField("privileges", "must be for the scope of the path, or for labels and organizations of the MSP")
		case !slices.Contains(RolesAt(p.Scope), p.Role):
			return fault.OneOf("privileges", RolesAt(p.Scope))
		case slices.ContainsFunc(privileges[:i], p.sameScope):
			return fault.InField("privileges", "must have each label and each organization once")
		}
	}
	return nil
}

// checkRoom returns a fault of code Invalid if privileges do not fit into one transaction.
func checkRoom(aims []aim) error {
	writes := 0
	for _, m := range aims {
		writes += m.writes()
	}
	if writes > maxGivenWrites {
		return fault.InField("privileges", "must be fewer: too many organizations would get their first own administrator at once")
	}
	return nil
}

// privilegesOf returns the privileges of aims.
func privilegesOf(aims []aim) []Privilege {
	privileges := make([]Privilege, len(aims))
	for i, m := range aims {
		privileges[i] = m.Privilege
	}
	return privileges
}

// give adds a privilege at a label or an organization to a person, or replaces the one there. It returns
// the writes for the lists of administrators and those for the label or organization. held are the
// privileges by which the person counts as one of the provider's people.
func (a *Accounts) give(
	ctx context.Context, p *profile, m aim, held []Privilege,
) (entries, owning []table.Write, err error) {
	had := p.indexOf(m.Privilege)
	if m.Scope == LabelScope {
		if had < 0 && count(p.Privileges, func(held Privilege) bool { return held.Scope == LabelScope }) >= maxOfLabels {
			return nil, nil, fault.New(fault.Conflict, "This person has roles at %d labels, which is the maximum.", maxOfLabels)
		}
		entries, err = replacePrivilege(p, had, &m.Privilege)
		return entries, []table.Write{table.Require(m.label.Key, m.label.Version)}, err
	}
	place := m.org.place(a.journal.Now().Unix())
	if err := checkMember(held, place); err != nil {
		return nil, nil, err
	}
	privilege := m.Privilege
	if had >= 0 && p.Privileges[had].own() && (m.Role != Admin || m.GivenBy == "") {
		owning, err = a.noteOwners(ctx, []Privilege{p.Privileges[had]})
		if len(owning) == 0 { // the consents must still be those that were checked
			owning = []table.Write{table.Require(m.org.item.Key, m.org.item.Version)}
		}
	} else {
		privilege, owning, err = a.own(ctx, m.org, m.Privilege, held)
	}
	if err != nil {
		return nil, nil, err
	}
	entries, err = replacePrivilege(p, had, &privilege)
	return entries, owning, err
}
