package support_test

import (
	"slices"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/supporttest"
)

// view notes that an agent looks at a case, and returns the names of the others.
func view(w *supporttest.World, by identity.Principal, c support.Case) []string {
	w.T.Helper()
	others, err := w.Cases.View(w.T.Context(), by, c.OrgID, c.ID)
	w.Must(err)
	names := []string{}
	for _, other := range others {
		names = append(names, other.Name)
	}
	return names
}

func TestAgentsSeeWhichOthersHaveACaseOpen(t *testing.T) {
	w := supporttest.NewWorld(t)
	c, other := w.NewCase(w.Customer, "No Wi-Fi"), w.NewCase(w.Customer, "No power")
	bo := w.Invited(w.MSP.Place(), identity.Helpdesk, "bo@adria.example.net", "Bo", "Lind")
	if got := view(w, w.Agent, c); len(got) != 0 {
		t.Errorf("the first sees %v", got)
	}
	if got := view(w, bo, c); !slices.Equal(got, []string{"Hanna Horvat"}) {
		t.Errorf("the second sees %v", got)
	}
	if got := view(w, bo, other); len(got) != 0 {
		t.Errorf("on another case %v", got)
	}
	w.Clock.Pass(45 * time.Second)
	view(w, bo, c)
	w.Clock.Pass(15 * time.Second)
	if got := view(w, bo, c); len(got) != 0 {
		t.Errorf("a minute later %v", got)
	}
	seen, err := w.Cases.Viewers(t.Context(), w.Agent, c.OrgID, c.ID)
	if err != nil || len(seen) != 1 || seen[0].ID != bo.UserID || seen[0].Seen != w.Clock.Now().Unix()-15 {
		t.Errorf("%+v, %v; want what was stored 15 seconds ago", seen, err)
	}
}

func TestCustomersDoNotSeeWhoHasACaseOpen(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	for by, want := range map[string]struct {
		principal identity.Principal
		code      fault.Code
	}{
		"the customer": {w.Customer, fault.Forbidden},
		"a stranger":   {w.Person(w.Foreign.Place(), identity.Admin), fault.NotFound},
	} {
		_, err := w.Cases.View(t.Context(), want.principal, c.OrgID, c.ID)
		if fault.CodeOf(err) != want.code {
			t.Errorf("%s: %v", by, err)
		}
		_, err = w.Cases.Viewers(t.Context(), want.principal, c.OrgID, c.ID)
		if fault.CodeOf(err) != want.code {
			t.Errorf("%s: %v", by, err)
		}
	}
	if got := view(w, w.Agent, c); len(got) != 0 {
		t.Errorf("the agent sees %v", got)
	}
}

func TestAProgramIsNobodyWhoHasACaseOpen(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	program := w.Another(w.MSP.Place(), identity.Helpdesk)
	program.Kind = change.Token
	view(w, program, c)
	if got := view(w, w.Agent, c); len(got) != 0 {
		t.Errorf("the agent sees %v", got)
	}
}

func TestAtMostTwentyOthersAreShown(t *testing.T) {
	w := supporttest.NewWorld(t)
	c := w.NewCase(w.Customer, "No Wi-Fi")
	for range support.MaxViewers + 2 {
		view(w, w.Another(w.MSP.Place(), identity.Helpdesk), c)
	}
	if got := view(w, w.Agent, c); len(got) != support.MaxViewers {
		t.Errorf("%d are shown", len(got))
	}
}
