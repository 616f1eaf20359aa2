package preference_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity/preference"
)

// names returns the names of the saved views.
func names(p preference.Preferences) []string {
	var names []string
	for _, view := range p.CaseViews {
		names = append(names, view.Name)
	}
	return names
}

func TestViewsAreSavedRenamedAndDeleted(t *testing.T) {
	mine := preference.View{Name: "Mine", Parameters: map[string]string{"assignee": "me"}, Columns: []string{"status"}}
	old := preference.View{Name: "Old", Parameters: map[string]string{"list": "closed"}}
	present := preference.Preferences{Theme: preference.DarkTheme}
	for _, step := range []struct {
		change preference.ViewChange
		want   []string
	}{
		{preference.ViewChange{Save: &mine}, []string{"Mine"}},
		{preference.ViewChange{Save: &old}, []string{"Mine", "Old"}},
		{preference.ViewChange{Rename: &preference.ViewRenaming{From: "Mine", To: "mine"}}, []string{"mine", "Old"}},
		{preference.ViewChange{Delete: pointer("Old")}, []string{"mine"}},
		{preference.ViewChange{Delete: pointer("Old")}, []string{"mine"}},
		{preference.ViewChange{All: &[]preference.View{old}}, []string{"Old"}},
		{preference.ViewChange{All: &[]preference.View{}}, nil},
	} {
		before := names(present)
		after, err := preference.Change{Views: step.change}.Apply(present)
		if err != nil {
			t.Fatalf("%+v: %v", step.change, err)
		}
		if got := names(after); !slices.Equal(got, step.want) || after.Theme != preference.DarkTheme {
			t.Errorf("%+v: %q, want %q", step.change, got, step.want)
		}
		if !slices.Equal(names(present), before) {
			t.Errorf("%+v changed the former preferences", step.change)
		}
		if after.Equal(present) != slices.Equal(before, step.want) {
			t.Errorf("%+v: whether the preferences are equal is wrong", step.change)
		}
		present = after
	}
}

func TestAWrongViewChangesNothing(t *testing.T) {
	var full []preference.View
	for i := range preference.MaxViews {
		full = append(full, preference.View{Name: fmt.Sprint("View ", i)})
	}
	long := map[string]string{}
	for i := range 20 {
		long[fmt.Sprint("field", i)] = strings.Repeat("x", 200)
	}
	large := []preference.View{{Name: "a", Parameters: long}, {Name: "b", Parameters: long}, {Name: "c", Parameters: long}}
	many := map[string]string{}
	for i := range 21 {
		many[fmt.Sprint("field", i)] = "x"
	}
	present := preference.Preferences{CaseViews: full}
	for name, c := range map[string]struct {
		field  string
		change preference.ViewChange
	}{
		"one too many":         {"case_views", preference.ViewChange{Save: &preference.View{Name: "More"}}},
		"a name that is taken": {"case_views.name", preference.ViewChange{Rename: &preference.ViewRenaming{From: "View 1", To: "VIEW 2"}}},
		"a view that is gone":  {"case_views.name", preference.ViewChange{Rename: &preference.ViewRenaming{From: "Gone", To: "There"}}},
		"the same name twice":  {"case_views.name", preference.ViewChange{All: &[]preference.View{{Name: "a"}, {Name: "A"}}}},
		"too large views":      {"case_views", preference.ViewChange{All: &large}},
		"too many parameters":  {"case_views", preference.ViewChange{All: &[]preference.View{{Name: "a", Parameters: many}}}},
		"a wrong parameter":    {"case_views", preference.ViewChange{All: &[]preference.View{{Name: "a", Parameters: map[string]string{"A b": "x"}}}}},
		"a column twice":       {"case_views", preference.ViewChange{All: &[]preference.View{{Name: "a", Columns: []string{"x", "x"}}}}},
	} {
		_, err := preference.Change{Views: c.change}.Apply(present)
		problem, ok := errors.AsType[*fault.Error](err)
		if !ok || problem.Code != fault.Invalid || len(problem.Fields) != 1 || problem.Fields[0].Name != "preferences."+c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}
