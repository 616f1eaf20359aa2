package outside

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// scripts are cases in several scripts, each with queries that find it: a part of a word, a phrase,
// other characters with the same meaning.
func scripts() map[string][]string {
	return map[string][]string{
		"Störung im Café „Zürich“":          {"stor", "STÖRUNG", "cafe", "störung im café", "zürich"},
		"La connexion à l'hôtel est coupée": {"hotel", "l'hôtel est", "COUPEE", "connexion a"},
		"Не работает сеть в гостинице":      {"РАБОТ", "сеть в", "гостиниц"},
		"東京ホテルのネットワーク障害":                    {"ホテル", "東京ホ", "障害"},
		"서울 호텔 네트워크 장애":                     {"호텔", "네트워"},
		"الشبكة لا تعمل في الفندق":          {"الشبكة", "فندق", "لا تعمل"},
		"โรงแรมในกรุงเทพ อินเทอร์เน็ตช้า":   {"กรุงเทพ", "อินเทอร์"},
		"Full width ＷＩＦＩ outage":            {"wifi", "full width wifi"},
	}
}

func TestCasesAreFoundByAnyPartOfWhatTheySay(t *testing.T) {
	w := newWorld(t)
	cases := "/orgs/" + w.orgID + "/cases"
	subjects := slices.Sorted(maps.Keys(scripts()))
	for n, subject := range subjects {
		w.customer.post(
			cases,
			object{
				"subject":     subject,
				"description": fmt.Sprintf("Seen in room %d0%d.", n, n),
				"severity":    1 + n%4,
				"environment": "all",
			},
		)
	}
	w.caughtUp(w.customer, cases)
	for subject, phrases := range scripts() {
		for _, phrase := range phrases {
			got := subjectsOf(w.customer.get(cases + "?search=" + url.QueryEscape(phrase)).results(t))
			if !slices.Equal(got, []string{subject}) {
				t.Errorf("the search %q finds %q, want %q", phrase, got, subject)
			}
		}
	}
	if got := w.customer.get(cases + "?search=room+303.").results(t); len(got) != 1 ||
		text(got[0], "subject") != subjects[3] {
		t.Errorf("a phrase of the description finds %v", subjectsOf(got))
	}
	if got := w.customer.get(cases + "?search=nobody+wrote+this").results(t); len(got) != 0 {
		t.Errorf("a text that no case contains finds %v", subjectsOf(got))
	}
	// The same over the MSP, for its agents.
	agents := "/msps/" + w.mspID + "/cases"
	w.caughtUp(w.helpdesk, agents)
	if got := w.helpdesk.get(agents + "?search=CAFE&org_id=" + w.orgID).results(t); len(got) != 1 {
		t.Errorf("the agents find %v", subjectsOf(got))
	}

	t.Run("a search that is empty or too large is refused", func(t *testing.T) {
		for what, phrase := range map[string]string{
			"one letter": "a", "spaces": "%20%20%20", "many spaces": "%C2%A0%E2%80%83",
			"very long": strings.Repeat("a", 201), "endless": strings.Repeat("ab", 2000),
			"combining marks alone": "%CC%81%CC%88%CC%81", "nothing but zeros": "%00%00",
		} {
			if got := w.customer.call(400, "GET", cases+"?search="+phrase, nil).object(t); text(got, "detail") == "" {
				t.Errorf("%s: %v", what, got)
			}
			w.helpdesk.call(400, "GET", agents+"?search="+phrase, nil)
			w.customer.call(400, "POST", "/orgs/"+w.orgID+"/reports?search="+phrase, nil)
		}
	})
	t.Run("half a character in a body is refused, and changes nothing", func(t *testing.T) {
		for _, subject := range []string{`"Half \ud83d a face"`, `"\udc00"`} {
			got := w.customer.send("POST", "/api/v1"+cases, "application/json",
				strings.NewReader(`{"subject":`+subject+`,"description":"x"}`))
			if got.status != 400 {
				t.Errorf("%s: status %d: %s", subject, got.status, got.body)
			}
		}
		if got := w.customer.all(cases); len(got) != len(subjects) {
			t.Errorf("there are %d cases now: %v", len(got), subjectsOf(got))
		}
	})
	t.Run("strangers find nothing", func(t *testing.T) {
		foreign := w.foreigner()
		for _, path := range []string{cases + "?search=cafe", cases + "?search=a", cases + "/count",
			agents + "?search=cafe", agents + "/open", agents + "/count?distinct=agent"} {
			foreign.call(404, "GET", path, nil)
		}
	})
}

