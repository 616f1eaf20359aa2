package outside

import (
	"bytes"
	"encoding/json"
	"testing"
)

// TestAScriptForTicketsRunsAsItStands works with tickets as scripts written for other portals do.
func TestAScriptForTicketsRunsAsItStands(t *testing.T) {
	w := newWorld(t)
	tickets := "/orgs/" + w.orgID + "/tickets"
	list := func(path string) []object {
		t.Helper()
		var read []object
		if err := json.Unmarshal(w.customer.get(path).body, &read); err != nil {
			t.Fatal(err)
		}
		return read
	}
	if got := list(tickets); len(got) != 0 {
		t.Errorf("there are tickets already: %v", got)
	}
	created := w.customer.post(tickets, object{"subject": "AP-12 offline", "type": "critical",
		"comment": "It blinks red."}).
		object(t)
	one := tickets + "/" + text(created, "id")
	w.customer.post(tickets, object{"subject": "How do I add a site?", "type": "question", "comment": "Please tell."})
	read := w.customer.get(one).object(t)
	first := read["comments"].([]any)[0].(object)
	if text(read, "type") != "critical" || text(read, "status") != "open" ||
		text(first, "comment") != "It blinks red." ||
		text(first, "author") != "Carlo Conti" {
		t.Errorf("the ticket is %v", read)
	}
	if got := list(tickets + "?duration=1d&limit=1&page=2"); len(got) != 1 ||
		text(got[0], "subject") != "AP-12 offline" {
		t.Errorf("the second page: %v", got)
	}
	if got := w.customer.get(tickets + "?start=-1h&end=now&limit=1"); got.header.Get("X-Page-Total") != "2" ||
		got.header.Get("X-Page-Limit") != "1" {
		t.Errorf("the headers: %v", got.header)
	}

	w.customer.post(one+"/comments", object{"comment": "It is still red."})
	got := w.customer.upload(one+"/comments", map[string]string{"comment": `"A \"quoted\" word,\nand a file."`},
		map[string][]byte{"ap.log": []byte("boot loop")})
	if got.status != 200 {
		t.Errorf("a comment with a file: %d %s", got.status, got.body)
	}
	got = w.customer.upload(one+"/attachments", nil, map[string][]byte{"config.txt": []byte("channel 6")})
	if got.status != 200 {
		t.Errorf("a file: %d %s", got.status, got.body)
	}
	read = w.customer.get(one).object(t)
	comments, files := read["comments"].([]any), read["attachments"].([]any)
	if len(comments) != 3 || text(comments[2].(object), "comment") != "A \"quoted\" word,\nand a file." ||
		len(files) != 2 {
		t.Errorf("comments %v, attachments %v", comments, files)
	}
	link := text(w.customer.get(one+"/attachments/"+text(files[0].(object), "id")).object(t), "content_url")
	if got := newClient(t, w.installation).send("GET", link, "", nil); got.status != 200 ||
		!bytes.Equal(got.body, []byte("boot loop")) {
		t.Errorf("the file: %d %s", got.status, got.body)
	}

	if got := w.customer.put(one, object{"status": "solved"}).object(t); text(got, "status") != "solved" {
		t.Errorf("solved: %v", got)
	}
	for path, want := range map[string]map[string]float64{
		tickets + "/count?distinct=status&duration=1w":           {"open": 1, "solved": 1},
		tickets + "/count?distinct=type":                         {"critical": 1, "question": 1},
		tickets + "/count?distinct=type&status=solved":           {"critical": 1},
		"/msps/" + w.mspID + "/tickets/count?distinct=org_id":    {w.orgID: 2},
		"/msps/" + w.mspID + "/tickets/count?type=question":      {"open": 1},
		"/msps/" + w.mspID + "/tickets/count?start=-2w&end=-10m": {},
	} {
		caller, distinct := w.customer, ""
		if path[:5] == "/msps" {
			caller = w.helpdesk
		}
		answered := caller.get(path).object(t)
		distinct = text(answered, "distinct")
		got := map[string]float64{}
		for _, one := range answered["results"].([]any) {
			got[text(one.(object), distinct)] = one.(object)["count"].(float64)
		}
		if len(got) != len(want) {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
		for value, count := range want {
			if got[value] != count {
				t.Errorf("%s: %v, want %v", path, got, want)
			}
		}
	}
	// The tickets are the cases.
	if got := w.customer.get("/orgs/" + w.orgID + "/cases?list=closed").
		results(t); len(got) != 1 || text(got[0], "id") != text(created, "id") ||
		got[0]["severity"] != 1.0 {
		t.Errorf("the case of the ticket: %v", got)
	}
	for _, wrong := range []string{"?duration=yesterday", "?start=x", "?start=now&end=-1d", "?limit=0", "?page=0"} {
		w.customer.call(400, "GET", tickets+wrong, nil)
	}
	w.customer.call(400, "PUT", one, object{"status": "lost"})
	w.customer.call(403, "PUT", one, object{"status": "pending"}) // for agents
	foreign := w.foreigner()
	for _, path := range []string{tickets, one, tickets + "/count",
		one + "/attachments/" + text(files[0].(object), "id"), "/msps/" + w.mspID + "/tickets",
		"/msps/" + w.mspID + "/tickets/count"} {
		foreign.call(404, "GET", path, nil)
	}
	foreign.call(404, "POST", tickets, object{"subject": "a", "comment": "b"})
	foreign.call(404, "PUT", one, object{"status": "solved"})
	foreign.call(404, "POST", one+"/comments", object{"comment": "b"})
}
