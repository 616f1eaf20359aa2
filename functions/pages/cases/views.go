package cases

import (
	"net/url"

	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/identity/preference"
	"github.com/tenantry/tenantry/shared/support"
)

// savedViews are the links to the reader's saved views; change leads to the page that renames or deletes
// the one that the list shows, and is "" if it shows none.
type savedViews struct {
	tabs   []kit.Tab
	change string
}

// views returns the saved views that this list can show.
func (l list) views(f *kit.Frame) savedViews {
	var shown savedViews
	here := kit.ViewPath(l.path, kit.ViewAt(l.address(nil), nil))
	for _, view := range f.Reader.Preferences.CaseViews {
		if !l.canShow(view) {
			continue
		}
		tab := kit.Tab{Label: view.Name, Path: kit.ViewPath(l.path, view)}
		if tab.Path == here && shown.change == "" {
			tab.Current = true
			shown.change = "/account/views?view=" + url.QueryEscape(view.Name) + "&back=" + url.QueryEscape(here)
		}
		shown.tabs = append(shown.tabs, tab)
	}
	return shown
}

// canShow reports whether the reader finds here what the view selects by: only lists of several
// organizations have an organization, and only agents have queues.
func (l list) canShow(view preference.View) bool {
	_, org := view.Parameters["org_id"]
	_, assignee := view.Parameters["assignee"]
	_, due := view.Parameters["due"]
	deleted := view.Parameters["list"] == string(support.DeletedList)
	return (!org || l.orgs != nil) && (!assignee && !due || l.agent) && (!deleted || l.mayDelete)
}
