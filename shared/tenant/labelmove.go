package tenant

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/table"
)

// moves is what gives a label to organizations and takes it from others.
type moves struct {
	writes []table.Write
	// before are the organizations that lose the label, after those that get it.
	before, after []string
}

// labelMoves returns what makes a label that of exactly these organizations of the MSP; nothing if
// wanted is nil.
func (t *Tenants) labelMoves(ctx context.Context, msp MSP, label Label, wanted *[]string) (moves, error) {
	if wanted == nil {
		return moves{}, nil
	}
	present, err := t.labelled(ctx, label)
	if err != nil {
		return moves{}, err
	}
	m := moves{before: without(present, *wanted), after: without(*wanted, present)}
	if len(m.before)+len(m.after) > MaxLabelMoves {
		return moves{}, fault.InField("org_ids",
			"must give the label to and take it from at most %d organizations in one call: use a bulk action for more",
			MaxLabelMoves)
	}
	orgs, err := t.OrgsOf(ctx, msp, slices.Concat(m.before, m.after))
	if err != nil {
		return moves{}, err
	}
	for _, org := range orgs {
		labels := slices.DeleteFunc(slices.Clone(org.Labels), func(id string) bool { return id == label.ID })
		entry := table.Delete(label.orgKey(org.ID), 1)
		if slices.Contains(m.after, org.ID) {
			labels = append(labels, label.ID)
			entry = table.Create(table.Item{Key: label.orgKey(org.ID), Data: []byte("{}")})
		}
		if err := checkLabelCount(org, labels); err != nil {
			return moves{}, err
		}
		org.Labels, org.Modified = sorted(labels), t.journal.Now().Unix()
		item, err := change.Encode(OrgKey(org.ID), org)
		if err != nil {
			return moves{}, err
		}
		item.Version = org.Version
		m.writes = append(m.writes, table.Update(item), entry)
	}
	return m, nil
}

// without returns the IDs that others does not have, each once. Both may have thousands.
func without(ids, others []string) []string {
	taken := make(map[string]bool, len(others)+len(ids))
	for _, id := range others {
		taken[id] = true
	}
	var rest []string
	for _, id := range ids {
		if !taken[id] {
			rest, taken[id] = append(rest, id), true
		}
	}
	return rest
}

// OrgsOf reads organizations of an MSP by ID, ordered by name; a fault of code Invalid if one is not the
// MSP's. The permission check is up to the caller.
func (t *Tenants) OrgsOf(ctx context.Context, msp MSP, ids []string) ([]Org, error) {
	for _, id := range ids {
		if checkID(id) != nil {
			return nil, notOf(id)
		}
	}
	orgs, err := t.loadOrgs(ctx, ids)
	if err != nil {
		return nil, err
	}
	owners := make(map[string]string, len(orgs))
	for _, org := range orgs {
		owners[org.ID] = org.MSPID
	}
	for _, id := range ids {
		if owners[id] != msp.ID {
			return nil, notOf(id)
		}
	}
	return orgs, nil
}

// AnyOrgs reads organizations of any MSP and direct customers by ID, ordered by name; a fault of code
// Invalid if one does not exist. The permission check is up to the caller.
func (t *Tenants) AnyOrgs(ctx context.Context, ids []string) ([]Org, error) {
	for _, id := range ids {
		if checkID(id) != nil {
			return nil, unknownOrg(id)
		}
	}
	orgs, err := t.loadOrgs(ctx, ids)
	if err != nil || len(orgs) == len(ids) {
		return orgs, err
	}
	exist := make(map[string]bool, len(orgs))
	for _, org := range orgs {
		exist[org.ID] = true
	}
	for _, id := range ids {
		if !exist[id] {
			return nil, unknownOrg(id)
		}
	}
	return orgs, nil
}

func unknownOrg(id string) error {
	return fault.InField("org_ids", "%q is not the id of an organization", id)
}

func notOf(id string) error {
	return fault.InField("org_ids", "%q is not the id of an organization of this MSP", id)
}

func checkLabelCount(org Org, labels []string) error {
	if len(labels) > MaxOrgLabels {
		return fault.New(fault.Conflict, "%s", TooManyLabels(org.Name))
	}
	return nil
}

// TooManyLabels returns the sentence that refuses an organization more labels than MaxOrgLabels.
func TooManyLabels(name string) string {
	return fmt.Sprintf("%s would have more than %d labels, which is the maximum.", name, MaxOrgLabels)
}

// sorted returns the IDs in order, each once; nil for none.
func sorted(ids []string) []string {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(ids) == 0 {
		return nil
	}
	return ids
}

// LabelsSeenBy returns the labels of an organization for those who see its MSP; for others those at which
// they have a role.
func LabelsSeenBy(by identity.Principal, org Org) []string {
	own, limited := by.LimitedTo(identity.SeeOrg, org.MSPID)
	seen := []string{}
	for _, id := range org.Labels {
		msp := identity.Place{Scope: identity.MSPScope, MSPID: org.MSPID}
		if limited && slices.Contains(own, id) || !limited && by.May(identity.SeeMSP, msp) {
			seen = append(seen, id)
		}
	}
	return seen
}

