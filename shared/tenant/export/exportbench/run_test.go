package exportbench

import (
	"bytes"
	"regexp"
	"testing"
)

func TestTheBenchCountsTheRowsAndPrintsRatios(t *testing.T) {
	var out bytes.Buffer
	if err := Run(t.Context(), &out, t.TempDir(), 700); err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`export 70 organizations: .*speed ratio \d+\.\d\d.*\nexport 700 organizations: .*MiB of heap\n` +
		`  export: ratio of ten times as many, time for each \d+\.\d\d, heap \d+\.\d\d\n$`)
	if !want.Match(out.Bytes()) {
		t.Errorf("it prints\n%s", &out)
	}
}
