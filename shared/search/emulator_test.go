//go:build emulator

package search

import (
	"crypto/rand"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/tenantry/tenantry/shared/store/emulator"
	"github.com/tenantry/tenantry/shared/store/table/dynamo"
	"github.com/tenantry/tenantry/shared/store/table/tabletest"
)

func TestTheIndexWorksOnDynamoDB(t *testing.T) {
	emulator.Each(t, func(t *testing.T, at string, settings aws.Config) {
		settings.HTTPClient = &emulator.Client{Serial: at == emulator.Moto}
		client := dynamodb.NewFromConfig(settings)
		prefix := "tenantry-index-" + rand.Text()[:8] + "-"
		names := dynamo.Names{Core: prefix + "core", Audit: prefix + "audit", Derived: prefix + "derived"}
		if err := dynamo.CreateTables(t.Context(), client, names); err != nil {
			t.Fatal(err)
		}
		clock := tabletest.NewClock()
		w := (&world{New(dynamo.New(client, names, clock.Now), clock.Now), clock, nil}).small()
		w.grace = 0
		w.putFindAndRebuild(t)
	})
}

func (w *world) putFindAndRebuild(t *testing.T) {
	m := someDocuments(1, 20, 1)
	w.must(t, w.PutAll(t.Context(), "ORG#1", slices.Collect(m.all())))
	w.agree(t, "ORG#1", m)
	for number := int64(1); number <= 20; number += 3 {
		m[number] = version(number, 2)
		w.must(t, w.Put(t.Context(), "ORG#1", m[number]))
	}
	w.must(t, w.Remove(t.Context(), "ORG#1", 2, 2))
	delete(m, 2)
	w.agree(t, "ORG#1", m)
	m = someDocuments(5, 40, 3)
	w.must(t, w.Rebuild(t.Context(), "ORG#1", m))
	w.agree(t, "ORG#1", m)
	w.rowsOf(t, "ORG#1", 1, 0)
}
