package life_test

import (
	"flag"
	"os"
	"testing"

	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant/life"
)

func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "15"); err != nil { // steps wait for the disk
		panic(err)
	}
	os.Exit(m.Run())
}

// known returns the IDs of the messages in the outbox.
func known(w *supporttest.World) map[string]bool {
	w.T.Helper()
	ids := map[string]bool{}
	for _, message := range w.Outbox() {
		ids[message.ID] = true
	}
	return ids
}

// tend handles the messages about deletions and restorations that are not known yet, and those that they
// cause, each twice. Their time is over at once, so that every step is a message of its own.
func tend(w *supporttest.World, known map[string]bool) {
	w.T.Helper()
	for more := true; more; {
		more = false
		for _, message := range w.Outbox() {
			if known[message.ID] || message.Queue != queue.Transfers {
				continue
			}
			known[message.ID], more = true, true
			if task := supporttest.Decoded[life.Task](w.T, message.Body); life.IsTask(task) {
				for range 2 {
					w.Must(w.Life.Tend(w.T.Context(), task, 0))
				}
			}
		}
	}
	w.IndexAll()
}

// due handles what is due on deleted organizations.
func due(w *supporttest.World) {
	w.T.Helper()
	before := known(w)
	_, err := w.Life.QueueDue(w.T.Context())
	w.Must(err)
	tend(w, before)
}

// deleted deletes the organization, and does what follows.
func deleted(w *supporttest.World) {
	w.T.Helper()
	before := known(w)
	_, err := w.Life.Delete(w.T.Context(), w.Operator(), w.Org.ID)
	w.Must(err)
	tend(w, before)
}

func restored(w *supporttest.World) {
	w.T.Helper()
	before := known(w)
	_, err := w.Life.Restore(w.T.Context(), w.Operator(), w.Org.ID)
	w.Must(err)
	tend(w, before)
}
