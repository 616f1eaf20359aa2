package tenants

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/life"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

// settings are those of a tenant.
type settings struct {
	path, name string
	// version is that of the tenant when the page was read.
	version int64
	// minutes is the length of sessions in an organization; "" for an MSP.
	minutes string
	// mayChange is set if the reader may change them, mayLimit if the storage too.
	mayChange, mayLimit bool
	usage               *storage.Usage
	// tier and region are those of an MSP; "" for an organization. mayTier is set for operators.
	tier, region string
	mayTier      bool
	// logo and url, the address of the web site, are those of an MSP; logo is nil for an organization.
	logo *logoSettings
	url  string
	// labels are those of the organization's MSP, for those who see it, and chosen the organization's.
	labels   []kit.Option
	chosen   map[string]bool
	mayLabel bool
	// switches are what is on or off for an organization.
	switches []switched
	// setting has the contact of an organization; nil for an MSP. like is the form of one like it, for those
	// who may create it.
	setting *orgSetting
	like    string
	// delete is the form that deletes the organization or the MSP; "" if the reader may not.
	delete string
}

// switched is a switch of an organization; may is set if the reader may turn it.
type switched struct {
	name    tenant.Switch
	on, may bool
}

// field returns the name of its field in the form.
func (s switched) field() string { return "switch_" + string(s.name) }

// switchWord returns what a switch is called.
func switchWord(t kit.Teller, name tenant.Switch) string {
	switch name {
	case tenant.ImageManagement:
		return t.T("Image management")
	case tenant.PreNotifications:
		return t.T("Pre-notifications")
	case tenant.CustomerAlerts:
		return t.T("Customer alerts")
	}
	return string(name)
}

// switchFacts returns the switches that the reader sees but may not turn.
func (s settings) switchFacts(t kit.Teller) []kit.Fact {
	var facts []kit.Fact
	for _, one := range s.switches {
		if one.may {
			continue
		}
		value := t.T("Off")
		if one.on {
			value = t.T("On")
		}
		facts = append(facts, kit.Fact{Name: switchWord(t, one.name), Value: value})
	}
	return facts
}

// labelNames returns the names of the organization's labels.
func (s settings) labelNames() string {
	var names []string
	for _, label := range s.labels {
		if s.chosen[label.Value] {
			names = append(names, label.Label)
		}
	}
	return strings.Join(names, ", ")
}

// mspSettings shows the settings of an MSP.
func (p Pages) mspSettings(v *kit.Visit) error {
	shown, err := p.ofMSP(v)
	if err != nil {
		return err
	}
	return v.Show(settingsPage(v.Frame(v.T("Settings of %s", shown.name)), shown))
}

func (p Pages) ofMSP(v *kit.Visit) (settings, error) {
	msp, err := p.Tenants.MSP(v.Context(), *v.By, v.Path("msp_id"), identity.SeeMSP)
	if err != nil {
		return settings{}, err
	}
	v.At(msp.Place())
	logo, err := p.logoOf(v, msp)
	shown := settings{
		path: kit.PlacePath(msp.Place()), name: msp.Name, version: msp.Version,
		mayChange: v.May(identity.ChangeMSP, msp.Place()), tier: string(msp.Tier), region: p.Tenants.Region(),
		mayTier: v.May(identity.RunPlatform, identity.ThePlatform()), logo: logo, url: msp.URL,
	}
	if shown.mayTier {
		shown.delete = shown.path + "/delete"
	}
	return shown, err
}

// changeMSP changes the settings of an MSP.
func (p Pages) changeMSP(v *kit.Visit) error {
	name, request := v.Line("name"), tenant.MSPChange{Version: v.Version()}
	request.Name = &name
	if tier := tenant.Tier(v.Line("tier")); tier != "" {
		request.Tier = &tier
	}
	url := v.Line("url")
	if v.Ticked("sited") { // the form had the address of the web site
		request.URL = &url
	}
	changed, err := p.Tenants.ChangeMSP(v.Context(), *v.By, v.Path("msp_id"), request)
	if err != nil {
		return p.refused(v, err, p.ofMSP, settings{name: name, tier: v.Line("tier"), url: url})
	}
	v.Done(v.T("The settings were saved."))
	return v.GoTo(kit.PlacePath(changed.Place()) + "/settings")
}

// refused shows the settings again with what was typed, and the present version: sending it once more
// overwrites what another person changed, which the page says.
func (p Pages) refused(
	v *kit.Visit, cause error, read func(*kit.Visit) (settings, error), typed settings,
) error {
	shown, err := read(v)
	if err != nil {
		return cause
	}
	present := shown.name
	shown.name, shown.minutes = typed.name, cmp.Or(typed.minutes, shown.minutes)
	shown.tier, shown.url = cmp.Or(typed.tier, shown.tier), cmp.Or(typed.url, shown.url)
	if typed.chosen != nil {
		shown.chosen = typed.chosen
	}
	refusal := kit.Refusal{Title: v.T("Settings of %s", present), Heading: v.T("The settings were not saved")}
	return v.Again(cause, refusal, func(f *kit.Frame) templ.Component { return settingsPage(f, shown) })
}

