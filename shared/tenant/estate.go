// Package tenant holds the tenants: the MSPs and the organizations they look after, with the rules
// for creating, reading and changing them. Permissions are checked with shared/identity. What
// belongs to a tenant, such as cases, is in packages of its own.
package tenant

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// The keys of tenants, all in the core table:
//
//	MSP#<id>    MSP          the MSP
//	ORG#<id>    ORG          the organization
//	ORG#<id>    SETTING      what is set in it; see setting.go
//	ORG#<id>    MOVE         its last change of provider; see move.go
//	PLATFORM    MSP#<id>     an MSP in the platform's list
//	PLATFORM    ORG#<id>     a direct customer in the platform's list
//	MSP#<id>    ORG#<org>    an organization in its MSP's list
//	MSP#<id>    LABEL#<id>   a label of an MSP
//	…#BIN       <time>#<id>  an organization in the bin; see deletion.go
//	PLATFORM    TIERS        with which tier features begin
//
//	access pattern               request
//	an MSP or organization       1 Get
//	an MSP's organizations       1 Query per 1,000 organizations; package directory has pages of them
//	all MSPs                     1 Query per 1,000 MSPs

func mspKey(id string) table.Key { return table.Key{Partition: "MSP#" + id, Sort: "MSP"} }

// OrgKey returns the key of an organization, for reads that combine it with other items.
func OrgKey(id string) table.Key { return table.Key{Partition: "ORG#" + id, Sort: "ORG"} }

const (
	platformPartition = "PLATFORM"
	mspList           = "MSP#"
	orgList           = "ORG#"
)

// MSP is a managed service provider.
type MSP struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Tier is what the MSP has bought; MSPs stored before there were tiers have BaseTier.
	Tier Tier `json:"tier,omitempty"`
	// NoSupportAccess is set if new organizations begin without support access, unless their creation
	// says otherwise.
	NoSupportAccess bool `json:"no_support_access,omitempty"`
	// URL is the address of its web site, and Logo its picture; see Brand for who sees them.
	URL  string `json:"url,omitempty"`
	Logo *Logo  `json:"logo,omitempty"`
	// Created and Modified are in epoch seconds.
	Created  int64 `json:"created_time"`
	Modified int64 `json:"modified_time"`
	// Extension has the fields that clients stored and Tenantry does not know.
	Extension extension.Fields `json:"extension,omitempty"`
	// Version grows with each change.
	Version int64 `json:"-"`
}

// Place returns the MSP as a scope of privileges.
func (m MSP) Place() identity.Place {
	return identity.Place{Scope: identity.MSPScope, MSPID: m.ID, Name: m.Name}
}

// Org is an organization: a customer.
type Org struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// MSPID is the MSP that looks after it; "" for a direct customer.
	MSPID string `json:"msp_id,omitempty"`
	// SupportAccess is set if the consent to support access by the operator is given at present. It is
	// stored for releases that know no other consent.
	SupportAccess bool `json:"support_access"`
	// Consents are what the organization allows its provider.
	Consents identity.Consents `json:"consents,omitempty"`
	// Granted are the consents that were given when the organization was read.
	Granted identity.Granted `json:"-"`
	// FirstOwnAdmin is when its first own administrator came, in epoch seconds; 0 before, and in
	// organizations stored before there were consents.
	FirstOwnAdmin int64 `json:"first_own_admin_time,omitempty"`
	// StorageBytes and StorageDailyBytes are how much the organization may store in files, in total and
	// a day; 0 means the limit of the installation.
	StorageBytes      int64 `json:"storage_bytes,omitempty"`
	StorageDailyBytes int64 `json:"storage_daily_bytes,omitempty"`
	// Labels are the IDs of its labels, in order; only organizations of an MSP have any.
	Labels []string `json:"labels,omitempty"`
	// SessionExpiry is after how many minutes sessions end for calls in the organization; 0 for
	// DefaultSessionExpiry.
	SessionExpiry int `json:"session_expiry,omitempty"`
	// Enforced is what its settings require of those who act in it; nil for nothing.
	Enforced *identity.Enforced `json:"enforced,omitempty"`
	// Switched are the switches that are not as they begin; see Org.On.
	Switched []Switch `json:"switched,omitempty"`
	// Deleted is set while the organization is in the bin; most functions treat it as missing then.
	Deleted *Deletion `json:"deleted,omitempty"`
	// Moving is the ID of its change of provider, while some of its cases and people are still in the lists
	// of the former one; else "". MovingSince is when that began, in epoch seconds.
	Moving      string `json:"moving,omitempty"`
	MovingSince int64  `json:"moving_since,omitempty"`
	// Bastion is the state of its copy at the bastion; "" stands for Unconfigured. See BastionState.
	Bastion  BastionState `json:"bastion_state,omitempty"`
	Created  int64        `json:"created_time"`
	Modified int64        `json:"modified_time"`
	// Copied is how much of each kind a new organization has of its template; nil without one.
	Copied map[string]int `json:"-"`
	// Extension has the fields that clients stored and Tenantry does not know.
	Extension extension.Fields `json:"extension,omitempty"`
	Version   int64            `json:"-"`
}

