package change

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"sync"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// What is requested twice under one key happens once: the key is an item of the transaction of the
// change, so that of two calls at the same time one changes something, and the other learns that it
// was first.
//
//	USER#<person>#ONCE  MARK#ONCE#<hash of credential, operation and key>  what was requested, and its answer; expires
const onceMark = markPrefix + "ONCE#"

// OnceKept is how long a key is kept.
const OnceKept = 24 * time.Hour

// ErrRepeated is the cause of the fault of a Commit whose key has been used: the change was made
// before, by the same request.
var ErrRepeated = errors.New("change: the request was carried out before")

// Request identifies what somebody asks for under a key of their own.
type Request struct {
	// Caller is the ID of the person who asks. Operation is what they ask for, such as a method and a
	// path; the same key for another operation is another key.
	Caller, Operation, Key string
	// Credential is the ID of the session or token that the caller shows; the same key with another
	// credential is another key.
	Credential string
	// Fingerprint returns what distinguishes the contents of the request from others. It is called
	// when the contents have been read.
	Fingerprint func() string
}

func (r Request) key() table.Key {
	sum := sha256.Sum256([]byte(r.Credential + "\n" + r.Operation + "\n" + r.Key))
	return table.Key{
		Partition: "USER#" + r.Caller + "#ONCE",
		Sort:      onceMark + base64.RawURLEncoding.EncodeToString(sum[:]),
	}
}

// Kept is what is kept of a request that was carried out.
type Kept struct {
	Fingerprint string `json:"fingerprint"`
	// Answer is what the caller was told; empty until that is known. It is sealed by who keeps it.
	Answer string `json:"answer,omitempty"`
}

// Once is a request that must be carried out once. It is safe for concurrent use.
type Once struct {
	request Request
	key     table.Key

	mu       sync.Mutex
	kept     Kept
	expires  int64
	attached bool // the key is part of a transaction under way, or of one that was committed
	done     bool
}

type onceKey struct{}

// WithOnce returns a context whose first Commit carries the request out: the key is stored in its
// transaction. It fails with ErrRepeated if the key is stored already.
func WithOnce(ctx context.Context, request Request) (context.Context, *Once) {
	once := &Once{request: request, key: request.key()}
	return context.WithValue(ctx, onceKey{}, once), once
}

// WithoutOnce returns a context whose Commits do not carry a request out. It is for what a failed request
// leaves behind, such as a count of wrong passwords: the request can be sent again with its key.
func WithoutOnce(ctx context.Context) context.Context {
	return context.WithValue(ctx, onceKey{}, (*Once)(nil))
}

// Binding names the request among all others.
func (o *Once) Binding() string { return o.key.Partition + " " + o.key.Sort }

// Done reports whether a change was committed for the request.
func (o *Once) Done() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.done
}

// attach returns the write that stores the key; none if another transaction of the request does.
func (o *Once) attach(now time.Time) ([]table.Write, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.attached {
		return nil, nil
	}
	o.kept, o.expires = Kept{Fingerprint: o.request.Fingerprint()}, now.Add(OnceKept).Unix()
	item, err := Encode(o.key, o.kept)
	if err != nil {
		return nil, err
	}
	item.Expires, o.attached = o.expires, true
	return []table.Write{table.Create(item)}, nil
}

// committed notes how the transaction with the key ended, and returns the error of the commit.
func (o *Once) committed(err error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.attached, o.done = err == nil, err == nil
	if table.ConflictAt(err, o.key) {
		return fault.Wrap(ErrRepeated, fault.Conflict, "This request was carried out before.")
	}
	return err
}

// Kept returns what is kept of the request; an empty fingerprint if it was not carried out.
func (j *Journal) Kept(ctx context.Context, once *Once) (Kept, error) {
	items, err := j.store.BatchGet(ctx, []table.Key{once.key})
	if err != nil || items[0].Version == 0 {
		return Kept{}, err
	}
	var kept Kept
	return kept, Decode(items[0], &kept)
}

// Keep stores the answer of a request that was carried out. An answer that does not fit is not kept.
func (j *Journal) Keep(ctx context.Context, once *Once, answer string) error {
	if !once.Done() {
		return nil
	}
	item, err := Encode(once.key, Kept{Fingerprint: once.kept.Fingerprint, Answer: answer})
	if err != nil {
		return err
	}
	if item.Bytes() > table.MaxItemBytes {
		return nil
	}
	item.Version, item.Expires = 1, once.expires
	return j.store.Transact(ctx, []table.Write{table.Update(item)})
}
