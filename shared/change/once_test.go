package change_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// request returns a context in which the first change is that of a request with the key "k".
func request(ctx context.Context, edit func(*change.Request)) (context.Context, *change.Once) {
	one := change.Request{Caller: "p", Operation: "POST /things", Key: "k", Fingerprint: func() string { return "body" }}
	if edit != nil {
		edit(&one)
	}
	return change.WithOnce(ctx, one)
}

func TestWhatIsRequestedTwiceAtOnceHappensOnce(t *testing.T) {
	w := apptest.New(t)
	var changes atomic.Int32
	var group sync.WaitGroup
	for _, id := range []string{"1", "2", "3", "4", "5", "6"} {
		group.Go(func() {
			ctx, _ := request(t.Context(), nil)
			err := w.Journal.Commit(ctx, somebody, done(t, id))
			if err == nil {
				changes.Add(1)
			} else if !errors.Is(err, change.ErrRepeated) || !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if entries := len(w.AuditLog("ORG#o")); changes.Load() != 1 || entries != 1 || len(w.Outbox()) != 1 {
		t.Errorf("%d changes, %d audit entries, %d messages", changes.Load(), entries, len(w.Outbox()))
	}
}

func TestAKeyBelongsToItsCallerCredentialAndOperation(t *testing.T) {
	w := apptest.New(t)
	for i, edit := range []func(*change.Request){
		nil,
		func(r *change.Request) { r.Caller = "q" },
		func(r *change.Request) { r.Credential = "another session" },
		func(r *change.Request) { r.Operation = "POST /others" },
		func(r *change.Request) { r.Key = "l" },
	} {
		ctx, _ := request(t.Context(), edit)
		if err := w.Journal.Commit(ctx, somebody, done(t, string(rune('a'+i)))); err != nil {
			t.Errorf("request %d: %v", i, err)
		}
	}
}

func TestAKeyIsKeptWithItsAnswerForADay(t *testing.T) {
	w := apptest.New(t)
	ctx, once := request(t.Context(), nil)
	if err := w.Journal.Keep(ctx, once, "too early"); err != nil {
		t.Fatal(err)
	}
	if kept, err := w.Journal.Kept(ctx, once); err != nil || kept.Fingerprint != "" || once.Done() {
		t.Errorf("before the change %+v, %v", kept, err)
	}
	if err := w.Journal.Commit(ctx, somebody, done(t, "1")); err != nil {
		t.Fatal(err)
	}
	if err := w.Journal.Commit(ctx, somebody, done(t, "2")); err != nil {
		t.Errorf("the second change of the request: %v", err)
	}
	if kept, err := w.Journal.Kept(ctx, once); err != nil || kept != (change.Kept{Fingerprint: "body"}) {
		t.Errorf("before the answer %+v, %v", kept, err)
	}
	if err := w.Journal.Keep(ctx, once, "answer"); err != nil {
		t.Fatal(err)
	}
	w.Clock.Pass(change.OnceKept - time.Second)
	if kept, err := w.Journal.Kept(ctx, once); err != nil || kept.Answer != "answer" {
		t.Errorf("after the answer %+v, %v", kept, err)
	}
	w.Clock.Pass(2 * time.Second)
	if kept, err := w.Journal.Kept(ctx, once); err != nil || kept.Fingerprint != "" {
		t.Errorf("after a day %+v, %v", kept, err)
	}
	again, _ := request(t.Context(), nil)
	if err := w.Journal.Commit(again, somebody, done(t, "3")); err != nil {
		t.Errorf("after a day: %v", err)
	}
}

func TestAChangeThatFailsLeavesNoKey(t *testing.T) {
	w := apptest.New(t)
	if err := w.Journal.Commit(t.Context(), somebody, done(t, "1")); err != nil {
		t.Fatal(err)
	}
	ctx, once := request(t.Context(), nil)
	err := w.Journal.Commit(ctx, somebody, done(t, "1"))
	if !table.ConflictAt(err, thing("1")) || once.Done() {
		t.Errorf("the same thing again: %v", err)
	}
	if err := w.Journal.Refuse(ctx, somebody, change.Record{Action: "things.do", Message: "Refused", OrgID: "o"}); err != nil {
		t.Fatal(err)
	}
	if kept, err := w.Journal.Kept(ctx, once); err != nil || kept.Fingerprint != "" {
		t.Errorf("after a failure %+v, %v", kept, err)
	}
	if err := w.Journal.Commit(ctx, somebody, done(t, "2")); err != nil || !once.Done() {
		t.Errorf("the next attempt: %v", err)
	}
}

func TestWhatAFailedRequestLeavesBehindDoesNotTakeItsKey(t *testing.T) {
	w := apptest.New(t)
	ctx, once := request(t.Context(), nil)
	if err := w.Journal.Commit(change.WithoutOnce(ctx), somebody, done(t, "1")); err != nil {
		t.Fatal(err)
	}
	if kept, err := w.Journal.Kept(ctx, once); err != nil || kept.Fingerprint != "" || once.Done() {
		t.Errorf("after the record of a failure %+v, %v", kept, err)
	}
	if err := w.Journal.Commit(ctx, somebody, done(t, "2")); err != nil || !once.Done() {
		t.Errorf("the next attempt: %v", err)
	}
	again, _ := request(t.Context(), nil)
	if err := w.Journal.Commit(again, somebody, done(t, "3")); !errors.Is(err, change.ErrRepeated) {
		t.Errorf("the same request again: %v", err)
	}
}
