package indexbench

import (
	"os"
	"strconv"
	"testing"
)

func TestZZ(t *testing.T) {
	n, _ := strconv.ParseInt(os.Getenv("ZZ"), 10, 64)
	if n == 0 {
		return
	}
	if err := compare(t.Context(), os.Stdout, "/tmp/ixrun", 10000, n); err != nil {
		t.Fatal(err)
	}
}
