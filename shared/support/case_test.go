package support_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// indirect lists the fields of a case that no request changes directly: they are set on opening, or
// follow from another change, which is in the history.
var indirect = []string{
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
	"Rating", // Rate writes its own history entry
	"Due",
	"Comments",
	"Files",
	"Revision",
	"Stored",
}

func TestEveryFieldOfACaseIsADifferenceOrChangesIndirectly(t *testing.T) {
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
			if listed == slices.Contains(indirect, field.Name) {
				t.Errorf("%s: listed as a difference: %t. List it in Differences, or in indirect", field.Name, listed)
			}
		}
	}
	walk(reflect.TypeFor[support.Case](), func(c *support.Case) reflect.Value { return reflect.ValueOf(c).Elem() })
	if fields < 30 {
		t.Fatalf("only %d fields were checked", fields)
	}
}

func TestASummarySetsAllItsFields(t *testing.T) {
	if missing := supporttest.Empty(supporttest.FullCase().Summary()); len(missing) > 0 {
		t.Errorf("Case.Summary does not set %v", missing)
	}
}
