package pages

import "slices"

// satisfactionArea is the area without sessions.
const satisfactionArea = "satisfaction"

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
			Name: "home", Summary: "The portal's first page and search, its style sheet, and the answer to unknown paths",
			Paths: []string{"$default"},
		},
		{
			Name: "account",
			Summary: "The portal's pages for the first start, logging in and out, forgotten passwords, invitations and a person's " +
				"own sessions",
			Paths: []string{
				"/setup", "/login", "/login/{path+}", "/logout", "/recover", "/verify/{path+}", "/account", "/account/{path+}",
			},
		},
		{
			Name: "cases", Summary: "The portal's pages of cases",
			Paths: []string{
				"/orgs/{org_id}/cases", "/orgs/{org_id}/cases/{path+}", "/orgs/{org_id}/mail_addresses/{path+}",
				"/orgs/{org_id}/reports", "/orgs/{org_id}/reports/{path+}",
				"/platform/cases", "/platform/cases/{path+}", "/platform/reports", "/platform/reports/{path+}",
				"/msps/{msp_id}/cases", "/msps/{msp_id}/cases/{path+}",
				"/msps/{msp_id}/reports", "/msps/{msp_id}/reports/{path+}",
			},
		},
		{
			Name: "people", Summary: "The portal's pages of the people of a place, and their invitations",
			Paths: everywhere("/admins", "/admins/{path+}", "/invites/{path+}"),
		},
		{
			Name: "logs", Summary: "The portal's pages of the audit log",
			Paths: append(everywhere("/logs", "/logs.csv"), "/account/logs"),
		},
		{Name: "jobs", Summary: "The portal's pages of jobs", Paths: everywhere("/jobs", "/jobs/{path+}")},
		{
			Name: "desk", Summary: "The portal's pages of a provider's desk: lists, service levels and prepared answers",
			Paths: provided("/desk", "/desk/{path+}", "/answers", "/answers/{path+}"),
		},
		{
			Name: "quarantine", Summary: "The portal's pages of quarantined mails and blocked senders",
			Paths: behind("/platform", []string{"/quarantine", "/quarantine/{path+}", "/blocked", "/blocked/{path+}"}),
		},
		{
			Name: "health", Summary: "The portal's pages of the platform's health: queues, dead letters, and the search index",
			Paths: behind("/platform", []string{
				"/health", "/health/{path+}", "/dead_letters", "/dead_letters/{path+}", "/index", "/index/{path+}",
				"/verification",
			}),
		},
		{
			Name: "tenants", Summary: "The portal's pages of the platform, MSPs and organizations themselves",
			Paths: []string{
				"/platform", "/platform/tiers", "/platform/exports", "/platform/exports/{path+}", "/platform/orgs/{path+}",
				"/platform/profiles", "/platform/profiles.csv", "/platform/profiles/{path+}",
				"/platform/bastion", "/platform/bastion/{path+}",
				"/msps", "/msps/{path+}", "/orgs", "/orgs/{path+}",
			},
		},
		{
			Name: satisfactionArea,
			Summary: "The portal's pages that mails link to and that need no log-in: the satisfaction survey, and no " +
				"longer watching a case",
			Paths: []string{"/satisfaction", "/unwatch"},
		},
	}
}

// everywhere returns the paths behind that of the platform, an MSP and an organization.
func everywhere(paths ...string) []string {
	return append(provided(paths...), behind("/orgs/{org_id}", paths)...)
}

// provided returns the paths behind that of the platform and an MSP.
func provided(paths ...string) []string {
	return append(behind("/platform", paths), behind("/msps/{msp_id}", paths)...)
}

func behind(place string, paths []string) []string {
	all := make([]string, len(paths))
	for i, path := range paths {
		all[i] = place + path
	}
	return all
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
