package mail_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/mail/incoming/specimen"
)

func TestRemarksShowWhatTheTextOfAMailDoesNot(t *testing.T) {
	w := newWorld(t)
	for _, mail := range specimen.All() {
		var want string
		switch {
		case mail.Refused || mail.Kind != "" && mail.Kind != "none":
			continue
		case mail.Encrypted != "":
			want = "encrypted with " + mail.Encrypted
		case mail.Signed != "":
			want = "signed with " + mail.Signed
		case len(mail.Calendar) > 0:
			want = "[" + strings.ReplaceAll(mail.Calendar[0], specimen.Sender, w.customer.Email) + "]"
		default:
			continue
		}
		w.Clock.Pass(time.Hour)
		raw := strings.ReplaceAll(string(mail.Addressed(w.customer.Email, w.Threads.SupportAddress())), "\r\n", "\n")
		w.arrive(w.customer.Email, w.Threads.SupportAddress(), raw)
		lines, err := w.cases(w.customer, 1)
		if err != nil || len(lines.Lines) == 0 {
			t.Fatalf("%s: %v", mail.Name, err)
		}
		detail, err := w.Cases.Detail(t.Context(), w.customer, w.Org.ID, lines.Lines[0].ID)
		if err != nil || !strings.Contains(detail.Description, want) {
			t.Errorf("%s (%s): %q lacks %q: %v", mail.Name, mail.Rule, detail.Description, want, err)
		}
	}
}
