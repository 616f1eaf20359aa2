package outside

import (
	"fmt"
	"testing"
)

// many names cases that do not exist; processing each only finds that out.
func many(number int) []object {
	named := make([]object, number)
	for i := range named {
		named[i] = object{"id": fmt.Sprintf("99999999-9999-4999-8999-%012d", i)}
	}
	return named
}

// counted returns the number of a job's targets that have a result, and checks that it does not
// exceed the total.
func counted(t *testing.T, job object) float64 {
	t.Helper()
	sum := 0.0
	for _, outcome := range []string{"done", "failed", "skipped", "sent", "cancelled"} {
		number, _ := job[outcome].(float64)
		sum += number
	}
	if total, _ := job["total"].(float64); sum > total {
		t.Errorf("more results than targets: %v", job)
	}
	return sum
}

// TestALargeJobKeepsNobodyWaitingAndCanBeCancelled starts a job of 20,000 targets, then twenty of
// five while it runs, and cancels the large one when those are done.
func TestALargeJobKeepsNobodyWaitingAndCanBeCancelled(t *testing.T) {
	w := newWorld(t)
	org := "/orgs/" + w.orgID
	large := w.customer.post(org+"/cases/bulk", object{"action": "tag", "value": "winter", "cases": many(20_000)}).
		object(t)
	if text(large, "state") != "preparing" || large["total"] != 20_000.0 {
		t.Fatalf("created: %v", large)
	}
	path := org + "/jobs/" + text(large, "id")
	eventually(t, "the large job is being worked on", func() bool {
		now := w.customer.get(path).object(t)
		return text(now, "state") == "running" && counted(t, now) > 0
	})
	var small []string
	for range 20 {
		created := w.customer.post(org+"/cases/bulk", object{"action": "tag", "value": "winter", "cases": many(5)}).
			object(t)
		small = append(small, org+"/jobs/"+text(created, "id"))
	}
	for _, one := range small {
		if ended := w.ended(w.customer, one); ended["failed"] != 5.0 {
			t.Errorf("a small job: %v", ended)
		}
	}
	stopped := w.customer.post(path+"/cancel", nil).object(t)
	if text(stopped, "state") != "cancelling" || text(stopped, "stopped_by") == "" {
		t.Errorf("the small jobs waited for the large one, or it does not stop: %v", stopped)
	}
	var ended object
	eventually(t, "the large job has stopped", func() bool {
		ended = w.customer.get(path + "?outcome=cancelled&limit=10").object(t)
		return text(ended, "state") == "cancelled"
	})
	if counted(t, ended) != 20_000 || ended["cancelled"] == nil {
		t.Errorf("the end: %v", ended)
	}
	w.customer.call(409, "POST", path+"/cancel", nil)
	w.customer.call(409, "POST", small[0]+"/cancel", nil)
	if got := w.customer.get(org + "/jobs?state=cancelled").results(t); len(got) != 1 ||
		text(got[0], "id") != text(large, "id") {
		t.Errorf("the cancelled jobs: %v", got)
	}
	if got := w.customer.get(org + "/jobs?kind=cases.tag&limit=5").results(t); len(got) != 5 {
		t.Errorf("%d jobs", len(got))
	}
}
