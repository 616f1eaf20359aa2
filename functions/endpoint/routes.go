package endpoint

import (
	"net/http"
	"slices"
	"strings"
)

// Routes are the methods of the paths of an API. They are built from all endpoints, also in a function
// that serves only one of them, so that every function answers alike for a path.
type Routes struct {
	paths []routedPath
}

// routedPath is a path, cut at its slashes, with its methods in order.
type routedPath struct {
	segments []string
	methods  []string
}

// RoutesOf returns the routes of endpoints.
func RoutesOf(endpoints []Endpoint) Routes {
	methods := map[string][]string{}
	for _, e := range endpoints {
		methods[Prefix+e.Path] = append(methods[Prefix+e.Path], e.Method)
	}
	var routes Routes
	for path, allowed := range methods {
		slices.Sort(allowed)
		routes.paths = append(routes.paths, routedPath{strings.Split(path, "/"), allowed})
	}
	return routes
}

// Lacks reports whether a path of the API lacks the method, and returns the methods that it has. If
// several paths match, the one with more literal segments applies: "cases/count" is not a case.
func (r Routes) Lacks(method, path string) (allowed []string, lacks bool) {
	segments := strings.Split(path, "/")
	var best routedPath
	for _, candidate := range r.paths {
		if candidate.fits(segments) && (best.segments == nil || candidate.before(best)) {
			best = candidate
		}
	}
	if best.segments == nil || slices.Contains(best.methods, method) {
		return nil, false
	}
	if method == http.MethodHead && slices.Contains(best.methods, http.MethodGet) {
		return nil, false
	}
	return best.methods, true
}

func variable(segment string) bool { return strings.HasPrefix(segment, "{") }

func (p routedPath) fits(segments []string) bool {
	if len(p.segments) != len(segments) {
		return false
	}
	for i, segment := range p.segments {
		if segment != segments[i] && (!variable(segment) || segments[i] == "") {
			return false
		}
	}
	return true
}

// before reports whether a path is more specific than another one that matches the same request.
func (p routedPath) before(other routedPath) bool {
	for i := range p.segments {
		if variable(p.segments[i]) != variable(other.segments[i]) {
			return !variable(p.segments[i])
		}
	}
	return false
}
