package support_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// undisputed are the fields of a case that nobody changes directly: they are set on opening, or
// follow from another change, which the history has.
var undisputed = []string{
	"ID",
	"Number",
	"OrgID",
	"MSPID",
	"Submitter",
	"Created",
	"Updated",
	"Solved",
	"Closed",
	"CloseAt",
	"Clock",
	"Asked",
	"Rating", // Rate writes its own entry
	"Due",
	"Comments",
	"Files",
	"Revision",
	"Stored",
}

func TestEveryFieldOfACaseIsADifferenceOrIsUndisputed(t *testing.T) {
	full := supporttest.FullCase()
	var walk func(kind reflect.Type, get func(*support.Case) reflect.Value)
	fields := 0
	walk = func(kind reflect.Type, get func(*support.Case) reflect.Value) {
		for i := range kind.NumField() {
			field := kind.Field(i)
			inner := func(c *support.Case) reflect.Value { return get(c).Field(i) }
			if field.Anonymous {
				walk(field.Type, inner)
				continue
			}
			fields++
			var changed support.Case
			inner(&changed).Set(inner(&full))
			listed := len(support.Differences(support.Case{}, changed)) > 0
			if listed == slices.Contains(undisputed, field.Name) {
				t.Errorf("%s: listed as a difference: %t. List it in Differences, or name it here", field.Name, listed)
			}
		}
	}
	walk(reflect.TypeFor[support.Case](), func(c *support.Case) reflect.Value { return reflect.ValueOf(c).Elem() })
	if fields < 30 {
		t.Fatalf("only %d fields were looked at", fields)
	}
}

func TestASummaryHasAllItsFieldsFromTheCase(t *testing.T) {
	if missing := supporttest.Empty(supporttest.FullCase().Summary()); len(missing) > 0 {
		t.Errorf("Case.Summary forgets %v", missing)
	}
}
