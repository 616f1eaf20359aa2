package language

import (
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/identity/preference"
)

// Day writes a day in a language, as in "2 Jan 2026" and "2. Jan. 2026".
func Day(code string, at time.Time) string {
	if code != preference.German {
		return at.Format("2 Jan 2006")
	}
	months := [...]string{
		"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez.",
	}
	return fmt.Sprintf("%d. %s %d", at.Day(), months[at.Month()-time.January], at.Year())
}
