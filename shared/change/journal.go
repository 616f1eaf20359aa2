// Package change is the only way to write: items, the audit entry and the messages they cause, in
// one transaction. A domain has a Journal and no other access to the table, so it cannot write
// without an actor and an audit entry. What a change means is up to the domains; who may make it,
// to shared/identity.
package change

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Journal reads the table and writes changes to it. It is safe for concurrent use.
type Journal struct {
	store table.Store
	now   func() time.Time
	newID func() string
}

// NewJournal returns a journal on a store; now returns the present time.
func NewJournal(store table.Store, now func() time.Time) *Journal {
	return &Journal{store: store, now: now, newID: func() string { return uuid.Must(uuid.NewV7()).String() }}
}

// WithIDs returns the same journal with another source of IDs, which are UUIDs of version 7. It must
// be safe for concurrent use.
func (j *Journal) WithIDs(newID func() string) *Journal {
	other := *j
	other.newID = newID
	return &other
}

// Record describes one change: what was done, and everything to be written for it.
type Record struct {
	// Action is the operation's name, as in "cases.create".
	Action string
	// Message is a short sentence for the audit log.
	Message string
	// OrgID and MSPID are the scopes concerned; each has the entry in its log.
	OrgID, MSPID string
	// AlsoOrgs and AlsoMSPs are further scopes with the entry in their logs, without duplicates.
	AlsoOrgs, AlsoMSPs []string
	// UserLog is the person with the entry in their own log.
	UserLog string
	// PlatformLog adds the entry to the platform's log. An entry without any scope is always added
	// there.
	PlatformLog bool
	// Target is the object concerned, as in "case:0198…".
	Target string
	// Internal hides the entry from customers.
	Internal bool
	// Before and After are the changed values before and after the change; never a secret.
	Before, After any
	// Asides are further entries about the same change, for scopes that must not learn all of it.
	Asides []Aside
	Writes []table.Write
	// Messages are put on their queues after the commit, each at least once. An empty ID is
	// replaced by a new one.
	Messages []queue.Message
}

// Aside is an entry in the log of an MSP or of an organization that tells of a change in its own words,
// with only the values that are its own.
type Aside struct {
	// OrgID is the organization, or MSPID the MSP.
	OrgID, MSPID    string
	Message, Target string
	Before, After   any
}

// Commit writes the change, its audit entry and its messages in one transaction. It returns a
// *table.ConflictError if a condition of Writes fails; then nothing was written. With a context of
// WithOnce, it stores the key of the request too.
func (j *Journal) Commit(ctx context.Context, by Actor, record Record) error {
	return j.commit(ctx, by, record, false)
}

// Refuse records that an actor was refused. It writes nothing else, and never the key of a request.
func (j *Journal) Refuse(ctx context.Context, by Actor, record Record) error {
	if len(record.Writes) > 0 || len(record.Messages) > 0 {
		return errors.New("change: a refusal writes nothing")
	}
	return j.commit(WithoutOnce(ctx), by, record, true)
}

// VisitAction is the action of entries that say who was in an organization.
const VisitAction = "orgs.visit"

// Visit records that an actor was somewhere. Like Refuse, it writes the entry alone.
func (j *Journal) Visit(ctx context.Context, by Actor, record Record) error {
	if len(record.Writes) > 0 || len(record.Messages) > 0 {
		return errors.New("change: a visit writes nothing else")
	}
	return j.commit(WithoutOnce(ctx), by, record, false)
}

