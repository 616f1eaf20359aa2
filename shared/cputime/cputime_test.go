//go:build unix

package cputime_test

import (
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/cputime"
)

func TestWorkCountsAndWaitingDoesNot(t *testing.T) {
	begun := cputime.Now()
	time.Sleep(300 * time.Millisecond)
	if waited := cputime.Since(begun); waited > 150*time.Millisecond {
		t.Errorf("waiting for 300ms used %v", waited)
	}
	begun = cputime.Now()
	for worked := time.Now(); time.Since(worked) < 100*time.Millisecond || cputime.Since(begun) < 50*time.Millisecond; {
		if time.Since(worked) > time.Minute {
			t.Fatalf("a minute of work used %v", cputime.Since(begun))
		}
	}
}
