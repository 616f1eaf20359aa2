package cases

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// kept are the fields of a case that clients do not get.
var kept = []string{
	"MSPID",        // clients know their organization; its provider is not theirs to choose
	"Due", "Asked", // alarm clocks of the product
	"Comments", "Files", // counted with internal ones; the case's page has them as lists
	"Stored", // clients learn of the revision
}

func TestEveryFieldOfACaseReachesClientsOrIsKept(t *testing.T) {
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
			if reaches := string(shown) != string(nothing); reaches == slices.Contains(kept, field.Name) {
				t.Errorf(
					"%s: clients get it: %t. Shape it in caseOf, or name it here with the reason",
					field.Name,
					reaches,
				)
			}
		}
	}
	walk(reflect.TypeFor[support.Case](), func(c *support.Case) reflect.Value { return reflect.ValueOf(c).Elem() })
}

func TestEveryFieldOfTheAnswerIsFilled(t *testing.T) {
	if missing := supporttest.Empty(caseOf(supporttest.FullCase())); len(missing) > 0 {
		t.Errorf("caseOf forgets %v", missing)
	}
}
