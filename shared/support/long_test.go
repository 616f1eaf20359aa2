package support_test

import (
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/support"
)

func TestACaseWithLongCommentsIsShownWithTheLatestOnly(t *testing.T) {
	w := newWorld(t)
	c := w.newCase(w.customer, "Logs")
	for range 12 {
		w.comment(w.customer, c, strings.Repeat("x", support.MaxText))
	}
	latest := w.note(c, "the latest")
	shown := w.detail(w.agent, c)
	length := 0
	for _, one := range shown.Comments {
		length += len(one.Text)
	}
	if length > 600_000 || !shown.MoreComments || len(shown.Comments) < 5 || shown.Comments[len(shown.Comments)-1].ID != latest.ID {
		t.Errorf("%d comments of %d bytes, more: %v", len(shown.Comments), length, shown.MoreComments)
	}
}
