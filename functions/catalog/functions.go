package catalog

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/pages"
)

// The defaults of a function.
const (
	usualMemory  = 512 // MiB
	usualTimeout = 15 * time.Second
)

// Route is a method and path of the API gateway; Method "ANY" stands for all. A path is written as
// in "/api/v1/orgs/{org_id}"; "$default" matches what no other route does.
type Route struct {
	Method, Path string
	// Owner names the route, whichever function serves it: an endpoint's name, APIName or PortalName.
	Owner string
	// Former is the name that the endpoint had first, if it was renamed: ids are made of it.
	Former string
}

// Function is a function as the cloud runs it: the name with which the program is started, what
// calls it, and what it needs. Exactly one of Routes, Queue, Feed, DeadLetters, Every and Command
// is set.
type Function struct {
	// Name is the function's name everywhere: an endpoint's ("cases.create"), a domain's ("cases"),
	// a worker's.
	Name string
	// Summary says on one line what it does.
	Summary string
	// Routes are the API's routes that it serves.
	Routes []Route
	// Queue is the queue that it processes.
	Queue string
	// Feed is set for the worker of the core table's change feed.
	Feed bool
	// DeadLetters is set for the worker that the dead-letter queues of all queues call.
	DeadLetters bool
	// Every is how often a schedule calls it.
	Every time.Duration
	// Command is set for functions that only the operators of the installation call, by hand.
	Command bool
	// Secret is set for functions that make or check sealed data: sessions, links, cursors, reply
	// addresses.
	Secret bool
	Grants grant.Grants
	// Memory is in MiB.
	Memory  int
	Timeout time.Duration
}

// Domain is the first part of the function's name; functions of a domain are deployed together.
func (f Function) Domain() string {
	domain, _, _ := strings.Cut(f.Name, ".")
	return domain
}

// Functions lists all functions.
func Functions(granularity Granularity) ([]Function, error) {
	endpoints := Endpoints(Services{})
	var all []Function
	switch granularity {
	case ByEndpoint:
		all = append(byEndpoint(endpoints), portalAreas(endpoints)...)
	case ByRights:
		all = append(byRights(endpoints), portalAreas(endpoints)...)
	case ByDomain:
		all = append(byDomain(endpoints), portal(endpoints))
	default:
		return nil, fmt.Errorf("catalog: unknown granularity %q: use one of %v", granularity, Granularities())
	}
	all = append(all, api())
	all = append(all, background()...)
	for i := range all {
		all[i].Memory, all[i].Timeout = max(all[i].Memory, usualMemory), max(all[i].Timeout, usualTimeout)
	}
	return all, nil
}

// The names of the functions that are not endpoints.
const (
	APIName = "api"
	// PortalName is the function of all pages. With one function per area, its name is PortalName,
	// a dot, and the area's name.
	PortalName = "pages"
)

// api returns the function for everything that belongs to the API and is not an endpoint: its
// document, its health check, and the response to unknown paths.
func api() Function {
	route := func(method, path string) Route { return Route{Method: method, Path: path, Owner: APIName} }
	return Function{
		Name: APIName, Summary: "The API's document, its health, and the answer to unknown paths",
		Routes: []Route{
			route(http.MethodGet, endpoint.Prefix+"/openapi.json"), route(http.MethodGet, "/docs"),
			route(http.MethodGet, "/healthz"), route("ANY", "/api/{unknown+}"),
		},
		Grants: grant.On(grant.Core, grant.Get),
	}
}

// The memory and timeout of the portal's functions.
const (
	portalMemory  = 1024 // MiB
	portalTimeout = 29 * time.Second
)

// portal returns one function for all pages, with the rights of all of them.
func portal(endpoints []endpoint.Endpoint) Function {
	function := Function{
		Name: PortalName, Summary: "The portal's pages",
		Routes: []Route{{Method: "ANY", Path: "$default", Owner: PortalName}},
		Secret: true, Memory: portalMemory, Timeout: portalTimeout,
	}
	for _, area := range portalAreas(endpoints) {
		function.Grants = grant.Union(function.Grants, area.Grants)
	}
	return function
}

// portalAreas returns a function for each area of the pages, with the rights of the endpoints that
// its pages stand in for.
func portalAreas(endpoints []endpoint.Endpoint) []Function {
	grants := make(map[string]grant.Grants, len(endpoints))
	for _, e := range endpoints {
		grants[e.Name] = pageGrants(e.About)
	}
	var functions []Function
	for _, area := range pages.Areas() {
		function := Function{
			Name: PortalName + "." + area.Name, Summary: area.Summary, Secret: true,
			Memory: portalMemory, Timeout: portalTimeout,
		}
		for _, name := range area.StandsFor() {
			function.Grants = grant.Union(function.Grants, grants[name])
		}
		for _, path := range area.Paths {
			function.Routes = append(function.Routes, Route{Method: "ANY", Path: path, Owner: PortalName})
		}
		functions = append(functions, function)
	}
	return functions
}

// pageGrants returns the grants of a page that stands in for an endpoint.
func pageGrants(about endpoint.About) grant.Grants {
	// Whether there is an operator is read from core; see kit.Route.First.
	door := grant.Union(grant.On(grant.Derived, grant.Count), grant.On(grant.Core, grant.Get))
	if about.Access != endpoint.Public {
		door = grant.Union(door, grant.On(grant.Core, grant.BatchGet),
			grant.On(grant.Derived, grant.BatchGet, grant.BatchPut))
	}
	return grant.Union(door, about.HandlerGrants())
}
