package search

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestChangesOfASpaceTakeTurnsAndThoseOfOthersDoNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		waiting, began := newTurns(), time.Now()
		var done sync.WaitGroup
		for _, space := range []string{"a", "a", "a", "b", "c"} {
			done.Go(func() {
				end, err := waiting.wait(t.Context(), space)
				if err != nil {
					t.Error(err)
					return
				}
				defer end()
				time.Sleep(time.Second)
			})
		}
		done.Wait()
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("took %v, want 3s: three changes of one space, one after another", took)
		}
		if len(waiting.spaces) != 0 {
			t.Errorf("%d spaces are kept that nobody waits for", len(waiting.spaces))
		}
	})
}

func TestAChangeThatGivesUpWaitingLeavesItsTurnToTheNext(t *testing.T) {
	waiting := newTurns()
	end, err := waiting.wait(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := waiting.wait(ended, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want that the context was cancelled", err)
	}
	end()
	end, err = waiting.wait(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	end()
	if len(waiting.spaces) != 0 {
		t.Errorf("%d spaces are kept that nobody waits for", len(waiting.spaces))
	}
}
