package tenant

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/table"
)

// The keys of labels, in the core table:
//
//	MSP#<id>    LABEL#<label>             a label
//	MSP#<id>    LABELNAME#<name>          keeps the name, folded, for one label
//	MSP#<id>    LABELLED#<label>#<org>    an organization with a label
//	MSP#<id>    LABELCOUNT#<label>        how many organizations have it; its version grows with each
//	                                      that gets or loses it, so that a deletion misses none
//
//	access pattern                        request
//	the labels of an MSP                  2 Queries: there are at most MaxLabels
//	the organizations with a label        1 Query per 1,000 organizations
//	the labels of an organization         none: its item has their IDs

const (
	labelSort     = "LABEL#"
	labelNameSort = "LABELNAME#"
	labelledSort  = "LABELLED#"
	labelCounts   = "LABELCOUNT#"

	// maxLabelName is the longest name of a label, in characters.
	maxLabelName = 64
)

// MaxLabels is the maximum number of labels of an MSP.
const MaxLabels = 500

// MaxOrgLabels is the maximum number of labels of an organization.
const MaxOrgLabels = 20

// MaxLabelMoves is how many organizations can get and lose a label in one call: each is two writes of
// its transaction. A job does it for more.
const MaxLabelMoves = 40

// Label is a group of organizations of an MSP; other portals call it an organization group.
type Label struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Created and Modified are in epoch seconds.
	Created  int64 `json:"created_time"`
	Modified int64 `json:"modified_time"`
	// Version grows with each change.
	Version int64 `json:"-"`
	// Orgs is how many organizations have it.
	Orgs  int64 `json:"-"`
	mspID string
	// counted is the version of the item with Orgs.
	counted int64
}

func (l Label) key() table.Key {
	return table.Key{Partition: mspList + l.mspID, Sort: labelSort + l.ID}
}

func (l Label) nameKey() table.Key {
	return table.Key{Partition: mspList + l.mspID, Sort: labelNameSort + search.Fold(l.Name)}
}

func (l Label) countKey() table.Key {
	return table.Key{Partition: mspList + l.mspID, Sort: labelCounts + l.ID}
}

// count returns the write that adds to how many organizations have the label.
func (l Label) count(add int) table.Write {
	return table.Add(l.countKey(), int64(add), table.Unlimited, 0)
}

func (l Label) orgKey(orgID string) table.Key {
	return table.Key{Partition: mspList + l.mspID, Sort: labelledSort + l.ID + "#" + orgID}
}

// Labels lists the labels of an MSP, ordered by name: those of the principal's own privileges, if they are
// all that the principal reaches of the MSP.
func (t *Tenants) Labels(ctx context.Context, by identity.Principal, mspID string) ([]Label, error) {
	msp, err := t.MSP(ctx, by, mspID, identity.ListOrgs)
	if err != nil {
		return nil, err
	}
	labels, err := t.labels(ctx, msp.ID)
	if own, limited := by.LimitedTo(identity.SeeOrg, msp.ID); limited {
		labels = slices.DeleteFunc(labels, func(label Label) bool { return !slices.Contains(own, label.ID) })
	}
	return labels, err
}

// LabelNames returns the names of labels of an MSP by ID, without a permission check.
func (t *Tenants) LabelNames(ctx context.Context, mspID string, ids []string) (map[string]string, error) {
	names := map[string]string{}
	for batch := range slices.Chunk(ids, table.MaxBatch/2) {
		labels, err := t.readLabels(ctx, mspID, batch...)
		if err != nil {
			return nil, err
		}
		for _, label := range labels {
			if label.Version > 0 {
				names[label.ID] = label.Name
			}
		}
	}
	return names, nil
}

// maxMembers is how many organizations LabelsWithOrgs names in all.
const maxMembers = 20_000

// LabelsWithOrgs lists the labels of an MSP, ordered by name, with the IDs of the organizations that
// have each. The IDs are nil if there are more than 20,000 in all; LabelledOrgs reads those of one label.
func (t *Tenants) LabelsWithOrgs(
	ctx context.Context, by identity.Principal, mspID string,
) ([]Label, map[string][]string, error) {
	labels, err := t.Labels(ctx, by, mspID)
	if err != nil {
		return nil, nil, err
	}
	orgs := make(map[string][]string, len(labels))
	known := make(map[string]bool, len(labels))
	for _, label := range labels {
		known[label.ID] = true
	}
	query := table.WithPrefix(table.Core, mspList+mspID, labelledSort)
	for members := 0; ; {
		page, err := t.journal.Query(ctx, query)
		if err != nil {
			return nil, nil, err
		}
		for _, item := range page.Items {
			label, org, _ := strings.Cut(strings.TrimPrefix(item.Sort, labelledSort), "#")
			if known[label] {
				orgs[label] = append(orgs[label], org)
			}
		}
		if members += len(page.Items); members > maxMembers {
			return labels, nil, nil
		}
		if query.After = page.Next; page.Next == "" {
			return labels, orgs, nil
		}
	}
}