func TestAConsoleFiltersSortsAndPages(t *testing.T) {
	alongside(t)
	w := newWorld(t)
	cases := "/orgs/" + w.orgID + "/cases"
	const many = 23
	for n := range many {
		created := object{
			"subject":     fmt.Sprintf("Matter %c", 'z'-rune(n)),
			"description": "The printer does not print.",
			"severity":    1 + n%4,
		}
		if n%2 == 0 {
			created["custom_tag"] = "even"
		}
		if n%3 == 0 {
			created["type"] = "question"
		}
		w.customer.post(cases, created)
	}
	w.caughtUp(w.customer, cases)
	first := w.customer.get(cases + "?limit=1&sort=number").results(t)
	w.helpdesk.put(cases+"/"+text(first[0], "id"),
		object{"status": "pending", "assignee_id": text(w.helpdesk.get("/self").object(t), "admin_id")})
	w.caughtUp(w.customer, cases)

	for query, want := range map[string]int{
		"severity=2": 6, "severity=2&severity=3": 12, "severity=": many, "custom_tag=even": 12, "custom_tag=none": 11,
		"type=question": 8, "type=question&severity=1": 2,
		"state=pending": 1, "state=open": 22, "assignee=none": 22, "submitter=me": many, "list=all": many,
		"list=closed": 0, "environment=none": many,
		"search=printer": many, "search=matter+z": 1, "search=printer&custom_tag=even&severity=1": 6,
		"search=printer&state=pending": 1,
	} {
		page := w.customer.get(cases + "?" + query).object(t)
		if got := len(page["results"].([]any)); got != want {
			t.Errorf("%s shows %d cases, want %d", query, got, want)
		}
		if total, _ := page["total"].(float64); int(total) != want || page["total_at_least"] == true {
			t.Errorf("%s has the total %v (%v), want %d", query, page["total"], page["total_at_least"], want)
		}
	}
	if got := w.helpdesk.get(cases + "?assignee=me").results(t); len(got) != 1 {
		t.Errorf("the agent has %d cases", len(got))
	}

	for _, sort := range []string{"number", "-number", "opened", "updated", "-updated", "subject", "-subject", "type",
		"severity", "-severity", "status", "submitter"} {
		for _, more := range []string{"", "&search=matter"} {
			path, entries, pages := cases+"?limit=3&sort="+sort+more, []object(nil), 0
			for next := path; next != ""; pages++ {
				page := w.customer.get(next)
				entries = append(entries, page.results(t)...)
				next = strings.TrimPrefix(text(page.object(t), "next"), "/api/v1")
			}
			seen := map[string]bool{}
			for _, entry := range entries {
				seen[text(entry, "id")] = true
			}
			if len(entries) != many || len(seen) != many || pages < 8 {
				t.Errorf("%s: %d pages with %d entries, %d of them distinct, want %d",
					path, pages, len(entries), len(seen), many)
			}
			if field := map[string]string{"subject": "subject", "-subject": "subject"}[sort]; field != "" {
				got := subjectsOf(entries)
				if strings.HasPrefix(sort, "-") {
					slices.Reverse(got)
				}
				if !slices.IsSorted(got) {
					t.Errorf("%s is not in order: %v", path, got)
				}
			}
		}
	}
	for _, wrong := range []string{"sort=colour", "status=lost", "state=sleeping", "severity=9", "assignee=somebody",
		"submitter=x", "limit=0", "search_after=x"} {
		if got := w.customer.send("GET", "/api/v1"+cases+"?"+wrong, "", nil); got.status != 400 &&
			(got.status != 200 || len(got.results(t)) > 0) {
			t.Errorf("%s: %d %s", wrong, got.status, got.body)
		}
	}
	w.customer.call(403, "GET", cases+"?list=deleted", nil)

	t.Run("changes are reported as lagging until they are found", func(t *testing.T) {
		created := w.customer.post(cases, object{"subject": "Quince marmalade", "description": "x"}).object(t)
		eventually(t, "the new case is found", func() bool {
			page := w.customer.get(cases + "?search=quince")
			found := len(page.results(t)) == 1
			if lagging := page.object(t)["lagging"] == true; !found && !lagging {
				t.Errorf("the case is not found, and nothing says so: %s", page.body)
			}
			return found
		})
		w.customer.put(cases+"/"+text(created, "id"), object{"subject": "Plum jam"})
		eventually(t, "it is found by its new subject only", func() bool {
			return len(w.customer.get(cases+"?search=plum").results(t)) == 1 &&
				len(w.customer.get(cases+"?search=quince").results(t)) == 0
		})
	})

	t.Run("counts agree with the lists", func(t *testing.T) {
		w.caughtUp(w.helpdesk, "/msps/"+w.mspID+"/cases")
		w.caughtUp(w.customer, cases)
		for _, scope := range []string{cases, "/msps/" + w.mspID + "/cases"} {
			for distinct, want := range map[string]map[string]int{
				"status": {"open": many, "pending": 1}, "severity": {"1": 6, "2": 6, "3": 7, "4": 5},
				"type":        {"question": 8, "issue": 16},
				"environment": {"none": many + 1},
			} {
				got := w.counts(w.helpdesk, scope+"/count?distinct="+distinct)
				if distinct != "severity" && !maps.Equal(got, want) || sum(got) != many+1 {
					t.Errorf("%s by %s: %v, want %v", scope, distinct, got, want)
				}
			}
			if got := w.counts(w.helpdesk, scope+"/count?distinct=age&list=open"); sum(got) != many+1 {
				t.Errorf("%s by age: %v", scope, got)
			}
			if got := w.counts(w.helpdesk, scope+"/count?distinct=agent"); got["none"] != many || len(got) != 2 {
				t.Errorf("%s by agent: %v", scope, got)
			}
			if got := w.counts(w.helpdesk, scope+"/count?distinct=opened"); sum(got) != many+1 || len(got) > 2 {
				t.Errorf("%s by day: %v", scope, got)
			}
		}
		got := w.counts(w.helpdesk, "/msps/"+w.mspID+"/cases/open")
		if !maps.Equal(got, map[string]int{w.orgID: many + 1}) {
			t.Errorf("open cases by organization: %v", got)
		}
		if got := w.counts(w.helpdesk, "/msps/"+w.mspID+"/cases/count?distinct=org"); got[w.orgID] != many+1 {
			t.Errorf("cases by organization: %v", got)
		}
		w.customer.call(400, "GET", cases+"/count?distinct=colour", nil)
	})

	t.Run("the operator rebuilds the index, and all is found as before", func(t *testing.T) {
		before := w.operator.get("/platform/index?org_id=" + w.orgID).object(t)
		if before["cases"] != float64(many+1) || before["lagging"] == true {
			t.Errorf("the index: %v", before)
		}
		if got := w.operator.post("/platform/index", object{}).object(t); got["parts"].(float64) < 3 {
			t.Errorf("parts: %v", got)
		}
		eventually(t, "the index is rebuilt", func() bool {
			now := w.operator.get("/platform/index?org_id=" + w.orgID).object(t)
			return now["generation"].(float64) > before["generation"].(float64) && now["rebuilding_since"] == nil
		})
		if got := w.customer.get(cases + "?search=printer").results(t); len(got) != many {
			t.Errorf("%d cases are found", len(got))
		}
		w.helpdesk.call(403, "POST", "/platform/index", object{})
		w.operator.call(404, "POST", "/platform/index", object{"org_id": "99999999-9999-4999-8999-999999999999"})
	})
}

