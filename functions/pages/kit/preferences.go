package kit

import (
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/identity/preference"
)

// PageSize returns how many rows of a list the reader wants on a page, or the list's usual number.
func (v *Visit) PageSize(usual int) int {
	if v.By != nil && v.By.Preferences.PageSize > 0 {
		return v.By.Preferences.PageSize
	}
	return usual
}

// prefer sets what the reader prefers: language, time zone, theme, density and keyboard shortcuts.
func (f *Frame) prefer(reader identity.Principal) {
	chosen := reader.Preferences
	f.zone = chosen.Zone()
	f.keys = !chosen.ShortcutsOff
	if chosen.Language != "" {
		f.code = chosen.Language
	}
	if chosen.Theme != preference.SystemTheme {
		f.theme = chosen.Theme
	}
	f.density = chosen.Density
}
