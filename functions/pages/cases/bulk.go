package cases

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/casejobs"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// bulk is an action on several cases that waits to be confirmed.
type bulk struct {
	path   string
	action casejobs.BulkAction
	// cases are the ids of the organizations and the cases, as in "<org>:<case>".
	cases []string
	// filter is set if the action is meant for all cases that match the filter of the address, and
	// matching is how many those are; query is the part of the address with the filter.
	filter   *lists.Query
	matching int
	query    string
	value    string
	agents   []kit.Option
}

// askBulk asks before something is done with the ticked cases.
func (p Pages) askBulk(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	form, err := p.bulkOf(v, place, v.Several("id"))
	if err != nil {
		return err
	}
	if form.filter != nil {
		form.matching, err = p.CaseJobs.CountMatching(v.Context(), *v.By, listScope(place), form.action, *form.filter)
		if fault.Is(err, fault.Invalid) {
			v.NotDone(err)
			return v.GoTo(form.back())
		}
		if err != nil {
			return err
		}
	}
	if form.count() == 0 || !slices.Contains(casejobs.BulkActions(), form.action) {
		v.Warn(v.T("Tick the cases first, and then choose what to do with them."))
		return v.GoTo(form.back())
	}
	return v.Show(bulkPage(v.Frame(form.question(v)), form))
}

func (p Pages) bulkOf(v *kit.Visit, place identity.Place, cases []string) (bulk, error) {
	form := bulk{
		path: kit.PlacePath(place) + "/cases", action: casejobs.BulkAction(v.Line("action")), cases: cases,
		value: v.Line("value"),
	}
	if form.query = v.R.URL.RawQuery; form.query != "" {
		form.query = "?" + form.query
	}
	if v.Ticked("all") {
		_, query := listOf(v)
		form.filter, form.cases = &query, nil
		form.matching, _ = strconv.Atoi(v.Line("matching")) // 0 matches nothing, and is refused
	}
	v.Trail(kit.Link{Label: v.T("Cases of %s", place.Name), Path: form.back()})
	at := place
	if place.Scope == identity.PlatformScope {
		at = identity.AnyDirect()
	}
	if err := v.By.Check(identity.OpenCases, at); err != nil || form.action != casejobs.BulkAssign {
		return form, err
	}
	if err := v.By.Check(identity.AnswerCases, at); err != nil {
		return form, err
	}
	var err error
	form.agents, err = p.agents(v, at)
	form.agents = append(form.agents, kit.Option{Value: nobody, Label: v.T("nobody")})
	return form, err
}

// back is the address of the list that leads here.
func (b bulk) back() string { return b.path + b.query }

// count is how many cases the action is meant for.
func (b bulk) count() int {
	if b.filter != nil {
		return b.matching
	}
	return len(b.cases)
}

// question names the action and how many cases it is for.
func (b bulk) question(v *kit.Visit) string {
	switch b.action {
	case casejobs.BulkArchive:
		return v.T("Archive %d cases?", b.count())
	case casejobs.BulkUnarchive:
		return v.T("Move %d cases back from the archive?", b.count())
	case casejobs.BulkClose:
		return v.T("Close %d cases?", b.count())
	case casejobs.BulkDelete:
		return v.T("Delete %d cases?", b.count())
	case casejobs.BulkRestore:
		return v.T("Restore %d cases?", b.count())
	case casejobs.BulkAssign:
		return v.T("Assign %d cases", b.count())
	}
	return v.T("Tag %d cases", b.count())
}

// nobody is the choice of the form that assigns cases to nobody; the rule has "" for it.
const nobody = "nobody"

// checkAgent refuses a form that assigns cases in which neither an agent nor nobody was chosen.
func (b bulk) checkAgent() error {
	if b.action == casejobs.BulkAssign && b.value == "" {
		return fault.InField("value", "must be an agent, or nobody")
	}
	return nil
}

// startBulk starts the job that changes the cases.
func (p Pages) startBulk(v *kit.Visit) error {
	place, err := scope.Find(v, p.Tenants)
	if err != nil {
		return err
	}
	form, err := p.bulkOf(v, place, v.Several("case"))
	if err != nil {
		return err
	}
	request := casejobs.Bulk{Action: form.action, Value: form.value, Confirmation: v.Line("confirmation")}
	if form.filter != nil {
		request.Filter, request.Expected = form.filter, &form.matching
	}
	for _, one := range form.cases {
		orgID, caseID, _ := strings.Cut(one, ":")
		request.Cases = append(request.Cases, support.Reference{OrgID: orgID, CaseID: caseID})
	}
	if request.Action == casejobs.BulkAssign && request.Value == nobody {
		request.Value = ""
	}
	var created job.Job
	if err = form.checkAgent(); err == nil {
		created, err = p.CaseJobs.Bulk(v.Context(), *v.By, listScope(place), request)
	}
	if err != nil {
		refusal := kit.Refusal{Title: form.question(v), Heading: v.T("Nothing was changed")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return bulkPage(f, form) })
	}
	return v.GoTo(kit.PlacePath(place) + "/jobs/" + created.ID)
}

// listScope returns the scope of the lists of cases of a place.
func listScope(place identity.Place) lists.Scope {
	if place.Scope == identity.OrgScope {
		return lists.Scope{OrgID: place.OrgID}
	}
	return lists.Scope{MSPID: place.MSPID}
}

// mostAgents is how many agents can be chosen from.
const mostAgents = 100

// agents returns those who can work on the cases of a place: the people of its MSP, and the support
// agents of the platform.
func (p Pages) agents(v *kit.Visit, place identity.Place) ([]kit.Option, error) {
	var options []kit.Option
	provider := []identity.Place{identity.ThePlatform()}
	if place.MSPID != "" {
		provider = append(provider, identity.Place{Scope: identity.MSPScope, MSPID: place.MSPID})
	}
	for _, at := range provider {
		people, err := p.Accounts.PeopleAt(v.Context(), at, mostAgents, func(person identity.Person) bool {
			return person.Principal("", "").May(identity.AnswerCases, place)
		})
		if err != nil {
			return nil, err
		}
		for _, person := range people {
			options = append(options, kit.Option{Value: person.ID, Label: person.Name()})
		}
	}
	slices.SortFunc(options, func(a, b kit.Option) int { return strings.Compare(a.Label, b.Label) })
	return options, nil
}
