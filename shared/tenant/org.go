package tenant

import (
	"context"
	"errors"
	"slices"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// CreateOrg creates an organization with only a name and its consent; see NewOrg.
func (t *Tenants) CreateOrg(
	ctx context.Context,
	by identity.Principal,
	mspID, name string,
	supportAccess bool,
) (Org, error) {
	return t.NewOrg(ctx, by, mspID, OrgChange{Name: &name, SupportAccess: &supportAccess})
}

// NewOrg creates an organization of an MSP, for its super users and operators, or a direct customer
// (mspID ""), for operators. Of the request it ignores the version. An organization begins with support
// access for the operator as the request says; else if the platform's setting and the MSP both say so.
// With a template, it has that one's settings, session expiry and labels where the request has none. It
// never gets people, cases, consents, a contact or an account number.
func (t *Tenants) NewOrg(
	ctx context.Context,
	by identity.Principal,
	mspID string,
	request OrgChange,
) (Org, error) {
	now := t.journal.Now().Unix()
	org := Org{
		ID: t.journal.NewID(), MSPID: mspID, Created: now, Modified: now, Version: 1,
	}
	supported := t.startsWithSupport()
	list, action := orgsList(mspID), "orgs.create"
	if mspID == "" {
		if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
			return Org{}, err
		}
	} else {
		msp, err := t.MSP(ctx, by, mspID, identity.CreateOrg)
		if err != nil {
			return Org{}, err
		}
		supported = supported && !msp.NoSupportAccess
		action = "msps.create_org"
	}
	if err := errors.Join(request.apply(&org), checkName(org.Name), checkSwitches(by, Org{}, org)); err != nil {
		return Org{}, err
	}
	var entries []table.Write
	if request.Labels != nil {
		var err error
		if entries, err = t.relabel(ctx, by, &org, *request.Labels); err != nil {
			return Org{}, err
		}
	}
	message := "Created the organization " + org.Name
	if request.Template != "" {
		template, err := t.template(ctx, by, mspID, request.Template)
		if err != nil {
			return Org{}, err
		}
		copies, err := t.copyFrom(ctx, by, template, &org, request)
		if err != nil {
			return Org{}, err
		}
		entries = append(entries, copies...)
		message += " with the settings of a template"
	}
	org.Consents = t.start.consents(now, request.supportAccess(supported))
	org.judge(t.journal.Now())
	writes, err := createTenant(OrgKey(org.ID), org, table.Key{Partition: list.partition, Sort: orgList + org.ID})
	if err != nil {
		return Org{}, err
	}
	limits, err := identity.LimitWrites(ctx, t.journal, mspID, org.ID, org.Consents, org.Enforced)
	if err != nil {
		return Org{}, err
	}
	writes = slices.Concat(writes, limits, entries)
	after := any(org)
	if request.Template != "" {
		after = createdLike{Org: org, Copied: org.Copied}
	}
	err = t.commitCounted(ctx, by, list, change.Record{
		Action: action, Message: message, OrgID: org.ID, MSPID: mspID,
		PlatformLog: mspID == "", Target: "org:" + org.ID, After: after, Writes: writes,
	})
	if _, conflict := errors.AsType[*table.ConflictError](err); conflict {
		err = fault.New(fault.Conflict, "Others changed a label of the organization at the same time. Try again.")
	}
	if err == nil {
		t.Listed(ctx, org)
	}
	return org, err
}

// OrgChange is a request to change an organization; nil fields stay as they are. Version, if not 0,
// is the version that the caller read.
type OrgChange struct {
	Name          *string
	SupportAccess *bool
	// AllowMist is another name of SupportAccess, as clients of other portals know it. Where both are
	// given and differ, the one that differs from the present state is meant.
	AllowMist *bool
	// SessionExpiry is in minutes, from MinSessionExpiry to MaxSessionExpiry.
	SessionExpiry *int
	// Switches are those to turn on or off.
	Switches map[Switch]bool
	// Labels are the IDs of all labels that the organization is to have; see Label.
	Labels *[]string
	// Template is the ID of an organization of the same MSP that a new one is like; "" for none.
	Template string
	// Extension has fields that Tenantry does not know; nulls remove them.
	Extension extension.Fields
	Version   int64
}

// supportAccess returns whether support access is asked for. Without a present state to compare with,
// the default stands for it.
func (c OrgChange) supportAccess(present bool) bool {
	switch given, other := c.SupportAccess, c.AllowMist; {
	case given == nil && other == nil:
		return present
	case given == nil:
		return *other
	case other == nil || *given == *other:
		return *given
	default:
		return !present
	}
}