// relabel sets the labels of an organization, and returns the writes that go with the change. It is
// for the super users of the MSP and for operators.
func (t *Tenants) relabel(ctx context.Context, by identity.Principal, org *Org, wanted []string) ([]table.Write, error) {
	wanted = sorted(wanted)
	if slices.Equal(wanted, sorted(org.Labels)) {
		return nil, nil
	}
	seen := LabelsSeenBy(by, *org)
	if len(seen) < len(org.Labels) && slices.Equal(wanted, sorted(seen)) {
		return nil, nil // written back as it was read
	}
	if org.MSPID == "" {
		return nil, fault.InField("orggroup_ids", "must be empty: only organizations of an MSP have labels")
	}
	msp, err := t.MSP(ctx, by, org.MSPID, identity.ChangeMSP)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
		return nil, fault.New(fault.Forbidden, "Only super users of the organization's MSP and operators change its labels.")
	}
	if err != nil {
		return nil, err
	}
	if err := t.requireTier(ctx, msp, Labels); err != nil {
		return nil, err
	}
	if err := checkLabelCount(*org, wanted); err != nil {
		return nil, err
	}
	writes, err := t.labelEntries(ctx, *org, wanted)
	org.Labels = wanted
	return writes, err
}

// labelEntries returns the writes that change an organization's labels to others. Those that it gets
// must exist when the change is stored.
func (t *Tenants) labelEntries(ctx context.Context, org Org, wanted []string) ([]table.Write, error) {
	var writes []table.Write
	for _, id := range org.Labels {
		if !slices.Contains(wanted, id) {
			label := Label{ID: id, mspID: org.MSPID}
			writes = append(writes, table.Delete(label.orgKey(org.ID), 1), label.count(-1))
		}
	}
	var added []string
	for _, id := range wanted {
		if slices.Contains(org.Labels, id) {
			continue
		}
		if checkID(id) != nil {
			return nil, notALabel(id)
		}
		added = append(added, id)
	}
	labels, err := t.readLabels(ctx, org.MSPID, added...)
	if err != nil {
		return nil, err
	}
	for i, label := range labels {
		if label.Version == 0 {
			return nil, notALabel(added[i])
		}
		writes = append(writes, table.Require(label.key(), label.Version), label.count(1),
			table.Create(table.Item{Key: label.orgKey(org.ID), Data: []byte("{}")}))
	}
	return writes, nil
}

func notALabel(id string) error {
	return fault.InField("orggroup_ids", "%q is not the id of a label of the organization's MSP", id)
}

// Relabeling is which labels organizations get and lose. Each is named by its ID, or by its name
// however it is capitalized.
type Relabeling struct {
	Add    []string `json:"add,omitempty"`
	Remove []string `json:"remove,omitempty"`
}

// Resolve returns the relabeling with IDs, for principals who may change the labels of the MSP's
// organizations; a fault of code Invalid if a label is unknown, or nothing is asked for.
func (t *Tenants) Resolve(ctx context.Context, by identity.Principal, mspID string, request Relabeling) (Relabeling, error) {
	msp, err := t.MSP(ctx, by, mspID, identity.ChangeMSP)
	if err != nil {
		return Relabeling{}, err
	}
	if err := t.requireTier(ctx, msp, Labels); err != nil {
		return Relabeling{}, err
	}
	labels, err := t.labels(ctx, mspID)
	if err != nil {
		return Relabeling{}, err
	}
	byName := make(map[string]string, 2*len(labels)) // names are folded once: that takes time
	for _, label := range labels {
		byName[search.Fold(label.Name)], byName[label.ID] = label.ID, label.ID
	}
	ids := func(field string, named []string) ([]string, error) {
		var ids []string
		for _, name := range named {
			id := byName[name]
			if id == "" {
				id = byName[search.Fold(strings.TrimSpace(name))]
			}
			if id == "" {
				return nil, fault.InField(field, "%q is neither the id nor the name of a label of this MSP", name)
			}
			ids = append(ids, id)
		}
		return sorted(ids), nil
	}
	add, err := ids("add", request.Add)
	if err != nil {
		return Relabeling{}, err
	}
	remove, err := ids("remove", request.Remove)
	if err != nil {
		return Relabeling{}, err
	}
	for _, id := range add {
		if slices.Contains(remove, id) {
			return Relabeling{}, fault.InField("remove", "has a label that is also to be added")
		}
	}
	if len(add)+len(remove) == 0 {
		return Relabeling{}, fault.InField("add", "or remove must name a label")
	}
	if len(add) > MaxOrgLabels {
		return Relabeling{}, fault.InField("add", "must name at most %d labels", MaxOrgLabels)
	}
	return Relabeling{Add: add, Remove: remove}, nil
}

// Relabel gives labels to an organization and takes others from it. It reports whether that changed
// anything. The relabeling has IDs; labels that are gone by now are not taken off again. It is for jobs,
// which nobody waits for: lists follow a moment later.
func (t *Tenants) Relabel(ctx context.Context, by identity.Principal, orgID string, request Relabeling) (bool, error) {
	org, err := t.Org(ctx, by, orgID, identity.SeeOrg)
	if err != nil {
		return false, err
	}
	labels := slices.DeleteFunc(slices.Clone(org.Labels), func(id string) bool { return slices.Contains(request.Remove, id) })
	labels = sorted(append(labels, request.Add...))
	changed, err := t.changeOrg(ctx, by, orgID, OrgChange{Labels: &labels, Version: org.Version})
	return changed.Version != org.Version, err
}
