package job_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

// old stores a job as the releases before tallies and stages did, with results for its first
// targets, and returns its messages.
func (w *world) old(total, done, failed int) (string, []queue.Message) {
	w.t.Helper()
	id := w.Journal.NewID()
	now := w.Clock.Now().UnixMicro()
	state, ended := "running", int64(0)
	switch done + failed {
	case 0:
		state = "waiting"
	case total:
		state, ended = "failed", now
	}
	head := fmt.Sprintf(
		`{"id":%q,"kind":"cases.archive","title":"Archive %d cases","scope":"org","msp_id":"m","org_id":"o",`+
			`"creator":{"kind":"person","id":"anna","name":"Anna Smith","email":"anna@example.net","door":"api"},"created":%d,"ended":%d,`+
			`"total":%d,"done":%d,"failed":%d,"skipped":0,"state":%q,"queue":"cases-jobs"}`,
		id,
		total,
		now,
		ended,
		total,
		done,
		failed,
		state,
	)
	put := func(partition, sort, data string) {
		item := table.Item{
			Key:     table.Key{Partition: partition, Sort: sort},
			Data:    []byte(data),
			Expires: now/1e6 + 90*24*3600,
		}
		w.must(w.Store.Transact(w.t.Context(), []table.Write{table.Create(item)}))
	}
	put("ORG#o#JOBS", id, head)
	put("ORG#o#JOB#"+id, "ORDER", `{"payload":{"do":"it"}}`)
	var messages []queue.Message
	for first := 0; first < total; first += 25 {
		var results []map[string]string
		for number := first; number < min(first+25, total); number++ {
			result := map[string]string{"target": fmt.Sprintf("case-%04d", number), "outcome": "waiting"}
			switch {
			case number < done:
				result["outcome"] = "done"
			case number < done+failed:
				result["outcome"], result["message"] = "failed", "It is open."
			}
			results = append(results, result)
		}
		data, err := json.Marshal(map[string]any{"results": results})
		w.must(err)
		put("ORG#o#JOB#"+id, fmt.Sprintf("PART#%02d", first/25), string(data))
		body := fmt.Sprintf(`{"scope":"org","msp_id":"m","org_id":"o","job_id":%q,"part":%d}`, id, first/25)
		messages = append(
			messages,
			queue.Message{ID: w.Journal.NewID(), Queue: queue.CasesJobs, Group: "ORG#o", Body: []byte(body)},
		)
	}
	return id, messages
}

func TestAJobOfAnEarlierReleaseIsReadFinishedAndRetried(t *testing.T) {
	w := newWorld(t)
	id, messages := w.old(1000, 130, 3)
	w.wants(id, job.Running, 130, 3, 0)
	if got := w.results(id, 100); got["case-0131"].Message != "It is open." || len(got) != 1000 {
		t.Errorf("%+v", got["case-0131"])
	}
	w.fails = func(target string, _ int) error {
		if target == "case-0999" {
			return fault.Denied()
		}
		return nil
	}
	w.run(messages...)
	w.run(messages...)
	w.wants(id, job.Failed, 996, 4, 0)
	if w.performed["case-0100"] != 0 || w.performed["case-0500"] != 1 {
		t.Error("it was not performed once")
	}
	if sent := w.take(); len(sent) != 0 {
		t.Errorf("%d messages", len(sent))
	}
	w.fails = func(string, int) error { return nil }
	again, err := w.ledger.Retry(t.Context(), anna, place, id, anybody)
	if err != nil || again.State != job.Running || again.Failed != 0 {
		t.Fatalf("%+v, %v", again, err)
	}
	w.check(id)
	if most := w.drain(); most != 2 {
		t.Errorf("%d messages", most)
	}
	w.check(id)
	w.wants(id, job.Done, 1000, 0, 0)
}

func TestAJobOfAnEarlierReleaseThatHasEndedIsRetried(t *testing.T) {
	w := newWorld(t)
	id, _ := w.old(1000, 0, 1000)
	again, err := w.ledger.Retry(t.Context(), anna, place, id, anybody)
	if err != nil || again.Failed != 0 {
		t.Fatalf("%+v, %v", again, err)
	}
	if most := w.drain(); most != 20 {
		t.Errorf("%d messages", most)
	}
	w.check(id)
	w.wants(id, job.Done, 1000, 0, 0)
}

func TestAJobOfAnEarlierReleaseIsCancelled(t *testing.T) {
	w := newWorld(t)
	id, messages := w.old(60, 30, 0)
	j, err := w.ledger.Cancel(t.Context(), anna, place, id, anybody)
	if err != nil || j.State != job.Cancelling {
		t.Errorf("%+v, %v", j, err)
	}
	w.run(messages...)
	if j := w.wants(id, job.Cancelled, 30, 0, 0); j.Cancelled != 30 || len(w.performed) != 0 {
		t.Errorf("%+v", j)
	}
}