// apply makes the change to an organization, but for its consent; a fault of code Invalid if a field
// breaks a rule.
func (c OrgChange) apply(org *Org) (err error) {
	if c.Name != nil {
		if err := checkName(*c.Name); err != nil {
			return err
		}
		org.Name = *c.Name
	}
	if c.SessionExpiry != nil {
		switch minutes := *c.SessionExpiry; {
		case minutes < MinSessionExpiry || minutes > MaxSessionExpiry:
			return fault.InField("session_expiry", "must be %d to %d minutes", MinSessionExpiry, MaxSessionExpiry)
		case minutes == DefaultSessionExpiry:
			org.SessionExpiry = 0
		default:
			org.SessionExpiry = minutes
		}
	}
	for name, on := range c.Switches {
		org.turn(name, on)
	}
	org.Extension, err = org.Extension.With(c.Extension, extension.Large)
	return err
}

// same reports whether two states of an organization have the same fields.
func (o Org) same(other Org) bool {
	return o.Name == other.Name && o.Consents.Equal(other.Consents) &&
		o.SessionExpiry == other.SessionExpiry && slices.Equal(o.Labels, other.Labels) &&
		slices.Equal(o.Switched, other.Switched) && o.Extension.Equal(other.Extension)
}

// ChangeOrg changes an organization. Support access is the consent of that name for the operator; it
// is changed as by ChangeConsent. It writes nothing if nothing changes.
func (t *Tenants) ChangeOrg(ctx context.Context, by identity.Principal, id string, request OrgChange) (Org, error) {
	org, err := t.changeOrg(ctx, by, id, request)
	if err == nil && (request.Name != nil || request.Labels != nil) {
		t.Listed(ctx, org)
	}
	return org, err
}

func (t *Tenants) changeOrg(ctx context.Context, by identity.Principal, id string, request OrgChange) (Org, error) {
	org, err := t.Org(ctx, by, id, identity.ChangeOrg)
	if err != nil {
		return Org{}, err
	}
	if request.Version != 0 && request.Version != org.Version {
		return Org{}, fault.Stale(org.Version)
	}
	return t.change(ctx, by, org, request)
}

// change changes an organization as ChangeOrg does, after the permission and the version are checked.
func (t *Tenants) change(ctx context.Context, by identity.Principal, org Org, request OrgChange) (_ Org, err error) {
	before := org
	if err := request.apply(&org); err != nil {
		return Org{}, err
	}
	if err := checkSwitches(by, before, org); err != nil {
		return Org{}, err
	}
	if access := request.supportAccess(org.SupportAccess); access != org.SupportAccess {
		decision := Decision{Kind: identity.SupportAccess, Grantee: identity.ToOperator, Granted: access}
		if err := org.decide(by, t.journal.Now(), decision); err != nil {
			return Org{}, err
		}
	}
	var writes []table.Write
	if request.Labels != nil {
		if writes, err = t.relabel(ctx, by, &org, *request.Labels); err != nil {
			return Org{}, err
		}
	}
	if org.same(before) {
		return before, nil
	}
	return t.store(ctx, by, before, org, change.Record{
		Action: "orgs.change", Message: "Changed the organization " + org.Name, Writes: writes,
	})
}

// store commits a change of an organization, with what follows from changed consents.
func (t *Tenants) store(
	ctx context.Context, by identity.Principal, before, org Org, record change.Record,
) (Org, error) {
	org.Modified = t.journal.Now().Unix()
	if before.Granted&^org.Granted != 0 || len(without(before.Labels, org.Labels)) > 0 {
		message, err := identity.AccessEndedAt(org.Place(), "").Message()
		if err != nil {
			return Org{}, err
		}
		record.Messages = append(record.Messages, message)
	}
	if !before.Consents.Equal(org.Consents) || !before.Enforced.Equal(org.Enforced) {
		limits, err := identity.LimitWrites(ctx, t.journal, org.MSPID, org.ID, org.Consents, org.Enforced)
		if err != nil {
			return Org{}, err
		}
		record.Writes = append(record.Writes, limits...)
	}
	if !before.Consents.Equal(org.Consents) {
		ends, err := identity.ConsentEndWrites(ctx, t.journal, org.ID, org.Consents)
		if err != nil {
			return Org{}, err
		}
		record.Writes = append(record.Writes, ends...)
	}
	if before.Name != org.Name && org.Bastion == Staged {
		message, err := BastionTask{Kind: BastionTaskKind, OrgID: org.ID}.Message()
		if err != nil {
			return Org{}, err
		}
		record.Messages = append(record.Messages, message)
	}
	decided, err := decisions(by, before, org)
	if err != nil {
		return Org{}, err
	}
	record.Messages = append(record.Messages, decided...)
	item, err := change.Encode(OrgKey(org.ID), org)
	if err != nil {
		return Org{}, err
	}
	item.Version = org.Version
	org.Version++
	record.OrgID, record.MSPID, record.Target = org.ID, org.MSPID, "org:"+org.ID
	if record.Before == nil {
		record.Before, record.After = before, org
	}
	return org, t.commitTenant(ctx, by, item, record)
}
