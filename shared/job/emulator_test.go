//go:build emulator

package job_test

import (
	"crypto/rand"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/store/emulator"
	"github.com/tenantry/tenantry/shared/store/table/dynamo"
)

// TestJobsWorkOnDynamoDB takes a large job through its whole life.
func TestJobsWorkOnDynamoDB(t *testing.T) {
	emulator.Each(t, func(t *testing.T, at string, settings aws.Config) {
		settings.HTTPClient = &emulator.Client{Serial: at == emulator.Moto}
		client := dynamodb.NewFromConfig(settings)
		prefix := "tenantry-job-" + rand.Text()[:8] + "-"
		names := dynamo.Names{Core: prefix + "core", Audit: prefix + "audit", Derived: prefix + "derived"}
		if err := dynamo.CreateTables(t.Context(), client, names); err != nil {
			t.Fatal(err)
		}
		w := newWorld(t)
		w.Store = dynamo.New(client, names, w.Clock.Now)
		w.Journal = change.NewJournal(w.Store, w.Clock.Now)
		w.ledger = job.NewLedger(w.Journal)
		broken := true
		w.fails = func(target string, _ int) error {
			switch {
			case broken && target < "case-0030":
				return fault.Denied()
			case target > "case-1050":
				return job.Sent()
			}
			return nil
		}
		order := asked(targets(1100)...)
		made, err := w.ledger.Create(once(t.Context(), "r"), anna, place, order)
		w.must(err)
		if _, err := w.ledger.Create(once(t.Context(), "r"), anna, place, order); !errors.Is(err, change.ErrRepeated) {
			t.Errorf("the same request again: %v", err)
		}
		if most := w.drain(); most > 20 {
			t.Errorf("%d messages were out at once", most)
		}
		w.check(made.ID)
		w.answer(made.ID, 1051)
		w.wants(made.ID, job.Failed, 1070, 30, 0)
		broken = false
		_, err = w.ledger.Retry(t.Context(), anna, place, made.ID, anybody)
		w.must(err)
		w.drain()
		w.check(made.ID)
		w.wants(made.ID, job.Done, 1100, 0, 0)
		second := w.create(1100)
		_, err = w.ledger.Cancel(t.Context(), anna, place, second.ID, anybody)
		w.must(err)
		w.drain()
		w.check(second.ID)
		if j := w.wants(second.ID, job.Cancelled, 0, 0, 0); j.Cancelled != 1100 {
			t.Errorf("%+v", j)
		}
	})
}

// answer settles all targets of a job of 1,100 from a position on.
func (w *world) answer(id string, first int) {
	w.t.Helper()
	for position := first; position < 1100; position++ {
		_, err := w.ledger.Settle(
			w.t.Context(),
			w.kinds,
			w.place,
			id,
			position/25,
			job.Settlement{Index: position % 25, Outcome: job.TargetDone},
		)
		w.must(err)
	}
}
