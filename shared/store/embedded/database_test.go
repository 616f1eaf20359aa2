package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/embedded"
)

func open(t testing.TB) *embedded.Database {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "test.db"))
}

func openAt(t testing.TB, path string) *embedded.Database {
	t.Helper()
	database, err := embedded.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := database.Close(); err != nil {
			t.Error(err)
		}
	})
	err = database.Define(t.Context(), `CREATE TABLE IF NOT EXISTS numbers (number INTEGER PRIMARY KEY)`)
	if err != nil {
		t.Fatal(err)
	}
	return database
}

func insert(number int) func(*embedded.Tx) error {
	return func(tx *embedded.Tx) error {
		_, err := tx.Exec(`INSERT INTO numbers VALUES (?)`, number)
		return err
	}
}

func numbers(t testing.TB, database *embedded.Database) []int {
	t.Helper()
	stored := []int{}
	err := database.Read(context.Background(), func(reader *embedded.Reader) error {
		return reader.Each(`SELECT number FROM numbers ORDER BY number`, nil, func(scan func(...any) error) error {
			var number int
			if err := scan(&number); err != nil {
				return err
			}
			stored = append(stored, number)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

// hold keeps the writer busy until the returned function is called, so that writes sent meanwhile
// form one batch.
func hold(t *testing.T, database *embedded.Database) (release func()) {
	t.Helper()
	began, end, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- database.Write(context.Background(), func(*embedded.Tx) error {
			close(began)
			<-end
			return nil
		})
	}()
	<-began
	return func() {
		close(end)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// awaitWaiting waits until the given number of writes is pending.
func awaitWaiting(t *testing.T, database *embedded.Database, writes int) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); database.Waiting() < writes; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d writes wait, want %d", database.Waiting(), writes)
		}
	}
}

// together sends the works in one batch, in this order, and returns their outcomes.
func together(t *testing.T, database *embedded.Database, works ...func(*embedded.Tx) error) []error {
	t.Helper()
	release := hold(t, database)
	outcomes := make([]error, len(works))
	var all sync.WaitGroup
	for i, work := range works {
		all.Go(func() { outcomes[i] = database.Write(context.Background(), work) })
		awaitWaiting(t, database, i+1) // keeps the order
	}
	release()
	all.Wait()
	return outcomes
}

func TestAReadSeesEveryWriteAcknowledgedBefore(t *testing.T) {
	database := open(t)
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 50 {
				number := worker*1000 + i
				if err := database.Write(t.Context(), insert(number)); err != nil {
					t.Error(err)
				}
				err := database.Read(t.Context(), func(reader *embedded.Reader) error {
					return reader.Row(`SELECT number FROM numbers WHERE number = ?`, number).Scan(&number)
				})
				if err != nil {
					t.Errorf("number %d was not read after its write was acknowledged: %v", number, err)
				}
			}
		})
	}
	all.Wait()
	if stored := numbers(t, database); len(stored) != 400 {
		t.Errorf("%d numbers stored, want 400", len(stored))
	}
}

func TestAFailingWriteIsUndoneAloneInItsBatch(t *testing.T) {
	database := open(t)
	refused := errors.New("refused")
	outcomes := together(t, database,
		insert(1),
		func(tx *embedded.Tx) error { return errors.Join(insert(2)(tx), refused) },
		func(tx *embedded.Tx) error { return errors.Join(insert(3)(tx), insert(1)(tx)) },
		insert(4),
	)
	if outcomes[0] != nil || outcomes[3] != nil {
		t.Errorf("the writes around the failing ones: %v, %v", outcomes[0], outcomes[3])
	}
	if !errors.Is(outcomes[1], refused) || outcomes[2] == nil {
		t.Errorf("the failing writes: %v, %v", outcomes[1], outcomes[2])
	}
	if diff := cmp.Diff([]int{1, 4}, numbers(t, database)); diff != "" {
		t.Error(diff)
	}
}

func TestAPanicIsAnErrorOfItsOwnWriteOnly(t *testing.T) {
	database := open(t)
	outcomes := together(t, database,
		insert(1),
		func(tx *embedded.Tx) error {
			_ = insert(2)(tx)
			panic("oh")
		},
		insert(3),
	)
	if outcomes[0] != nil || !fault.Is(outcomes[1], fault.Internal) || outcomes[2] != nil {
		t.Errorf("outcomes %v", outcomes)
	}
	if diff := cmp.Diff([]int{1, 3}, numbers(t, database)); diff != "" {
		t.Error(diff)
	}
}

