// Package unwatch contains the page that ends the watching of a case, which a mail links to. It needs no
// log-in.
package unwatch

import (
	"net/url"
	"strconv"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/support/notification"
)

// Pages are the dependencies of the pages.
type Pages struct {
	Notifications *notification.Service
}

// path is the path of the page and of its form.
const path = "/unwatch"

// Routes returns the page and the target of its form.
func (p Pages) Routes() []kit.Route {
	const area = "satisfaction"
	return []kit.Route{
		{Pattern: "GET " + path, Area: area, Like: "cases.unwatch", Handle: p.form},
		{Pattern: "POST " + path, Area: area, Like: "cases.unwatch", Sealed: true, Handle: p.end},
	}
}

// watched is the case of a link.
type watched struct{ token, number string }

func (w watched) action() string { return path + "?token=" + url.QueryEscape(w.token) }

// form asks whether to stop. Opening the link changes nothing, because mail filters open links too.
func (p Pages) form(v *kit.Visit) error {
	token := v.Query("token")
	number, err := p.Notifications.Watched(token)
	if err != nil {
		return err
	}
	shown := watched{token, strconv.FormatInt(number, 10)}
	return v.Show(formPage(v.Frame(v.T("Stop watching case %s?", shown.number)), shown))
}

// end ends the watching, for the form and for mail programs, which send no more than the address
// (RFC 8058). They follow no redirect, so the answer is the page itself.
func (p Pages) end(v *kit.Visit) error {
	token := v.Query("token")
	number, err := p.Notifications.Watched(token)
	if err != nil {
		return err
	}
	if err := p.Notifications.Unwatch(v.Context(), token, endpoint.Source(v.Context())); err != nil {
		return err
	}
	shown := watched{token, strconv.FormatInt(number, 10)}
	return v.Show(donePage(v.Frame(v.T("You no longer watch case %s", shown.number))))
}