// The bounds of an organization's session expiry, in minutes. Whatever it says, a session ends after
// identity.SessionLife.
const (
	DefaultSessionExpiry = 1440
	MinSessionExpiry     = 10
	MaxSessionExpiry     = 20160
)

// Place returns the organization as a scope of privileges.
func (o Org) Place() identity.Place {
	return identity.Place{
		Scope:        identity.OrgScope,
		MSPID:        o.MSPID,
		OrgID:        o.ID,
		Name:         o.Name,
		Labels:       o.Labels,
		Granted:      o.Granted,
		SessionLimit: time.Duration(o.SessionExpiry) * time.Minute,
		Enforced:     o.Enforced,
	}
}

// judge fills in what follows from the stored consents at a time.
func (o *Org) judge(now time.Time) {
	if o.Consents == nil {
		o.Consents = identity.FormerConsents(o.SupportAccess)
	}
	o.Granted = o.Consents.At(now.Unix())
	o.SupportAccess = o.Granted.Has(identity.SupportAccess, identity.ToOperator)
}

// Tenants stores the MSPs and organizations. It is safe for concurrent use.
type Tenants struct {
	journal  *change.Journal
	accounts *identity.Accounts
	region   string
	portal   string
	start    Start
	// list brings the lists of organizations up to date with one; nil if nothing does at once.
	list func(ctx context.Context, orgID string) error
}

// NewTenants returns the service for a journal. New organizations start as DefaultStart says.
func NewTenants(journal *change.Journal) *Tenants {
	return &Tenants{journal: journal, start: DefaultStart(), region: DefaultRegion}
}

// StartingWith returns the service with another start of new organizations.
func (t *Tenants) StartingWith(start Start) *Tenants {
	with := *t
	with.start = start
	return &with
}

// ServedAt returns the service with the address of the portal, without a slash at the end.
func (t *Tenants) ServedAt(portal string) *Tenants {
	with := *t
	with.portal = portal
	return &with
}

// Portal returns the address of the portal, which links in answers begin with; "" if they begin with
// the path.
func (t *Tenants) Portal() string { return t.portal }

// ListedBy returns the service with what brings the lists of organizations up to date with one. They follow
// every change in any case, but a moment later: whoever creates or renames an organization shall find it
// in the list that they open next.
func (t *Tenants) ListedBy(list func(ctx context.Context, orgID string) error) *Tenants {
	with := *t
	with.list = list
	return &with
}

// listingTime is how long a change waits for the lists to follow.
const listingTime = 3 * time.Second

// Listed brings the lists up to date with an organization that has changed. What fails here is done by
// the message about the change.
func (t *Tenants) Listed(ctx context.Context, org Org) {
	if t.list == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, listingTime)
	defer cancel()
	_ = t.list(ctx, org.ID)
}

// Inviting returns the service with the accounts that invite the first administrators of new MSPs.
// Without them, NewMSP refuses to invite anybody.
func (t *Tenants) Inviting(accounts *identity.Accounts) *Tenants {
	with := *t
	with.accounts = accounts
	return &with
}

// checkID returns NotFound for an ID that cannot exist.
func checkID(id string) error {
	if parsed, err := uuid.Parse(id); err != nil || parsed.String() != id {
		return fault.Missing()
	}
	return nil
}

// MSP reads an MSP for a principal with permission there.
func (t *Tenants) MSP(
	ctx context.Context,
	by identity.Principal,
	id string,
	permission identity.Permission,
) (MSP, error) {
	msp, err := t.LoadMSP(ctx, id)
	if err != nil {
		return MSP{}, err
	}
	return msp, by.Check(permission, msp.Place())
}

// LoadMSP reads an MSP without a permission check, which is up to the caller; a fault of code
// NotFound if there is none.
func (t *Tenants) LoadMSP(ctx context.Context, id string) (MSP, error) {
	if err := checkID(id); err != nil {
		return MSP{}, err
	}
	items, err := t.journal.BatchGet(ctx, []table.Key{mspKey(id)})
	if err != nil {
		return MSP{}, err
	}
	if items[0].Version == 0 {
		return MSP{}, fault.Missing()
	}
	var msp MSP
	err = change.Decode(items[0], &msp)
	msp.complete(items[0].Version)
	return msp, err
}

// Org reads an organization for a principal with permission there.
func (t *Tenants) Org(
	ctx context.Context,
	by identity.Principal,
	id string,
	permission identity.Permission,
) (Org, error) {
	org, err := t.LoadOrg(ctx, id)
	if err != nil {
		return Org{}, err
	}
	return org, by.Check(permission, org.Place())
}

// LoadOrg reads an organization without a permission check, which is up to the caller; a fault of
// code NotFound if there is none.
func (t *Tenants) LoadOrg(ctx context.Context, id string) (Org, error) {
	if err := checkID(id); err != nil {
		return Org{}, err
	}
	item, err := t.journal.BatchGet(ctx, []table.Key{OrgKey(id)})
	if err != nil {
		return Org{}, err
	}
	return DecodeOrg(item[0], t.journal.Now())
}

