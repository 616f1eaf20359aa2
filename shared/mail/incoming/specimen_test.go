package incoming

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail/incoming/parsed"
	"github.com/tenantry/tenantry/shared/mail/incoming/specimen"
)

// read returns what was read in the form that the specimens tell it in, with empty fields where
// they tell nothing.
func read(m *parsed.Message, want specimen.Want) specimen.Want {
	got := specimen.Want{
		Kind:       m.Automatic.String(),
		NoAnswer:   m.NoAnswer,
		List:       m.List,
		NoContent:  m.NoContent,
		Signed:     m.Signed,
		Encrypted:  m.Encrypted,
		Incomplete: m.Incomplete,
	}
	if got.Kind == "none" {
		got.Kind = ""
	}
	for _, field := range []struct {
		got  *string
		want string
		is   string
	}{
		{&got.From, want.From, m.From.Address}, {&got.FromName, want.FromName, m.From.Name}, {&got.Subject, want.Subject, m.Subject}, {&got.Text, want.Text, strings.TrimSpace(m.Text)},
	} {
		if field.want != "" {
			*field.got = field.is
		}
	}
	if want.References != nil {
		got.References = m.References
	}
	if m.Trimmed {
		got.Reply = strings.TrimSpace(m.Reply)
	}
	for _, piece := range want.HTML {
		if strings.Contains(m.HTML, piece) {
			got.HTML = append(got.HTML, piece)
		}
	}
	for _, piece := range want.Never {
		if !strings.Contains(m.HTML, piece) {
			got.Never = append(got.Never, piece)
		}
	}
	for _, a := range m.Attachments {
		got.Files = append(got.Files, a.Name)
		if a.Referenced {
			got.Shown = append(got.Shown, a.Name)
		}
		if a.LiesAboutType {
			got.Mislabeled = append(got.Mislabeled, a.Name)
		}
	}
	for _, event := range m.Calendar {
		got.Calendar = append(got.Calendar, event.Line())
	}
	if m.Delivery != nil {
		for _, r := range m.Delivery.Recipients {
			line := strings.Join(strings.Fields(strings.Join([]string{r.Final, r.Action, r.Status}, " ")), " ")
			if r.Final == "" {
				line = strings.Join(strings.Fields(strings.Join([]string{r.Original, r.Action, r.Status}, " ")), " ")
			}
			if r.Permanent() {
				line += " for good"
			}
			got.Recipients = append(got.Recipients, line)
		}
	}
	if m.Returned != nil && want.Returned != "" &&
		slices.Contains(append(m.Returned.Addresses(), m.Returned.MessageID), want.Returned) {
		got.Returned = want.Returned
	}
	return got
}

func TestEverySpecimenIsReadByItsRule(t *testing.T) {
	names := map[string]bool{}
	for _, s := range specimen.All() {
		if names[s.Name] || s.Name == "" || s.Rule == "" {
			t.Errorf("the specimen %q is there twice, or says nothing", s.Name)
		}
		names[s.Name] = true
		m, err := Parse(t.Context(), bytes.NewReader(s.Raw), Limits{})
		if s.Refused {
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", s.Name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
			continue
		}
		sound(t, m)
		if diff := cmp.Diff(s.Want, read(m, s.Want)); diff != "" {
			t.Errorf("%s: %s; evidence %q, problems %q (-want +got):\n%s", s.Name, s.Rule, m.Evidence, m.Problems, diff)
		}
	}
	if len(names) < 150 {
		t.Errorf("there are %d specimens", len(names))
	}
}
