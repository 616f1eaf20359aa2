package searchbench

import (
	"bytes"
	"strings"
	"testing"
)

func TestTheBenchPrintsARatioForEveryKindOfRequest(t *testing.T) {
	var out bytes.Buffer
	if err := compare(t.Context(), &out, t.TempDir(), 100, 600, 12); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Count(out.String(), "ratio"), 2*len(kinds(newCorpus(600))); got != want {
		t.Errorf("%d ratios, want %d:\n%s", got, want, &out)
	}
	t.Log(out.String())
}
