package tenant

import (
	"context"
	"encoding/json"
	"errors"
	"maps"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// The settings of an organization are an item beside it, because they may be large and few calls need
// them:
//
//	ORG#<id>    SETTING    what is set, by key
//
// What an organization enforces is stored with the organization too.

const settingSort = "SETTING"

// SettingKey returns the key of an organization's settings, for reads that combine it with other items.
func SettingKey(orgID string) table.Key {
	return table.Key{Partition: "ORG#" + orgID, Sort: settingSort}
}

// The keys of settings that other code reads.
const (
	accountNumberKey  = "account_number"
	contactKey        = "contact"
	autoAssignmentKey = "auto_site_assignment"
	// allowMistKey is not stored: it stands for a consent of the organization.
	allowMistKey = "allow_mist"
)

// Setting is what is set in an organization, by key. Keys that Tenantry does not know are kept for
// programs that do.
type Setting struct {
	Org Org `json:"-"`
	// Fields are the keys that are set; the values are JSON.
	Fields extension.Fields `json:"fields"`
	// Created and Modified are in epoch seconds; 0 if nothing was ever set.
	Created  int64 `json:"created_time"`
	Modified int64 `json:"modified_time"`
	// Version grows with each change; 0 if nothing was ever set.
	Version int64 `json:"-"`
}

// Values returns the keys that are set, and those that programs expect in any case.
func (s Setting) Values() extension.Fields {
	values := extension.Fields{autoAssignmentKey: json.RawMessage(`{"enable":false,"rules":[]}`)}
	maps.Copy(values, s.Fields)
	return values
}

// SeenBy returns the settings as a principal sees them: without the personal data of the contact where
// the organization has not consented to it.
func (s Setting) SeenBy(by identity.Principal) Setting {
	contact, set := s.Fields[contactKey]
	if !set || by.May(identity.SeePersonalData, s.Org.Place()) {
		return s
	}
	s.Fields = maps.Clone(s.Fields)
	delete(s.Fields, contactKey)
	var known Contact
	if json.Unmarshal(contact, &known) == nil { // it was checked when it was stored
		s.Fields[contactKey] = known.masked().json()
	}
	return s
}

// Setting reads the settings of an organization as the principal sees them.
func (t *Tenants) Setting(ctx context.Context, by identity.Principal, orgID string) (Setting, error) {
	setting, err := t.setting(ctx, by, orgID, identity.SeeOrg)
	return setting.SeenBy(by), err
}

// setting reads an organization and its settings in one request, for principals with a permission.
func (t *Tenants) setting(
	ctx context.Context, by identity.Principal, orgID string, permission identity.Permission,
) (Setting, error) {
	if err := checkID(orgID); err != nil {
		return Setting{}, err
	}
	items, err := t.journal.BatchGet(ctx, []table.Key{OrgKey(orgID), SettingKey(orgID)})
	if err != nil {
		return Setting{}, err
	}
	org, err := DecodeOrg(items[0], t.journal.Now())
	if err != nil {
		return Setting{}, err
	}
	if err := by.Check(permission, org.Place()); err != nil {
		return Setting{}, err
	}
	return DecodeSetting(items[1], org)
}

// DecodeSetting decodes the item of an organization's settings, which may be missing.
func DecodeSetting(item table.Item, org Org) (setting Setting, err error) {
	if item.Version > 0 {
		err = change.Decode(item, &setting)
	}
	setting.Org, setting.Version = org, item.Version
	return setting, err
}

// SettingChange is a request to change settings. Keys that Fields does not have stay as they are, and a
// null removes a key.
type SettingChange struct {
	Fields extension.Fields
	// AllowMist is the consent to support access by the operator, as in OrgChange.
	AllowMist *bool
	// Version, if not nil, is the version that the caller read; 0 if nothing was set.
	Version *int64
}

// ChangeSetting changes the settings of an organization, for those who may change the organization. The
// consent in them is changed as by ChangeConsent. It writes nothing if nothing changes.
func (t *Tenants) ChangeSetting(
	ctx context.Context, by identity.Principal, orgID string, request SettingChange,
) (Setting, error) {
	before, err := t.setting(ctx, by, orgID, identity.ChangeOrg)
	if err != nil {
		return Setting{}, err
	}
	if request.Version != nil && *request.Version != before.Version {
		return Setting{}, fault.Stale(before.Version)
	}
	after := before
	if after.Fields, err = before.with(request.Fields, by); err != nil {
		return Setting{}, err
	}
	known, err := after.Known()
	if err != nil {
		return Setting{}, err
	}
	after.Org.Enforced = known.enforced()
	if request.AllowMist != nil && *request.AllowMist != after.Org.SupportAccess {
		decision := Decision{Kind: identity.SupportAccess, Grantee: identity.ToOperator, Granted: *request.AllowMist}
		if err := after.Org.decide(by, t.journal.Now(), decision); err != nil {
			return Setting{}, err
		}
	}
	after, err = t.commitSetting(ctx, by, before, after)
	return after.SeenBy(by), err
}

// commitSetting stores changed settings, and the organization if that changes too.
func (t *Tenants) commitSetting(ctx context.Context, by identity.Principal, before, after Setting) (Setting, error) {
	record := change.Record{Action: "orgs.change_setting", Message: "Changed the settings of " + before.Org.Name}
	record.Before, record.After = settingStates(before, after)
	if !after.Fields.Equal(before.Fields) {
		write, err := t.settingWrite(&after)
		if err != nil {
			return Setting{}, err
		}
		record.Writes = append(record.Writes, write)
	}
	var err error
	switch {
	case !after.Org.Consents.Equal(before.Org.Consents) || !after.Org.Enforced.Equal(before.Org.Enforced):
		after.Org, err = t.store(ctx, by, before.Org, after.Org, record)
	case len(record.Writes) == 0:
		return before, nil
	default:
		record.OrgID, record.MSPID, record.Target = after.Org.ID, after.Org.MSPID, "org:"+after.Org.ID
		err = t.journal.Commit(ctx, by.Actor(), record)
	}
	if _, conflict := errors.AsType[*table.ConflictError](err); conflict || fault.Is(err, fault.Conflict) {
		present, err := t.journal.BatchGet(ctx, []table.Key{SettingKey(after.Org.ID)})
		if err != nil {
			return Setting{}, err
		}
		return Setting{}, fault.Stale(present[0].Version)
	}
	return after, err
}

// settingWrite returns the write that stores settings, and gives them their next version.
func (t *Tenants) settingWrite(s *Setting) (table.Write, error) {
	s.Modified = t.journal.Now().Unix()
	if s.Created == 0 {
		s.Created = s.Modified
	}
	item, err := change.Encode(SettingKey(s.Org.ID), s)
	if err != nil {
		return table.Write{}, err
	}
	item.Version = s.Version
	s.Version++
	if item.Version == 0 {
		return table.Create(item), nil
	}
	return table.Update(item), nil
}

// settingStates returns what the audit log says of a change: the known keys that changed, and of the
// others only the names, because nobody knows whether a value is fit for a log.
func settingStates(before, after Setting) (was, is map[string]any) {
	was, is = map[string]any{}, map[string]any{}
	var others []string
	keys := maps.Clone(before.Fields)
	if keys == nil {
		keys = extension.Fields{}
	}
	maps.Copy(keys, after.Fields)
	for _, key := range keys.Names() {
		old, had := before.Fields[key]
		changed, has := after.Fields[key]
		switch {
		case had == has && string(old) == string(changed):
		case settingChecks()[key] == nil:
			others = append(others, key)
		default:
			if had {
				was[key] = old
			}
			if has {
				is[key] = changed
			}
		}
	}
	if len(others) > 0 {
		is["other_keys"] = others
	}
	if before.Org.SupportAccess != after.Org.SupportAccess {
		was[allowMistKey], is[allowMistKey] = before.Org.SupportAccess, after.Org.SupportAccess
	}
	return was, is
}
