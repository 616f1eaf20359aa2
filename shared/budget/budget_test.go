package budget_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tenantry/tenantry/shared/budget"
)

func with(variable, value string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		if name == variable {
			return value, true
		}
		return "", false
	}
}

func TestTheUsualBudgetsAreThoseOfTheSettings(t *testing.T) {
	limits := budget.Usual()
	if limits.QuarantineBytes != 2<<30 || limits.QuarantineDailyBytes != 100<<20 {
		t.Errorf("%+v", limits)
	}
	set, err := budget.Read(with("TENANTRY_QUARANTINE_SIZE", "512 MiB"))
	limits.QuarantineBytes = 512 << 20
	if err != nil || !cmp.Equal(set, limits, cmpopts.EquateComparable(netip.Prefix{})) {
		t.Errorf("%+v, %v", set, err)
	}
}

func TestASettingThatIsNoBudgetIsRefusedWithAnExample(t *testing.T) {
	for _, setting := range budget.Settings() {
		values := []string{"much", "-1", "-1MiB", "1.5.2 GiB", "99999999999999999GiB", "GiB"}
		for _, value := range values {
			_, err := budget.Read(with(setting.Variable, value))
			if err == nil || !strings.HasPrefix(err.Error(), setting.Variable+" is ") ||
				!strings.Contains(err.Error(), "as in "+setting.Default) || setting.Check(value) == nil {
				t.Errorf("%s=%s: %v", setting.Variable, value, err)
			}
		}
		if err := setting.Check(setting.Default); err != nil {
			t.Error(err)
		}
	}
}

func TestSizesAreWrittenForPeople(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0 KiB", 1536: "1.5 KiB", 100 << 20: "100 MiB", 3 << 29: "1.5 GiB", 20 << 30: "20 GiB",
	} {
		if got := budget.InWords(bytes); got != want {
			t.Errorf("%d: %q, want %q", bytes, got, want)
		}
	}
}

func TestTheListOfPublicMailDomainsIsReadInLowerCase(t *testing.T) {
	limits, err := budget.Read(with("TENANTRY_PUBLIC_MAIL_DOMAINS", " Mail.example, city.example,"))
	if err != nil || !slices.Equal(limits.PublicDomains, []string{"mail.example", "city.example"}) {
		t.Errorf("%v, %v", limits.PublicDomains, err)
	}
}
