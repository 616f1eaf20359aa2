package outbox_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain shortens property tests, because some of their steps wait for the disk.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "15"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