func (j *Journal) commit(ctx context.Context, by Actor, record Record, refused bool) error {
	if by.Kind == "" || record.Action == "" || record.Message == "" {
		return errors.New("change: an actor, an action and a message are required")
	}
	now := j.now()
	entry := Entry{
		ID: j.NewID(), Time: now.UnixMicro(), Action: record.Action, Message: record.Message, Actor: by,
		OrgID: record.OrgID, MSPID: record.MSPID, Target: record.Target, Refused: refused, Internal: record.Internal,
		Request: RequestID(ctx),
	}
	var err error
	if entry.Before, err = asJSON(record.Before); err != nil {
		return err
	}
	if entry.After, err = asJSON(record.After); err != nil {
		return err
	}
	audit, err := entryWrites(entry, record)
	if err != nil {
		return err
	}
	for _, aside := range record.Asides {
		own := entry
		own.ID, own.OrgID, own.MSPID, own.Target = j.NewID(), aside.OrgID, aside.MSPID, aside.Target
		own.Message = aside.Message
		if own.Before, err = asJSON(aside.Before); err != nil {
			return err
		}
		if own.After, err = asJSON(aside.After); err != nil {
			return err
		}
		more, err := entryWrites(own, Record{OrgID: aside.OrgID, MSPID: aside.MSPID})
		if err != nil {
			return err
		}
		audit = append(audit, more...)
	}
	outbox, err := j.outboxWrites(ctx, now, record.Messages)
	if err != nil {
		return err
	}
	writes := make([]table.Write, 0, len(record.Writes)+len(audit)+len(outbox))
	writes = append(append(append(writes, record.Writes...), audit...), outbox...)
	once, _ := ctx.Value(onceKey{}).(*Once)
	var key []table.Write
	if once != nil {
		if key, err = once.attach(now); err != nil {
			return err
		}
	}
	err = j.store.Transact(ctx, append(writes, key...))
	if len(key) > 0 {
		err = once.committed(err)
	}
	if err != nil {
		return fmt.Errorf("commit %s: %w", record.Action, err)
	}
	return nil
}

func asJSON(value any) (json.RawMessage, error) {
	if value == nil {
		return nil, nil
	}
	data, err := marshal(value)
	if err != nil {
		return nil, fmt.Errorf("audit entry: %w", err)
	}
	return data, nil
}

// Now returns the present time, in UTC.
func (j *Journal) Now() time.Time { return j.now().UTC() }

// NewID returns a new ID: a UUID of version 7, which sorts by time of creation.
func (j *Journal) NewID() string { return j.newID() }

// Get reads an item into value, or returns table.ErrAbsent if there is none. It returns the version
// read.
func (j *Journal) Get(ctx context.Context, key table.Key, value any) (int64, error) {
	item, err := j.store.Get(ctx, key)
	if err != nil {
		return 0, err
	}
	return item.Version, Decode(item, value)
}

// BatchGet reads items in the order of their keys; a missing one has Version 0.
func (j *Journal) BatchGet(ctx context.Context, keys []table.Key) ([]table.Item, error) {
	return j.store.BatchGet(ctx, keys)
}

// Query reads a page of a range.
func (j *Journal) Query(ctx context.Context, query table.Query) (table.Page, error) {
	return j.store.Query(ctx, query)
}

// Next takes the next number of a sequence. Numbers may be skipped, but are never used twice: a
// request whose response is lost is sent again.
func (j *Journal) Next(ctx context.Context, key table.Key) (int64, error) {
	for attempt := 1; ; attempt++ {
		number, err := j.store.Count(ctx, key, 1, 0)
		if attempt == sequenceAttempts || !fault.Is(err, fault.Unavailable) || ctx.Err() != nil {
			return number, err
		}
	}
}

// Spend adds to counters that must not exceed a limit, without an audit entry: what is counted is not
// stored here. It returns the conflict of a counter that has no room.
func (j *Journal) Spend(ctx context.Context, writes ...table.Write) error {
	for _, write := range writes {
		if write.Kind != table.AddKind {
			return fmt.Errorf("change: the write on %q does not only count", write.Item.Sort)
		}
	}
	return j.store.Transact(ctx, writes)
}

// sequenceAttempts is how often the next number of a sequence is requested.
const sequenceAttempts = 3

// markPrefix is the prefix of the sort key of every mark.
const markPrefix = "MARK#"

