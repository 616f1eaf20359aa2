package embedded_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	engine "github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/queue/embedded"
)

// crowd puts many waiting messages of many groups on a queue, bypassing Send.
const crowd = `WITH RECURSIVE counted (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM counted WHERE n < ?1)
	INSERT INTO queue_messages (number, queue, id, tenant, tag, state, due, receives, reason, sent, body)
	SELECT n, ?2, 'crowd' || n, 'group' || (n % 1000), n / 1000 + 1, 0, 0, 0, '', 0, x'7b7d' FROM counted`

// BenchmarkReceiveAndDelete measures one message at a time from short and long queues.
func BenchmarkReceiveAndDelete(b *testing.B) {
	for _, waiting := range []int{1_000, 1_000_000} {
		b.Run(fmt.Sprintf("waiting=%d", waiting), func(b *testing.B) {
			database, err := engine.Open(b.Context(), filepath.Join(b.TempDir(), "bench.db"))
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = database.Close() })
			options := embedded.Options{Now: time.Now, Random: middle}
			if _, err := embedded.New(b.Context(), database, options); err != nil {
				b.Fatal(err)
			}
			err = database.Write(b.Context(), func(tx *engine.Tx) error {
				_, err := tx.Exec(crowd, waiting, queue.MailSend)
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
			queues, err := embedded.New(b.Context(), database, options) // finds the numbers and the turn
			if err != nil {
				b.Fatal(err)
			}
			for i := 0; b.Loop(); i++ {
				message := message("bench", i)
				if err := queues.Send(b.Context(), []queue.Message{message}); err != nil {
					b.Fatal(err)
				}
				deliveries, err := queues.Receive(b.Context(), queue.MailSend, 1)
				if err != nil || len(deliveries) != 1 {
					b.Fatal(deliveries, err)
				}
				if err := queues.Delete(b.Context(), deliveries...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
