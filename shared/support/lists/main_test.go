package lists_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain limits the property tests, because each of their steps waits for the disk.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "4"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
