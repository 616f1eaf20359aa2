package rights_test

import (
	"strings"
	"testing"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/infra/aws/rights"
	"github.com/tenantry/tenantry/infra/aws/settings"
)

func TestEveryGrantOfTheCatalogHasItsRights(t *testing.T) {
	s, err := settings.Read(nil, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, granularity := range catalog.Granularities() {
		functions, err := catalog.Functions(granularity)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range functions {
			statements, err := rights.Of(s, f, "stream")
			if err != nil {
				t.Error(err)
			}
			for _, statement := range statements {
				for _, resource := range statement.Resources {
					if resource == "*" && rights.Wide()[strings.Join(statement.Actions, " ")] == "" {
						t.Errorf("%s may %v on all resources", f.Name, statement.Actions)
					}
				}
			}
		}
	}
}

func TestAGrantThatMeansNothingOnAWSIsRefused(t *testing.T) {
	for _, one := range []grant.Grant{{Resource: grant.Mail, Action: grant.Query},
		{Resource: "elsewhere", Action: grant.Get}} {
		_, err := rights.Of(settings.Settings{}, catalog.Function{Name: "cases.create", Grants: grant.Grants{one}}, "")
		if err == nil || !strings.Contains(err.Error(), "cases.create: there are no IAM actions for") {
			t.Errorf("%s: %v", one, err)
		}
	}
}
