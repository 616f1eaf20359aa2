package pages

import (
	"net/http"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

// pageSize is how many cases or comments a page of a list has.
const pageSize = 20

// list is a page of cases.
type list struct {
	// place is whose cases they are; path is the list's own.
	place, path string
	lines       []support.Line
	// orgs are the names of the organizations, where the list is that of an MSP.
	orgs   map[string]string
	closed bool
	// further is set on all pages but the first; next is the path of the following page, "" at the end.
	further bool
	next    string
	// newCase is the path of the form for a new case; "" where the principal may not open one.
	newCase string
}

// listOf reads what the address says of a list, and where to go on.
func (v *visit) listOf() (list, support.ListFilter, error) {
	cursor := endpoint.Cursor{Limit: pageSize, SearchAfter: v.query("search_after")}
	after, err := cursor.After(v.r.Context())
	shown := list{path: v.r.URL.Path, closed: v.query("status") == "closed", further: after != ""}
	state := support.AreOpen
	if shown.closed {
		state = support.AreClosed
	}
	return shown, support.ListFilter{State: state, Limit: pageSize, After: after}, err
}

// orgCases lists an organization's cases.
func (p *portal) orgCases(v *visit) error {
	ctx, by := v.r.Context(), *v.by
	shown, filter, err := v.listOf()
	if err != nil {
		return err
	}
	org, err := p.Tenants.Org(ctx, by, v.r.PathValue("org_id"), identity.SeeCases)
	if err != nil {
		return err
	}
	found, err := p.Desk.Cases(ctx, by, org.ID, filter)
	if err != nil {
		return err
	}
	shown.place, shown.lines, shown.next = org.Name, found.Lines, endpoint.Next(ctx, found.Next)
	if by.May(identity.OpenCases, org.Place()) {
		shown.newCase = shown.path + "/new"
	}
	return p.show(v, http.StatusOK, listPage(p.frame(v, "Cases of "+org.Name), shown))
}

// mspCases lists the cases of all organizations of an MSP.
func (p *portal) mspCases(v *visit) error {
	ctx, by := v.r.Context(), *v.by
	shown, filter, err := v.listOf()
	if err != nil {
		return err
	}
	msp, err := p.Tenants.MSP(ctx, by, v.r.PathValue("msp_id"), identity.SeeMSP)
	if err != nil {
		return err
	}
	found, err := p.Desk.MSPCases(ctx, by, msp.ID, filter)
	if err != nil {
		return err
	}
	var ids []string
	for _, line := range found.Lines {
		ids = append(ids, line.OrgID)
	}
	if shown.orgs, err = p.Tenants.Names(ctx, nil, ids); err != nil {
		return err
	}
	shown.place, shown.lines, shown.next = msp.Name, found.Lines, endpoint.Next(ctx, found.Next)
	return p.show(v, http.StatusOK, listPage(p.frame(v, "Cases of "+msp.Name), shown))
}