// Mark records what is nobody's action and needs no audit entry: that a token was used, that a mail
// was sent. It overwrites the item under key. It only accepts keys of marks ("MARK#…"), so that no
// change can bypass the audit log this way.
func (j *Journal) Mark(ctx context.Context, key table.Key, value any, expires int64) error {
	if key.Table != table.Core || !strings.HasPrefix(key.Sort, markPrefix) {
		return fmt.Errorf("change: %q is not the key of a mark", key.Sort)
	}
	for range 3 {
		old, err := j.store.Get(ctx, key)
		if err != nil && !errors.Is(err, table.ErrAbsent) {
			return err
		}
		item, err := Encode(key, value)
		if err != nil {
			return err
		}
		item.Expires = expires
		write := table.Create(item)
		if old.Version > 0 {
			item.Version = old.Version
			write = table.Update(item)
		}
		err = j.store.Transact(ctx, []table.Write{write})
		if !table.ConflictAt(err, key) {
			return err
		}
	}
	return fault.New(fault.Unavailable, "Others are changing the mark. Try again.")
}

// Note is Mark in the derived table, for marks that may be lost: it needs no read, and no
// permission to write to the core table.
func (j *Journal) Note(ctx context.Context, key table.Key, value any, expires int64) error {
	if key.Table != table.Derived || !strings.HasPrefix(key.Sort, markPrefix) {
		return fmt.Errorf("change: %q is not the key of a mark in the derived table", key.Sort)
	}
	item, err := Encode(key, value)
	if err != nil {
		return err
	}
	item.Version, item.Expires = 1, expires
	return j.store.BatchPut(ctx, []table.Item{item})
}

// MarkAll records several marks at once: it reads the items under keys, in their order and with
// Version 0 for missing ones, and stores what edit returns in one transaction. Items that edit
// leaves out stay as they are. It starts over if the marks change in the meantime.
func (j *Journal) MarkAll(
	ctx context.Context,
	keys []table.Key,
	edit func(items []table.Item) ([]table.Item, error),
) error {
	for _, key := range keys {
		if key.Table != table.Core || !strings.HasPrefix(key.Sort, markPrefix) {
			return fmt.Errorf("change: %q is not the key of a mark", key.Sort)
		}
	}
	for range 3 {
		items, err := j.store.BatchGet(ctx, keys)
		if err != nil {
			return err
		}
		marks, err := edit(items)
		if err != nil || len(marks) == 0 {
			return err
		}
		writes := make([]table.Write, len(marks))
		for i, item := range marks {
			if !slices.Contains(keys, item.Key) {
				return fmt.Errorf("change: %q is not one of the marks that were read", item.Sort)
			}
			if writes[i] = table.Create(item); item.Version > 0 {
				writes[i] = table.Update(item)
			}
		}
		err = j.store.Transact(ctx, writes)
		if _, lost := errors.AsType[*table.ConflictError](err); !lost {
			return err
		}
	}
	return fault.New(fault.Unavailable, "Others are changing the marks. Try again.")
}

// marshal returns a value's JSON form for storage. It does not escape letters that matter in HTML:
// at six bytes each they could make a long text exceed the size limit of an item.
func marshal(value any) ([]byte, error) {
	var data bytes.Buffer
	encoder := json.NewEncoder(&data)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSuffix(data.Bytes(), []byte("\n")), err
}

// Encode returns the item of a value.
func Encode(key table.Key, value any) (table.Item, error) {
	data, err := marshal(value)
	if err != nil {
		return table.Item{}, fmt.Errorf("encode %q %q: %w", key.Partition, key.Sort, err)
	}
	return table.Item{Key: key, Data: data}, nil
}

// Decode reads the value of an item.
func Decode(item table.Item, value any) error {
	if err := json.Unmarshal(item.Data, value); err != nil {
		return fmt.Errorf("decode %q %q: %w", item.Partition, item.Sort, err)
	}
	return nil
}

// DecodePage decodes every item of a page.
func DecodePage[T any](page table.Page) ([]T, error) {
	values := make([]T, len(page.Items))
	for i, item := range page.Items {
		if err := Decode(item, &values[i]); err != nil {
			return nil, err
		}
	}
	return values, nil
}
