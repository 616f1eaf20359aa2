// Package bastion contains the page of the bastion: its settings, and the organizations at it. The rules are
// in shared/bastion.
package bastion

import (
	"context"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/bastion"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Pages are the dependencies of the pages.
type Pages struct{ Bastion *bastion.Service }

const (
	path = "/platform/bastion"
	// pageSize is how many organizations a page shows, unless the reader prefers another number.
	pageSize = 50
)

// Routes returns the page and the targets of its forms.
func (p Pages) Routes() []kit.Route {
	also := []string{"bastion.get", "bastion.list_orgs"}
	return []kit.Route{
		{Pattern: "GET " + path, Like: "bastion.get", Also: also, Area: "tenants", Handle: p.show},
		{Pattern: "POST " + path, Like: "bastion.change", Also: also, Area: "tenants", Handle: p.change},
		{
			Pattern: "POST " + path + "/orgs/{org_id}/stage", Like: "bastion.stage", Also: also, Area: "tenants",
			Handle: p.asking(p.Bastion.Stage),
		},
		{
			Pattern: "POST " + path + "/orgs/{org_id}/unstage", Like: "bastion.unstage", Also: also, Area: "tenants",
			Handle: p.asking(p.Bastion.Unstage),
		},
	}
}

// shown is the page.
type shown struct {
	setting bastion.Setting
	// typed are the settings as they were typed, which may be refused.
	typed bastion.Setting
	orgs  []bastion.Status
	pager kit.Pager
}

// read reads the settings and a page of organizations.
func (p Pages) read(v *kit.Visit) (shown, error) {
	if err := scope.Platform(v); err != nil {
		return shown{}, err
	}
	setting, err := p.Bastion.Setting(v.Context(), *v.By)
	if err != nil {
		return shown{}, err
	}
	paging := v.Paging()
	page, err := p.Bastion.List(v.Context(), *v.By, paging.After(), v.PageSize(pageSize))
	if err != nil {
		return shown{}, err
	}
	return shown{setting: setting, typed: setting, orgs: page.Orgs, pager: v.Pager(paging, page.Next)}, nil
}

func (p Pages) show(v *kit.Visit) error {
	page, err := p.read(v)
	if err != nil {
		return err
	}
	return v.Show(bastionPage(v.Frame(v.T("Bastion")), page))
}

// change changes the settings.
func (p Pages) change(v *kit.Visit) error {
	enabled, side := v.Ticked("enabled"), bastion.Side(v.Line("side"))
	url, key := v.Line("peer_url"), v.Line("peer_key")
	request := bastion.Change{Enabled: &enabled, Side: &side, PeerURL: &url, PeerKey: &key}
	if v.Line("version") != "0" { // nothing is stored before the first change
		request.Version = v.Version()
	}
	if _, err := p.Bastion.ChangeSetting(v.Context(), *v.By, request); err != nil {
		page, failed := p.read(v)
		if failed != nil {
			return err
		}
		page.typed = bastion.Setting{Enabled: enabled, Side: side, PeerURL: url, PeerKey: key}
		return p.again(v, err, v.T("The settings were not saved"), page)
	}
	v.Done(v.T("The settings were saved."))
	return v.GoTo(path)
}

func (p Pages) again(v *kit.Visit, err error, heading string, page shown) error {
	refusal := kit.Refusal{Title: v.T("Bastion"), Heading: heading}
	return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return bastionPage(f, page) })
}

// asks asks for a state of an organization.
type asks func(ctx context.Context, by identity.Principal, orgID string) (bastion.Status, bool, error)

// asking returns the handler that asks for an organization to be staged or unstaged.
func (p Pages) asking(ask asks) func(*kit.Visit) error {
	return func(v *kit.Visit) error {
		if _, _, err := ask(v.Context(), *v.By, v.Path("org_id")); err != nil {
			if fault.Is(err, fault.NotFound) {
				return err
			}
			page, failed := p.read(v)
			if failed != nil {
				return err
			}
			return p.again(v, err, v.T("Nothing was changed"), page)
		}
		v.Done(v.T("The bastion is asked."))
		return v.GoTo(path)
	}
}

// sides returns what an installation can be.
func sides(t kit.Teller) []kit.Option {
	return []kit.Option{
		{Value: "", Label: t.T("Not chosen yet")},
		{Value: string(bastion.Production), Label: t.T("Production: it has the organizations")},
		{Value: string(bastion.BastionSide), Label: t.T("Bastion: it holds copies")},
	}
}

// stateWord says a state in words.
func stateWord(t kit.Teller, state tenant.BastionState) string {
	switch state {
	case tenant.StageRequested:
		return t.T("Is being staged")
	case tenant.Staged:
		return t.T("Staged")
	case tenant.UnstageRequested:
		return t.T("Is being unstaged")
	case tenant.Unstaged:
		return t.T("Unstaged")
	case tenant.Unconfigured:
		return t.T("Never staged")
	}
	return string(state)
}

// stateKind says what a state means to the reader.
func stateKind(status bastion.Status) string {
	switch {
	case status.Reason != "":
		return kit.Bad
	case status.State == tenant.Staged:
		return kit.Good
	case status.State == tenant.Unstaged:
		return kit.Neutral
	}
	return kit.Wait
}
