// Package deadletter stores messages that no worker could process, with the reason, until an
// operator replays or discards them. The queues count the attempts.
package deadletter

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

// The key of a dead letter, in the core table:
//
//	PLATFORM#DEAD   <message id>              the message, the reason and the number of attempts
//	ORG#<org>       DEADLETTER#<message id>   a dead letter about an organization, for its purge
const partition = "PLATFORM#DEAD"

func key(id string) table.Key { return table.Key{Partition: partition, Sort: id} }

// Letter is a message that no worker could process.
type Letter struct {
	ID    string `json:"id"`
	Queue string `json:"queue"`
	Group string `json:"group"`
	// Body is the message's JSON document.
	Body json.RawMessage `json:"body"`
	// Request is the id of the request that caused the message.
	Request string `json:"request,omitempty"`
	// Reason is the error of the last attempt; Receives is the number of attempts.
	Reason   string `json:"reason"`
	Receives int    `json:"receives"`
	// Time is when the queue gave up on it, in epoch seconds.
	Time int64 `json:"time"`
	// OrgID is the organization in whose list of dead letters it is; "" for none.
	OrgID string `json:"org_id,omitempty"`
}

// Store stores the dead letters, and reports the length of the queues. It is safe for concurrent
// use.
type Store struct {
	journal *change.Journal
	queues  queue.Inspector
}

// NewStore returns the service for a journal and the queues.
func NewStore(journal *change.Journal, queues queue.Inspector) *Store {
	return &Store{journal: journal, queues: queues}
}

// Queues returns the length of the queues, for operators.
func (o *Store) Queues(ctx context.Context, by identity.Principal) ([]queue.Depth, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return nil, err
	}
	return o.queues.Depths(ctx)
}

// Park stores a message that no worker could process. It is idempotent.
func (o *Store) Park(ctx context.Context, message queue.Message, reason string, receives int) error {
	letter := Letter{
		ID: message.ID, Queue: message.Queue, Group: message.Group, Body: message.Body, Request: message.Request,
		Reason: reason, Receives: receives, Time: o.journal.Now().Unix(),
	}
	if !json.Valid(message.Body) {
		quoted, err := json.Marshal(string(message.Body))
		if err != nil {
			return err
		}
		letter.Body = quoted
	}
	if about := letter.orgOf(); uuid.Validate(about) == nil {
		letter.OrgID = about
	}
	item, err := change.Encode(key(letter.ID), letter)
	if err != nil {
		return err
	}
	err = o.journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action:      "platform.park_message",
		Message:     "Moved to the dead letters: a message of the queue " + letter.Queue,
		PlatformLog: true,
		Target:      "message:" + letter.ID,
		After:       map[string]any{"reason": reason, "receives": receives},
		Writes:      append([]table.Write{table.Create(item)}, letter.listed()...),
	})
	if table.ConflictAt(err, key(letter.ID)) {
		return nil
	}
	return err
}

// Page is a page of the dead letters, newest first.
type Page struct {
	Letters []Letter
	// Next continues the list; "" at its end.
	Next string
}

// List lists the dead letters, for operators.
func (o *Store) List(ctx context.Context, by identity.Principal, limit int, after string) (Page, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return Page{}, err
	}
	stored, err := o.journal.Query(ctx, table.Query{Partition: partition, Descending: true, Limit: limit, After: after})
	if err != nil {
		return Page{}, err
	}
	page := Page{Letters: make([]Letter, 0, len(stored.Items)), Next: stored.Next}
	for _, item := range stored.Items {
		var letter Letter
		if err := change.Decode(item, &letter); err != nil {
			return Page{}, err
		}
		page.Letters = append(page.Letters, letter)
	}
	return page, o.mask(ctx, by, page.Letters)
}

// Get reads a dead letter, for operators.
func (o *Store) Get(ctx context.Context, by identity.Principal, id string) (Letter, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return Letter{}, err
	}
	letter, _, err := o.load(ctx, id)
	if err != nil {
		return Letter{}, err
	}
	shown := []Letter{letter}
	err = o.mask(ctx, by, shown)
	return shown[0], err
}

// load reads a dead letter with its version; a fault of code NotFound if there is none.
func (o *Store) load(ctx context.Context, id string) (Letter, int64, error) {
	var letter Letter
	version, err := o.journal.Get(ctx, key(id), &letter)
	if errors.Is(err, table.ErrAbsent) {
		return Letter{}, 0, fault.Missing()
	}
	return letter, version, err
}

// Replay puts a message back on its queue.
func (o *Store) Replay(ctx context.Context, by identity.Principal, id string) error {
	return o.remove(ctx, by, id, "platform.replay_message", "Replayed a message of the queue ", true)
}

// Discard permanently deletes a message.
func (o *Store) Discard(ctx context.Context, by identity.Principal, id string) error {
	return o.remove(ctx, by, id, "platform.discard_message", "Discarded a message of the queue ", false)
}

func (o *Store) remove(ctx context.Context, by identity.Principal, id, action, message string, replay bool) error {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return err
	}
	letter, version, err := o.load(ctx, id)
	if err != nil {
		return err
	}
	record := change.Record{
		Action: action, Message: message + letter.Queue, PlatformLog: true, Target: "message:" + id, Before: letter,
		Writes: append([]table.Write{table.Delete(key(id), version)}, letter.unlisted()...),
	}
	if replay && !slices.Contains(queue.Names(), letter.Queue) {
		return fault.New(fault.Conflict,
			"This release does not know the queue %q. Replay the message after an update that does, or discard it.",
			letter.Queue)
	}
	if replay {
		// It keeps its ID, by which workers recognize what they did in an earlier attempt.
		record.Messages = []queue.Message{{
			ID: letter.ID, Queue: letter.Queue, Group: letter.Group, Body: letter.Body, Request: letter.Request,
		}}
	}
	err = o.journal.Commit(ctx, by.Actor(), record)
	if table.ConflictAt(err, key(id)) {
		return fault.Missing()
	}
	return err
}
