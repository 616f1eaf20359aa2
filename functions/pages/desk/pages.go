// Package desk contains the pages of a provider's support desk: the lists of values of the fields of
// cases, when cases close and who is told of new ones, hints for new cases, service levels, and
// prepared answers. They are
// those of the platform, for its direct customers, and of each MSP. The rules are in
// shared/support/desk.
package desk

import (
	"errors"
	"math"
	"strconv"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/functions/pages/scope"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Pages are the dependencies of the pages.
type Pages struct {
	Accounts *identity.Accounts
	Tenants  *tenant.Tenants
	Desk     *desk.Service
}

// Routes returns the pages and the targets of their forms.
func (p Pages) Routes() []kit.Route {
	var routes []kit.Route
	for _, s := range scope.Providers() { // an organization has the desk of its provider
		settings, answers := s.Path+"/desk", s.Path+"/answers"
		list, levels, answer := settings+"/lists/{list}", settings+"/service-levels", answers+"/{answer_id}"
		get, change := "desk.get_"+s.Name, "desk.change_"+s.Name
		listed, changed := "desk.list_answers_"+s.Name, "desk.change_answer_"+s.Name
		people := []string{"administrators.list_" + s.Name}
		routes = append(routes,
			kit.Route{Pattern: "GET " + settings, Like: get, Handle: p.lists},
			kit.Route{Pattern: "GET " + list, Like: get, Handle: p.list},
			kit.Route{Pattern: "POST " + list, Like: change, Handle: p.changeList},
			kit.Route{Pattern: "GET " + list + "/reset", Like: get, Handle: p.askReset},
			kit.Route{Pattern: "POST " + list + "/reset", Like: change, Handle: p.reset},
			kit.Route{Pattern: "GET " + settings + "/rules", Like: get, Also: people, Handle: p.rules},
			kit.Route{Pattern: "POST " + settings + "/rules", Like: change, Also: people, Handle: p.changeRules},
			kit.Route{Pattern: "GET " + settings + "/hints", Like: get, Handle: p.hints},
			kit.Route{Pattern: "POST " + settings + "/hints", Like: change, Handle: p.changeHints},
			kit.Route{Pattern: "GET " + levels, Like: get, Handle: p.levels},
			kit.Route{Pattern: "POST " + levels, Like: change, Handle: p.changeLevels},
			kit.Route{Pattern: "GET " + levels + "/delete", Like: get, Handle: p.askNoLevels},
			kit.Route{Pattern: "POST " + levels + "/delete", Like: change, Handle: p.noLevels},
			kit.Route{Pattern: "GET " + answers, Like: listed, Handle: p.answers},
			kit.Route{Pattern: "GET " + answers + "/new", Like: listed, Handle: p.newAnswerForm},
			kit.Route{Pattern: "POST " + answers + "/new", Like: "desk.create_answer_" + s.Name, Handle: p.newAnswer},
			kit.Route{Pattern: "GET " + answer, Like: listed, Handle: p.answer},
			kit.Route{Pattern: "POST " + answer, Like: changed, Handle: p.changeAnswer},
			kit.Route{Pattern: "GET " + answer + "/delete", Like: listed, Handle: p.askDelete},
			kit.Route{Pattern: "POST " + answer + "/delete", Like: "desk.delete_answer_" + s.Name, Handle: p.deleteAnswer},
		)
	}
	for i := range routes {
		routes[i].Area = "desk"
	}
	return routes
}

// provider is whose desk a page shows.
type provider struct {
	identity.Place
	// path is that of the provider's pages.
	path string
	// mayChange is set if the reader may change the desk.
	mayChange bool
}

func (p Pages) provider(v *kit.Visit) (provider, error) {
	place, err := scope.Find(v, p.Tenants)
	return provider{Place: place, path: kit.PlacePath(place), mayChange: v.May(identity.ChangeDesk, place)}, err
}

// setting reads the desk setting of the page's provider.
func (p Pages) setting(v *kit.Visit) (provider, desk.Setting, error) {
	at, err := p.provider(v)
	if err != nil {
		return provider{}, desk.Setting{}, err
	}
	setting, err := p.Desk.Setting(v.Context(), *v.By, at.MSPID)
	return at, setting, err
}

// revisionOf returns what a form carries to detect that somebody else changed the setting.
func revisionOf(setting desk.Setting) int64 {
	if setting.Revision == 0 {
		return desk.Unstored
	}
	return setting.Revision
}

// revision returns the revision that the form was made from; an impossible one if it was tampered
// with, because 0 would overwrite whatever is there.
func revision(v *kit.Visit) int64 {
	number, err := strconv.ParseInt(v.Line("revision"), 10, 64)
	if err != nil || number == 0 {
		return math.MaxInt64
	}
	return number
}

// overtaken reports whether a change was refused because somebody else changed the same.
func overtaken(err error) bool {
	problem, ok := errors.AsType[*fault.Error](err)
	return ok && problem.Present != 0
}

// number reads a whole number; -1, which is refused, if it is none.
func number(text string) int {
	read, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return read
}

func tabs(f *kit.Frame, at provider, current string) []kit.Tab {
	all := []kit.Tab{
		{Label: f.T("Lists"), Path: at.path + "/desk"},
		{Label: f.T("Closing and notices"), Path: at.path + "/desk/rules"},
		{Label: f.T("Hints"), Path: at.path + "/desk/hints"},
		{Label: f.T("Service levels"), Path: at.path + "/desk/service-levels"},
	}
	for i := range all {
		all[i].Current = all[i].Path == at.path+current
	}
	return all
}
