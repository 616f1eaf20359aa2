package desk_test

import (
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

func TestCustomersSeeTheHintsOfTheirProvider(t *testing.T) {
	w := supporttest.NewWorld(t)
	owner := w.Person(w.MSP.Place(), identity.Admin)
	hints := map[string]desk.Hint{
		"attachments": {Text: "Attach the support log.", Link: "https://adria.example/log?a=1", Label: "How"},
		"subject":     {Text: "One problem for each case."},
	}
	before := len(w.AuditLog("MSP#" + w.MSP.ID))
	changed, err := w.Desk.ChangeSetting(t.Context(), owner, w.MSP.ID, 0, func(s *desk.Setting) { s.Hints = hints })
	w.Must(err)
	log := w.AuditLog("MSP#" + w.MSP.ID)[before:]
	if len(log) != 1 || !strings.Contains(string(log[0].After), "Attach the support log.") {
		t.Errorf("the audit log has %+v", log)
	}
	same, err := w.Desk.ChangeSetting(t.Context(), owner, w.MSP.ID, 0, func(s *desk.Setting) { s.Hints = hints })
	if err != nil || same.Revision != changed.Revision {
		t.Errorf("the same hints made revision %d of %d, %v", same.Revision, changed.Revision, err)
	}
	seen, err := w.Desk.OrgSetting(t.Context(), w.Customer, w.Org.ID)
	if err != nil || seen.Hints["attachments"] != hints["attachments"] || len(seen.Hints) != 2 {
		t.Errorf("the customer sees %+v, %v", seen.Hints, err)
	}
	foreign, err := w.Desk.OrgSetting(t.Context(), w.Person(w.Foreign.Place(), identity.Write), w.Foreign.ID)
	if err != nil || len(foreign.Hints) != 0 {
		t.Errorf("another provider's customer sees %+v, %v", foreign.Hints, err)
	}
}

func TestAWrongHintIsRefused(t *testing.T) {
	w := supporttest.NewWorld(t)
	owner := w.Person(w.MSP.Place(), identity.Admin)
	for name, hint := range map[string]struct {
		field string
		hint  desk.Hint
	}{
		"an unknown field":    {"password", desk.Hint{Text: "x"}},
		"no text":             {"subject", desk.Hint{Link: "https://a.example", Label: "x"}},
		"a long text":         {"subject", desk.Hint{Text: strings.Repeat("x", 201)}},
		"a control character": {"subject", desk.Hint{Text: "a\u202eb"}},
		"two lines":           {"subject", desk.Hint{Text: "a\nb"}},
		"a link of a script":  {"subject", desk.Hint{Text: "x", Link: "javascript:alert(1)", Label: "x"}},
		"a link to a file":    {"subject", desk.Hint{Text: "x", Link: "file:///etc/passwd", Label: "x"}},
		"a path":              {"subject", desk.Hint{Text: "x", Link: "//a.example", Label: "x"}},
		"no host":             {"subject", desk.Hint{Text: "x", Link: "https:///x", Label: "x"}},
		"a user in the link":  {"subject", desk.Hint{Text: "x", Link: "https://bank.example@evil.example", Label: "x"}},
		"no label":            {"subject", desk.Hint{Text: "x", Link: "https://a.example"}},
		"no link":             {"subject", desk.Hint{Text: "x", Label: "x"}},
	} {
		_, err := w.Desk.ChangeSetting(t.Context(), owner, w.MSP.ID, 0, func(s *desk.Setting) {
			s.Hints = map[string]desk.Hint{hint.field: hint.hint}
		})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after, err := w.Desk.Load(t.Context(), w.MSP.ID); err != nil || after.Revision != 0 {
		t.Errorf("%+v, %v", after, err)
	}
}
