package catalog

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/pages"
)

// What a function gets where its declaration says nothing else.
const (
	usualMemory  = 512 // MiB
	usualTimeout = 15 * time.Second
)

// Granularity says how the endpoints are spread over functions.
type Granularity string

// The granularities.
const (
	// ByEndpoint makes one function an endpoint.
	ByEndpoint Granularity = "endpoint"
	// ByDomain makes one function a domain.
	ByDomain Granularity = "domain"
)

// Route is a method and path of the API gateway; Method "ANY" stands for all. A path is written as in
// "/api/v1/orgs/{org_id}"; "$default" takes what no other route does.
type Route struct{ Method, Path string }

// Function is one function as the cloud runs it: its name is what the program is started with, the rest says what
// calls it and what it needs. Exactly one of Routes, Queue, Feed, DeadLetters, Every and Command is set.
type Function struct {
	// Name is the function's name everywhere: an endpoint's ("cases.create"), a domain's ("cases"), a worker's.
	Name string
	// Summary says in a line what it does.
	Summary string
	// Routes are those of the API that it serves.
	Routes []Route
	// Queue is the one that it works off.
	Queue string
	// Feed is set for the worker of the core table's change feed.
	Feed bool
	// DeadLetters is set for the worker that all queues' dead-letter queues call.
	DeadLetters bool
	// Every is how often a schedule calls it.
	Every time.Duration
	// Command is set for what only the people who run the installation call, by hand.
	Command bool
	// Secret is set for what makes or checks sealed things: sessions, links, cursors, addresses for answers.
	Secret bool
	Grants grant.Grants
	// Memory is in MiB.
	Memory  int
	Timeout time.Duration
}

// Domain is the first part of the function's name: functions of a domain are deployed together.
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
		all = byEndpoint(endpoints)
	case ByDomain:
		all = byDomain(endpoints)
	default:
		return nil, fmt.Errorf("catalog: the granularity %q is not known: want %q or %q", granularity, ByEndpoint, ByDomain)
	}
	all = append(all, api(), portal(endpoints))
	all = append(all, background()...)
	for i := range all {
		all[i].Memory, all[i].Timeout = max(all[i].Memory, usualMemory), max(all[i].Timeout, usualTimeout)
	}
	return all, nil
}

func routeOf(about endpoint.About) Route { return Route{about.Method, endpoint.Prefix + about.Path} }

func byEndpoint(endpoints []endpoint.Endpoint) []Function {
	functions := make([]Function, 0, len(endpoints))
	for _, e := range endpoints {
		if strings.HasPrefix(e.Name, "downloads.") {
			continue // there the file store serves its own links
		}
		functions = append(functions, Function{
			Name: e.Name, Summary: e.Summary, Routes: []Route{routeOf(e.About)}, Secret: true, Grants: e.Grants(), Memory: e.Memory, Timeout: e.Timeout,
		})
	}
	return functions
}

func byDomain(endpoints []endpoint.Endpoint) []Function {
	var functions []Function
	for _, one := range byEndpoint(endpoints) {
		at := slices.IndexFunc(functions, func(f Function) bool { return f.Name == one.Domain() })
		if at < 0 {
			at = len(functions)
			functions = append(functions, Function{Name: one.Domain(), Summary: "All endpoints of " + one.Domain(), Secret: true})
		}
		domain := &functions[at]
		domain.Routes = append(domain.Routes, one.Routes...)
		domain.Grants = grant.Union(domain.Grants, one.Grants)
		domain.Memory, domain.Timeout = max(domain.Memory, one.Memory), max(domain.Timeout, one.Timeout)
	}
	return functions
}

// The names of the functions that are no endpoints.
const (
	APIName    = "api"
	PortalName = "pages"
)

// api is the function for all that belongs to the API and is no endpoint: its document, whether it stands, and the
// answer to calls of what is not there.
func api() Function {
	return Function{
		Name: APIName, Summary: "The API's document, its health, and the answer to unknown paths",
		Routes: []Route{
			{http.MethodGet, endpoint.Prefix + "/openapi.json"}, {http.MethodGet, "/docs"}, {http.MethodGet, "/healthz"},
			{"ANY", "/api/{unknown+}"},
		},
		Grants: grant.On(grant.Core, grant.Get),
	}
}

// portal is the function of the portal's pages. It needs what the endpoints need that its pages stand for.
func portal(endpoints []endpoint.Endpoint) Function {
	function := Function{Name: PortalName, Summary: "The portal's pages", Routes: []Route{{"ANY", "$default"}}, Secret: true, Memory: 1024, Timeout: 29 * time.Second}
	names := pages.StandsFor()
	for _, e := range endpoints {
		if slices.Contains(names, e.Name) {
			function.Grants = grant.Union(function.Grants, e.Grants())
		}
	}
	// Pages take no API tokens, so they note no use of one.
	function.Grants = function.Grants.Without(grant.On(grant.Derived, grant.BatchPut))
	return function
}
