package search

import (
	"flag"
	"os"
	"testing"
)

// TestMain runs fewer checks of each property, and more tests in parallel than there are
// processors, because most of them wait for the disk.
func TestMain(m *testing.M) {
	for name, value := range map[string]string{"rapid.checks": checks, "test.parallel": "8"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
