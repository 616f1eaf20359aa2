// Package kit is what the portal's pages are made of: how a page is declared and served (session, rate
// limits, CSRF, forms that take effect once, errors), the shell around every page, and the
// components that pages are composed of. It knows no domain of the product: the pages themselves
// are in the folders beside it.
package kit

import (
	"fmt"
	"net/http"

	"github.com/klauspost/compress/gzhttp"

	"github.com/tenantry/tenantry/functions/endpoint"
)

// Kit serves pages.
type Kit struct {
	settings  endpoint.Settings
	gate      *endpoint.Gate
	endpoints map[string]endpoint.About
	assets    assets
	menu      Menu
	brands    Brands
}

// New returns a kit. The settings and endpoints are those of the API, with which the pages share
// rate limits, names in the logs and access rules.
func New(settings endpoint.Settings, endpoints []endpoint.Endpoint, menu Menu, brands Brands) *Kit {
	k := &Kit{
		settings: settings, gate: endpoint.NewGate(settings), assets: loadAssets(), menu: menu, brands: brands,
		endpoints: make(map[string]endpoint.About, len(endpoints)),
	}
	for _, e := range endpoints {
		k.endpoints[e.Name] = e.About
	}
	return k
}

// Handler serves the routes, and answers all other paths with a page that says so. It identifies the caller of an
// unknown path only if sessions is set.
func (k *Kit) Handler(routes []Route, sessions bool) http.Handler {
	mux := http.NewServeMux()
	for _, route := range routes {
		mux.Handle(route.Pattern, k.serve(route))
	}
	access := endpoint.Public
	if sessions {
		access = endpoint.Optional
	}
	mux.Handle("/", k.serve(Route{Pattern: "/", Name: unknownName, Access: access, Handle: unknown}))
	for path, asset := range k.assets.files {
		mux.Handle("GET "+path, asset)
	}
	return k.gate.Outer(compressed(mux), k.broken)
}

// compressFrom is the size in bytes from which answers are compressed.
const compressFrom = 2 << 10

// compressed compresses answers for browsers that take it.
func compressed(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(compressFrom), gzhttp.EnableZstd(false))
	if err != nil {
		panic("pages: compression: " + err.Error()) // an error in the options
	}
	return wrap(next)
}

// unknownName is the name of the answer to unknown paths, in the logs.
const unknownName = "pages.unknown"

// Route is a page, or the target of one of its forms.
type Route struct {
	// Pattern is the method and the path, as http.ServeMux takes them.
	Pattern string
	// Area is the name of the area that the page belongs to.
	Area string
	// Like is the name of the endpoint whose work the page does; the page has its access level, its
	// rate limits and its rights. Also lists further endpoints whose work the page does.
	Like string
	Also []string
	// Name and Access declare a page that does no endpoint's work. A page with a form must have the
	// access level of the form's target, because the form's token depends on the caller.
	Name   string
	Access endpoint.Access
	// Upload is set if the handler reads the form and checks its CSRF token itself.
	Upload bool
	// Sealed is set if the address has a sealed token that alone says who may do what: mail programs post
	// to it without having seen the form, so the form's token is not checked, and the body is not read.
	Sealed bool
	// Session is set if the response starts or ends a session: such a form may take effect twice,
	// and its cookies are not stored.
	Session bool
	// First is set for the page of the first start, to which all others lead while there is no
	// operator, and which is gone afterwards.
	First bool
	// Poll is set for a part of a page that the script fetches again and again.
	Poll   bool
	Handle func(*Visit) error
}

// declaration returns the declaration of the endpoint that the route stands in for, or the route's own.
func (k *Kit) declaration(route Route) endpoint.About {
	if route.Like == "" {
		return endpoint.About{Name: route.Name, Access: route.Access}
	}
	about, ok := k.endpoints[route.Like]
	if !ok {
		panic(fmt.Sprintf("pages: there is no endpoint %q", route.Like)) // an error in a table of routes
	}
	return about
}
