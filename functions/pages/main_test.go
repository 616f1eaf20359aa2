package pages_test

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/grant"
)

// guard holds the pages of all tests here to the grants of their function.
var guard = grant.NewGuard(granted())

func granted() grant.Grants {
	functions, err := catalog.Functions(catalog.ByEndpoint)
	if err != nil {
		panic(err)
	}
	for _, function := range functions {
		if function.Name == catalog.PortalName {
			return function.Grants
		}
	}
	panic("the pages are no function")
}

// TestMain also finds grants that nothing needs.
func TestMain(m *testing.M) {
	code := m.Run()
	if chosen := flag.Lookup("test.run").Value.String(); code == 0 && chosen == "" && len(guard.Unused()) > 0 {
		fmt.Println("the pages do not use the grants:", guard.Unused())
		code = 1
	}
	os.Exit(code)
}
