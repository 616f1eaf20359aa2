package outside

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// menu is the story of an operator, two MSPs and thirty customers, with every action on many of them. It
// knows where each customer has to be.
type menu struct {
	*world
	// interrupt is called while a job runs.
	interrupt func()
	// supers are the super users of the MSPs, by the MSPs' IDs.
	supers map[string]*client
	// where is the MSP of each customer, "" for direct customers; bin has those that are deleted.
	where map[string]string
	bin   map[string]bool
	jobs  int
}

const menuCustomers = 30

// newMenu sets up the MSPs and their customers: some new, some like another, some direct.
func newMenu(w *world, interrupt func()) *menu {
	w.t.Helper()
	m := &menu{
		world: w, interrupt: interrupt, supers: map[string]*client{}, where: map[string]string{w.orgID: w.mspID},
		bin: map[string]bool{},
	}
	within(w.t, menuPatience, "a new installation lists organizations", func() bool { // on AWS after its first minute
		return w.operator.send("GET", "/api/v1/orgs", "", nil).status == 200
	})
	second := text(w.operator.post("/msps", object{"name": "Boreal Managed", "tier": "advanced"}).object(w.t), "id")
	m.supers[w.mspID] = w.invited("/msps/"+w.mspID, "carla@adria.example.com", "admin", "Carla", "Conti")
	m.supers[second] = w.invited("/msps/"+second, "bodil@boreal.example.com", "admin", "Bodil", "Berg")
	w.operator.put("/orgs/"+w.orgID+"/setting", object{"account_number": "A-1"})
	for n := len(m.where); n < menuCustomers; n++ {
		name, owner, path := fmt.Sprintf("Kunde %02d — Großhandel", n), "", "/orgs"
		body := object{"name": name}
		switch n % 3 {
		case 0:
			owner = w.mspID
			body["template_org_id"] = w.orgID
		case 1:
			owner = second
		}
		by := w.operator
		if owner != "" {
			by, path = m.supers[owner], "/msps/"+owner+"/orgs"
		}
		m.where[text(by.post(path, body).object(w.t), "id")] = owner
	}
	return m
}

// second is the ID of the second MSP.
func (m *menu) second() string {
	for id := range m.supers {
		if id != m.mspID {
			return id
		}
	}
	return ""
}

// some returns the first customers of an MSP, or direct ones (""), that are not in the bin.
func (m *menu) some(owner string, count int) []string {
	m.t.Helper()
	var all []string
	for id, at := range m.where {
		if at == owner && !m.bin[id] {
			all = append(all, id)
		}
	}
	slices.Sort(all)
	if len(all) < count {
		m.t.Fatalf("there are only %d customers", len(all))
	}
	return all[:count]
}

// act looks at what an action would do, starts it, disturbs it, sends the same request again, and waits for
// its end. It must do what it was asked for to each of the customers.
func (m *menu) act(by *client, scope string, ids []string, request object) {
	m.t.Helper()
	m.jobs++
	request["org_ids"] = ids
	what := fmt.Sprint(request["action"])
	preview := by.post(scope+"/orgs/bulk/preview", request).object(m.t)
	if preview["changed"] != float64(len(ids)) || preview["blocked"] != 0.0 {
		m.t.Errorf("the preview of %s of %d is %v", what, len(ids), preview)
	}
	request["request_id"] = fmt.Sprint("menu-", m.jobs)
	if what == "delete" {
		request["confirm"] = "DELETE"
	}
	job := text(by.post(scope+"/orgs/bulk", request).object(m.t), "id")
	m.interrupt()
	if again := text(by.post(scope+"/orgs/bulk", request).object(m.t), "id"); again != job {
		m.t.Errorf("%s: the same request made another job", what)
	}
	var done object
	within(m.t, menuPatience, what+" has ended", func() bool {
		done = by.get(scope + "/jobs/" + job).object(m.t)
		return text(done, "state") == "done" || text(done, "state") == "failed"
	})
	// What was done before a kill or by a first message is skipped by the second one.
	skipped := 0
	for _, one := range done["results"].([]any) {
		if text(one.(object), "outcome") == "skipped" {
			skipped++
		}
	}
	if done["done"] != float64(len(ids)-skipped) || done["failed"] != 0.0 {
		m.t.Errorf("%s of %d ended as %v", what, len(ids), done)
	}
}