// DecodeOrg decodes an organization's item, with its consents as they are now; a fault of code
// NotFound if it is missing or in the bin.
func DecodeOrg(item table.Item, now time.Time) (Org, error) {
	org, err := DecodeStored(item, now)
	if err == nil && org.Deleted != nil {
		return Org{}, fault.Missing()
	}
	return org, err
}

// Names returns the names of the MSPs and organizations with these IDs, also of organizations in the
// bin, with one request per hundred.
func (t *Tenants) Names(ctx context.Context, mspIDs, orgIDs []string) (map[string]string, error) {
	return t.names(ctx, mspIDs, orgIDs, func(named) bool { return true })
}

// NamesAt returns the names of organizations like Names, as they are shown at a place: an MSP does not learn
// what an organization is called now that is not its own any more.
func (t *Tenants) NamesAt(ctx context.Context, place identity.Place, orgIDs []string) (map[string]string, error) {
	return t.names(ctx, nil, orgIDs, func(one named) bool {
		return place.Scope != identity.MSPScope || one.MSPID == place.MSPID
	})
}

// LiveNames is like Names, without organizations in the bin.
func (t *Tenants) LiveNames(ctx context.Context, mspIDs, orgIDs []string) (map[string]string, error) {
	return t.names(ctx, mspIDs, orgIDs, func(one named) bool { return one.Deleted == nil })
}

// ScopeNames returns the names of the MSPs, labels and organizations of privileges by ID, without
// organizations in the bin.
func (t *Tenants) ScopeNames(ctx context.Context, privileges []identity.Privilege) (map[string]string, error) {
	var msps, orgs []string
	labels := map[string][]string{}
	for _, p := range privileges {
		switch p.Scope {
		case identity.OrgScope:
			orgs = append(orgs, p.OrgID)
		case identity.LabelScope:
			if !slices.Contains(labels[p.MSPID], p.LabelID) {
				labels[p.MSPID] = append(labels[p.MSPID], p.LabelID)
			}
		default:
			msps = append(msps, p.MSPID)
		}
	}
	names, err := t.LiveNames(ctx, msps, orgs)
	for mspID, ids := range labels {
		if err != nil {
			return nil, err
		}
		var named map[string]string
		named, err = t.LabelNames(ctx, mspID, ids)
		maps.Copy(names, named)
	}
	return names, err
}

// named is what names reads of an MSP or organization.
type named struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	MSPID   string    `json:"msp_id"`
	Deleted *Deletion `json:"deleted"`
}

// names returns the names of those of some MSPs and organizations that are wanted.
func (t *Tenants) names(
	ctx context.Context, mspIDs, orgIDs []string, wanted func(named) bool,
) (map[string]string, error) {
	var keys []table.Key
	seen := map[string]bool{"": true}
	for _, id := range mspIDs {
		if !seen[id] {
			keys, seen[id] = append(keys, mspKey(id)), true
		}
	}
	for _, id := range orgIDs {
		if !seen[id] {
			keys, seen[id] = append(keys, OrgKey(id)), true
		}
	}
	names := make(map[string]string, len(keys))
	for ; len(keys) > 0; keys = keys[min(len(keys), table.MaxBatch):] {
		items, err := t.journal.BatchGet(ctx, keys[:min(len(keys), table.MaxBatch)])
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			if item.Version == 0 {
				continue
			}
			var one named
			if err := change.Decode(item, &one); err != nil {
				return nil, err
			}
			if wanted(one) {
				names[one.ID] = one.Name
			}
		}
	}
	return names, nil
}

// Withheld returns the IDs of the organizations of an MSP where the principal lacks a permission for
// want of consent.
func (t *Tenants) Withheld(
	ctx context.Context, by identity.Principal, mspID string, permission identity.Permission,
) (map[string]int64, error) {
	return identity.Withheld(ctx, t.journal, by, mspID, permission)
}

// LeftSince returns the organizations that left an MSP in the last two months, with when, in epoch seconds.
func (t *Tenants) LeftSince(ctx context.Context, mspID string) (map[string]int64, error) {
	return identity.LeftSince(ctx, t.journal, mspID)
}

// WithheldAt is like Withheld for several permissions, with the same requests, at an MSP or at a single
// organization. The results are in the order of the permissions.
func (t *Tenants) WithheldAt(
	ctx context.Context, by identity.Principal, place identity.Place, permissions ...identity.Permission,
) ([]map[string]int64, error) {
	if place.Scope == identity.MSPScope {
		return identity.WithheldEach(ctx, t.journal, by, place.MSPID, permissions...)
	}
	withheld := make([]map[string]int64, len(permissions))
	var org Org
	for i, permission := range permissions {
		if by.May(permission, place) {
			continue
		}
		if org.ID == "" {
			var err error
			if org, err = t.LoadOrg(ctx, place.OrgID); err != nil {
				return nil, err
			}
		}
		withheld[i] = map[string]int64{org.ID: org.Consents.Ended(t.journal.Now().Unix())}
	}
	return withheld, nil
}
