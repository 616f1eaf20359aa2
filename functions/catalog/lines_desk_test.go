package catalog_test

import (
	"context"
	"strings"

	"github.com/tenantry/tenantry/shared/support/desk"
)

// otherDays returns settings that are other ones each time: the same again would change nothing.
func otherDays(i *installation) object {
	i.days = i.days%desk.MaxDays + 1
	return object{"solved_days": i.days}
}

// deskLines returns the lines of the endpoints whose names begin with "desk.".
func deskLines() map[string]line {
	return map[string]line{
		"desk.get_msp": {
			path:    ofMSP("/desk"),
			allowed: "msp admin,msp write,msp helpdesk,msp read",
			hidden:  mspOutsiders,
		},
		"desk.change_msp": {
			path:    ofMSP("/desk"),
			body:    otherDays,
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"desk.get_platform": {path: fixed("/platform/desk"), allowed: operators},
		"desk.change_platform": {
			path:    fixed("/platform/desk"),
			body:    otherDays,
			allowed: operators,
		},
		"desk.get":          {path: ofOrg("/desk"), allowed: caseSeers, hidden: foreigners},
		"desk.list_answers": {path: ofOrg("/answers"), allowed: caseAgents, hidden: foreigners},
		"desk.list_answers_msp": {
			path:    ofMSP("/answers"),
			allowed: "msp admin,msp write,msp helpdesk,msp read",
			hidden:  mspOutsiders,
		},
		"desk.create_answer_msp": {
			path:    ofMSP("/answers"),
			body:    with(object{"name": "Greeting", "text": "Hello"}),
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"desk.change_answer_msp": {
			path:    answer(theMSP, "/msps/{}"),
			body:    with(object{"text": "Bye"}),
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"desk.delete_answer_msp": {
			path:    answer(theMSP, "/msps/{}"),
			allowed: "operator,msp admin",
			hidden:  mspOutsiders,
		},
		"desk.list_answers_platform": {path: fixed("/platform/answers"), allowed: operators},
		"desk.create_answer_platform": {
			path:    fixed("/platform/answers"),
			body:    with(object{"name": "Greeting", "text": "Hello"}),
			allowed: operators,
		},
		"desk.change_answer_platform": {
			path:    answer(noMSP, "/platform"),
			body:    with(object{"text": "Bye"}),
			allowed: operators,
		},
		"desk.delete_answer_platform": {path: answer(noMSP, "/platform"), allowed: operators},
	}
}

// answer creates a prepared answer for one call, of the MSP or of the platform.
func answer(mspID func(*installation) string, scope string) func(*installation) string {
	return func(i *installation) string {
		created, err := i.Desk.AddAnswer(context.Background(), i.people["operator"], mspID(i),
			desk.Answer{Name: unique(i), Text: "Hello"})
		check(i.t, err)
		return strings.ReplaceAll(scope, "{}", mspID(i)) + "/answers/" + created.ID
	}
}

func theMSP(i *installation) string { return i.msp.ID }

func noMSP(*installation) string { return "" }
