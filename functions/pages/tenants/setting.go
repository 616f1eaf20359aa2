package tenants

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// orgSetting is the form of an organization's contact and of what it requires of those who act in it.
// The numbers are as they were typed.
type orgSetting struct {
	path, name, cancel string
	version            int64
	mayChange          bool
	account            string
	contact            tenant.Contact
	policy             tenant.PasswordPolicy
	least, days, idle  string
	networks           []string
}

// orgSetting shows the contact of an organization and what it requires of those who act in it.
func (p Pages) orgSetting(v *kit.Visit) error {
	_, shown, err := p.settingOf(v)
	if err != nil {
		return err
	}
	return v.Show(settingPage(v.Frame(v.T("Contact and security of %s", shown.name)), shown))
}

func (p Pages) settingOf(v *kit.Visit) (tenant.Setting, orgSetting, error) {
	setting, err := p.Tenants.Setting(v.Context(), *v.By, v.Path("org_id"))
	if err != nil {
		return setting, orgSetting{}, err
	}
	known, err := setting.Known()
	if err != nil {
		return setting, orgSetting{}, err
	}
	place := setting.Org.Place()
	v.At(place)
	path := kit.PlacePath(place)
	v.Trail(kit.Link{Label: v.T("Settings"), Path: path + "/settings"})
	return setting, orgSetting{
		path: path + "/setting", cancel: path + "/settings", name: place.Name, version: setting.Version,
		mayChange: v.May(identity.ChangeOrg, place), account: known.AccountNumber, contact: known.Contact,
		policy: known.Passwords, least: number(known.Passwords.MinLength), days: number(known.Passwords.Days),
		idle: number(known.IdleMinutes), networks: known.API.Networks,
	}, nil
}

// number returns a number as a field shows it: nothing for none.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// typed reads a number from a form; 0 for nothing, and -1, which every rule refuses, for what is none.
func typed(text string) int {
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

// changeOrgSetting changes the contact of an organization and what it requires. What else programs keep
// with these keys stays.
func (p Pages) changeOrgSetting(v *kit.Visit) error {
	setting, shown, err := p.settingOf(v)
	if err != nil {
		return err
	}
	shown.account, shown.networks = v.Line("account_number"), separated(v.Text("src_ips"))
	shown.contact = tenant.Contact{Name: v.Line("name"), Emails: separated(v.Text("email")), Phone: v.Line("phone")}
	shown.policy.Enabled, shown.policy.SpecialCharacter = v.Ticked("enabled"), v.Ticked("requires_special_char")
	shown.least, shown.days, shown.idle = v.Line("min_length"), v.Line("expiry_in_days"), v.Line("ui_idle_timeout")
	shown.policy.MinLength, shown.policy.Days = typed(shown.least), typed(shown.days)
	fields, err := shown.fields(setting)
	if err != nil {
		return err
	}
	read, err := strconv.ParseInt(v.Line("version"), 10, 64)
	if err != nil {
		read = -1 // a version that nothing has: the form was tampered with
	}
	request := tenant.SettingChange{Fields: fields, Version: &read}
	if _, err := p.Tenants.ChangeSetting(v.Context(), *v.By, setting.Org.ID, request); err != nil {
		refusal := kit.Refusal{
			Title: v.T("Contact and security of %s", shown.name), Heading: v.T("The settings were not saved"),
		}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return settingPage(f, shown) })
	}
	v.Done(v.T("The settings were saved."))
	return v.GoTo(shown.cancel)
}

// separated returns what stands between commas and line breaks.
func separated(text string) []string {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '\n' || r == ' ' })
	if parts == nil {
		return []string{}
	}
	return parts
}

// fields returns the keys that the form changes. Those that are empty and were never set stay so.
func (s orgSetting) fields(present tenant.Setting) (extension.Fields, error) {
	changed := map[string]any{"account_number": nil, "contact": s.contact, "ui_idle_timeout": nil}
	if s.account != "" {
		changed["account_number"] = s.account
	}
	if s.idle != "" {
		changed["ui_idle_timeout"] = typed(s.idle)
	}
	for key, parts := range map[string]map[string]any{
		"password_policy": {
			"enabled": s.policy.Enabled, "min_length": s.policy.MinLength, "expiry_in_days": s.policy.Days,
			"requires_special_char": s.policy.SpecialCharacter,
		},
		"api_policy": {"src_ips": s.networks},
	} {
		whole := map[string]any{}
		if stored := present.Fields[key]; stored != nil {
			if err := json.Unmarshal(stored, &whole); err != nil {
				return nil, err
			}
		} else if key == "api_policy" && len(s.networks) == 0 ||
			key == "password_policy" && s.policy == (tenant.PasswordPolicy{}) {
			continue
		}
		for name, part := range parts {
			whole[name] = part
		}
		changed[key] = whole
	}
	fields := make(extension.Fields, len(changed))
	for key, value := range changed {
		data, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		fields[key] = data
	}
	return fields, nil
}
