package pages

import (
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/identity"
)

// menu is the navigation of all places, in the order that it is shown in.
func menu() kit.Menu {
	const msp, org = identity.MSPScope, identity.OrgScope
	return kit.Menu{
		{Scope: msp, Label: "Cases", Path: "/cases", Icon: "life-buoy", Needs: identity.SeeCases},
		{Scope: org, Label: "Cases", Path: "/cases", Icon: "life-buoy", Needs: identity.SeeCases},
	}
}
