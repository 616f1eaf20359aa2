package lists_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain makes the properties short, as each of their steps waits for the disk.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "4"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
