package apptest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/audit"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Outbox returns the committed messages that were not delivered to their queues yet, oldest first.
func (w *App) Outbox() []queue.Message {
	w.t.Helper()
	var items []table.Item
	for _, digit := range "0123456789abcdef" {
		query := table.WithPrefix(table.Core, fmt.Sprintf("OUTBOX#%c", digit), "")
		for {
			page, err := w.Store.Query(w.t.Context(), query)
			w.must(err)
			items = append(items, page.Items...)
			if query.After = page.Next; page.Next == "" {
				break
			}
		}
	}
	slices.SortFunc(items, func(x, y table.Item) int { return bytes.Compare([]byte(x.Sort), []byte(y.Sort)) })
	messages := make([]queue.Message, 0, len(items))
	for _, item := range items {
		message, err := change.OutboxMessage(item)
		w.must(err)
		messages = append(messages, message)
	}
	return messages
}

// Since skips the first before messages of the outbox and decodes the rest.
func Since[T any](w *App, before int) []T {
	w.t.Helper()
	var notices []T
	for _, message := range w.Outbox()[before:] {
		var notice T
		w.must(json.Unmarshal(message.Body, &notice))
		notices = append(notices, notice)
	}
	return notices
}

// OnDisk reports whether a text appears anywhere in the files of the database.
func (w *App) OnDisk(text string) bool {
	w.t.Helper()
	for _, name := range []string{"tenantry.db", "tenantry.db-wal"} {
		content, err := os.ReadFile(filepath.Join(w.folder, name))
		if os.IsNotExist(err) {
			continue
		}
		w.must(err)
		if bytes.Contains(content, []byte(text)) {
			return true
		}
	}
	return false
}

// AuditLog returns the entries of one log ("ORG#…", "MSP#…", "USER#…", "PLATFORM#<yyyy-mm>"),
// oldest first.
func (w *App) AuditLog(partition string) []change.Entry {
	w.t.Helper()
	query := table.WithPrefix(table.Audit, partition, "")
	entries := []change.Entry{}
	for {
		page, err := w.Store.Query(w.t.Context(), query)
		w.must(err)
		for _, item := range page.Items {
			var entry change.Entry
			w.must(change.Decode(item, &entry))
			entries = append(entries, entry)
		}
		if query.After = page.Next; page.Next == "" {
			return entries
		}
	}
}

// LastDay returns an audit query for the 24 hours until now.
func (w *App) LastDay() audit.Search {
	return audit.Search{Start: w.Clock.Now().Add(-24 * time.Hour), End: w.Clock.Now().Add(time.Second), Limit: 1000}
}
