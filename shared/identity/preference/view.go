package preference

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

const (
	// MaxViews is the maximum number of views that a person can save.
	MaxViews = 20
	// LongestViewName is the maximum number of characters of the name of a view.
	LongestViewName = 64
	// LongestParameter is the maximum number of characters of the value of a parameter.
	LongestParameter = 200
	// maxParameters is the maximum number of parameters of a view.
	maxParameters = 20
	// maxViewBytes is the maximum size of all views together: preferences are read with every call.
	maxViewBytes = 8 << 10
)

// View is what a list of cases shows, under a name.
type View struct {
	Name string `json:"name"`
	// Parameters are the list, the search, the filters and the order, by the names that the lists of
	// cases have for them.
	Parameters map[string]string `json:"parameters,omitempty"`
	// Columns are the names of the columns, in order; none for those that the person chose for all
	// lists of cases.
	Columns []string `json:"columns,omitempty"`
}

// equal reports whether two views show the same under the same name.
func (v View) equal(other View) bool {
	return v.Name == other.Name && maps.Equal(v.Parameters, other.Parameters) &&
		slices.Equal(v.Columns, other.Columns)
}

// ViewRenaming is a request to give a view another name.
type ViewRenaming struct{ From, To string }

// ViewChange is a request to change views.
type ViewChange struct {
	// All replaces all views, if it is not nil.
	All *[]View
	// Save adds a view. Rename and Delete change the one with that name.
	Save   *View
	Rename *ViewRenaming
	Delete *string
}

// isZero reports whether the change asks for nothing.
func (c ViewChange) isZero() bool { return c == ViewChange{} }

// Texts calls check with every name that the change gives to a view, and then with every value of
// its parameters, until it returns an error.
func (c ViewChange) Texts(name, value func(string) error) error {
	var views []View
	if c.All != nil {
		views = *c.All
	}
	if c.Save != nil {
		views = append(slices.Clone(views), *c.Save)
	}
	for _, view := range views {
		if err := name(view.Name); err != nil {
			return err
		}
		for _, parameter := range view.Parameters {
			if err := value(parameter); err != nil {
				return err
			}
		}
	}
	if c.Rename != nil {
		return name(c.Rename.To)
	}
	return nil
}

// apply returns the views with the change made; and the field and the message of what is wrong, ""
// if nothing is.
func (c ViewChange) apply(present []View) (after []View, field, message string) {
	after = slices.Clone(present)
	if c.All != nil {
		after = slices.Clone(*c.All)
	}
	if c.Save != nil {
		after = append(after, *c.Save)
	}
	if c.Rename != nil {
		at := indexOf(after, c.Rename.From)
		if at < 0 {
			return present, "name", fmt.Sprintf("cannot be changed: there is no view %q any more", c.Rename.From)
		}
		after[at].Name = c.Rename.To
	}
	if c.Delete != nil {
		after = slices.DeleteFunc(after, func(v View) bool { return v.Name == *c.Delete })
	}
	if len(after) > MaxViews {
		return present, "", fmt.Sprintf("must be at most %d: delete one first", MaxViews)
	}
	size := 0
	for i, view := range after {
		if slices.ContainsFunc(after[:i], func(v View) bool { return strings.EqualFold(v.Name, view.Name) }) {
			return present, "name", "must be one that no other view has"
		}
		bytes, message := view.check()
		if message != "" {
			return present, "", message
		}
		size += bytes
	}
	if size > maxViewBytes {
		return present, "", fmt.Sprintf("must have at most %d bytes together: delete one first", maxViewBytes)
	}
	return after, "", ""
}

// check returns about how many bytes a view has, and what is wrong with it; "" if nothing is.
func (v View) check() (size int, message string) {
	if len(v.Parameters) > maxParameters {
		return 0, fmt.Sprintf("must have at most %d parameters each", maxParameters)
	}
	size = len(v.Name)
	for name, value := range v.Parameters {
		if !isName(name) {
			return 0, badName("a parameter")
		}
		size += len(name) + len(value)
	}
	if message := checkColumns(v.Columns); message != "" {
		return 0, message
	}
	return size + len(strings.Join(v.Columns, " ")), ""
}

// indexOf returns the position of the view with a name; -1 if there is none.
func indexOf(views []View, name string) int {
	return slices.IndexFunc(views, func(v View) bool { return v.Name == name })
}

// ViewOf returns the saved view with a name.
func (p Preferences) ViewOf(name string) (View, bool) {
	at := indexOf(p.CaseViews, name)
	if at < 0 {
		return View{}, false
	}
	return p.CaseViews[at], true
}
