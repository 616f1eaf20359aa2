package embedded

// The statements of senders and workers; a test checks the query plan of each. States are literal
// numbers, because SQLite uses a partial index only if the statement contains its condition.
const (
	// turnBeforeFirst is used when nothing is in flight.
	turnBeforeFirst = `SELECT coalesce(min(first), 1) - 1 FROM (
		SELECT min(tag) AS first FROM queue_messages WHERE queue = ?1 AND state = 0
		UNION ALL SELECT min(tag) FROM queue_messages WHERE queue = ?1 AND state = 1)`

	storeMessage = `INSERT INTO queue_messages
			(number, queue, id, tenant, tag, state, due, receives, reason, sent, body, request)
		VALUES (?1, ?2, ?3, ?4, ?5, ?8, ?9, 0, '', ?6, ?7, ?10) ON CONFLICT (id, queue) DO NOTHING`

	lastTagOfGroup = `SELECT coalesce((SELECT tag FROM queue_messages
		WHERE queue = ?1 AND tenant = ?2 AND state = 0 ORDER BY tag DESC LIMIT 1), 0)`

	lookForReady = `SELECT EXISTS (SELECT 1 FROM queue_messages WHERE queue = ?1 AND state = 0)
		OR EXISTS (SELECT 1 FROM queue_messages WHERE queue = ?1 AND state = 1 AND due <= ?2)
		OR EXISTS (SELECT 1 FROM queue_messages WHERE queue = ?1 AND state = 2 AND due <= ?2)`

	wakeDelayed = `UPDATE queue_messages SET state = 0 WHERE number IN (SELECT number FROM queue_messages
		WHERE queue = ?1 AND state = 1 AND due <= ?2 ORDER BY due LIMIT ?3)`

	expireInFlight = `UPDATE queue_messages SET state = iif(receives >= ?3, 3, 0), reason = ?4, due = 0
		WHERE number IN (SELECT number FROM queue_messages
			WHERE queue = ?1 AND state = 2 AND due <= ?2 ORDER BY due LIMIT ?5)`

	nextInTurn = `SELECT number, id, tenant, tag, receives, body, request FROM queue_messages
		WHERE queue = ?1 AND state = 0 ORDER BY tag, number LIMIT ?2`

	handOut = `UPDATE queue_messages SET state = 2, receives = ?2, due = ?3 WHERE number = ?1`

	giveBack = `UPDATE queue_messages SET state = ?3, due = ?4, reason = ?5
		WHERE number = ?1 AND receives = ?2 AND state = 2`

	nextDueTime = `SELECT min(
		coalesce((SELECT min(due) FROM queue_messages WHERE queue = ?1 AND state = 1), ?2),
		coalesce((SELECT min(due) FROM queue_messages WHERE queue = ?1 AND state = 2), ?2))`

	countByState = `SELECT
		(SELECT count(*) FROM queue_messages WHERE queue = ?1 AND state = 0),
		(SELECT count(*) FROM queue_messages WHERE queue = ?1 AND state = 1),
		(SELECT count(*) FROM queue_messages WHERE queue = ?1 AND state = 2),
		(SELECT count(*) FROM queue_messages WHERE queue = ?1 AND state = 3)`

	listDead = `SELECT number, id, tenant, receives, reason, sent, body, request FROM queue_messages
		WHERE queue = ?1 AND state = 3 AND number > ?3 ORDER BY number LIMIT ?2`

	takeDead = `DELETE FROM queue_messages WHERE queue = ?1 AND id = ?2 AND state = 3
		RETURNING id, tenant, body, request`

	hasRequest = `SELECT EXISTS (SELECT 1 FROM pragma_table_info('queue_messages') WHERE name = 'request')`

	lastNumber = `SELECT coalesce(max(number), 0) FROM queue_messages`

	deleteMessage = `DELETE FROM queue_messages WHERE number = ?1`
)
