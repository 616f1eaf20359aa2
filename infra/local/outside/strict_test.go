package outside

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// says checks that a refused call says a text.
func (a answer) says(t testing.TB, text string) {
	t.Helper()
	if !strings.Contains(string(a.body), text) {
		t.Errorf("the answer does not say %q: %s", text, a.body)
	}
}

func TestWhatACallWouldIgnoreIsRefused(t *testing.T) {
	w := newWorld(t)
	org := "/orgs/" + w.orgID
	cases := org + "/cases"
	pending := text(w.customer.post(cases, object{"subject": "Pending", "description": "x"}).object(t), "id")
	solved := text(w.customer.post(cases, object{"subject": "Solved", "description": "x", "severity": 1}).object(t), "id")
	w.helpdesk.put(cases+"/"+pending, object{"status": "pending"})
	w.helpdesk.put(cases+"/"+solved, object{"status": "solved"})
	w.caughtUp(w.customer, cases)
	for query, field := range map[string]string{
		"serverity=1": "query.serverity", "severity=9": "severity", "type=ISSUE": "type", "status=archived": "list=archived",
		"status=deleted": "list=deleted", "status=all": "list=all", "list=none": "list", "state=odd": "status",
		"limit=5&limit=6": "query.limit", "sort=age": "sort",
	} {
		w.customer.call(400, "GET", cases+"?"+query, nil).says(t, field)
	}
	for query, want := range map[string][]string{
		"": {"Pending"}, "status=pending": {"Pending"}, "state=pending": {"Pending"}, "status=solved": {"Solved"},
		"list=closed": {"Solved"}, "list=open&status=solved": {}, "list=all": {"Pending", "Solved"}, "status=": {"Pending"},
		"severity=1&list=all": {"Solved"},
	} {
		got := subjectsOf(w.customer.get(cases + "?" + query).results(t))
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%q lists %v, want %v", query, got, want)
		}
	}
	// A report takes its filters as JSON, and refuses what it does not know.
	w.customer.call(400, "POST", org+"/reports", object{"serverity": 1}).says(t, "serverity")
	w.customer.call(400, "POST", org+"/reports?list=all", object{"severity": []int{1}}).says(t, "body")
	asked := w.customer.post(org+"/reports", object{"list": "all", "severity": []int{1}, "format": "plain"}).object(t)
	w.ended(w.customer, org+"/jobs/"+text(asked, "id"))
	link := text(w.customer.get(org+"/reports/"+text(asked, "id")).object(t), "content_url")
	if report := string(w.customer.send("GET", link, "", nil).body); !strings.Contains(report, "Solved") ||
		strings.Contains(report, "Pending") {
		t.Errorf("the report is %q", report)
	}
	w.customer.call(400, "POST", cases+"/"+solved+"/archive", object{"status": "open"}).says(t, "body")
	// The paths of other portals accept their parameters, also empty ones and false.
	for _, path := range []string{
		org + "/tickets?start=-1d&end=now&duration=&limit=False", org + "/tickets/count?distinct=type&limit=",
		org + "/logs?site_id=&admin_name=false&message=&sort=timestamp&start=-1d&duration=1d&limit=5&page=1",
	} {
		reader := w.customer
		if strings.Contains(path, "/logs") {
			reader = w.operator
		}
		reader.get(path)
	}
	w.customer.call(400, "GET", org+"/tickets?serverity=1", nil).says(t, "query.serverity")
	w.customer.call(400, "GET", org+"/tickets/count?type=ISSUE", nil).says(t, "type")
}

func TestACallThatIsSentTwiceTakesEffectOnce(t *testing.T) {
	w := newWorld(t)
	cases := "/orgs/" + w.orgID + "/cases"
	body := object{"subject": "No Wi-Fi", "description": "Since this morning"}
	w.customer.key = "first"
	first, second := w.customer.post(cases, body), w.customer.post(cases, body)
	if string(first.body) != string(second.body) || second.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("answered with %s, then with %s", first.body, second.body)
	}
	w.customer.call(409, "POST", cases, object{"subject": "No power", "description": "x"}).says(t, "another request")
	w.customer.key = "at the same time"
	answers := make([]answer, 5)
	var group sync.WaitGroup
	for i := range answers {
		group.Go(func() { answers[i] = w.customer.post(cases, object{"subject": "Twins", "description": "x"}) })
	}
	group.Wait()
	for _, one := range answers {
		if text(one.object(t), "id") != text(answers[0].object(t), "id") {
			t.Errorf("made %s and %s", one.body, answers[0].body)
		}
	}
	one := cases + "/" + text(first.object(t), "id")
	w.customer.key = "comment"
	for range 2 {
		got := w.customer.upload(one+"/comments", map[string]string{"comment": "See the log"},
			map[string][]byte{"ap.log": []byte("boot loop")})
		if got.status != 200 {
			t.Errorf("a comment: %d %s", got.status, got.body)
		}
	}
	w.customer.key = "failed"
	w.customer.call(400, "POST", cases, object{"subject": "", "description": "x"})
	w.customer.post(cases, object{"subject": "Put right", "description": "x"})
	w.customer.key = ""
	read := w.customer.get(one).object(t)
	if len(read["comments"].([]any)) != 1 || len(read["attachments"].([]any)) != 1 {
		t.Errorf("the comment was added more than once: %v", read)
	}
	got := subjectsOf(w.customer.get(cases).results(t))
	slices.Sort(got)
	if want := []string{"No Wi-Fi", "Put right", "Twins"}; !slices.Equal(got, want) {
		t.Errorf("there are %v, want %v", got, want)
	}
}

