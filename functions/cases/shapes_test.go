package cases

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// internal lists the fields of a case that clients do not get.
var internal = []string{
	"MSPID",        // clients name the organization; its provider follows from it
	"Due", "Asked", // internal timers
	"Binned", "ClockHeld", // nobody sees a case while its organization is deleted
	"Comments", "Files", // they count internal items too; clients get the lists
	"Extension", // tickets show it, for programs that know them
	"Stored",    // clients get Revision instead
}

func TestEveryFieldOfACaseReachesClientsOrIsInternal(t *testing.T) {
	full := supporttest.FullCase()
	nothing, err := json.Marshal(caseOf(support.Case{}))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(kind reflect.Type, get func(*support.Case) reflect.Value)
	walk = func(kind reflect.Type, get func(*support.Case) reflect.Value) {
		for i := range kind.NumField() {
			field := kind.Field(i)
			inner := func(c *support.Case) reflect.Value { return get(c).Field(i) }
			if field.Anonymous {
				walk(field.Type, inner)
				continue
			}
			var one support.Case
			inner(&one).Set(inner(&full))
			shown, err := json.Marshal(caseOf(one))
			if err != nil {
				t.Fatal(err)
			}
			if reaches := string(shown) != string(nothing); reaches == slices.Contains(internal, field.Name) {
				t.Errorf(
					"%s: clients get it: %t. Convert it in caseOf, or list it in internal with the reason",
					field.Name,
					reaches,
				)
			}
		}
	}
	walk(reflect.TypeFor[support.Case](), func(c *support.Case) reflect.Value { return reflect.ValueOf(c).Elem() })
}

func TestEveryFieldOfTheResponseIsSet(t *testing.T) {
	if missing := supporttest.Empty(caseOf(supporttest.FullCase())); len(missing) > 0 {
		t.Errorf("caseOf does not set %v", missing)
	}
}
