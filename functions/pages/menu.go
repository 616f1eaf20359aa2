package pages

import (
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/identity"
)

// menu is the navigation of all places, in the order that it is shown in.
func menu() kit.Menu {
	const platform, msp, org = identity.PlatformScope, identity.MSPScope, identity.OrgScope
	return kit.Menu{
		{Scope: platform, Label: "Overview", Icon: "layout-dashboard", Needs: identity.SeeOrg, Direct: true},
		{
			Scope: platform, Label: "Cases", Path: "/cases", Queue: kit.MyCases, Icon: "life-buoy",
			Needs: identity.AnswerCases, Direct: true,
		},
		{Scope: platform, Label: "MSPs", Elsewhere: "/msps", Icon: "handshake", Needs: identity.RunPlatform},
		{Scope: platform, Label: "Direct customers", Elsewhere: "/orgs", Icon: "building-2", Needs: identity.RunPlatform},
		{Scope: platform, Label: "Jobs", Path: "/jobs", Icon: "list-checks", Needs: identity.RunPlatform},
		{
			Scope: platform, Group: "Support", Label: "Quarantine", Path: "/quarantine", Icon: "mail-warning",
			Needs: identity.RunPlatform,
		},
		{
			Scope: platform, Group: "Support", Label: "Blocked senders", Path: "/blocked", Icon: "lock",
			Needs: identity.RunPlatform,
		},
		{
			Scope: platform, Group: "Support", Label: "Prepared answers", Path: "/answers", Icon: "message-square",
			Needs: identity.ChangeDesk,
		},
		{
			Scope: platform, Group: "Support", Label: "Service levels", Path: "/desk/service-levels", Icon: "timer",
			Needs: identity.RunPlatform,
		},
		{Scope: platform, Group: "Support", Label: "Lists", Path: "/desk", Icon: "tag", Needs: identity.RunPlatform},
		{
			Scope: platform, Group: "Health", Label: "Queues", Path: "/health", Icon: "chart-column",
			Needs: identity.RunPlatform,
		},
		{
			Scope: platform, Group: "Health", Label: "Dead letters", Path: "/dead_letters", Icon: "inbox",
			Needs: identity.RunPlatform,
		},
		{Scope: platform, Group: "Health", Label: "Index", Path: "/index", Icon: "search", Needs: identity.RunPlatform},
		{
			Scope: platform, Group: "Administration", Label: "People", Path: "/admins", Icon: "users",
			Needs: identity.SeeAdministrators,
		},
		{
			Scope: platform, Group: "Administration", Label: "Operator profiles", Path: "/profiles", Icon: "settings",
			Needs: identity.RunPlatform,
		},
		{
			Scope: platform, Group: "Administration", Label: "Bastion", Path: "/bastion", Icon: "network",
			Needs: identity.RunPlatform,
		},
		{
			Scope: platform, Group: "Administration", Label: "Tiers", Path: "/tiers", Icon: "clipboard-list",
			Needs: identity.RunPlatform,
		},
		{
			Scope: platform, Group: "Administration", Label: "Feedback", Path: "/feedback", Icon: "message-square",
			Needs: identity.RunPlatform,
		},
		{
			Scope: platform, Group: "Administration", Label: "Audit log", Path: "/logs", Icon: "history",
			Needs: identity.RunPlatform,
		},

		{Scope: msp, Label: "Overview", Icon: "layout-dashboard", Needs: identity.ListOrgs},
		{Scope: msp, Label: "Organizations", Path: "/orgs", Icon: "building-2", Needs: identity.ListOrgs},
		{Scope: msp, Label: "Labels", Path: "/labels", Icon: "tag", Needs: identity.SeeMSP},
		{Scope: msp, Label: "Cases", Path: "/cases", Queue: kit.MyCases, Icon: "life-buoy", Needs: identity.ListCases},
		{Scope: msp, Label: "Jobs", Path: "/jobs", Icon: "list-checks", Needs: identity.SeeMSP},
		{
			Scope: msp, Group: "Support", Label: "Prepared answers", Path: "/answers", Icon: "message-square",
			Needs: identity.SeeCases,
		},
		{
			Scope: msp, Group: "Support", Label: "Service levels", Path: "/desk/service-levels", Icon: "timer",
			Needs: identity.SeeCases,
		},
		{Scope: msp, Group: "Support", Label: "Lists", Path: "/desk", Icon: "tag", Needs: identity.SeeCases},
		{Scope: msp, Group: "MSP", Label: "People", Path: "/admins", Icon: "users", Needs: identity.SeeAdministrators},
		{Scope: msp, Group: "MSP", Label: "Settings", Path: "/settings", Icon: "settings", Needs: identity.SeeMSP},
		{Scope: msp, Group: "MSP", Label: "Audit log", Path: "/logs", Icon: "history", Needs: identity.SeeAudit},

		{Scope: org, Label: "Overview", Icon: "layout-dashboard", Needs: identity.SeeOrg},
		{Scope: org, Label: "Cases", Path: "/cases", Icon: "life-buoy", Needs: identity.SeeCases},
		{Scope: org, Label: "Jobs", Path: "/jobs", Icon: "list-checks", Needs: identity.SeeCases},
		{
			Scope: org, Group: "Administration", Label: "People", Path: "/admins", Icon: "users",
			Needs: identity.SeeAdministrators,
		},
		{
			Scope: org, Group: "Administration", Label: "Consents", Path: "/consents", Icon: "shield-check",
			Needs: identity.SeeOrg,
		},
		{Scope: org, Group: "Administration", Label: "Settings", Path: "/settings", Icon: "settings", Needs: identity.SeeOrg},
		{Scope: org, Group: "Administration", Label: "Audit log", Path: "/logs", Icon: "history", Needs: identity.SeeAudit},
	}
}
