package orgs

import (
	"context"
	"encoding/json"
	"maps"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Keys are the settings that Tenantry knows. Each is handed on as it was sent.
type Keys struct {
	AccountNumber  endpoint.Kept[string]         `json:"account_number,omitzero" maxLength:"64" doc:"The number under which the provider's books have the customer."`
	Contact        endpoint.Kept[contact]        `json:"contact,omitzero" doc:"Whom the provider reaches. Masked for a provider without consent to personal data."`
	PasswordPolicy endpoint.Kept[passwordPolicy] `json:"password_policy,omitzero" doc:"What the passwords of the organization's people must have when they set one."`
	APIPolicy      endpoint.Kept[apiPolicy]      `json:"api_policy,omitzero" doc:"From where API tokens may act in the organization."`
	IdleTimeout    endpoint.Kept[int]            `json:"ui_idle_timeout,omitzero" minimum:"0" maximum:"480" doc:"After how many minutes without use a session must log in again for calls in the organization, to within five minutes; 0 for never."`
	AutoSite       endpoint.Kept[autoAssignment] `json:"auto_site_assignment,omitzero" doc:"The rules that assign devices to sites. They are kept for programs; always present."`
	DeviceDown     endpoint.Kept[int]            `json:"device_updown_threshold,omitzero" minimum:"0" maximum:"240" doc:"Minutes."`
	APDown         endpoint.Kept[int]            `json:"ap_updown_threshold,omitzero" minimum:"0" maximum:"240" doc:"Minutes."`
	SwitchDown     endpoint.Kept[int]            `json:"switch_updown_threshold,omitzero" minimum:"0" maximum:"240" doc:"Minutes."`
	GatewayDown    endpoint.Kept[int]            `json:"gateway_updown_threshold,omitzero" minimum:"0" maximum:"240" doc:"Minutes."`
	TunnelDown     endpoint.Kept[int]            `json:"gateway_tunnel_updown_threshold,omitzero" minimum:"0" maximum:"240" doc:"Minutes."`
}

type contact struct {
	Name   string   `json:"name,omitempty" maxLength:"128"`
	Emails []string `json:"email,omitempty" maxItems:"10" nullable:"false"`
	Phone  string   `json:"phone,omitempty" maxLength:"64"`
}

type passwordPolicy struct {
	Enabled      bool `json:"enabled,omitempty" doc:"Whether the policy holds."`
	MinLength    int  `json:"min_length,omitempty" minimum:"0" maximum:"128" doc:"In characters; not below 12, which every password must have."`
	Special      bool `json:"requires_special_char,omitempty" doc:"Whether a character is needed that is neither a letter nor a digit nor a space."`
	Days         int  `json:"expiry_in_days,omitempty" minimum:"0" maximum:"365" doc:"After how many days people must set a new one before they act in the organization; 0 for never."`
	SecondFactor bool `json:"requires_two_factor_auth,omitempty" enum:"false" doc:"There is no second factor yet."`

	_ struct{} `additionalProperties:"true"`
}

type apiPolicy struct {
	Networks []string `json:"src_ips,omitempty" maxItems:"10" nullable:"false" doc:"Addresses and networks, as in 192.0.2.0/24; none for any. API tokens from elsewhere get 403 in the organization, sessions do not."`

	_ struct{} `additionalProperties:"true"`
}

type autoAssignment struct {
	Enable bool             `json:"enable,omitempty"`
	Rules  []map[string]any `json:"rules,omitempty" nullable:"false"`

	_ struct{} `additionalProperties:"true"`
}

// Setting is what is set in an organization.
type Setting struct {
	Keys
	AllowMist bool   `json:"allow_mist" doc:"The consent to platform support agents working on the organization's cases, as support_access of the organization."`
	OrgID     string `json:"org_id"`
	MSPID     string `json:"msp_id,omitempty" doc:"The MSP that manages the organization; absent for a direct customer."`
	Created   int64  `json:"created_time" doc:"When something was first set, in epoch seconds; 0 if never."`
	Modified  int64  `json:"modified_time" doc:"Epoch seconds."`
	Revision  int64  `json:"revision" doc:"Grows with every change. Send it with a change to detect concurrent changes."`

	extension extension.Fields
	_         struct{} `additionalProperties:"true"`
}

// MarshalJSON writes the settings with the keys that only other programs know.
func (s Setting) MarshalJSON() ([]byte, error) {
	type plain Setting
	return extension.Marshal(plain(s), s.extension)
}

type settingOutput struct {
	Body Setting
}

// settingOf shapes settings. Those that Tenantry knows are first, as the answer's schema has them.
func settingOf(s tenant.Setting) (*settingOutput, error) {
	values := s.Values()
	shown := Setting{
		AllowMist: s.Org.SupportAccess, OrgID: s.Org.ID, MSPID: s.Org.MSPID, Created: s.Created, Modified: s.Modified,
		Revision: s.Version, extension: values,
	}
	data, err := json.Marshal(values)
	if err != nil {
		return nil, err
	}
	err = json.Unmarshal(data, &shown.Keys)
	return &settingOutput{Body: shown}, err
}

// getSetting reads the settings of an organization.
func getSetting(s Services) endpoint.Endpoint {
	return endpoint.Get("orgs.get_setting", "/orgs/{org_id}/setting", "Read the settings of an organization",
		func(ctx context.Context, in *ID) (*settingOutput, error) {
			setting, err := s.Tenants.Setting(ctx, endpoint.Principal(ctx), in.OrgID)
			if err != nil {
				return nil, err
			}
			return settingOf(setting)
		}).Using(grant.On(grant.Audit, grant.Put))
}

type settingInput struct {
	ID
	Body struct {
		Keys
		AllowMist *bool  `json:"allow_mist,omitempty" doc:"The consent to support access; only the organization's own administrators give or withdraw it."`
		Revision  *int64 `json:"revision,omitempty" minimum:"0" doc:"The revision that the change is based on, 0 if nothing was set; 409 if there is a newer one."`

		_ struct{} `additionalProperties:"true"`
	}
}

// fields returns all keys of a change.
func (in *settingInput) fields(ctx context.Context) (extension.Fields, error) {
	data, err := json.Marshal(in.Body.Keys)
	if err != nil {
		return nil, err
	}
	fields := extension.Fields{}
	err = json.Unmarshal(data, &fields)
	maps.Copy(fields, endpoint.Extension(ctx))
	return fields, err
}

// changeSetting changes the settings of an organization.
func changeSetting(s Services) endpoint.Endpoint {
	return endpoint.Put("orgs.change_setting", "/orgs/{org_id}/setting",
		"Change the settings of an organization: the keys that are given; null removes one",
		func(ctx context.Context, in *settingInput) (*settingOutput, error) {
			fields, err := in.fields(ctx)
			if err != nil {
				return nil, err
			}
			setting, err := s.Tenants.ChangeSetting(ctx, endpoint.Principal(ctx), in.OrgID, tenant.SettingChange{
				Fields: fields, AllowMist: in.Body.AllowMist, Version: in.Body.Revision,
			})
			if err != nil {
				return nil, err
			}
			return settingOf(setting)
		}).NeedsFresh(endpoint.FreshByRule).ReadingOnly("id", "for_site").Using(
		grant.On(grant.Core, grant.Get, grant.Put, grant.Delete), grant.On(grant.Audit, grant.Put))
}
