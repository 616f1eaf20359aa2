package embedded

import (
	"math"

	"github.com/tenantry/tenantry/shared/store/embedded"
)

// The states of a message.
const (
	waiting  = 0 // waiting for its turn
	delayed  = 1 // failed; waits again from its due time on
	inFlight = 2 // handed out; waits again from its due time on unless deleted before
	dead     = 3 // failed too often; an operator decides
)

// forever is later than every due time.
const forever = math.MaxInt64

// addRequest adds the column of the request to a table of a former version.
func addRequest(tx *embedded.Tx) error {
	var there bool
	if err := tx.Row(hasRequest).Scan(&there); err != nil || there {
		return err
	}
	_, err := tx.Exec(`ALTER TABLE queue_messages ADD COLUMN request TEXT NOT NULL DEFAULT ''`)
	return err
}

// Every index holds only the messages in the states that it serves, so that sending, receiving and
// retrying stay fast however many messages there are.
func schema() []string {
	return []string{
		`CREATE TABLE IF NOT EXISTS queue_messages (
			number INTEGER PRIMARY KEY, queue TEXT NOT NULL, id TEXT NOT NULL, tenant TEXT NOT NULL,
			tag INTEGER NOT NULL, state INTEGER NOT NULL, due INTEGER NOT NULL, receives INTEGER NOT NULL,
			reason TEXT NOT NULL, sent INTEGER NOT NULL, body BLOB NOT NULL, request TEXT NOT NULL DEFAULT '')`,
		`CREATE UNIQUE INDEX IF NOT EXISTS queue_messages_known ON queue_messages (id, queue)`,
		`CREATE INDEX IF NOT EXISTS queue_messages_turn ON queue_messages (queue, tag, number) WHERE state = 0`,
		`CREATE INDEX IF NOT EXISTS queue_messages_group ON queue_messages (queue, tenant, tag) WHERE state = 0`,
		`CREATE INDEX IF NOT EXISTS queue_messages_delayed ON queue_messages (queue, due) WHERE state = 1`,
		`CREATE INDEX IF NOT EXISTS queue_messages_in_flight ON queue_messages (queue, due) WHERE state = 2`,
		`CREATE INDEX IF NOT EXISTS queue_messages_dead ON queue_messages (queue, number) WHERE state = 3`,
	}
}
