package demo_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/infra/local/demo"
)

func TestIDsAreValidAndInOrderAndDependOnTheSeedAlone(t *testing.T) {
	newIDs := func(seed uint64) *demo.IDs { return demo.NewIDs(demo.NewClock(end), seed) }
	one, same, other := newIDs(1), newIDs(1), newIDs(2)
	last := ""
	for range 10_000 { // more than fit in a millisecond
		id := one.New()
		parsed, err := uuid.Parse(id)
		if err != nil || parsed.Version() != 7 || parsed.Variant() != uuid.RFC4122 {
			t.Fatalf("%s: %v, version %d", id, err, parsed.Version())
		}
		if id <= last {
			t.Fatalf("%s comes after %s", id, last)
		}
		if last = id; id != same.New() || id == other.New() {
			t.Fatalf("%s is not of the seed", id)
		}
	}
}
