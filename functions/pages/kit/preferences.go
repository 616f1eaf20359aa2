package kit

import (
	"time"

	"golang.org/x/text/message"

	"github.com/tenantry/tenantry/functions/pages/language"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/identity/preference"
)

// reading is how somebody reads pages: in which language and time zone, and how pages look.
type reading struct {
	code           string
	printer        *message.Printer
	zone           *time.Location
	theme, density string
	// keys is set if single keys are shortcuts.
	keys bool
}

// readingOf returns how a person reads pages; reader is nil for somebody unknown. header is the
// browser's Accept-Language, which counts until the person has chosen a language.
func readingOf(reader *identity.Principal, header string) reading {
	var chosen preference.Preferences
	if reader != nil {
		chosen = reader.Preferences
	}
	r := reading{code: chosen.Language, zone: chosen.Zone(), density: chosen.Density, keys: !chosen.ShortcutsOff}
	if r.code == "" {
		r.code = language.Match(header)
	}
	if chosen.Theme != preference.SystemTheme {
		r.theme = chosen.Theme
	}
	r.printer = language.Printer(r.code)
	return r
}

// T returns a sentence in the reader's language. The key is the English sentence, with the verbs of
// fmt for what it is about.
func (r reading) T(key string, values ...any) string { return r.printer.Sprintf(key, values...) }

// Zone returns the reader's time zone.
func (r reading) Zone() *time.Location { return r.zone }

// Teller is a visit or a frame: both know the reader's language.
type Teller interface {
	T(key string, values ...any) string
}

// reading returns how the reader of the visit reads pages.
func (v *Visit) reading() reading {
	if v.read == nil {
		r := readingOf(v.By, v.R.Header.Get("Accept-Language"))
		v.read = &r
	}
	return *v.read
}

// T returns a sentence in the language of the visit's reader.
func (v *Visit) T(key string, values ...any) string { return v.reading().T(key, values...) }

// Zone returns the reader's time zone.
func (v *Visit) Zone() *time.Location { return v.reading().zone }

// PageSize returns how many rows of a list the reader wants on a page, or the list's usual number.
func (v *Visit) PageSize(usual int) int {
	if v.By != nil && v.By.Preferences.PageSize > 0 {
		return v.By.Preferences.PageSize
	}
	return usual
}
