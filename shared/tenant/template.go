package tenant

import (
	"context"
	"maps"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// CloneOrg creates an organization like another one: of the same MSP, or a direct customer like it. See
// NewOrg for who may and what is copied.
func (t *Tenants) CloneOrg(ctx context.Context, by identity.Principal, orgID, name string) (Org, error) {
	org, err := t.Org(ctx, by, orgID, identity.SeeOrg)
	if err != nil {
		return Org{}, err
	}
	created, err := t.NewOrg(ctx, by, org.MSPID, OrgChange{Name: &name, Template: org.ID})
	if fault.Is(err, fault.NotFound) {
		return Org{}, fault.Denied() // who sees the organization knows that its MSP exists
	}
	return created, err
}

// template reads an organization whose settings a new one of the same MSP gets. It returns the same
// fault whether there is none, it is another's, or the principal does not see it.
func (t *Tenants) template(ctx context.Context, by identity.Principal, mspID, id string) (Setting, error) {
	template, err := t.setting(ctx, by, id, identity.SeeOrg)
	if err == nil && template.Org.MSPID == mspID {
		return template, nil
	}
	switch fault.CodeOf(err) {
	case "", fault.NotFound, fault.Forbidden, fault.Unauthenticated:
	default:
		return Setting{}, err
	}
	if mspID == "" {
		return Setting{}, fault.InField("template_org_id", "is not the id of a direct customer's organization")
	}
	return Setting{}, fault.InField("template_org_id", "is not the id of an organization of the MSP that you see")
}

// createdLike is what the audit log says of an organization that was created like another. It does not
// name that one: the log is the new organization's too, and the two are customers who need not know of
// each other.
type createdLike struct {
	Org
	Copied map[string]int `json:"copied"`
}

// copyFrom gives a new organization what it lacks of a template's session expiry, labels and settings, and
// returns the write that stores the settings. Whom the provider reaches is another's. Labels are left
// out where the MSP's tier no longer has them.
func (t *Tenants) copyFrom(
	ctx context.Context, by identity.Principal, template Setting, org *Org, request OrgChange,
) ([]table.Write, error) {
	org.Copied = map[string]int{"settings": 0, "session_expiry": 0, "labels": 0}
	if request.SessionExpiry == nil && template.Org.SessionExpiry != 0 {
		org.SessionExpiry, org.Copied["session_expiry"] = template.Org.SessionExpiry, 1
	}
	var writes []table.Write
	if request.Labels == nil && len(template.Org.Labels) > 0 {
		entries, err := t.relabel(ctx, by, org, template.Org.Labels)
		switch {
		case err == nil:
			writes, org.Copied["labels"] = entries, len(org.Labels)
		case !fault.Is(err, fault.Forbidden):
			return nil, err
		}
	}
	setting := Setting{Org: *org, Fields: maps.Clone(template.Fields)}
	delete(setting.Fields, contactKey)
	delete(setting.Fields, accountNumberKey)
	if len(setting.Fields) == 0 {
		return writes, nil
	}
	org.Enforced, org.Copied["settings"] = template.Org.Enforced, len(setting.Fields)
	write, err := t.settingWrite(&setting)
	return append(writes, write), err
}
