package pages_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/cost"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// pageCost is what showing a page costs: the round trips to the table that follow one another, all
// requests, and the read units.
type pageCost struct{ steps, requests, reads int }

// TestNoPageCostsMoreThanIsWrittenDown shows pages of an MSP with two organizations and 24 cases,
// so that what is read once for each row would show. The session is one of the requests. A page
// that got cheaper has its line lowered.
func TestNoPageCostsMoreThanIsWrittenDown(t *testing.T) {
	var meter *cost.Meter
	var steps *cost.Steps
	counted := func(store table.Store) table.Store {
		if meter == nil {
			meter = cost.Count(store)
			steps = cost.MeasureSteps(meter)
		}
		return steps
	}
	s := newSiteOver(t, counted)
	neighbour := s.Invited(s.Neighbour.Place(), identity.Write, "nina@corso.example.net", "Nina", "Neri")
	for n := range 12 {
		s.index(s.open(s.customer, fmt.Sprintf("Access point %d is dark", n), "Since this morning."))
		created, err := s.Cases.Create(t.Context(), neighbour, s.Neighbour.ID, support.NewCase{
			Fields: desk.Fields{Subject: fmt.Sprintf("Till %d is slow", n)}, Description: "Since Monday.",
		})
		s.check(err)
		s.index(created)
	}
	msp, org := "/msps/"+s.MSP.ID, "/orgs/"+s.Org.ID
	operator, agent, customer := s.as(s.Operator()), s.as(s.agent), s.as(s.customer)
	manager := s.as(s.Person(s.MSP.Place(), identity.Admin))
	for _, one := range []struct {
		name string
		by   *browser
		path string
		most pageCost
	}{
		{"places", agent, "/", pageCost{3, 5, 7}},
		{"MSP", agent, msp, pageCost{9, 26, 30}},
		{"cases of an MSP", agent, msp + "/cases", pageCost{8, 17, 23}},
		{"cases of an organization", customer, org + "/cases", pageCost{8, 10, 13}},
		{"case for an agent", agent, s.casePath(), pageCost{8, 12, 17}},
		{"case for a customer", customer, s.casePath(), pageCost{5, 8, 13}},
		{"change of a case", agent, s.casePath() + "/edit", pageCost{14, 18, 24}},
		{"new case", customer, org + "/cases/new", pageCost{5, 6, 9}},
		{"organization", customer, org, pageCost{7, 18, 22}},
		{"organizations of an MSP", agent, msp + "/orgs", pageCost{9, 14, 20}},
		{"people of an MSP", manager, msp + "/admins", pageCost{8, 9, 16}},
		{"jobs of an MSP", agent, msp + "/jobs", pageCost{5, 6, 9}},
		{"service levels", agent, msp + "/desk/service-levels", pageCost{5, 6, 9}},
		{"account", agent, "/account", pageCost{2, 2, 4}},
		{"platform", operator, "/platform", pageCost{4, 4, 7}},
		{"MSPs", operator, "/msps", pageCost{3, 3, 6}},
		{"quarantine", operator, "/platform/quarantine", pageCost{3, 3, 5}},
		{"audit log", operator, "/platform/logs", pageCost{3, 3, 5}},
	} {
		measure := func(roundTrip time.Duration) pageCost {
			one.by.get(one.path) // so that recording the visit and the use of the session is not counted
			meter.Reset()
			steps.Reset(roundTrip)
			one.by.get(one.path).wants(http.StatusOK)
			taken, _ := steps.Taken()
			units := meter.Snapshot()
			return pageCost{taken, units.Requests, units.Read}
		}
		dearer := func(now pageCost) bool {
			return now.steps > one.most.steps || now.requests > one.most.requests || now.reads > one.most.reads
		}
		now := measure(5 * time.Millisecond)
		for again := time.Duration(1); again <= 3 && dearer(now); again++ { // a busy machine
			next := measure(again * 30 * time.Millisecond)
			now = pageCost{min(now.steps, next.steps), min(now.requests, next.requests), min(now.reads, next.reads)}
		}
		if dearer(now) {
			t.Errorf("%s: %+v, but may cost %+v", one.name, now, one.most)
		}
	}
}