// orgSettings shows the settings of an organization.
func (p Pages) orgSettings(v *kit.Visit) error {
	shown, err := p.ofOrg(v)
	if err != nil {
		return err
	}
	return v.Show(settingsPage(v.Frame(v.T("Settings of %s", shown.name)), shown))
}

func (p Pages) ofOrg(v *kit.Visit) (settings, error) {
	setting, contact, err := p.settingOf(v)
	if err != nil {
		return settings{}, err
	}
	org := setting.Org
	v.Trail()
	shown := settings{
		path: kit.PlacePath(org.Place()), name: org.Name, version: org.Version,
		minutes:   strconv.Itoa(cmp.Or(org.SessionExpiry, tenant.DefaultSessionExpiry)),
		mayChange: v.May(identity.ChangeOrg, org.Place()),
		mayLimit:  v.May(identity.RunPlatform, identity.ThePlatform()), setting: &contact,
	}
	if life.MayEnd(*v.By, org) == nil {
		shown.delete = shown.path + "/delete"
	}
	switch msp := (identity.Place{Scope: identity.MSPScope, MSPID: org.MSPID}); {
	case org.MSPID == "" && shown.mayLimit:
		shown.like = "/orgs/new?template=" + org.ID
	case org.MSPID != "" && v.May(identity.CreateOrg, msp):
		shown.like = kit.PlacePath(msp) + "/orgs/new?template=" + org.ID
	}
	if shown.labels, err = p.labelOptions(v.Context(), v, org.MSPID); err != nil {
		return settings{}, err
	}
	shown.chosen = chosenSet(org.Labels)
	for _, name := range tenant.Switches() {
		shown.switches = append(shown.switches, switched{name: name, on: org.On(name), may: tenant.MayTurn(*v.By, org, name)})
	}
	shown.mayLabel = v.May(identity.ChangeMSP, identity.Place{Scope: identity.MSPScope, MSPID: org.MSPID})
	usage, err := p.Storage.Usage(v.Context(), *v.By, org.ID)
	switch {
	case err == nil:
		shown.usage = &usage
	case !fault.Is(err, fault.Forbidden):
		return settings{}, err
	}
	return shown, nil
}

// changeOrg changes the settings of an organization.
func (p Pages) changeOrg(v *kit.Visit) error {
	name, typed := v.Line("name"), v.Line("session_expiry")
	minutes, err := strconv.Atoi(typed)
	if err != nil {
		minutes = -1 // refused like any other wrong number
	}
	request := tenant.OrgChange{Name: &name, SessionExpiry: &minutes, Version: v.Version()}
	shown := settings{name: name, minutes: typed}
	if v.Ticked("labelled") { // the form had labels to tick
		labels := v.Several("labels")
		request.Labels, shown.chosen = &labels, chosenSet(labels)
	}
	request.Switches = map[tenant.Switch]bool{}
	for _, name := range v.Several("switchable") { // the form had this switch to turn
		if name := tenant.Switch(name); slices.Contains(tenant.Switches(), name) {
			request.Switches[name] = v.Ticked(switched{name: name}.field())
		}
	}
	changed, err := p.Tenants.ChangeOrg(v.Context(), *v.By, v.Path("org_id"), request)
	if err != nil {
		return p.refused(v, err, p.ofOrg, shown)
	}
	v.Done(v.T("The settings were saved."))
	return v.GoTo(kit.PlacePath(changed.Place()) + "/settings")
}

// changeLimits changes how much an organization may store, for operators.
func (p Pages) changeLimits(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	bytes, daily := gibibytes(v.Line("storage")), gibibytes(v.Line("storage_daily"))
	_, err = p.Storage.ChangeLimits(v.Context(), *v.By, place.OrgID, tenant.StorageChange{Bytes: &bytes, DailyBytes: &daily})
	switch {
	case fault.Is(err, fault.Invalid):
		v.NotDone(err)
	case err != nil:
		return err
	default:
		v.Done(v.T("The limits were saved."))
	}
	return v.GoTo(kit.PlacePath(place) + "/settings")
}

// gibibytes reads a number of gibibytes as bytes; -1, which is refused, if it is none.
func gibibytes(typed string) int64 {
	number, err := strconv.ParseFloat(typed, 64)
	if err != nil || !(number >= 0 && number <= 1<<20) { // so that no number is refused too
		return -1
	}
	return int64(number * (1 << 30))
}
