package pages_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
)

func TestTheLogTellsWhoChangedWhat(t *testing.T) {
	s := newSite(t)
	s.as(s.agent).get(s.casePath()).submit(s.casePath()+"/status", fields{"status": "closed"})
	admin := s.as(s.Person(s.Org.Place(), identity.Admin))
	path := "/orgs/" + s.Org.ID + "/logs"
	admin.get(path).wants(http.StatusOK, "Hanna Holm", "Details", "Status: was open → now closed")
	admin.get(path+"?admin_name=hanna&time=hour").wants(http.StatusOK, "Hanna Holm")
	for _, time := range []string{"week", "today", "this_week"} {
		admin.get(path+"?time="+time).wants(http.StatusOK, "Hanna Holm")
	}
	admin.get(path+"?message=nothing+of+the+kind").wants(http.StatusOK, "Nothing happened", "Show 7 days")
	admin.get(path+"?time=yesterday").wants(http.StatusOK, "Nothing happened")
	admin.get(path+"?time=range&from=2026-02-30&to=x").wants(http.StatusOK, "Choose a first and a last day")
	day := s.Clock.Now().UTC().Format("2006-01-02")
	admin.get(path+"?time=range&from="+day+"&to="+day).wants(http.StatusOK, "Hanna Holm")
	admin.get(path+".csv?time=range&from=0001-01-01&to=9999-12-31").follow().wants(http.StatusOK, "Choose a shorter time")
	s.as(s.customer).get("/account/logs").wants(http.StatusOK, "What you did")
	s.as(s.Person(s.MSP.Place(), identity.Admin)).get("/msps/"+s.MSP.ID+"/logs").wants(http.StatusOK, "Hanna Holm")
	s.as(s.Operator()).get("/platform/logs?time=week").wants(http.StatusOK, "Audit log of Tenantry")
	s.as(s.Person(s.Org.Place(), identity.Helpdesk)).get(path).wants(http.StatusForbidden)
}

func TestTheLogIsSavedAsAFileThatSpreadsheetsDoNotRun(t *testing.T) {
	s := newSite(t)
	s.open(s.customer, "=HYPERLINK(1)", "x")
	admin := s.as(s.Person(s.Org.Place(), identity.Admin))
	got := admin.get("/orgs/" + s.Org.ID + "/logs.csv?time=hour")
	records, err := csv.NewReader(strings.NewReader(got.raw)).ReadAll()
	s.check(err)
	if len(records) < 2 || records[0][0] != "time" || got.header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Fatalf("the file is %q", got.raw)
	}
	for _, record := range records[1:] {
		for _, cell := range record {
			if strings.HasPrefix(cell, "=") {
				t.Errorf("a cell is a formula: %q", cell)
			}
		}
	}
	if all := got.raw; !strings.Contains(all, "Carlo Conti") {
		t.Errorf("the file lacks the entry: %s", all)
	}
}
