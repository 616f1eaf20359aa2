//go:build !aws

package outside

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// retried is how long what the bastion did not confirm may take: it is sent again after up to two minutes.
const retried = 4 * time.Minute

// TestOrganizationsAreStagedWhenTheProgramIsKilled runs two installations, production and a bastion. The
// bastion is killed while organizations are staged, and again while they are unstaged, and so is production.
// In the end the bastion holds what production says, and then nothing.
func TestOrganizationsAreStagedWhenTheProgramIsKilled(t *testing.T) {
	alongside(t)
	post := openPostOffice(t)
	bastion := start(t, post.setting())
	there := setUp(t, post, &bastion.installation)
	production := start(t, post.setting(), "TENANTRY_BASTION_HOSTS="+strings.TrimPrefix(bastion.url, "http://"))
	here := setUp(t, post, &production.installation)
	key := func(w *world, body object) string {
		return text(w.operator.put("/platform/bastion", body).object(t), "key")
	}
	productionKey := key(here, object{"side": "production"})
	bastionKey := key(there, object{"side": "bastion", "peer_key": productionKey, "enabled": true})
	key(here, object{"peer_url": bastion.url, "peer_key": bastionKey, "enabled": true})
	const organizations = 30
	var orgs []string
	for n := range organizations {
		created := here.operator.post("/msps/"+here.mspID+"/orgs", object{"name": fmt.Sprintf("Customer %d", n)})
		orgs = append(orgs, text(created.object(t), "id"))
	}
	states := func() map[string]int {
		counted := map[string]int{}
		for _, one := range here.operator.get("/platform/bastion/orgs?limit=1000").results(t) {
			counted[text(one, "state")]++
		}
		return counted
	}
	held := func() map[string]string {
		names := map[string]string{}
		for _, one := range there.operator.get("/platform/bastion/orgs?limit=1000").results(t) {
			names[text(one, "org_id")] = text(one, "name")
		}
		return names
	}
	run := func(action string) {
		job := text(here.operator.post("/platform/orgs/bulk", object{"action": action, "org_ids": orgs}).object(t), "id")
		time.Sleep(50 * time.Millisecond)
		bastion.kill()
		production.kill()
		production.launch()
		// What was asked for just before the crash is skipped when the job goes on.
		done := here.ended(here.operator, "/platform/jobs/"+job)
		skipped, _ := done["skipped"].(float64)
		if done["failed"] != 0.0 || done["done"].(float64)+skipped != organizations {
			t.Fatalf("the job ended as %v", done)
		}
		here.settled()
		bastion.launch()
	}
	run("stage")
	within(t, retried, "all are staged", func() bool { return states()["STAGED"] == organizations })
	copies := held()
	for n, org := range orgs {
		if copies[org] != fmt.Sprintf("Customer %d", n) {
			t.Errorf("the bastion holds %s as %q", org, copies[org])
		}
	}
	if len(copies) != organizations {
		t.Errorf("the bastion holds %d organizations", len(copies))
	}
	here.operator.call(409, "DELETE", "/orgs/"+orgs[0], nil)
	here.operator.put("/orgs/"+orgs[0], object{"name": "Customer Zero"})
	eventually(t, "the other name is at the bastion", func() bool { return held()[orgs[0]] == "Customer Zero" })
	run("unstage")
	within(t, retried, "all are unstaged", func() bool { return states()["UNSTAGED"] == organizations })
	if left := held(); len(left) != 0 {
		t.Errorf("the bastion still holds %v", left)
	}
	here.operator.call(200, "DELETE", "/orgs/"+orgs[0], nil)
}