// labels reads the labels of an MSP, ordered by name, without a permission check.
func (t *Tenants) labels(ctx context.Context, mspID string) ([]Label, error) {
	var page, counts table.Page
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		page, err = t.journal.Query(groupCtx, table.WithPrefix(table.Core, mspList+mspID, labelSort))
		return err
	})
	group.Go(func() (err error) {
		counts, err = t.journal.Query(groupCtx, table.WithPrefix(table.Core, mspList+mspID, labelCounts))
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	counted := make(map[string]table.Item, len(counts.Items))
	for _, item := range counts.Items {
		counted[strings.TrimPrefix(item.Sort, labelCounts)] = item
	}
	labels := make([]Label, 0, len(page.Items))
	for _, item := range page.Items {
		label, err := decodeLabel(item, counted[strings.TrimPrefix(item.Sort, labelSort)], mspID)
		if err != nil {
			return nil, err
		}
		labels = append(labels, label)
	}
	slices.SortStableFunc(labels, func(x, y Label) int {
		return cmp.Or(strings.Compare(search.Fold(x.Name), search.Fold(y.Name)), strings.Compare(x.ID, y.ID))
	})
	return labels, nil
}

// decodeLabel decodes the items of a label and of how many organizations have it; a fault of code
// NotFound if there is no label.
func decodeLabel(item, count table.Item, mspID string) (Label, error) {
	if item.Version == 0 {
		return Label{}, fault.Missing()
	}
	var label Label
	if err := change.Decode(item, &label); err != nil {
		return Label{}, err
	}
	label.Version, label.mspID, label.counted = item.Version, mspID, count.Version
	var err error
	label.Orgs, err = strconv.ParseInt(string(count.Data), 10, 64)
	return label, err
}

// readLabels reads labels of an MSP by ID, in the same order; those that are missing have Version 0.
func (t *Tenants) readLabels(ctx context.Context, mspID string, ids ...string) ([]Label, error) {
	var keys []table.Key
	for _, id := range ids {
		label := Label{ID: id, mspID: mspID}
		keys = append(keys, label.key(), label.countKey())
	}
	if len(keys) == 0 {
		return nil, nil
	}
	items, err := t.journal.BatchGet(ctx, keys)
	if err != nil {
		return nil, err
	}
	labels := make([]Label, len(ids))
	for i := range labels {
		label, err := decodeLabel(items[2*i], items[2*i+1], mspID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		labels[i] = label
	}
	return labels, nil
}

// Label reads a label of an MSP.
func (t *Tenants) Label(ctx context.Context, by identity.Principal, mspID, id string) (Label, error) {
	_, label, err := t.label(ctx, by, mspID, id, identity.ListOrgs)
	return label, err
}

// label reads an MSP and one of its labels, for principals with a permission at the MSP.
func (t *Tenants) label(
	ctx context.Context, by identity.Principal, mspID, id string, permission identity.Permission,
) (MSP, Label, error) {
	msp, err := t.MSP(ctx, by, mspID, permission)
	if err != nil {
		return MSP{}, Label{}, err
	}
	if err := checkID(id); err != nil {
		return MSP{}, Label{}, err
	}
	if own, limited := by.LimitedTo(identity.SeeOrg, msp.ID); limited && !slices.Contains(own, id) {
		return MSP{}, Label{}, fault.Missing()
	}
	labels, err := t.readLabels(ctx, msp.ID, id)
	if err != nil {
		return MSP{}, Label{}, err
	}
	if labels[0].Version == 0 {
		return MSP{}, Label{}, fault.Missing()
	}
	return msp, labels[0], nil
}

// LabelledOrgs returns the IDs of the organizations with a label.
func (t *Tenants) LabelledOrgs(ctx context.Context, by identity.Principal, mspID, id string) ([]string, error) {
	_, label, err := t.label(ctx, by, mspID, id, identity.ListOrgs)
	if err != nil {
		return nil, err
	}
	return t.labelled(ctx, label)
}

// Reached returns the IDs of the organizations of an MSP with any of some labels, in order, without a
// permission check; some more than most if there are more. It sends one request for each label.
func (t *Tenants) Reached(ctx context.Context, mspID string, labelIDs []string, most int) ([]string, error) {
	var reached []string
	for _, id := range labelIDs {
		query := table.WithPrefix(table.Core, mspList+mspID, labelledSort+id+"#")
		query.Limit = most + 1
		page, err := t.journal.Query(ctx, query)
		if err != nil {
			return nil, err
		}
		for _, item := range page.Items {
			reached = append(reached, strings.TrimPrefix(item.Sort, labelledSort+id+"#"))
		}
		if reached = sorted(reached); len(reached) > most {
			break
		}
	}
	return reached, nil
}

func (t *Tenants) labelled(ctx context.Context, label Label) ([]string, error) {
	return t.listIDs(ctx, mspList+label.mspID, labelledSort+label.ID+"#")
}
