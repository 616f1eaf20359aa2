package pages

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// pageSize is the number of cases or comments on a page of a list.
const pageSize = 20

// list is a page of cases.
type list struct {
	// place is the name of the organization or MSP whose cases are listed; path is the path of the
	// list.
	place, path string
	lines       []support.Summary
	// orgs has the names of the organizations in an MSP's list.
	orgs   map[string]string
	closed bool
	// search is the search text; wrong says why it is invalid.
	search, wrong string
	// total is the number of cases, or a lower bound if atLeast is set; on the first page only.
	total   int64
	atLeast bool
	// further is set on all pages but the first; next is the path of the following page, "" at the
	// end.
	further bool
	next    string
	// newCase is the path of the form for a new case; "" if the principal may not open one.
	newCase string
}

// listOf reads the parameters of a list from the query of the URL.
func (v *visit) listOf() (list, lists.Query, error) {
	cursor := endpoint.Cursor{Limit: pageSize, SearchAfter: v.query("search_after")}
	after, err := cursor.After(v.r.Context())
	shown := list{
		path:    v.r.URL.Path,
		closed:  v.query("list") == "closed",
		further: after != "",
		search:  strings.TrimSpace(v.query("search")),
	}
	query := lists.Query{State: support.OpenList, AnyList: true, Phrase: shown.search, Limit: pageSize, After: after}
	if shown.closed {
		query.State = support.ClosedList
	}
	return shown, query, err
}

// fill reads a page of the list. An invalid search is reported on the page.
func (p *portal) fill(v *visit, shown *list, scope lists.Scope, query lists.Query) error {
	ctx := v.r.Context()
	if err := lists.CheckPhrase(query.Phrase); err != nil {
		wrong, _ := errors.AsType[*fault.Error](err)
		shown.wrong = sentence(wrong.Fields[0].Name, wrong.Fields[0].Message)
		query.Phrase = ""
	}
	page, err := p.Lists.Search(ctx, *v.by, scope, query)
	if err != nil {
		return err
	}
	shown.lines, shown.next = page.Lines, endpoint.Next(ctx, page.Next)
	shown.total, shown.atLeast = page.Total, !page.Exact
	return nil
}

// orgCases lists an organization's cases.
func (p *portal) orgCases(v *visit) error {
	ctx, by := v.r.Context(), *v.by
	shown, query, err := v.listOf()
	if err != nil {
		return err
	}
	org, err := p.Tenants.Org(ctx, by, v.r.PathValue("org_id"), identity.SeeCases)
	if err != nil {
		return err
	}
	if err := p.fill(v, &shown, lists.Scope{OrgID: org.ID}, query); err != nil {
		return err
	}
	shown.place = org.Name
	if by.May(identity.OpenCases, org.Place()) {
		shown.newCase = shown.path + "/new"
	}
	return p.show(v, http.StatusOK, listPage(p.frame(v, "Cases of "+org.Name), shown))
}

// mspCases lists the cases of all organizations of an MSP.
func (p *portal) mspCases(v *visit) error {
	ctx, by := v.r.Context(), *v.by
	shown, query, err := v.listOf()
	if err != nil {
		return err
	}
	msp, err := p.Tenants.MSP(ctx, by, v.r.PathValue("msp_id"), identity.SeeMSP)
	if err != nil {
		return err
	}
	if err := p.fill(v, &shown, lists.Scope{MSPID: msp.ID}, query); err != nil {
		return err
	}
	var ids []string
	for _, line := range shown.lines {
		ids = append(ids, line.OrgID)
	}
	if shown.orgs, err = p.Tenants.Names(ctx, nil, ids); err != nil {
		return err
	}
	shown.place = msp.Name
	return p.show(v, http.StatusOK, listPage(p.frame(v, "Cases of "+msp.Name), shown))
}

// hits describes the number of search results.
func (l list) hits() string {
	switch {
	case l.atLeast:
		return fmt.Sprintf("At least %d cases", l.total)
	case l.total == 1:
		return "One case"
	}
	return fmt.Sprintf("%d cases", l.total)
}