// play takes every action of the menu once.
func (m *menu) play() {
	m.t.Helper()
	first, second := m.mspID, m.second()
	operator, super := m.operator, m.supers[first]
	super.post("/msps/"+first+"/orggroups", object{"name": "Großhandel"})
	m.act(super, "/msps/"+first, m.some(first, 6), object{"action": "label", "add": []string{"großhandel"}})
	m.act(operator, "/platform", m.some(first, 8), object{"action": "image_management", "enabled": true})
	m.act(operator, "/platform", m.some(second, 3), object{"action": "pre_notifications", "enabled": true})
	m.act(super, "/msps/"+first, m.some(first, 3), object{"action": "customer_alerts", "enabled": false})
	profile := text(operator.post("/platform/profiles", object{"name": "Edge 7"}).object(m.t), "id")
	m.act(operator, "/platform", m.some(first, 5), object{"action": "assign_profile", "profile_id": profile})

	told := m.some("", 2)
	for n, id := range told {
		operator.put("/orgs/"+id+"/setting",
			object{"contact": object{"email": []string{fmt.Sprintf("it%d@kunde.example.com", n)}}})
	}
	m.act(operator, "/platform", told, object{
		"action": "support_mail", "subject": "Wartung am Sonntag", "text": "Von 2 bis 4 Uhr.",
	})
	for n := range told {
		m.post.await(m.t, fmt.Sprintf("it%d@kunde.example.com", n), "the support mail", func(l letter) bool {
			return strings.Contains(l.read.Text, "Von 2 bis 4 Uhr.")
		})
	}

	m.move(m.some(first, 4), second)
	m.move(m.some(second, 3), "")
	m.move(m.some("", 2), first)

	deleted := m.some(first, 4)
	m.act(super, "/msps/"+first, deleted, object{"action": "delete"})
	for _, id := range deleted {
		m.bin[id] = true
	}
	m.act(super, "/msps/"+first, deleted[:2], object{"action": "restore"})
	delete(m.bin, deleted[0])
	delete(m.bin, deleted[1])
}

// move gives customers another provider, and checks that the former one sees nothing of them at once.
func (m *menu) move(ids []string, to string) {
	m.t.Helper()
	request := object{"action": "transfer", "msp_id": to, "delegate_operator": true, "delegate_partner": true}
	if to == "" {
		request = object{"action": "release", "delegate_operator": true}
	}
	m.settled() // a move waits for what follows from the one before
	m.act(m.operator, "/platform", ids, request)
	for _, id := range ids {
		if former := m.supers[m.where[id]]; former != nil {
			former.call(404, "GET", "/orgs/"+id, nil)
		}
		m.where[id] = to
	}
}

// check compares all lists, as everybody sees them, with where the customers have to be.
func (m *menu) check() {
	m.t.Helper()
	m.settled()
	live := 0
	for _, owner := range []string{"", m.mspID, m.second()} {
		list, bin := "/orgs", "/platform/orgs/deleted"
		if owner != "" {
			list, bin = "/msps/"+owner+"/orgs", "/msps/"+owner+"/orgs/deleted"
		}
		var want, binned []string
		for id, at := range m.where {
			switch {
			case at == owner && !m.bin[id]:
				want = append(want, id)
			case m.bin[id] && (owner == at || owner == ""): // operators see the whole bin
				binned = append(binned, id)
			}
		}
		live += len(want)
		for by, name := range map[*client]string{m.operator: "the operator", m.supers[owner]: "the super user"} {
			if by == nil {
				continue
			}
			var got []string
			eventually(m.t, "lists have followed", func() bool {
				answer := by.get(list + "?limit=100")
				got = array(m.testing(), answer)
				slices.Sort(got)
				slices.Sort(want)
				return slices.Equal(got, want) && answer.header.Get("X-Page-Total") == fmt.Sprint(len(want))
			})
			gone := ids(by.all(bin + "?limit=7"))
			slices.Sort(gone)
			slices.Sort(binned)
			if !slices.Equal(gone, binned) {
				m.t.Errorf("%s has %v in %s, want %v", name, gone, bin, binned)
			}
		}
	}
	for owner, super := range m.supers {
		for id, at := range m.where {
			status := 404
			if at == owner && !m.bin[id] {
				status = 200
			}
			super.call(status, "GET", "/orgs/"+id, nil)
		}
	}
	if rows := m.export(); len(rows) != live+1 {
		m.t.Errorf("the export has %d rows for %d customers", len(rows)-1, live)
	}
}

func (m *menu) testing() *testing.T { t, _ := m.t.(*testing.T); return t }

// export returns the rows of the export of all customers.
func (m *menu) export() [][]string {
	m.t.Helper()
	asked := text(m.operator.post("/platform/exports", object{"what": "orgs", "separator": "|"}).object(m.t), "id")
	link := text(m.ended(m.operator, "/platform/exports/"+asked), "content_url")
	reader := csv.NewReader(strings.NewReader(string(newClient(m.t, m.installation).send("GET", link, "", nil).body)))
	reader.Comma = '|'
	rows, err := reader.ReadAll()
	if err != nil {
		m.t.Fatal(err)
	}
	return rows
}
