package identity_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain limits the property tests, because some of their steps wait for the disk.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "20"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
