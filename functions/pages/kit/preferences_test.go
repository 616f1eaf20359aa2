package kit

import (
	"testing"

	"github.com/tenantry/tenantry/functions/pages/language"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/identity/preference"
)

// framed returns the frame of a page for somebody with these preferences.
func framed(p preference.Preferences) *Frame {
	return &Frame{User: "Ana", reading: readingOf(&identity.Principal{Preferences: p}, "")}
}

func TestAPageShowsWhatItsReaderPrefers(t *testing.T) {
	f := framed(preference.Preferences{
		TimeZone: "Asia/Tokyo", Language: preference.German, Theme: preference.DarkTheme,
		Density: preference.Compact, ShortcutsOff: true,
	})
	if f.When(0) != "1. Jan. 1970, 09:00" || f.zoneName() != "Asia/Tokyo" {
		t.Errorf("midnight in London is %s in %s", f.When(0), f.zoneName())
	}
	if f.code != preference.German || f.theme != "dark" || f.density != "compact" || f.keyboard() != "" {
		t.Errorf("%+v", f)
	}
}

func TestAPageHasDefaultsForWhoNeverChose(t *testing.T) {
	for name, p := range map[string]preference.Preferences{
		"nothing": {}, "the system's theme": {Theme: preference.SystemTheme},
	} {
		f := framed(p)
		if f.zoneName() != "UTC" || f.code != preference.English || f.theme != "" || f.keyboard() != "on" {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestThePagesHaveTheLanguagesThatAPersonCanChoose(t *testing.T) {
	for _, code := range preference.Languages() {
		text := language.Printer(code).Sprintf("Log in")
		if code != preference.English && text == "Log in" {
			t.Errorf("the pages have no texts in %q", code)
		}
	}
}
