package pages

import "slices"

// The names of the areas.
const (
	homeArea         = "home"
	accountArea      = "account"
	casesArea        = "cases"
	satisfactionArea = "satisfaction"
)

// Area is a group of pages that need similar rights; in the cloud, each area is a function.
type Area struct {
	Name string
	// Summary says in a line what the pages are for.
	Summary string
	// Paths are the area's paths in the gateway's notation: "/login" is one path, "/orgs/{path+}"
	// matches everything below a path, and "$default" matches everything else.
	Paths []string
}

// Areas returns all areas. A page whose path matches no area belongs to the area with "$default".
func Areas() []Area {
	return []Area{
		{
			Name: homeArea, Summary: "The portal's first page, its style sheet, and the answer to unknown paths",
			Paths: []string{"$default"},
		},
		{
			Name:    accountArea,
			Summary: "The portal's pages for the first start, logging in and out, forgotten passwords, invitations and the own sessions",
			Paths:   []string{"/setup", "/login", "/logout", "/recover", "/verify/{path+}", "/account/{path+}"},
		},
		{
			Name: casesArea, Summary: "The portal's pages of cases",
			Paths: []string{"/orgs/{path+}", "/msps/{path+}"},
		},
		{
			Name:    satisfactionArea,
			Summary: "The portal's satisfaction survey",
			Paths:   []string{"/satisfaction"},
		},
	}
}

// StandsFor returns the endpoints whose work the area's pages do.
func (a Area) StandsFor() []string {
	var names []string
	for _, route := range allRoutes(Services{}) {
		if route.Area != a.Name {
			continue
		}
		if route.Like != "" {
			names = append(names, route.Like)
		}
		names = append(names, route.Also...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
