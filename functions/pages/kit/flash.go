package kit

import (
	"encoding/json"
	"net/http"
)

// Flash says on the next page what was just done.
type Flash struct {
	Text string `json:"text"`
	// Link leads to what was done, or to the job that does it.
	Label string `json:"label,omitempty"`
	Path  string `json:"path,omitempty"`
	// Failed is set if it says that something was not done.
	Failed bool `json:"failed,omitempty"`
}

const (
	flashCookie  = "flash"
	flashPurpose = "flash"
	// maxFlash is the size limit of the cookie's value; browsers take about 4,000 characters.
	maxFlash = 3500
)

// Done makes the page that the form leads to say what was done.
func (v *Visit) Done(text string) { v.flash = &Flash{Text: text} }

// DoneAt also links to what was done.
func (v *Visit) DoneAt(text, label, path string) {
	v.flash = &Flash{Text: text, Label: label, Path: path}
}

// Warn makes the next page say why nothing was done.
func (v *Visit) Warn(text string) { v.flash = &Flash{Text: text, Failed: true} }

// NotDone makes the next page say why something was not done.
func (v *Visit) NotDone(err error) {
	v.flash = &Flash{Text: explained(v, v.kit.gate.Answer(v.R.Context(), v.about, err)), Failed: true}
}

// owner binds a flash to the session, so that it is not shown to somebody else.
func (v *Visit) owner() string {
	if v.By == nil {
		return ""
	}
	return v.By.Credential()
}

// keepFlash puts the flash into a cookie for the next page.
func (v *Visit) keepFlash() {
	if v.flash == nil {
		return
	}
	content, err := json.Marshal(v.flash)
	if err != nil {
		return
	}
	if sealed := v.kit.settings.Keyring.Seal(flashPurpose, v.owner(), content); len(sealed) <= maxFlash {
		v.setFlash(sealed, 60)
	}
}

// takeFlash returns the flash of the page before, and removes it.
func (v *Visit) takeFlash() *Flash {
	if v.flash != nil {
		return v.flash
	}
	cookie, err := v.R.Cookie(flashCookie)
	if err != nil || v.route.Poll {
		return nil
	}
	v.setFlash("", -1)
	var flash Flash
	content, err := v.kit.settings.Keyring.Open(flashPurpose, v.owner(), cookie.Value)
	if err != nil || json.Unmarshal(content, &flash) != nil {
		return nil
	}
	v.flash = &flash
	return &flash
}

func (v *Visit) setFlash(value string, seconds int) {
	http.SetCookie(v.W, &http.Cookie{ //nolint:gosec // Secure is set if clients connect over HTTPS
		Name: flashCookie, Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true, Secure: v.kit.settings.Secure, SameSite: http.SameSiteLaxMode,
	})
}
