package support_test

import (
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestACaseWithLongCommentsIsShownWithTheLatestOnly(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "Logs")
	for range 12 {
		w.Comment(w.Customer, c, strings.Repeat("x", desk.MaxText))
	}
	latest := w.Note(c, "the latest")
	shown := w.Detail(w.Agent, c)
	length := 0
	for _, one := range shown.Comments {
		length += len(one.Text)
	}
	if length > 600_000 || !shown.MoreComments || len(shown.Comments) < 5 ||
		shown.Comments[len(shown.Comments)-1].ID != latest.ID {
		t.Errorf("%d comments of %d bytes, more: %v", len(shown.Comments), length, shown.MoreComments)
	}
}
