package catalog

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

// Granularity is how endpoints are distributed over functions.
type Granularity string

// The granularities.
const (
	// ByEndpoint makes one function for each endpoint.
	ByEndpoint Granularity = "endpoint"
	// ByRights makes one function for all endpoints of a domain with the same grants, memory and
	// timeout: fewer functions, each with exactly the rights of its endpoints.
	ByRights Granularity = "rights"
	// ByDomain makes one function for each domain, with the rights of all its endpoints.
	ByDomain Granularity = "domain"
)

// Granularities lists them, the default first.
func Granularities() []Granularity { return []Granularity{ByEndpoint, ByRights, ByDomain} }

func byEndpoint(endpoints []endpoint.Endpoint) []Function {
	functions := make([]Function, 0, len(endpoints))
	for _, e := range endpoints {
		if strings.HasPrefix(e.Name, "downloads.") {
			continue // on AWS the file store serves its own links
		}
		functions = append(functions, Function{
			Name:    e.Name,
			Summary: e.Summary,
			Routes:  []Route{{Method: e.Method, Path: endpoint.Prefix + e.Path, Owner: e.Name, Former: e.Former}},
			Secret:  true,
			Grants:  grant.Union(e.Grants()),
			Memory:  e.Memory,
			Timeout: e.Timeout,
		})
	}
	return functions
}

func byDomain(endpoints []endpoint.Endpoint) []Function {
	functions := merged(byEndpoint(endpoints), Function.Domain)
	for i := range functions {
		functions[i].Summary = "All endpoints of " + functions[i].Name
	}
	return functions
}

func byRights(endpoints []endpoint.Endpoint) []Function {
	functions := merged(byEndpoint(endpoints), rightsName)
	for i, f := range functions {
		if len(f.Routes) == 1 {
			functions[i].Name = f.Routes[0].Owner
			continue
		}
		functions[i].Summary = "Endpoints with the same rights: " + ownersOf(f)
	}
	return functions
}

// ownersOf lists the endpoints of a function, as many as fit into a function's description, which
// AWS Lambda limits to 256 characters.
func ownersOf(f Function) string {
	const room = 200
	list := f.Routes[0].Owner
	for i, route := range f.Routes[1:] {
		if len(list)+len(route.Owner) > room {
			return fmt.Sprintf("%s and %d more", list, len(f.Routes)-1-i)
		}
		list += ", " + route.Owner
	}
	return list
}

// merged merges functions with the same name: each result has the routes and grants of all its
// parts, and the largest memory and timeout.
func merged(parts []Function, name func(Function) string) []Function {
	var functions []Function
	for _, part := range parts {
		at := slices.IndexFunc(functions, func(f Function) bool { return f.Name == name(part) })
		if at < 0 {
			part.Name = name(part)
			functions = append(functions, part)
			continue
		}
		whole := &functions[at]
		whole.Routes = append(whole.Routes, part.Routes...)
		whole.Grants = grant.Union(whole.Grants, part.Grants)
		whole.Memory, whole.Timeout = max(whole.Memory, part.Memory), max(whole.Timeout, part.Timeout)
	}
	return functions
}

// rightsName returns the name of the function that serves all endpoints of a domain with the same
// rights. It depends on the rights only, so it stays the same when endpoints come and go.
func rightsName(f Function) string {
	memory, timeout := max(f.Memory, usualMemory), max(f.Timeout, usualTimeout)
	digest := sha256.Sum256(fmt.Append(nil, f.Grants, memory, timeout))
	return f.Domain() + ".rights_" + strings.ToLower(base32.StdEncoding.EncodeToString(digest[:])[:7])
}

// ServedBy lists the endpoints that a function of any granularity serves.
func ServedBy(function string, endpoints []endpoint.Endpoint) []endpoint.Endpoint {
	owners := map[string]bool{}
	for _, one := range byEndpoint(endpoints) {
		if one.Name == function || one.Domain() == function || rightsName(one) == function {
			owners[one.Name] = true
		}
	}
	var served []endpoint.Endpoint
	for _, e := range endpoints {
		if owners[e.Name] {
			served = append(served, e)
		}
	}
	return served
}
