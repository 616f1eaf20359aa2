package preference

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tenantry/tenantry/shared/fault"
)

const (
	maxLists, maxColumns = 20, 30
	// longestName is the maximum number of characters of the name of a list or column.
	longestName = 32
	// maxColumnBytes is the maximum size of the names of all lists and columns together: preferences
	// are read with every call.
	maxColumnBytes = 4 << 10
	// longestZone is more than the longest name of a time zone has.
	longestZone = 64
)

// Change is a request to change preferences; nil fields stay as they are.
type Change struct {
	TimeZone, Language, Theme, Density, WeekStart *string
	PageSize                                      *int
	Shortcuts                                     *bool
	// Notifications says of some kinds whether the person wants mails of them.
	Notifications map[Kind]bool
	OwnChanges    *bool
	// Columns replaces the columns of the lists that it names; those of other lists stay. An empty
	// list of columns stands for the usual ones.
	Columns map[string][]string
	Views   ViewChange
}

// IsZero reports whether the change asks for nothing.
func (c Change) IsZero() bool {
	return c.TimeZone == nil && c.Language == nil && c.Theme == nil && c.Density == nil && c.WeekStart == nil &&
		c.PageSize == nil && c.Shortcuts == nil && len(c.Notifications) == 0 && c.OwnChanges == nil && len(c.Columns) == 0 &&
		c.Views.isZero()
}

// PageSizes lists the numbers of rows that a person can choose.
func PageSizes() []int { return []int{5, 10, 20, 50, 100} }

// Apply returns the preferences with the change made, and a fault of code Invalid that names every
// wrong field.
func (c Change) Apply(to Preferences) (Preferences, error) {
	problem := &fault.Error{Code: fault.Invalid}
	wrong := func(name, message string) {
		problem.Fields = append(problem.Fields, fault.Field{Name: "preferences." + name, Message: message})
	}
	choose := func(name string, value *string, into *string, allowed ...string) {
		switch {
		case value == nil:
		case *value != "" && !slices.Contains(allowed, *value):
			wrong(name, "must be "+strings.Join(allowed, " or ")+", or empty for the default")
		default:
			*into = *value
		}
	}
	if c.TimeZone != nil {
		if knownZone(*c.TimeZone) {
			to.TimeZone = *c.TimeZone
		} else {
			wrong("time_zone", "must be the name of a time zone, as in Europe/Berlin, or empty for UTC")
		}
	}
	choose("language", c.Language, &to.Language, Languages()...)
	choose("theme", c.Theme, &to.Theme, SystemTheme, LightTheme, DarkTheme)
	choose("density", c.Density, &to.Density, Comfortable, Compact)
	choose("week_start", c.WeekStart, &to.WeekStart, Sunday, Monday)
	if c.PageSize != nil {
		if *c.PageSize == 0 || slices.Contains(PageSizes(), *c.PageSize) {
			to.PageSize = *c.PageSize
		} else {
			wrong("page_size", "must be 5, 10, 20, 50 or 100, or 0 for the default")
		}
	}
	if c.Shortcuts != nil {
		to.ShortcutsOff = !*c.Shortcuts
	}
	to.Unwanted = withKinds(to.Unwanted, c.Notifications)
	if c.OwnChanges != nil {
		to.OwnChanges = *c.OwnChanges
	}
	columns, message := withColumns(to.Columns, c.Columns)
	if to.Columns = columns; message != "" {
		wrong("columns", message)
	}
	views, field, message := c.Views.apply(to.CaseViews)
	if to.CaseViews = views; message != "" {
		wrong(strings.TrimSuffix("case_views."+field, "."), message)
	}
	if len(problem.Fields) > 0 {
		return Preferences{}, problem
	}
	return to, nil
}

// knownZone reports whether a name is empty or that of a time zone. "Local" is a name of Go's: it
// would be the zone of the server.
func knownZone(name string) bool {
	if len(name) > longestZone || name == "Local" {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}

// withColumns returns the columns of lists with some replaced, and what is wrong with them; "" if
// nothing is.
func withColumns(present, given map[string][]string) (map[string][]string, string) {
	if len(given) == 0 {
		return present, ""
	}
	merged := maps.Clone(present)
	if merged == nil {
		merged = map[string][]string{}
	}
	for list, columns := range given {
		if len(columns) == 0 {
			delete(merged, list)
			continue
		}
		if !isName(list) {
			return present, badName("a list")
		}
		if message := checkColumns(columns); message != "" {
			return present, message
		}
		merged[list] = slices.Clone(columns)
	}
	if len(merged) > maxLists {
		return present, fmt.Sprintf("must be of at most %d lists", maxLists)
	}
	size := 0
	for list, columns := range merged {
		size += len(list) + len(strings.Join(columns, " "))
	}
	if size > maxColumnBytes {
		return present, fmt.Sprintf("are too many: their names have at most %d bytes together", maxColumnBytes)
	}
	return merged, ""
}

// checkColumns returns what is wrong with the names of the columns of a list; "" if nothing is.
func checkColumns(columns []string) string {
	if len(columns) > maxColumns {
		return fmt.Sprintf("must name at most %d columns of a list", maxColumns)
	}
	for i, column := range columns {
		if !isName(column) {
			return badName("a column")
		}
		if slices.Contains(columns[:i], column) {
			return "must name each column of a list once"
		}
	}
	return ""
}

func badName(of string) string {
	return fmt.Sprintf("have a wrong name of %s: use 1 to %d lower-case letters, digits, dots and underscores",
		of, longestName)
}

// isName reports whether a text can be the name of a list or column, as the API's fields are named.
func isName(name string) bool {
	return name != "" && utf8.RuneCountInString(name) <= longestName &&
		!strings.ContainsFunc(name, func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' && r != '.'
		})
}
