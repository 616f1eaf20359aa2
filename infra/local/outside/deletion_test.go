//go:build !aws

package outside

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestManyOrganizationsAreDeletedAlthoughTheProgramIsKilled kills the program while a job deletes thirty
// organizations: in the end each is in the bin once and in no list, and comes back with everything.
func TestManyOrganizationsAreDeletedAlthoughTheProgramIsKilled(t *testing.T) {
	post := openPostOffice(t)
	p := start(t, post.setting())
	w := setUp(t, post, &p.installation)
	msp := "/msps/" + w.mspID
	ids := []string{w.orgID}
	for number := range 29 {
		ids = append(ids, text(w.operator.post(msp+"/orgs", object{"name": fmt.Sprint("Customer ", number)}).object(t), "id"))
	}
	kept := text(w.operator.post(msp+"/orgs", object{"name": "Kept"}).object(t), "id")
	kase := "/orgs/" + w.orgID + "/cases/" +
		text(w.customer.post("/orgs/"+w.orgID+"/cases", object{"subject": "No Wi-Fi", "description": "x"}).object(t), "id")
	w.settled()
	w.operator.call(400, "POST", msp+"/orgs/bulk", object{"action": "delete", "org_ids": ids})
	request := object{"action": "delete", "org_ids": ids, "confirm": "DELETE", "request_id": "delete-1"}
	preview := w.operator.post(msp+"/orgs/bulk/preview", object{"action": "delete", "org_ids": ids}).object(t)
	if preview["changed"] != 30.0 || preview["blocked"] != 0.0 {
		t.Errorf("the preview is %v", preview)
	}
	job := msp + "/jobs/" + text(w.operator.post(msp+"/orgs/bulk", request).object(t), "id")
	for range 3 {
		time.Sleep(60 * time.Millisecond)
		p.kill()
		p.launch()
	}
	within(t, afterKills, "the job has ended", func() bool {
		state := text(w.operator.get(job).object(t), "state")
		return state == "done" || state == "failed"
	})
	if done := w.operator.get(job).object(t); done["done"] != 30.0 || done["failed"] != 0.0 {
		t.Fatalf("the job came to %v", done)
	}
	if again := w.operator.post(msp+"/orgs/bulk", request).object(t); !strings.HasSuffix(job, text(again, "id")) {
		t.Errorf("the same request made another job: %v", again)
	}
	var left []object
	if err := json.Unmarshal(w.operator.get(msp+"/orgs").body, &left); err != nil || len(left) != 1 ||
		text(left[0], "id") != kept {
		t.Errorf("the MSP still has %v", left)
	}
	if bin := w.operator.all(msp + "/orgs/deleted?limit=7"); len(bin) != 30 {
		t.Errorf("%d are in the bin", len(bin))
	}
	w.customer.call(404, "GET", "/orgs/"+w.orgID, nil)
	w.customer.call(404, "GET", kase, nil)
	w.helpdesk.call(404, "GET", kase, nil)
	if self := w.customer.get("/self").object(t); len(self["privileges"].([]any)) != 0 {
		t.Errorf("the customer still has %v", self["privileges"])
	}
	if cases := w.helpdesk.get(msp + "/cases").results(t); len(cases) != 0 {
		t.Errorf("the MSP lists %v", cases)
	}
	w.operator.post("/orgs/"+w.orgID+"/restore", nil)
	w.customer.get(kase)
	within(t, afterKills, "the MSP lists the case again", func() bool {
		return len(w.helpdesk.get(msp+"/cases").results(t)) == 1
	})
	w.operator.call(409, "POST", "/orgs/"+w.orgID+"/restore", nil)
}

// TestADeletedOrganizationGoesForGoodAfterThirtyDays moves the clock by restarting the program.
func TestADeletedOrganizationGoesForGoodAfterThirtyDays(t *testing.T) {
	post, folder, now := openPostOffice(t), t.TempDir(), time.Now()
	p := startAt(t, folder, now, post.setting())
	w := setUp(t, post, &p.installation)
	w.customer.post("/orgs/"+w.orgID+"/cases", object{"subject": "No Wi-Fi", "description": "x"})
	w.operator.call(200, "DELETE", "/orgs/"+w.orgID, nil)
	w.settled()
	later := func(days int) *client {
		p.stop()
		p = startAt(t, folder, now.AddDate(0, 0, days), post.setting())
		operator := newClient(t, &p.installation)
		operator.post("/login", object{"email": operatorEmail, "password": password})
		return operator
	}
	logged := func(operator *client, sentence string) func() bool {
		return func() bool {
			for _, entry := range operator.all("/msps/" + w.mspID + "/logs?duration=7d&limit=100") {
				if strings.Contains(text(entry, "message"), sentence) {
					return true
				}
			}
			return false
		}
	}
	operator := later(29)
	if bin := operator.get("/platform/orgs/deleted").results(t); len(bin) != 1 {
		t.Fatalf("after 29 days the bin has %v", bin)
	}
	operator = later(31)
	within(t, afterKills, "it is purged", logged(operator, "for good"))
	operator.call(404, "POST", "/orgs/"+w.orgID+"/restore", nil)
	operator = later(34)
	within(t, afterKills, "the archive has the day of the purge", func() bool {
		return operator.get("/platform/archive").object(t)["waiting"] == 0.0
	})
	operator = later(36) // a purged organization is looked at again after some hours
	within(t, afterKills, "its last day is archived", logged(operator, "Nothing but the audit log is left"))
	customer := newClient(t, &p.installation)
	customer.post("/login", object{"email": customerEmail, "password": password})
	if self := customer.get("/self").object(t); len(self["privileges"].([]any)) != 0 {
		t.Errorf("the account has %v", self["privileges"])
	}
}
