package embedded_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/store/queue"
)

func TestEveryQueueIsCounted(t *testing.T) {
	f := newFixture(t)
	f.send(message("a", 1), message("a", 2), message("b", 1))
	deliveries := f.receive(2)
	if err := f.Retry(t.Context(), deliveries[0], "not now"); err != nil {
		t.Fatal(err)
	}
	got, err := queue.Inspector(f.Queues).Depths(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []queue.Depth{
		{Queue: queue.MailSend, Waiting: 1, InFlight: 1, Delayed: 1},
		{Queue: queue.MailReceive},
		{Queue: queue.CasesIndex},
		{Queue: queue.CasesJobs},
		{Queue: queue.CasesDue},
		{Queue: queue.Transfers},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("depths (-want +got):\n%s", diff)
	}
}
