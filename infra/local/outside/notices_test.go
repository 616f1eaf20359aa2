package outside

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// administratorID returns the ID of a person at a scope.
func (w *world) administratorID(scope, email string) string {
	w.t.Helper()
	var people []object
	if err := json.Unmarshal(w.operator.get(scope+"/admins").body, &people); err != nil {
		w.t.Fatal(err)
	}
	for _, person := range people {
		if text(person, "email") == email {
			return text(person, "admin_id")
		}
	}
	w.t.Fatalf("%s is not at %s", email, scope)
	return ""
}

func TestTheCasesOfAnAgentWhoLeavesAreNotForgotten(t *testing.T) {
	w := newWorld(t)
	const leaver, chief = "henri@adria.example.com", "chiara@adria.example.com"
	w.secondAgent()
	w.invited("/msps/"+w.mspID, chief, "admin", "Chiara", "Conte")
	id := w.administratorID("/msps/"+w.mspID, leaver)
	path, receipt := w.opened("The lobby has no Wi-Fi")
	w.helpdesk.put(path, object{"assignee_id": id})
	w.operator.call(200, "DELETE", "/msps/"+w.mspID+"/admins/"+id, nil)

	// The open case is nobody's now, and whoever is in charge hears of it.
	eventually(t, "the case has no assignee", func() bool {
		cases := w.helpdesk.get("/msps/" + w.mspID + "/cases?assignee=none").results(t)
		return slices.ContainsFunc(cases, func(one object) bool { return strings.HasSuffix(path, text(one, "id")) })
	})
	w.post.await(t, chief, "of a case without an assignee", saying("needs an assignee"))
	w.send(customerEmail, receipt.replyTo(t),
		simple(customerEmail, receipt.replyTo(t), "any-news", "Re: Wi-Fi", "Any news of the lobby?"))
	w.post.await(t, chief, "of the customer's answer", saying("Any news of the lobby?"))
}

func TestChangesOfAFewSecondsAreOneMail(t *testing.T) {
	w := newWorld(t)
	path, _ := w.opened("The lobby has no Wi-Fi")
	w.settled()
	before := len(w.post.to(customerEmail))
	w.helpdesk.post(path+"/comments", object{"comment": "We look into it."})
	w.helpdesk.put(path, object{"severity": 1})
	w.helpdesk.put(path, object{"status": "pending"})
	w.helpdesk.post(path+"/comments", object{"comment": "Please restart the access point."})
	w.post.await(t, customerEmail, "of the second answer", saying("Please restart the access point."))
	w.settled()
	together, texts := 0, ""
	for _, mail := range w.post.to(customerEmail)[before:] {
		texts += mail.read.Text
		if saying("We look into it.")(mail) && saying("Please restart the access point.")(mail) {
			together++
		}
	}
	first, second := strings.Index(texts, "We look into it."), strings.Index(texts, "Please restart the access point.")
	if first < 0 || second < first || !strings.Contains(texts, "Status: was open → now pending") {
		t.Errorf("the mails say, in this order: %s", texts)
	}
	if together == 0 { // a machine that pauses for a minute may send several
		t.Errorf("no mail has both answers; %d mails came", len(w.post.to(customerEmail))-before)
	}
}

func TestAnAnswerThatReachesNobodySaysSo(t *testing.T) {
	w := newWorld(t)
	path, _ := w.opened("The lobby has no Wi-Fi")
	w.operator.call(200, "DELETE", "/orgs/"+w.orgID+"/admins/"+w.administratorID("/orgs/"+w.orgID, customerEmail), nil)
	comment := w.helpdesk.post(path+"/comments", object{"comment": "It is fixed."}).object(t)
	if warning := text(comment, "warning"); !strings.Contains(warning, "was not notified") {
		t.Errorf("the answer says %v", comment)
	}
}