func TestAWorkThatEndsItsGoroutineHangsNobody(t *testing.T) {
	database := open(t)
	outcomes := together(t, database, insert(1), func(*embedded.Tx) error {
		runtime.Goexit()
		return nil
	})
	for i, outcome := range outcomes {
		if !fault.Is(outcome, fault.Unavailable) {
			t.Errorf("write %d: %v", i, outcome)
		}
	}
	if err := database.Write(t.Context(), insert(2)); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]int{2}, numbers(t, database)); diff != "" {
		t.Error(diff)
	}
}

func TestATransactionThatIsGoneFailsItsWholeBatch(t *testing.T) {
	database := open(t)
	// A failing disk makes SQLite roll back by itself; ROLLBACK has the same effect here.
	outcomes := together(t, database,
		insert(1),
		func(tx *embedded.Tx) error {
			_, err := tx.Exec("ROLLBACK")
			return err
		},
		insert(2),
	)
	for i, outcome := range outcomes {
		if !fault.Is(outcome, fault.Unavailable) {
			t.Errorf("write %d: %v", i, outcome)
		}
	}
	if err := database.Write(t.Context(), insert(3)); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]int{3}, numbers(t, database)); diff != "" {
		t.Error(diff)
	}
}

func TestAWriteWhoseContextEndsInTheQueueIsNotExecuted(t *testing.T) {
	database := open(t)
	release := hold(t, database)
	ctx, cancel := context.WithCancel(t.Context())
	outcome := make(chan error)
	go func() { outcome <- database.Write(ctx, insert(1)) }()
	awaitWaiting(t, database, 1)
	cancel()
	if err := <-outcome; !errors.Is(err, context.Canceled) {
		t.Errorf("outcome %v", err)
	}
	release()
	if stored := numbers(t, database); len(stored) != 0 {
		t.Errorf("stored %v", stored)
	}
}

func TestAWriteThatExecutesIsWaitedFor(t *testing.T) {
	database := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := database.Write(ctx, func(tx *embedded.Tx) error {
		cancel()
		return insert(1)(tx)
	})
	if err != nil {
		t.Errorf("outcome %v", err)
	}
	if diff := cmp.Diff([]int{1}, numbers(t, database)); diff != "" {
		t.Error(diff)
	}
}

func TestCloseLetsWaitingWritesFinishAndRefusesNewOnes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	database := openAt(t, path)
	release := hold(t, database)
	var all sync.WaitGroup
	for number := range 20 {
		all.Go(func() {
			if err := database.Write(context.Background(), insert(number)); err != nil {
				t.Error(err)
			}
		})
	}
	awaitWaiting(t, database, 20)
	closed := make(chan error)
	go func() { closed <- database.Close() }()
	release()
	all.Wait()
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	if err := database.Write(t.Context(), insert(99)); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a write after Close: %v", err)
	}
	err := database.Read(t.Context(), func(*embedded.Reader) error { return nil })
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("a read after Close: %v", err)
	}
	if stored := numbers(t, openAt(t, path)); len(stored) != 20 {
		t.Errorf("%d of 20 waiting writes stored", len(stored))
	}
}

func TestAnAbsentRowIsErrNoRowsAndAWrongStatementIsNot(t *testing.T) {
	database := open(t)
	err := database.Read(t.Context(), func(reader *embedded.Reader) error {
		var number int
		err := reader.Row(`SELECT number FROM numbers WHERE number = 1`).Scan(&number)
		if !errors.Is(err, embedded.ErrNoRows) {
			return fmt.Errorf("absent row: %v", err)
		}
		err = reader.Row(`SELECT nothing FROM nowhere`).Scan(&number)
		if err == nil || fault.Is(err, fault.Unavailable) {
			return fmt.Errorf("wrong statement: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAReaderCannotWrite(t *testing.T) {
	database := open(t)
	err := database.Read(t.Context(), func(reader *embedded.Reader) error {
		var number int
		return reader.Row(`INSERT INTO numbers VALUES (1) RETURNING number`).Scan(&number)
	})
	if err == nil {
		t.Error("a reader wrote")
	}
}

func BenchmarkDurableWrites(b *testing.B) {
	for _, workers := range []int{1, 32} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			database := open(b)
			work := make(chan int)
			var all sync.WaitGroup
			for range workers {
				all.Go(func() {
					for number := range work {
						if err := database.Write(b.Context(), insert(number)); err != nil {
							b.Error(err)
						}
					}
				})
			}
			for i := range b.N {
				work <- i
			}
			close(work)
			all.Wait()
		})
	}
}
