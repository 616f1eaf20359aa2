package catalog_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/tenant"
)

// atMSP matches the MSP of a path.
var atMSP = regexp.MustCompile("^/msps/[0-9a-f-]{36}")

// TestNothingAnswersAtADeletedMSP calls every endpoint below an MSP as the operator, who may do everything
// at one that exists.
func TestNothingAnswersAtADeletedMSP(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, nil)
	ctx, name := context.Background(), "Short-lived"
	msp, err := i.Tenants.NewMSP(ctx, i.people["operator"], tenant.MSPChange{Name: &name})
	check(t, err)
	check(t, i.Life.DeleteMSP(ctx, i.people["operator"], msp.ID))
	called := 0
	for _, e := range i.endpoints {
		l := lineOf(t, e.Name)
		if !strings.HasPrefix(e.Path, "/msps/{msp_id}") {
			continue
		}
		path := l.path(i)
		if !atMSP.MatchString(path) {
			t.Errorf("%s: the path %s is not below an MSP", e.Name, path)
		}
		called++
		if got := i.make(e.About, l, atMSP.ReplaceAllString(path, "/msps/"+msp.ID), "operator", nil); got.Code != http.StatusNotFound {
			t.Errorf("%s %s answers %d: %s", e.Method, e.Path, got.Code, got.Body)
		}
	}
	if called < 40 {
		t.Errorf("only %d endpoints were called", called)
	}
}
