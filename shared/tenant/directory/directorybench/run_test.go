package directorybench

import (
	"bytes"
	"strings"
	"testing"
)

func TestTheBenchChecksTotalsAndPrintsARatioForEveryKindOfRequest(t *testing.T) {
	var out bytes.Buffer
	if err := compare(t.Context(), &out, t.TempDir(), 100, 300, 3); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Count(out.String(), "ratio"), len(kinds(&installation{})); got != want {
		t.Errorf("%d ratios, want %d:\n%s", got, want, &out)
	}
}
