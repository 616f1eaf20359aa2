package account

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/identity/preference"
)

const accountPath = "/account"

// self shows the reader's account.
func (p Pages) self(v *kit.Visit) error {
	person, err := p.Accounts.Self(v.Context(), *v.By)
	if err != nil {
		return err
	}
	return v.Show(selfPage(v.Frame(v.T("Your account")), person))
}

// saved ends a form of the account: it shows the page again after a refusal, and says what was saved
// otherwise. typed puts what was typed into the person shown again.
func (p Pages) saved(v *kit.Visit, request identity.SelfChange, done string, typed func(*identity.Person)) error {
	_, session, err := p.Accounts.ChangeSelf(v.Context(), *v.By, request)
	if err != nil {
		person, readErr := p.Accounts.Self(v.Context(), *v.By)
		if readErr != nil {
			return err
		}
		typed(&person)
		refusal := kit.Refusal{Title: v.T("Your account"), Heading: v.T("Nothing was saved")}
		return v.Again(err, refusal, func(f *kit.Frame) templ.Component { return selfPage(f, person) })
	}
	if session != nil {
		v.SetCookies(endpoint.Cookies(v.Context(), *session))
		// The message belongs to the session that has just ended, so the page itself says it.
		http.Redirect(v.W, v.R, accountPath+"?password=changed", http.StatusSeeOther)
		return nil
	}
	v.Done(done)
	return v.GoTo(accountPath)
}

// changeSelf changes the reader's names and telephone numbers, and which notices come by mail.
func (p Pages) changeSelf(v *kit.Visit) error {
	first, last, phone, phone2 := v.Line("first_name"), v.Line("last_name"), v.Line("phone"), v.Line("phone2")
	notices := v.Ticked("security_notices")
	request := identity.SelfChange{
		FirstName: &first, LastName: &last, Phone: &phone, Phone2: &phone2, SecurityNotices: &notices,
	}
	return p.saved(v, request, v.T("Your details were saved."), func(person *identity.Person) {
		person.FirstName, person.LastName, person.Phone, person.Phone2 = first, last, phone, phone2
		person.SecurityNotices = notices
	})
}

// changePassword sets a new password, which ends all other sessions.
func (p Pages) changePassword(v *kit.Visit) error {
	current, password := v.Raw("current_password"), v.Raw("password")
	request := identity.SelfChange{CurrentPassword: &current, Password: &password}
	return p.saved(v, request, "", func(*identity.Person) {})
}

// changePreferences changes what the reader prefers: the time zone, how pages look, and which mails come.
func (p Pages) changePreferences(v *kit.Visit) error {
	zone, language, theme, density := v.Line("time_zone"), v.Line("language"), v.Line("theme"), v.Line("density")
	week := v.Line("week_start")
	rows, err := strconv.Atoi(v.Line("page_size"))
	if err != nil {
		rows = -1 // refused like any other wrong number
	}
	shortcuts, own := v.Ticked("keyboard_shortcuts"), v.Ticked("own_changes")
	wanted := map[preference.Kind]bool{}
	for _, kind := range preference.Kinds() {
		wanted[kind] = v.Ticked(string(kind))
	}
	request := identity.SelfChange{Preferences: preference.Change{
		TimeZone: &zone, Language: &language, Theme: &theme, Density: &density, PageSize: &rows, WeekStart: &week,
		Shortcuts: &shortcuts, Notifications: wanted, OwnChanges: &own,
	}}
	return p.saved(v, request, v.T("Your preferences were saved."), func(person *identity.Person) {
		person.Preferences.TimeZone = zone
	})
}

// changeColumns changes which columns a list shows to the reader, and goes back to the list.
func (p Pages) changeColumns(v *kit.Visit) error {
	request := identity.SelfChange{Preferences: preference.Change{
		Columns: map[string][]string{v.Line("list"): v.Several("columns")},
	}}
	if _, _, err := p.Accounts.ChangeSelf(v.Context(), *v.By, request); err != nil {
		return err
	}
	return v.GoTo(kit.LocalPath(v.Line("back")))
}
