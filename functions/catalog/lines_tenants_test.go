package catalog_test

// mspLines returns the lines of the endpoints whose names begin with "msps.".
func mspLines() map[string]line {
	newName := func(i *installation) object { return object{"name": "Name " + unique(i)} }
	return map[string]line{
		"msps.create": {path: fixed("/msps"), body: newName, allowed: operators},
		"msps.list":   {path: fixed("/msps"), allowed: everybody},
		"msps.get":    {path: ofMSP(""), allowed: mspSeers, hidden: mspOutsiders},
		"msps.change": {
			path:    ofMSP(""),
			body:    newName,
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"msps.create_org": {
			path:    ofMSP("/orgs"),
			body:    newName,
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"msps.list_orgs": {path: ofMSP("/orgs"), allowed: mspSeers, hidden: mspOutsiders},
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
