package outside

import (
	"slices"
	"strings"
	"testing"
)

// TestAnMSPEndsAfterItsCustomersHaveLeft ends the contract with an MSP: its organizations become direct
// customers with their cases, and then the MSP is gone for everybody.
func TestAnMSPEndsAfterItsCustomersHaveLeft(t *testing.T) {
	w := newWorld(t)
	const superEmail = "greta@gulf.example.com"
	mspID := text(w.operator.post("/msps", object{"name": "Gulf Telecom"}).object(t), "id")
	msp := "/msps/" + mspID
	super := w.invited(msp, superEmail, "admin", "Greta", "Gil")
	orgID := text(super.post(msp+"/orgs", object{"name": "Marina Café"}).object(t), "id")
	kase := text(super.post("/orgs/"+orgID+"/cases", object{"subject": "No signal", "description": "x"}).object(t), "id")
	w.settled()
	super.call(403, "DELETE", msp, nil)
	w.customer.call(404, "DELETE", msp, nil)
	refused := string(w.operator.call(409, "DELETE", msp, nil).body)
	if !strings.Contains(refused, `"field":"orgs"`) || !strings.Contains(refused, "It has an organization") {
		t.Errorf("refused with %s", refused)
	}
	job := w.operator.post("/platform/orgs/bulk", object{
		"action": "release", "filter": object{"msp_id": mspID}, "delegate_operator": true,
	}).object(t)
	if done := w.ended(w.operator, "/platform/jobs/"+text(job, "id")); done["done"] != 1.0 {
		t.Fatalf("the release ended as %v", done)
	}
	super.call(404, "GET", "/orgs/"+orgID, nil)
	w.settled() // the case has followed
	w.operator.call(200, "DELETE", msp, nil)
	w.operator.call(404, "GET", msp, nil)
	super.call(404, "GET", msp, nil)
	w.post.await(t, superEmail, "the end of the MSP", func(l letter) bool {
		return strings.Contains(l.read.Text, "deleted the MSP Gulf Telecom")
	})
	eventually(t, "the role has ended", func() bool {
		privileges, _ := super.get("/self").object(t)["privileges"].([]any)
		return len(privileges) == 0
	})
	owner := w.invited("/orgs/"+orgID, "mona@marina.example.com", "admin", "Mona", "Marin")
	if got := owner.get("/orgs/" + orgID + "/cases/" + kase).object(t); text(got, "subject") != "No signal" {
		t.Errorf("the case is %v", got)
	}
	if slices.Contains(array(t, w.operator.get("/msps")), mspID) {
		t.Error("the MSP is still listed")
	}
}
