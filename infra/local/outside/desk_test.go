package outside

import (
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// secondAgent is another agent of the helpdesk.
func (w *world) secondAgent() *client {
	w.t.Helper()
	return w.invited("/msps/"+w.mspID, "henri@adria.example.com", "helpdesk", "Henri", "Hoxha")
}

// linksOf returns the links of a case, by the id of the other case.
func linksOf(kase object) map[string]string {
	kinds := map[string]string{}
	links, _ := kase["links"].([]any)
	for _, link := range links {
		kinds[text(link.(object), "case_id")] = text(link.(object), "kind")
	}
	return kinds
}

func TestCasesAreMergedSplitAndLinked(t *testing.T) {
	w := newWorld(t)
	cases := "/orgs/" + w.orgID + "/cases"
	doubled, receipt := w.opened("The lobby has no Wi-Fi")
	goesOn, _ := w.opened("No Wi-Fi in the lobby!")
	idOf := func(path string) string { return path[strings.LastIndex(path, "/")+1:] }

	w.customer.call(403, "POST", doubled+"/merge", object{"case_id": idOf(goesOn)})
	merged := w.helpdesk.post(doubled+"/merge", object{"case_id": idOf(goesOn)}).object(t)
	if text(merged, "status") != "closed" || text(merged["merged_into"].(object), "case_id") != idOf(goesOn) {
		t.Errorf("the merged case is %v", merged)
	}
	if got := w.helpdesk.get(goesOn).object(t); linksOf(got)[idOf(doubled)] != "merged" ||
		len(got["comments"].([]any)) != 1 {
		t.Errorf("the case that goes on is %v", got)
	}
	w.helpdesk.post(doubled+"/merge", object{"case_id": idOf(goesOn)}) // the second time changes nothing
	w.helpdesk.call(400, "POST", goesOn+"/merge", object{"case_id": idOf(doubled)})
	w.helpdesk.call(400, "POST", goesOn+"/merge", object{"case_id": idOf(goesOn)})
	// A reply to a mail about the merged case arrives in the other.
	w.send(customerEmail, receipt.replyTo(t),
		simple(customerEmail, receipt.replyTo(t), "after-merge", "Re: Wi-Fi", "And the bar has none either."))
	comments := w.comments(goesOn, 2)
	if got := text(comments[1], "comment"); got != "And the bar has none either." {
		t.Errorf("the comment by mail is %q", got)
	}

	split := w.helpdesk.post(goesOn+"/split",
		object{"comment_id": text(comments[1], "id"), "subject": "The bar has no Wi-Fi"}).
		object(t)
	other := cases + "/" + text(split, "id")
	if got := w.customer.get(other).object(t); text(got, "description") != "And the bar has none either." ||
		linksOf(got)[idOf(goesOn)] != "split_from" ||
		text(got, "requester_email") != customerEmail {
		t.Errorf("the case that was split off is %v", got)
	}
	note := w.helpdesk.post(goesOn+"/comments", object{"comment": "Rack 4, port 12", "internal": true}).object(t)
	w.helpdesk.call(400, "POST", goesOn+"/split", object{"comment_id": text(note, "id"), "subject": "x"})
	w.customer.call(403, "POST", goesOn+"/split", object{"comment_id": text(comments[1], "id"), "subject": "x"})

	third, _ := w.opened("The switch is old")
	w.customer.post(third+"/links", object{"case_id": idOf(goesOn), "kind": "parent"})
	if linksOf(w.customer.get(third).object(t))[idOf(goesOn)] != "parent" ||
		linksOf(w.customer.get(goesOn).object(t))[idOf(third)] != "child" {
		t.Error("the link is not on both cases")
	}
	w.customer.call(200, "DELETE", third+"/links/"+idOf(goesOn), nil)
	if got := linksOf(w.customer.get(goesOn).object(t)); got[idOf(third)] != "" {
		t.Errorf("the link is still there: %v", got)
	}
	w.customer.call(400, "POST", third+"/links", object{"case_id": idOf(third), "kind": "related"})
	w.customer.call(400, "POST", third+"/links", object{"case_id": idOf(goesOn), "kind": "cousin"})

	foreign := w.foreigner()
	for _, call := range []struct {
		path string
		body object
	}{
		{"/merge", object{"case_id": idOf(goesOn)}},
		{"/split", object{"comment_id": text(comments[1], "id"), "subject": "x"}},
		{"/links", object{"case_id": idOf(goesOn), "kind": "related"}}, {"/archive", nil}, {"/unarchive", nil},
		{"/restore", nil},
	} {
		foreign.call(404, "POST", third+call.path, call.body)
	}
	foreign.call(404, "DELETE", third+"/links/"+idOf(goesOn), nil)
	foreign.call(404, "DELETE", third+"?confirmation=DELETE", nil)
}

func TestAgentsWorkWithNotesPreparedAnswersAndOnTheSameCaseAtOnce(t *testing.T) {
	w := newWorld(t)
	path, _ := w.opened("The lobby has no Wi-Fi")
	second := w.secondAgent()

	t.Run("what is internal is invisible to the tenant", func(t *testing.T) {
		w.helpdesk.post(path+"/comments", object{"comment": "Their switch again", "internal": true})
		got := w.helpdesk.upload(path+"/comments", map[string]string{"comment": "A capture", "internal": "true"},
			map[string][]byte{"secret-capture.pcap": []byte("x")})
		if got.status != 200 {
			t.Fatalf("a note with a file: %d %s", got.status, got.body)
		}
		file := w.helpdesk.get(path).object(t)["attachments"].([]any)[0].(object)
		w.helpdesk.put(path, object{"status": "pending", "return_at": time.Now().Add(time.Hour).Unix()})
		for _, where := range []string{path, path + "/comments", "/orgs/" + w.orgID + "/cases?state=pending",
			"/orgs/" + w.orgID + "/cases", "/orgs/" + w.orgID + "/tickets/" + path[strings.LastIndex(path, "/")+1:],
			"/self/cases"} {
			for _, hidden := range []string{"Their switch again", "capture", helpdeskEmail, "return_at",
				"service_level"} {
				if got := string(w.customer.get(where).body); strings.Contains(got, hidden) {
					t.Errorf("the customer sees %q at %s: %s", hidden, where, got)
				}
			}
		}
		w.customer.call(404, "GET", path+"/attachments/"+text(file, "id"), nil)
		w.customer.call(403, "POST", path+"/comments", object{"comment": "x", "internal": true})
		w.caughtUp(w.customer, "/orgs/"+w.orgID+"/cases")
		if got := w.customer.get("/orgs/" + w.orgID + "/cases?search=switch+again").results(t); len(got) != 0 {
			t.Errorf("the note is found by the customer: %v", got)
		}
		w.helpdesk.put(path, object{"status": "open"})
	})

	t.Run("of two concurrent changes of a case, one gets the current state back", func(t *testing.T) {
		before := w.helpdesk.get(path).object(t)["revision"]
		answers := make([]answer, 2)
		var both sync.WaitGroup
		for n, agent := range []*client{w.helpdesk, second} {
			both.Go(func() {
				body := strings.NewReader(
					`{"severity":` + string(rune('1'+n)) + `,"revision":` + jsonNumber(before) + `}`)
				answers[n] = agent.send("PUT", "/api/v1"+path, "application/json", body)
			})
		}
		both.Wait()
		now := w.helpdesk.get(path).object(t)
		won, lost := answers[0], answers[1]
		if won.status != 200 {
			won, lost = lost, won
		}
		if won.status != 200 || lost.status != 409 || lost.object(t)["revision"] != now["revision"] ||
			won.object(t)["severity"] != now["severity"] {
			t.Errorf("one: %d %s, the other: %d %s; now %v", won.status, won.body, lost.status, lost.body, now)
		}
		// Without a revision both succeed.
		for n, agent := range []*client{w.helpdesk, second} {
			both.Go(
				func() { answers[n] = agent.upload(path+"/comments", map[string]string{"comment": "At once."}, nil) })
		}
		both.Wait()
		if answers[0].status != 200 || answers[1].status != 200 {
			t.Errorf("two comments at once: %s, %s", answers[0].body, answers[1].body)
		}
	})

	t.Run("a prepared answer is filled in", func(t *testing.T) {
		answers := "/msps/" + w.mspID + "/answers"
		w.helpdesk.call(403, "POST", answers, object{"name": "x", "text": "y"})
		created := w.operator.post(answers, object{"name": "Greeting",
			"text": "Hello {{requester}}, about case {{case_number}} ({{subject}}): {{agent}} of {{organization}} " +
				"{{nonsense}}"}).
			object(t)
		if got := w.helpdesk.get("/orgs/" + w.orgID + "/answers"); !strings.Contains(string(got.body), "Greeting") {
			t.Errorf("the answers are %s", got.body)
		}
		w.customer.call(403, "GET", "/orgs/"+w.orgID+"/answers", nil)
		number := jsonNumber(w.helpdesk.get(path).object(t)["case_number"])
		comment := w.helpdesk.post(path+"/comments", object{"answer_id": text(created, "id"), "status": "pending"}).
			object(t)
		got, want := text(comment, "comment"), "Hello Carlo Conti, about case "+number+
			" (The lobby has no Wi-Fi): Hanna Horvat of Rialto Hotels"
		if !strings.HasPrefix(got, want) {
			t.Errorf("the answer is %q, want %q", got, want)
		}
		if got := text(w.helpdesk.get(path).object(t), "status"); got != "pending" {
			t.Errorf("with the answer the case became %s", got)
		}
		changed := w.operator.put(answers+"/"+text(created, "id"),
			object{"text": "Bye", "revision": created["revision"]}).
			object(t)
		stale := w.operator.call(409, "PUT", answers+"/"+text(created, "id"),
			object{"text": "Hm", "revision": created["revision"]}).
			object(t)
		if stale["revision"] != changed["revision"] {
			t.Errorf("the response has %v, want the revision %v", stale, changed["revision"])
		}
		w.operator.call(200, "DELETE", answers+"/"+text(created, "id"), nil)
		w.helpdesk.call(400, "POST", path+"/comments", object{"answer_id": text(created, "id")})
	})

	t.Run("a value that cases use is retired, not removed", func(t *testing.T) {
		desk := "/msps/" + w.mspID + "/desk"
		w.helpdesk.call(403, "PUT", desk, object{"solved_days": 1})
		w.operator.put(desk,
			object{"components": []object{{"value": "access point"}, {"value": "switch", "label": "Switch"}}})
		w.customer.put(path, object{"component": "switch"})
		w.customer.call(400, "PUT", path, object{"component": "toaster"})
		w.caughtUp(w.helpdesk, "/msps/"+w.mspID+"/cases") // whether cases use a value is determined by the search index
		w.operator.call(400, "PUT", desk, object{"components": []object{{"value": "access point"}}})
		setting := w.operator.put(desk, object{"components": []object{{"value": "access point"},
			{"value": "switch", "label": "Switch", "retired": true}}}).
			object(t)
		if got := text(w.customer.get(path).object(t), "component"); got != "switch" {
			t.Errorf("the case has %q now", got)
		}
		w.customer.call(400, "POST", "/orgs/"+w.orgID+"/cases",
			object{"subject": "a", "description": "b", "component": "switch"})
		w.operator.put(
			desk,
			object{"components": []object{{"value": "switch", "label": "Switch", "retired": true}}},
		) // nobody uses the other one
		w.operator.call(409, "PUT", desk, object{"solved_days": 3, "revision": setting["revision"]})
		if got := w.customer.get("/orgs/" + w.orgID + "/desk").object(t); len(got["components"].([]any)) != 1 {
			t.Errorf("the customer's lists: %v", got)
		}
	})

	foreign := w.foreigner()
	for _, hidden := range []string{"/msps/" + w.mspID + "/desk", "/orgs/" + w.orgID + "/desk",
		"/msps/" + w.mspID + "/answers", "/orgs/" + w.orgID + "/answers"} {
		foreign.call(404, "GET", hidden, nil)
	}
	foreign.call(404, "PUT", "/msps/"+w.mspID+"/desk", object{"solved_days": 1})
	foreign.call(404, "POST", "/msps/"+w.mspID+"/answers", object{"name": "x", "text": "y"})
}

// TestWhatIsDueHappensByItself waits for the clock: a case that comes back, and a service level
// that is warned of and breached. Meanwhile, the satisfaction question is answered.
func TestWhatIsDueHappensByItself(t *testing.T) {
	alongside(t)
	w := newWorld(t)
	desk := "/msps/" + w.mspID + "/desk"
	promised := func(minutes int) object {
		return object{
			"first_answer": object{"minutes": minutes, "warn_at_percent": 5},
			"solution":     object{"minutes": 100 * minutes},
		}
	}
	w.operator.put(desk, object{"ask_satisfaction": true, "service_level": object{
		"name":     "Gold",
		"calendar": object{"time_zone": "Europe/Zagreb", "always": true},
		"targets":  []object{promised(1), promised(1), promised(60), promised(60)},
	}})
	created := w.customer.post("/orgs/"+w.orgID+"/cases",
		object{"subject": "All is dark", "description": "x", "severity": 1}).object(t)
	urgent := "/orgs/" + w.orgID + "/cases/" + text(created, "id")
	promise := func() object {
		return w.helpdesk.get(urgent).object(t)["service_level"].(object)["first_answer"].(object)
	}
	began := w.helpdesk.get(urgent).object(t)["created_at"].(float64)
	if first := promise(); first["minutes"] != 1.0 || first["due_at"] != began+60 {
		t.Errorf("the target is %v for a case of %v", first, began)
	}

	path, _ := w.opened("The lobby has no Wi-Fi")
	w.helpdesk.call(400, "PUT", path,
		object{"return_at": time.Now().Add(time.Hour).Unix()}) // an open case waits for nothing
	w.helpdesk.call(400, "PUT", path, object{"status": "pending", "return_at": time.Now().Add(-time.Hour).Unix()})
	w.customer.call(403, "PUT", path, object{"status": "pending"})
	back := time.Now().Add(5 * time.Second).Unix()
	if got := w.helpdesk.put(path, object{"status": "pending", "return_at": back}).
		object(t); got["return_at"] != float64(back) ||
		got["service_level"].(object)["paused_at"] == nil {
		t.Errorf("the case that waits is %v", got)
	}
	eventually(t, "the case is open again",
		func() bool { return text(w.customer.get(path).object(t), "status") == "open" })
	if late := time.Now().Unix() - back; late < 0 {
		t.Errorf("the case came back %d seconds too early", -late)
	}
	if got := w.helpdesk.get(path).object(t); got["return_at"] != nil ||
		got["service_level"].(object)["paused_at"] != nil {
		t.Errorf("the case that came back is %v", got)
	}

	w.helpdesk.put(path, object{"status": "closed"})
	var question string
	eventually(t, "the customer gets the satisfaction question", func() bool {
		for _, one := range w.post.to(customerEmail) {
			if at := strings.Index(one.read.Text, "/satisfaction?token="); at >= 0 {
				question = strings.Fields(one.read.Text[at:])[0]
			}
		}
		return question != ""
	})
	stranger := newClient(t, w.installation)
	if page := stranger.send("GET", question, "", nil); page.status != 200 ||
		!strings.Contains(string(page.body), "The lobby has no Wi-Fi") {
		t.Errorf("the page of the question: %d %s", page.status, page.body)
	}
	token, err := url.QueryUnescape(strings.TrimPrefix(question, "/satisfaction?token="))
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []object{{"token": token, "score": 6}, {"token": token, "score": 0},
		{"token": token + "x", "score": 5}, {"score": 5}} {
		stranger.call(400, "POST", "/satisfaction", wrong)
	}
	stranger.post("/satisfaction", object{"token": token, "score": 2, "comment": "It took long."})
	stranger.post("/satisfaction",
		object{"token": token, "score": 4, "comment": "It works now."}) // an answer can be changed
	if got := w.helpdesk.get(path).object(t)["rating"].(object); got["score"] != 4.0 ||
		text(got, "comment") != "It works now." {
		t.Errorf("rated %v", got)
	}

	eventually(t, "the agents see the warning", func() bool { return promise()["warned_at"] != nil })
	within(t, time.Minute+patience, "the agents see the breach", func() bool { return promise()["breached_at"] != nil })
	if first := promise(); first["breached_at"].(float64) < began+60 {
		t.Errorf("breached too early: %v for a case of %v", first, began)
	}
	got := string(w.customer.get(urgent).body)
	if strings.Contains(got, "service_level") || strings.Contains(got, "breach") ||
		strings.Contains(got, "first_answer") {
		t.Errorf("the customer sees the service level: %s", got)
	}
	w.helpdesk.post(urgent+"/comments", object{"comment": "We are on our way."})
	if first := promise(); first["met_at"] == nil {
		t.Errorf("the service level after the answer: %v", first)
	}
}
