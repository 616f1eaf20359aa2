package tickets

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/functions/cases"
)

func TestCommentsThatDoNotFitAreCutAndNoneIsLeftOut(t *testing.T) {
	comments := []cases.Comment{{Comment: "the oldest"}}
	for range 200 {
		comments = append(comments, cases.Comment{Comment: strings.Repeat("\u2028ä\"", 21_000)})
	}
	comments = append(comments, cases.Comment{Comment: "the latest"})
	shown := fitting(comments)
	encoded, err := json.Marshal(shown)
	if err != nil {
		t.Fatal(err)
	}
	if len(encoded) > mostText+mostText/10 {
		t.Errorf("%d bytes", len(encoded))
	}
	first, last := shown[0], shown[len(shown)-1]
	if len(shown) != 202 || first.Comment != "the oldest" || last.Comment != "the latest" || first.Trimmed {
		t.Errorf("%d comments, from %q to %q", len(shown), first.Comment, last.Comment)
	}
	if cut := shown[1]; !cut.Trimmed || !strings.HasSuffix(cut.Comment, cutMark) || len(cut.Comment) < 5_000 {
		t.Errorf("a long comment has %d bytes, trimmed: %t", len(cut.Comment), cut.Trimmed)
	}
	if few := fitting(shown[:1]); few[0].Comment != "the oldest" {
		t.Error("what fits is changed")
	}
}
