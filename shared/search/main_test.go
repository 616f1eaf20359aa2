package search

import (
	"flag"
	"os"
	"testing"
)

// TestMain makes the properties short, and lets more tests run at once than there are
// processors, as most of their steps wait for the disk.
func TestMain(m *testing.M) {
	for name, value := range map[string]string{"rapid.checks": checks, "test.parallel": "8"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
