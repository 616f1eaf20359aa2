package support_test

import (
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestAnAgentIsWarnedIfAnAnswerReachesNobody(t *testing.T) {
	for want, leave := range map[string]func(w *supporttest.World){
		"no access to the case": func(w *supporttest.World) { w.Revoke(w.Customer, w.Org.Place()) },
		"does not reach the address": func(w *supporttest.World) {
			w.Must(w.Accounts.MailFails(w.T.Context(), w.Customer.UserID, "5.1.1"))
		},
	} {
		t.Run(want, func(t *testing.T) {
			w := supporttest.NewWorld(t)
			c := w.NewCase(w.Customer, "No Wi-Fi")
			if _, comment := w.Comment(w.Agent, c, "We look into it."); comment.Warning != "" {
				t.Errorf("warned %q while the customer could be reached", comment.Warning)
			}
			leave(w)
			_, comment := w.Comment(w.Agent, c, "It is fixed.")
			if !strings.Contains(comment.Warning, want) || !strings.Contains(comment.Warning, "Carlo Conti") {
				t.Errorf("warned %q, want %q", comment.Warning, want)
			}
			var entries []support.HistoryEntry
			for _, entry := range w.Detail(w.Agent, c).History {
				if difference, found := entry.Fields["not_notified"]; found && difference.After == comment.Warning {
					entries = append(entries, entry)
				}
			}
			if len(entries) != 1 || !entries[0].Internal {
				t.Errorf("the history has %+v", entries)
			}
		})
	}
}
