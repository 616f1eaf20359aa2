package cases

import (
	"errors"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// pageSize is the number of cases or comments on a page of a list, unless the reader prefers another. Customers
// have few cases: customerPage is theirs.
const pageSize, customerPage = 20, 5

// list is a page of cases.
type list struct {
	// path is the path of the list.
	path  string
	state support.State
	lines []support.Summary
	// orgs has the names of the organizations in an MSP's list.
	orgs map[string]string
	// filters are the values of each field that is filtered by.
	filters map[string]string
	setting desk.Setting
	// chosen are the names of the columns that the reader chose; nil for the usual ones.
	chosen []string
	// ofView is the part of the address with the columns of a saved view; "" if it has none.
	ofView string
	// agent is set if the reader works on the cases for the provider; mayDelete if deleted cases are shown,
	// and cases may be deleted; mayWrite if they may be changed.
	agent, mayDelete, mayWrite bool
	// report is set for the list that only shows the cases, all of them.
	report bool
	// uncounted is set for those who reach only some organizations of the MSP: their queues have no numbers.
	uncounted bool
	// queues lead to the queues of an agent, with their numbers.
	queues []kit.Tile
	// submitters are the people that can be chosen as those who opened the cases.
	submitters []kit.Option
	// search is the search text; wrong says why it is invalid.
	search, wrong string
	sort          string
	// total is the number of cases, or a lower bound if atLeast is set.
	total   int64
	atLeast bool
	// lags is set if changes of the last seconds may be missing.
	lags bool
	// masked is set if the people of some cases are masked, and there is no order by their names.
	masked bool
	pager  kit.Pager
	// newCase is the path of the form for a new case; "" if the reader may not open one.
	newCase string
	address func(changes map[string]string) string
}

// listOf reads the parameters of a list from the query of the URL.
func listOf(v *kit.Visit) (list, lists.Query) {
	shown := list{
		path: v.R.URL.Path, state: support.State(v.Query("list")), search: strings.TrimSpace(v.Query("search")),
		sort: v.Query("sort"), address: v.With, chosen: v.By.Preferences.ColumnsOf(columnList),
		ofView: strings.TrimSpace(v.Query(kit.ColumnsParameter)),
	}
	if shown.ofView != "" {
		shown.chosen = strings.Split(shown.ofView, ",")
	}
	if !slices.Contains(lists.Lists(), shown.state) {
		shown.state = support.OpenList
	}
	if !slices.Contains(lists.Orders(), strings.TrimPrefix(shown.sort, "-")) {
		shown.sort = ""
	}
	query := lists.Query{
		State: shown.state, AnyList: true, Phrase: shown.search, Sort: shown.sort, Limit: pageSize,
		Filters: map[string][]string{},
	}
	shown.filters = map[string]string{}
	for field, name := range filterNames() {
		if value := strings.TrimSpace(v.Query(field)); value != "" {
			shown.filters[field] = value
			if value == "me" {
				value = v.By.UserID
			}
			query.Filters[name] = []string{value}
		}
	}
	if query.Due = v.Query("due"); query.Due != "" {
		shown.filters["due"] = query.Due
	}
	return shown, query
}

// filterNames are the parameters that a list is filtered by, with the names of the fields.
func filterNames() map[string]string {
	return map[string]string{
		"status": "status", "severity": "severity", "type": "type", "component": "component", "reason": "reason",
		"version": "version", "environment": "environment", "custom_tag": "custom_tag", "assignee": "assignee",
		"submitter": "submitter", "org_id": "org",
	}
}

// fill reads a page of the list. An invalid search is reported on the page.
func (p Pages) fill(v *kit.Visit, shown *list, in lists.Scope, query lists.Query) error {
	if err := lists.CheckPhrase(query.Phrase); err != nil {
		wrong, _ := errors.AsType[*fault.Error](err)
		shown.wrong = kit.Sentence(wrong.Fields[0].Name, wrong.Fields[0].Message)
		query.Phrase = ""
	}
	usual := pageSize
	if !shown.agent {
		usual = customerPage
	}
	paging := v.Paging()
	query.After, query.Limit = paging.After(), v.PageSize(usual)
	var page lists.Page
	group, ctx := errgroup.WithContext(v.Context())
	group.Go(func() (err error) {
		page, err = p.Lists.Search(ctx, *v.By, in, query)
		return err
	})
	if shown.agent && !shown.report && !shown.uncounted {
		group.Go(func() error {
			queues, err := p.Lists.Queues(ctx, *v.By, in)
			if err == nil {
				shown.queues = shown.queueTiles(v, queues)
			}
			if fault.Is(err, fault.Conflict) {
				return nil // there are too many customers to count: the list is there without the numbers
			}
			return err
		})
	}
	err := group.Wait()
	if fault.Is(err, fault.Conflict) && shown.uncounted {
		shown.wrong = v.T("Your labels have too many organizations to list their cases together. Open those of one.")
		return nil
	}
	if fault.Is(err, fault.Invalid) && len(shown.filters) > 0 {
		shown.wrong = v.T("One of the filters has a value that no case has. Choose it again.")
		return nil
	}
	if err != nil {
		return err
	}
	shown.lines, shown.pager = page.Lines, v.Pager(paging, page.Next)
	if !page.Masked {
		shown.submitters = submittersOf(shown.submitters, page.Lines)
	}
	shown.total, shown.atLeast, shown.lags = page.Total, !page.Exact, page.Lags
	shown.masked = page.Masked
	if least := int64(len(page.Lines)); least > shown.total {
		shown.total, shown.atLeast = least, page.Next != "" // the index does not have the latest cases yet
	}
	return nil
}

// orgCases lists an organization's cases.
func (p Pages) orgCases(v *kit.Visit) error { return p.showOrg(v, false) }

// mspCases lists the cases of all organizations of an MSP, or at the platform those of direct customers.
func (p Pages) mspCases(v *kit.Visit) error { return p.showMSP(v, false) }

// orgReport and mspReport list all cases of a place, archived ones too, to be read.
func (p Pages) orgReport(v *kit.Visit) error { return p.showOrg(v, true) }
func (p Pages) mspReport(v *kit.Visit) error { return p.showMSP(v, true) }

func (p Pages) showOrg(v *kit.Visit, report bool) error {
	shown, query := listOf(v)
	if report {
		shown.asReport(&query)
	}
	org, err := p.Tenants.Org(v.Context(), *v.By, v.Path("org_id"), identity.SeeCases)
	if err != nil {
		return err
	}
	place := org.Place()
	shown.agent, shown.mayDelete = v.By.IsAgent(place), v.May(identity.DeleteCases, place)
	if shown.submitters, err = p.submitters(v, place); err != nil {
		return err
	}
	if err := p.fill(v, &shown, lists.Scope{OrgID: org.ID}, query); err != nil {
		return err
	}
	if shown.mayWrite = v.May(identity.OpenCases, place) && !report; shown.mayWrite {
		shown.newCase = shown.path + "/new"
	}
	if shown.setting, err = p.Desk.OrgSetting(v.Context(), *v.By, org.ID); err != nil {
		return err
	}
	v.At(org.Place())
	title := v.T("Cases of %s", org.Name)
	if report {
		title = v.T("Case reports of %s", org.Name)
	}
	return v.Show(listPage(v.Frame(title), shown))
}

func (p Pages) showMSP(v *kit.Visit, report bool) error {
	shown, query := listOf(v)
	if report {
		shown.asReport(&query)
	}
	place, err := scope.Reached(v, p.Tenants)
	if err != nil {
		return err
	}
	_, limited := v.By.LimitedTo(identity.SeeCases, place.MSPID)
	shown.agent, shown.uncounted = true, limited
	if err := p.fill(v, &shown, listScope(place), query); err != nil {
		return err
	}
	var ids []string
	for _, line := range shown.lines {
		ids = append(ids, line.OrgID)
	}
	if shown.orgs, err = p.Tenants.Names(v.Context(), nil, ids); err != nil {
		return err
	}
	if place.Scope == identity.PlatformScope {
		place = identity.AnyDirect()
	}
	shown.mayDelete = v.May(identity.DeleteCases, place)
	shown.mayWrite = v.May(identity.OpenCases, place) && !report
	title := v.T("Cases of direct customers")
	if report {
		title = v.T("Case reports of %s", place.Name)
	} else if place.Scope == identity.MSPScope {
		title = v.T("Cases of %s", place.Name)
	}
	return v.Show(listPage(v.Frame(title), shown))
}
