package embedded

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/store/embedded"
)

// TestEveryStatementFindsItsMessagesByAnIndexAndSortsNothing asks SQLite for its plans,
// so that sending and handing out stay O(log n) at a million waiting messages.
func TestEveryStatementFindsItsMessagesByAnIndexAndSortsNothing(t *testing.T) {
	database, err := embedded.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = database.Close() })
	if _, err := New(t.Context(), database, Options{Now: time.Now, Random: func() float64 { return 0 }}); err != nil {
		t.Fatal(err)
	}
	for statement, indexes := range map[string][]string{
		turnBeforeFirst: {"turn", "delayed"}, lastTagOfGroup: {"group"}, lookForReady: {"turn", "delayed", "in_flight"},
		wakeDelayed: {"delayed"}, expireInFlight: {"in_flight"}, nextInTurn: {"turn"},
		nextDueTime: {"delayed", "in_flight"}, countByState: {"turn", "delayed", "in_flight", "dead"},
		listDead: {"dead"}, takeDead: {"known"},
		handOut: nil, giveBack: nil, deleteMessage: nil,
	} {
		plan, err := explain(t, database, statement)
		if err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		for _, index := range indexes {
			if !strings.Contains(plan, "INDEX queue_messages_"+index+" (") {
				t.Errorf("%s\ndoes not use the index %s:\n%s", statement, index, plan)
			}
		}
		if strings.Contains(plan, "SCAN queue_messages") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s\nscans or sorts:\n%s", statement, plan)
		}
	}
}

func explain(t *testing.T, database *embedded.Database, statement string) (plan string, err error) {
	var arguments []any
	for strings.Contains(statement, fmt.Sprintf("?%d", len(arguments)+1)) {
		arguments = append(arguments, 1)
	}
	err = database.Read(t.Context(), func(reader *embedded.Reader) error {
		return reader.Each("EXPLAIN QUERY PLAN "+statement, arguments, func(scan func(...any) error) error {
			var id, parent, unused int
			var detail string
			err := scan(&id, &parent, &unused, &detail)
			plan += detail + "\n"
			return err
		})
	})
	return plan, err
}