// caughtUp waits until a console finds everything: until the latest change is indexed, and no
// earlier one is left on the queue.
func (w *world) caughtUp(c *client, cases string) {
	w.t.Helper()
	eventually(w.t, "all changes are found at "+cases, func() bool {
		return c.get(cases + "?sort=number").object(w.t)["lagging"] != true && !w.waiting()["cases-index"]
	})
}

// counts returns counts by value.
func (w *world) counts(c *client, path string) map[string]int {
	w.t.Helper()
	read := map[string]int{}
	for _, one := range c.get(path).results(w.t) {
		read[text(one, "value")] = int(one["count"].(float64))
	}
	return read
}

func sum(counts map[string]int) int {
	total := 0
	for _, count := range counts {
		total += count
	}
	return total
}

func subjectsOf(cases []object) []string {
	subjects := make([]string, len(cases))
	for i, one := range cases {
		subjects[i] = text(one, "subject")
	}
	return subjects
}

// foreigner is an administrator of another MSP's organization.
func (w *world) foreigner() *client {
	w.t.Helper()
	mspID := text(w.operator.post("/msps", object{"name": "Baltic Networks"}).object(w.t), "id")
	orgID := text(w.operator.post("/msps/"+mspID+"/orgs", object{"name": "Riga Bakeries"}).object(w.t), "id")
	return w.invited("/orgs/"+orgID, "rita@riga.example.com", "admin", "Rita", "Ruka")
}
