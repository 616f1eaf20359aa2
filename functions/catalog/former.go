package catalog

import "github.com/tenantry/tenantry/functions/endpoint"

// formerNames returns the endpoints that were renamed, with the names they had first. What is stored
// or deployed by a name keeps it: the audit entries of refusals, and the ids of routes.
func formerNames() map[string]string {
	return map[string]string{
		"accounts.get_self":                     "accounts.self",
		"accounts.list_self_logs":               "accounts.self_logs",
		"accounts.list_tokens":                  "accounts.tokens",
		"administrators.change_invite_msp":      "msps.change_invite",
		"administrators.change_invite_org":      "orgs.change_invite",
		"administrators.change_invite_platform": "platform.change_invite",
		"administrators.change_msp":             "msps.change_administrator",
		"administrators.change_org":             "orgs.change_administrator",
		"administrators.change_platform":        "platform.change_administrator",
		"administrators.create_invite_msp":      "msps.create_invite",
		"administrators.create_invite_org":      "orgs.create_invite",
		"administrators.create_invite_platform": "platform.create_invite",
		"administrators.delete_invite_msp":      "msps.revoke_invite",
		"administrators.delete_invite_org":      "orgs.revoke_invite",
		"administrators.delete_invite_platform": "platform.revoke_invite",
		"administrators.delete_msp":             "msps.remove_administrator",
		"administrators.delete_org":             "orgs.remove_administrator",
		"administrators.delete_platform":        "platform.remove_administrator",
		"administrators.get_msp":                "msps.administrator",
		"administrators.get_org":                "orgs.administrator",
		"administrators.list_msp":               "msps.administrators",
		"administrators.list_org":               "orgs.administrators",
		"administrators.list_platform":          "platform.administrators",
		"cases.change_many":                     "cases.bulk",
		"cases.list_comments":                   "cases.comments",
		"cases.list_own":                        "cases.own",
		"desk.change_answer_msp":                "desk.change_msp_answer",
		"desk.change_answer_platform":           "desk.change_platform_answer",
		"desk.create_answer_msp":                "desk.add_msp_answer",
		"desk.create_answer_platform":           "desk.add_platform_answer",
		"desk.delete_answer_msp":                "desk.remove_msp_answer",
		"desk.delete_answer_platform":           "desk.remove_platform_answer",
		"desk.list_answers":                     "desk.answers",
		"desk.list_answers_msp":                 "desk.msp_answers",
		"desk.list_answers_platform":            "desk.platform_answers",
		"msps.change_cases":                     "msps.bulk_cases",
		"msps.count_open_cases":                 "msps.open_cases",
		"msps.list_cases":                       "msps.cases",
		"msps.list_logs":                        "msps.logs",
		"msps.list_orgs":                        "msps.orgs",
		"orgs.list_logs":                        "orgs.logs",
		"platform.delete_mail":                  "platform.discard_mail",
		"platform.delete_message":               "platform.discard_message",
		"platform.get_index":                    "platform.index",
		"platform.get_mail":                     "platform.quarantined_mail",
		"platform.get_raw_mail":                 "platform.raw_mail",
		"platform.list_blocked":                 "platform.blocked",
		"platform.list_cases":                   "platform.cases",
		"platform.list_dead_letters":            "platform.dead_letters",
		"platform.list_logs":                    "platform.logs",
		"platform.list_quarantine":              "platform.quarantine",
		"platform.list_quarantine_reasons":      "platform.quarantine_reasons",
		"platform.list_queues":                  "platform.queues",
	}
}

// withFormerNames returns endpoints with the names that they had first.
func withFormerNames(endpoints []endpoint.Endpoint) []endpoint.Endpoint {
	former := formerNames()
	for i, e := range endpoints {
		endpoints[i].Former = former[e.Name]
	}
	return endpoints
}
