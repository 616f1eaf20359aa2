package catalog_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/spreadsheet"
	"github.com/tenantry/tenantry/shared/tenant"
)

// mspLines returns the lines of the endpoints whose names begin with "msps.".
func mspLines() map[string]line {
	newName := func(i *installation) object { return object{"name": "Name " + unique(i)} }
	return map[string]line{
		"msps.create": {path: fixed("/msps"), body: func(i *installation) object {
			return object{"name": "Name " + unique(i), "admin": object{"email": unique(i) + "@msp.example"}}
		}, allowed: operators},
		"msps.list": {path: fixed("/msps"), allowed: everybody},
		"msps.get":  {path: ofMSP(""), allowed: mspSeers, hidden: mspOutsiders},
		"msps.change": {
			path:    ofMSP(""),
			body:    newName,
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"msps.delete": {path: func(i *installation) string {
			msp, err := i.Tenants.NewMSP(context.Background(), i.people["operator"], tenant.MSPChange{Name: new(unique(i))})
			check(i.t, err)
			return "/msps/" + msp.ID
		}, allowed: operators, hidden: others},
		"msps.get_logo": {
			path: branded, allowed: mspSeers + ",org admin,org write,org helpdesk,org read,org installer",
			hidden: foreigners + ",support",
		},
		"msps.change_logo": {path: advanced("/logo"), body: func(i *installation) object {
			return object{"logo_url": i.pictures}
		}, allowed: "operator,msp admin", hidden: mspOutsiders},
		"msps.delete_logo": {path: branded, allowed: "operator,msp admin", hidden: mspOutsiders},
		"msps.create_org": {
			path:    ofMSP("/orgs"),
			body:    newName,
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"msps.list_orgs":      {path: ofMSP("/orgs"), allowed: mspSeers, hidden: mspOutsiders},
		"msps.search_orgs":    {path: ofMSP("/orgs/search"), allowed: mspSeers, hidden: mspOutsiders},
		"msps.list_org_stats": {path: ofMSP("/stats/orgs"), allowed: mspSeers, hidden: mspOutsiders},
		"msps.search":         {path: ofMSP("/search?type=orgs&q=rialto"), allowed: mspSeers, hidden: mspOutsiders},
		"msps.get_org":        {path: orgOfMSP, allowed: mspSeers, hidden: mspOutsiders},
		"msps.change_org": {path: orgOfMSP, body: with(object{"session_expiry": 60}),
			allowed: "operator,msp admin,msp write", hidden: mspOutsiders},
		"msps.list_labels":       {path: ofMSP("/orggroups"), allowed: mspSeers, hidden: mspOutsiders},
		"msps.get_label":         {path: newLabel, allowed: mspSeers, hidden: mspOutsiders},
		"msps.list_deleted_orgs": {path: ofMSP("/orgs/deleted"), allowed: mspSeers, hidden: mspOutsiders},
		"msps.assign_orgs": {path: func(i *installation) string {
			i.moved = labelledOrg(i)
			return "/msps/" + i.moved.MSPID + "/orgs"
		}, body: func(i *installation) object {
			return object{"op": "unassign", "org_ids": []string{i.moved.ID}}
		}, allowed: operators, hidden: others},
		"msps.create_label": {
			path: ofMSP("/orggroups"), body: newName, allowed: "operator,msp admin", hidden: mspOutsiders,
		},
		"msps.change_label": {path: newLabelled, body: func(i *installation) object {
			return object{"name": "Name " + unique(i), "org_ids": []string{}}
		}, allowed: "operator,msp admin", hidden: mspOutsiders},
		"msps.delete_label": {path: newLabelled, allowed: "operator,msp admin", hidden: mspOutsiders},
		"msps.change_orgs": {
			path: ofMSP("/orgs/bulk"), body: labelOrgs, allowed: "operator,msp admin", hidden: mspOutsiders,
		},
		"msps.preview_orgs": {
			path: ofMSP("/orgs/bulk/preview"), body: labelOrgs, allowed: "operator,msp admin", hidden: mspOutsiders,
		},
		"msps.list_cases": {
			path:    ofMSP("/cases"),
			allowed: "msp admin,msp write,msp helpdesk,msp read",
			hidden:  mspOutsiders,
		},
		"msps.count_cases": {
			path:    ofMSP("/cases/count"),
			allowed: "msp admin,msp write,msp helpdesk,msp read",
			hidden:  mspOutsiders,
		},
		"msps.count_open_cases": {
			path:    ofMSP("/cases/open"),
			allowed: "msp admin,msp write,msp helpdesk,msp read",
			hidden:  mspOutsiders,
		},
		"msps.count_matching_cases": {
			path:    ofMSP("/cases/bulk?action=close"),
			allowed: "msp admin,msp write,msp helpdesk",
			hidden:  mspOutsiders,
		},
		"msps.change_cases": {
			path:    ofMSP("/cases/bulk"),
			body:    bulkOf("archive"),
			allowed: "msp admin,msp write,msp helpdesk",
			hidden:  mspOutsiders,
		},
		"msps.list_logs": {
			path:    ofMSP("/logs"),
			allowed: "operator,msp admin,msp write,msp read",
			hidden:  mspOutsiders,
		},
		"msps.count_logs": {
			path:    ofMSP("/logs/count"),
			allowed: "operator,msp admin,msp write,msp read",
			hidden:  mspOutsiders,
		},
		"administrators.list_msp": {
			path:    ofMSP("/admins"),
			allowed: "operator,msp admin,msp read",
			hidden:  mspOutsiders,
		},
		"administrators.get_msp": {
			path:    stranger(msp, "/msps/{}"),
			allowed: "operator,msp admin,msp read",
			hidden:  mspOutsiders,
		},
		"administrators.change_msp": {
			path:    stranger(msp, "/msps/{}"),
			body:    role("helpdesk"),
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"administrators.delete_msp": {
			path:    stranger(msp, "/msps/{}"),
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"administrators.delete_sessions_msp": {
			path:    sessionsOf(stranger(msp, "/msps/{}")),
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"administrators.create_invite_msp": {
			path:    ofMSP("/invites"),
			body:    inviteBody("read"),
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"administrators.change_invite_msp": {
			path:    invitation(msp, "/msps/{}"),
			body:    with(object{"hours": 48}),
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"administrators.delete_invite_msp": {
			path:    invitation(msp, "/msps/{}"),
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
	}
}

// orgOfMSP is the path of the MSP's organization.
func orgOfMSP(i *installation) string { return "/msps/" + i.msp.ID + "/orgs/" + i.org.ID }

// advanced gives the MSP the advanced tier, and returns a path of it.
func advanced(path string) func(*installation) string {
	return func(i *installation) string {
		tier := tenant.AdvancedTier
		_, err := i.Tenants.ChangeMSP(context.Background(), i.people["operator"], i.msp.ID, tenant.MSPChange{Tier: &tier})
		check(i.t, err)
		return "/msps/" + i.msp.ID + path
	}
}

// branded gives the MSP a logo for one call, and returns the logo's path.
func branded(i *installation) string {
	path := advanced("/logo")(i)
	_, err := i.Logos.Change(context.Background(), i.people["operator"], i.msp.ID, squarePNG())
	check(i.t, err)
	return path
}

// squarePNG returns a picture that can be a logo.
func squarePNG() []byte {
	var out bytes.Buffer
	_ = png.Encode(&out, image.NewGray(image.Rect(0, 0, 48, 48))) // a buffer takes everything
	return out.Bytes()
}

// doomed creates an organization of the MSP with a label for one call, and returns its path.
func doomed(i *installation) string {
	name := "Label " + unique(i)
	label, err := i.Tenants.NewLabel(context.Background(), i.people["operator"], i.msp.ID, tenant.LabelChange{Name: &name})
	check(i.t, err)
	name, no := "Doomed "+unique(i), false
	org, err := i.Tenants.NewOrg(context.Background(), i.people["operator"], i.msp.ID,
		tenant.OrgChange{Name: &name, SupportAccess: &no, Labels: &[]string{label.ID}})
	check(i.t, err)
	return "/orgs/" + org.ID
}

// newLabel creates a label for one call, and returns its path.
func newLabel(i *installation) string { return labelOn(i) }

// newLabelled creates a label for one call, with an organization that has it, and returns its path.
func newLabelled(i *installation) string {
	org, err := i.Tenants.CreateOrg(context.Background(), i.people["operator"], i.msp.ID, "Labelled "+unique(i), false)
	check(i.t, err)
	return labelOn(i, org.ID)
}

// labelledOrg creates an organization of an MSP for one call, with a label.
func labelledOrg(i *installation) tenant.Org {
	operator, name := i.people["operator"], "Labelled "+unique(i)
	msp, err := i.Tenants.NewMSP(context.Background(), operator, tenant.MSPChange{Name: &name})
	check(i.t, err)
	org, err := i.Tenants.CreateOrg(context.Background(), operator, msp.ID, name, false)
	check(i.t, err)
	_, err = i.Tenants.NewLabel(context.Background(), operator, msp.ID,
		tenant.LabelChange{Name: &name, OrgIDs: &[]string{org.ID}})
	check(i.t, err)
	return org
}

func labelOn(i *installation, orgs ...string) string {
	name := "Label " + unique(i)
	label, err := i.Tenants.NewLabel(context.Background(), i.people["operator"], i.msp.ID,
		tenant.LabelChange{Name: &name, OrgIDs: &orgs})
	check(i.t, err)
	return "/msps/" + i.msp.ID + "/orggroups/" + label.ID
}

// labelOrgs is an action on the organizations of the MSP.
func labelOrgs(i *installation) object {
	id := newLabel(i)
	return object{"action": "label", "add": []string{id[strings.LastIndex(id, "/")+1:]}, "filter": object{"name": i.org.Name}}
}

// switchOrgs is an action on an organization of the installation.
func switchOrgs(i *installation) object {
	return object{"action": "pre_notifications", "enabled": true, "filter": object{"msp_id": i.msp.ID, "name": i.org.Name}}
}

// orgLines returns the lines of the endpoints whose names begin with "orgs.".
func orgLines() map[string]line {
	newName := func(i *installation) object { return object{"name": "Name " + unique(i)} }
	return map[string]line{
		"orgs.create": {path: fixed("/orgs"), body: newName, allowed: operators},
		"orgs.list":   {path: fixed("/orgs"), allowed: everybody},
		"orgs.get":    {path: ofOrg(""), allowed: orgSeers, hidden: foreigners},
		"orgs.change": {
			path:    ofOrg(""),
			body:    newName,
			allowed: "operator,msp admin,msp write,org admin",
			hidden:  foreigners,
		},
		"orgs.get_stats":   {path: ofOrg("/stats"), allowed: orgSeers, hidden: foreigners},
		"orgs.get_setting": {path: ofOrg("/setting"), allowed: orgSeers, hidden: foreigners},
		"orgs.change_setting": {
			path:    ofOrg("/setting"),
			body:    with(object{"ap_updown_threshold": 10, "contact": object{"name": "Ana Novak"}}),
			allowed: "operator,msp admin,msp write,org admin",
			hidden:  foreigners,
		},
		"orgs.delete": {path: doomed, allowed: "operator,msp admin", hidden: mspOutsiders},
		"orgs.restore": {path: func(i *installation) string {
			path := doomed(i)
			_, err := i.Life.Delete(context.Background(), i.people["operator"], strings.TrimPrefix(path, "/orgs/"))
			check(i.t, err)
			return path + "/restore"
		}, allowed: "operator,msp admin", hidden: mspOutsiders},
		"orgs.clone": {path: ofOrg("/clone"), body: newName, allowed: "operator,msp admin", hidden: foreigners},
		"orgs.change_msp": {
			path:    func(i *installation) string { return "/orgs/" + labelledOrg(i).ID + "/msp" },
			body:    with(object{"msp_id": ""}),
			allowed: operators, hidden: others,
		},
		"orgs.get_usage": {path: ofOrg("/usage"), allowed: orgSeers, hidden: foreigners},
		"orgs.change_limits": {
			path: ofOrg("/limits"),
			body: func(*installation) object {
				return object{"storage_limit_in_bytes": 1 << 40, "storage_daily_limit_in_bytes": 1 << 40}
			},
			allowed: operators,
			hidden:  foreigners,
		},
		"orgs.list_consents": {path: ofOrg("/consents"), allowed: orgSeers, hidden: foreigners},
		"orgs.change_consent": {
			path: ofOrg("/consents/support_access/msp"),
			body: with(object{"granted": true}),
			// Nobody may with a token, as the walk calls: see TestConsentsAreChangedByPeopleWhoLoggedIn.
		},
		"orgs.create_consent_request": {
			path:    withoutConsents("/consents/requests"),
			body:    with(object{"kind": "support_access", "grantee": "operator", "reason": "To bring a site in."}),
			allowed: "operator",
			hidden:  others,
		},
		"orgs.list_logs": {
			path:    ofOrg("/logs"),
			allowed: "operator,msp admin,msp write,msp read,org admin,org write,org read",
			hidden:  foreigners,
		},
		"orgs.count_logs": {
			path:    ofOrg("/logs/count"),
			allowed: "operator,msp admin,msp write,msp read,org admin,org write,org read",
			hidden:  foreigners,
		},
		"orgs.search_logs": {
			path:    ofOrg("/logs/search"),
			allowed: "operator,msp admin,msp write,msp read,org admin,org write,org read",
			hidden:  foreigners,
		},
		"administrators.list_org": {
			path:    ofOrg("/admins"),
			allowed: "operator,msp admin,msp read,org admin,org read",
			hidden:  foreigners,
		},
		"administrators.get_org": {
			path:    stranger(org, "/orgs/{}"),
			allowed: "operator,msp admin,msp read,org admin,org read",
			hidden:  foreigners,
		},
		"administrators.change_org": {
			path:    stranger(org, "/orgs/{}"),
			body:    role("helpdesk"),
			allowed: "operator,msp admin,org admin",
			hidden:  foreigners,
		},
		"administrators.delete_org": {
			path:    stranger(org, "/orgs/{}"),
			allowed: "operator,msp admin,org admin",
			hidden:  foreigners,
		},
		"administrators.delete_sessions_org": {
			path:    sessionsOf(stranger(org, "/orgs/{}")),
			allowed: "operator,msp admin,org admin",
			hidden:  foreigners,
		},
		"administrators.create_invite_org": {
			path:    ofOrg("/invites"),
			body:    inviteBody("read"),
			allowed: "operator,msp admin,org admin",
			hidden:  foreigners,
		},
		"administrators.change_invite_org": {
			path:    invitation(org, "/orgs/{}"),
			body:    with(object{"hours": 48}),
			allowed: "operator,msp admin,org admin",
			hidden:  foreigners,
		},
		"administrators.delete_invite_org": {
			path:    invitation(org, "/orgs/{}"),
			allowed: "operator,msp admin,org admin",
			hidden:  foreigners,
		},
	}
}

// exportLines returns the lines of the endpoints whose names begin with "exports.".
func exportLines() map[string]line {
	orgs := with(object{"what": "orgs", "separator": ";"})
	return map[string]line{
		"exports.create_msp":      {path: ofMSP("/exports"), body: orgs, allowed: mspSeers, hidden: mspOutsiders},
		"exports.get_msp":         {path: exportOfMSP, allowed: "operator", hidden: mspOutsiders + "," + mspMembers},
		"exports.create_platform": {path: fixed("/platform/exports"), body: orgs, allowed: operators},
		"exports.get_platform":    {path: exportOfPlatform, allowed: operators},
	}
}

// mspMembers are the people of the MSP, in all roles.
const mspMembers = "msp admin,msp write,msp helpdesk,msp read,msp installer"

// exportOfMSP writes an export of the MSP by the operator, who alone gets it. A consent that an organization
// withheld in the same second would have the file refused.
func exportOfMSP(i *installation) string {
	time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(time.Second)))
	return "/msps/" + i.msp.ID + exportOf(i, i.msp.ID)
}

func exportOfPlatform(i *installation) string { return "/platform" + exportOf(i, "") }

func exportOf(i *installation, mspID string) string {
	created, err := i.Exports.Create(context.Background(), i.people["operator"], mspID, spreadsheet.Format{})
	check(i.t, err)
	i.runJob(created.ID)
	return "/exports/" + created.ID
}
