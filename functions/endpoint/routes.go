package endpoint

import (
	"net/http"
	"slices"
	"strings"
)

// Routes are the methods that the paths of an API have. They are made of all endpoints, also where
// a function serves only one of them, so that every function says the same of a path.
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

// Lacks reports whether a path is one of the API's that does not have the method, and gives the
// methods that it has. Of several paths that fit, the one counts that names more of its segments:
// "cases/count" is not a case.
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

// before reports whether a path is named more exactly than another one that fits the same request.
func (p routedPath) before(other routedPath) bool {
	for i := range p.segments {
		if variable(p.segments[i]) != variable(other.segments[i]) {
			return !variable(p.segments[i])
		}
	}
	return false
}
