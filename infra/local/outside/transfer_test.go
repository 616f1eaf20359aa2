//go:build !aws

package outside

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// TestOrganizationsChangeHandsOnceWhenTheProgramIsKilled kills the program while a job transfers
// organizations with cases. In the end each organization and each case is at the new MSP, and
// nothing of them at the old one.
func TestOrganizationsChangeHandsOnceWhenTheProgramIsKilled(t *testing.T) {
	post := openPostOffice(t)
	p := start(t, post.setting())
	w := setUp(t, post, &p.installation)
	newMSP := text(w.operator.post("/msps", object{"name": "Boreal Managed"}).object(t), "id")
	arrived := w.invited("/msps/"+newMSP, "bodil@boreal.example.com", "helpdesk", "Bodil", "Berg")
	const organizations, each, crashes = 12, 8, 4
	var orgs, cases []string
	for n := range organizations {
		org := text(w.operator.post("/msps/"+w.mspID+"/orgs", object{"name": fmt.Sprintf("Customer %d", n)}).object(t), "id")
		for range each {
			opened := w.helpdesk.post("/orgs/"+org+"/cases", object{"subject": "Broken", "description": "x"}).object(t)
			cases = append(cases, text(opened, "id"))
		}
		orgs = append(orgs, org)
	}
	w.caughtUp(w.helpdesk, "/msps/"+w.mspID+"/cases")
	request := object{
		"action": "transfer", "msp_id": newMSP, "org_ids": orgs, "delegate_operator": true, "delegate_partner": true,
	}
	if got := w.operator.post("/platform/orgs/bulk/preview", request).object(t); got["changed"] != float64(organizations) {
		t.Fatalf("the preview is %v", got)
	}
	request["request_id"] = "move-1"
	job := text(w.operator.post("/platform/orgs/bulk", request).object(t), "id")
	random := rand.New(rand.NewPCG(1, 3))
	for range crashes {
		time.Sleep(time.Duration(20+random.IntN(200)) * time.Millisecond)
		p.kill()
		p.launch()
		if again := text(w.operator.post("/platform/orgs/bulk", request).object(t), "id"); again != job {
			t.Fatal("the repeated request made another job")
		}
		seen := array(t, w.helpdesk.get("/msps/"+w.mspID+"/orgs?limit=100"))
		for _, line := range w.helpdesk.get("/msps/" + w.mspID + "/cases?limit=1000").results(t) {
			if !slices.Contains(seen, text(line, "org_id")) {
				t.Errorf("the former MSP sees case %v of an organization that left", line["case_number"])
			}
		}
	}
	done := w.ended(w.operator, "/platform/jobs/"+job)
	if done["done"] != float64(organizations) {
		t.Errorf("the job ended as %v", done)
	}
	w.settled()
	there := array(t, arrived.get("/msps/"+newMSP+"/orgs?limit=100"))
	for _, org := range orgs {
		if !slices.Contains(there, org) {
			t.Errorf("%s did not arrive", org)
		}
		w.helpdesk.call(404, "GET", "/orgs/"+org, nil)
		if got := w.operator.get("/orgs/" + org).object(t); got["moving_since"] != nil {
			t.Errorf("%s is still moving", org)
		}
	}
	listed := ids(arrived.get("/msps/" + newMSP + "/cases?limit=1000").results(t))
	slices.Sort(listed)
	slices.Sort(cases)
	if !slices.Equal(listed, cases) {
		t.Errorf("the new MSP lists %d cases of %d", len(listed), len(cases))
	}
	if left := w.helpdesk.get("/msps/" + w.mspID + "/cases?limit=1000").results(t); len(left) != 0 {
		t.Errorf("the former MSP still lists %d cases", len(left))
	}
	if found := w.helpdesk.get("/msps/" + w.mspID + "/cases?search=broken").results(t); len(found) != 0 {
		t.Errorf("the former MSP still finds %d cases", len(found))
	}
	for from := any(1); from != nil; {
		checked := w.operator.post("/platform/verification", object{"from": from}).object(t)
		if differ := checked["results"].([]any); len(differ) > 0 {
			t.Errorf("the lists of cases do not match: %v", differ)
		}
		from = checked["next"]
	}
}
