package home

import (
	"errors"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/identity/preference"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/directory"
)

// maxPlaces is the maximum number of organizations, and of MSPs, on the page.
const maxPlaces = 50

// place is an MSP or organization on the page.
type place struct {
	identity.Place
	// role is the reader's own role there; "" for one of a wider place.
	role string
	// cases is the path of its cases; "" where the reader may not see them.
	cases string
}

// places is a list of places, with the number of those not shown.
type places struct {
	heading string
	shown   []place
	more    int
}

// home shows the places of the reader.
func (p Pages) home(v *kit.Visit) error {
	var self identity.Person
	var cases []support.Summary
	group, ctx := errgroup.WithContext(v.Context())
	group.Go(func() (err error) {
		self, err = p.Accounts.Self(ctx, *v.By)
		return err
	})
	group.Go(func() (err error) {
		cases, err = p.Lists.OwnCases(ctx, *v.By, recentCases)
		return err
	})
	all, hidden, err := p.all(v)
	if err := errors.Join(err, group.Wait()); err != nil {
		return err
	}
	msps := places{heading: v.T("Your MSPs")}
	orgs := places{heading: v.T("Your organizations")}
	for _, one := range all {
		list := &orgs
		if one.Scope == identity.MSPScope {
			list = &msps
		}
		if len(list.shown) == maxPlaces {
			list.more++
			continue
		}
		list.shown = append(list.shown, one)
	}
	orgs.more += hidden
	shown := dashboard{lists: []places{msps, orgs}, self: self, cases: cases}
	return v.Show(homePage(v.Frame(v.T("Your places")), *v.By, shown))
}

// recentCases is how many of the reader's own cases the page shows.
const recentCases = 5

// dashboard is the first page of a person: their places, who they are, and their latest cases.
type dashboard struct {
	lists []places
	self  identity.Person
	cases []support.Summary
}

// details are what the account says of the reader.
func (d dashboard) details(f *kit.Frame) []kit.Fact {
	security := f.T("no")
	if d.self.SecurityNotices {
		security = f.T("yes")
	}
	var mails []string
	for _, kind := range []struct {
		kind preference.Kind
		name string
	}{
		{preference.CaseOpened, f.T("new cases")}, {preference.CaseAnswered, f.T("answers")},
		{preference.CaseChanged, f.T("changes")},
	} {
		if d.self.Preferences.Wants(kind.kind) {
			mails = append(mails, kind.name)
		}
	}
	if mails == nil {
		mails = []string{f.T("none")}
	}
	return []kit.Fact{
		{Name: f.T("Name"), Value: d.self.Name()}, {Name: f.T("E-mail address"), Value: d.self.Email},
		{Name: f.T("Phone"), Value: d.self.Phone}, {Name: f.T("Another phone"), Value: d.self.Phone2},
		{Name: f.T("Mails about cases"), Value: strings.Join(mails, ", ")},
		{Name: f.T("Mails about security"), Value: security},
	}
}

// all returns the MSPs and organizations that the reader sees by their own privileges, and how many more
// there are: an operator has them at all direct customers, of which the first are returned.
func (p Pages) all(v *kit.Visit) (all []place, hidden int, err error) {
	msps, err := p.Tenants.MSPs(v.Context(), *v.By)
	if err != nil {
		return nil, 0, err
	}
	var orgs []tenant.Org
	if v.May(identity.RunPlatform, identity.ThePlatform()) {
		page, err := p.Directory.List(v.Context(), *v.By, directory.Scope{}, directory.Query{Limit: maxPlaces})
		if err != nil {
			return nil, 0, err
		}
		orgs, hidden = page.Orgs, int(page.Total)-len(page.Orgs)
	} else if orgs, err = p.Tenants.OwnOrgs(v.Context(), *v.By); err != nil {
		return nil, 0, err
	}
	all = make([]place, 0, len(msps)+len(orgs))
	for _, msp := range msps {
		all = append(all, placeOf(v, msp.Place()))
	}
	for _, org := range orgs {
		all = append(all, placeOf(v, org.Place()))
	}
	return all, hidden, nil
}

func placeOf(v *kit.Visit, at identity.Place) place {
	shown := place{Place: at}
	// Explicit roles only: inherited roles are shown at the scope that grants them.
	for _, held := range v.By.Privileges {
		id := held.OrgID
		if held.Scope == identity.MSPScope {
			id = held.MSPID
		}
		if held.Scope == at.Scope && id == at.ID() {
			shown.role = kit.Role(v, held.Role, at.Scope)
		}
		if held.Scope == identity.LabelScope && at.Scope == identity.MSPScope && held.MSPID == at.MSPID && shown.role == "" {
			shown.role = kit.Role(v, held.Role, held.Scope)
		}
	}
	if v.May(identity.SeeCases, at) || at.Scope == identity.MSPScope && v.May(identity.ListCases, at) {
		shown.cases = kit.PlacePath(at) + "/cases"
		if at.Scope == identity.MSPScope && v.May(identity.AnswerCases, at) {
			shown.cases += "?" + kit.MyCases
		}
	}
	return shown
}