func TestACaseIsFoundByItsNumberAndHoweverItIsTyped(t *testing.T) {
	w := newWorld(t)
	cases := "/orgs/" + w.orgID + "/cases"
	named := w.customer.post(cases, object{"subject": "It’s the “Wi–Fi” in İstanbul…", "description": "x"}).object(t)
	number := jsonNumber(named["case_number"])
	w.customer.post(cases, object{"subject": "The same as case " + number, "description": "x"})
	w.helpdesk.put(cases+"/"+text(named, "id"), object{"status": "closed"})
	w.caughtUp(w.customer, cases)
	for _, phrase := range []string{number, "#" + number, "[Case " + number + "]", "case " + number} {
		for _, scope := range []string{cases, "/msps/" + w.mspID + "/cases"} {
			got := w.helpdesk.get(scope + "?search=" + url.QueryEscape(phrase)).results(t)
			if len(got) == 0 || text(got[0], "id") != text(named, "id") {
				t.Errorf("%s: %q finds first %v", scope, phrase, subjectsOf(got))
			}
		}
	}
	for _, phrase := range []string{"it's the", `"wi-fi"`, "ıstanbul...", "istanbul…", "It’s the “Wi–Fi” in"} {
		got := w.customer.get(cases + "?list=all&search=" + url.QueryEscape(phrase)).results(t)
		if len(got) != 1 || text(got[0], "id") != text(named, "id") {
			t.Errorf("%q finds %v", phrase, subjectsOf(got))
		}
	}
	for _, bad := range []object{
		{"subject": "\u200b\u2060", "description": "x"}, {"subject": "x", "description": "\u3164\u00ad"},
		{"subject": "x", "description": "invoice\u202efdp.exe"}, {"subject": "invoice\u202efdp.exe", "description": "x"},
	} {
		w.customer.call(400, "POST", cases, bad)
	}
	w.customer.call(400, "POST", cases+"/"+text(named, "id")+"/comments", object{"comment": "\u200d"})
}

func TestInvitingAnAdministratorToLessIsRefused(t *testing.T) {
	w := newWorld(t)
	org := "/orgs/" + w.orgID
	invite := func(role string) object {
		return object{"email": customerEmail, "privileges": []object{{"role": role}}}
	}
	w.operator.call(409, "POST", org+"/invites", invite("read")).says(t, "PUT "+org+"/admins/")
	w.operator.post(org+"/invites", invite("admin"))
}

func TestNotesHideNothingAndMergedCasesShowAll(t *testing.T) {
	w := newWorld(t)
	cases := "/orgs/" + w.orgID + "/cases"
	create := func(subject string) (id, path string) {
		id = text(w.customer.post(cases, object{"subject": subject, "description": "About " + subject}).object(t), "id")
		return id, cases + "/" + id
	}
	_, noted := create("Noted")
	w.helpdesk.post(noted+"/comments", object{"comment": "The answer"})
	before := w.customer.get(noted).object(t)
	for n := range 101 {
		w.helpdesk.post(noted+"/comments", object{"comment": fmt.Sprintf("Note %d", n), "internal": true})
	}
	after := w.customer.get(noted).object(t)
	if comments := after["comments"].([]any); len(comments) != 1 || after["more_comments"] != nil {
		t.Errorf("the customer sees %d comments", len(comments))
	}
	if after["revision"] != before["revision"] || after["updated_at"] != before["updated_at"] {
		t.Errorf("revision %v became %v, %v became %v",
			before["revision"], after["revision"], before["updated_at"], after["updated_at"])
	}
	w.customer.put(noted, object{"subject": "Noted still", "revision": before["revision"]})
	ticket := w.helpdesk.get(strings.Replace(noted, "/cases/", "/tickets/", 1)).object(t)
	if comments := ticket["comments"].([]any); len(comments) != 103 ||
		text(comments[1].(object), "comment") != "The answer" {
		t.Errorf("the ticket has %d comments", len(comments))
	}

	x, pathX := create("X")
	y, pathY := create("Y")
	z, pathZ := create("Z")
	w.customer.upload(pathX+"/comments", map[string]string{"comment": "It blinks"},
		map[string][]byte{"ap.log": []byte("boot loop")})
	w.helpdesk.post(pathX+"/links", object{"case_id": z, "kind": "related"})
	w.helpdesk.post(pathX+"/links", object{"case_id": y, "kind": "duplicates"})
	w.helpdesk.post(pathX+"/merge", object{"case_id": y})
	survivor, other := w.customer.get(pathY).object(t), w.customer.get(pathZ).object(t)
	if got := linked(survivor); !slices.Equal(got, []string{"merged " + x, "related " + z}) {
		t.Errorf("the survivor has the links %v", got)
	}
	if got := linked(other); !slices.Equal(got, []string{"related " + y}) {
		t.Errorf("the other end has the links %v", got)
	}
	merged := survivor["merged_cases"].([]any)[0].(object)
	comment, file := merged["comments"].([]any)[0].(object), merged["attachments"].([]any)[0].(object)
	if text(merged, "case_id") != x || text(merged, "description") != "About X" || text(comment, "comment") != "It blinks" {
		t.Errorf("the merged case is shown as %v", merged)
	}
	link := text(w.customer.get(pathX+"/attachments/"+text(file, "id")).object(t), "content_url")
	if got := w.customer.send("GET", link, "", nil); string(got.body) != "boot loop" {
		t.Errorf("the file of the merged case: %d %s", got.status, got.body)
	}
	w.settled() // a hundred notes have notices under way
}

// linked returns the links of a case as kind and id.
func linked(c object) []string {
	links := []string{}
	if all, ok := c["links"].([]any); ok {
		for _, one := range all {
			links = append(links, text(one.(object), "kind")+" "+text(one.(object), "case_id"))
		}
	}
	slices.Sort(links)
	return links
}
