package pages_test

import (
	"encoding/csv"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/tenant"
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

// raw matches what only programs read: times as numbers, and JSON.
var raw = regexp.MustCompile(`[0-9]e\+[0-9]|\b1[0-9]{9}\b|\b1[0-9]{15}\b|\{"|\["|"\]`)

func TestTheLogShowsTimesAsTimesAndValuesInWords(t *testing.T) {
	s := newSite(t)
	admin := s.Person(s.Org.Place(), identity.Admin)
	s.Invite(s.Org.Place(), identity.Helpdesk, "nina@rialto.example.net")
	until := s.Clock.Now().Add(48 * time.Hour).Unix()
	_, err := s.Tenants.ChangeConsent(t.Context(), admin, s.Org.ID, tenant.Decision{
		Kind: identity.SupportAccess, Grantee: identity.ToMSP, Granted: true, Until: until,
	})
	s.check(err)
	back, pending := s.Clock.Now().Add(24*time.Hour).UnixMicro(), support.Pending
	_, err = s.Cases.Change(t.Context(), s.agent, s.Org.ID, s.kase.ID, support.CaseChange{
		Status: &pending, ReturnAt: &back, AssigneeID: &s.agent.UserID,
	})
	s.check(err)
	shown := s.as(admin).get("/orgs/" + s.Org.ID + "/logs")
	end := s.Clock.Now().Add(24 * time.Hour).UTC().Format("2 Jan 2006, 15:04")
	shown.wants(http.StatusOK, "Expire time: was – → now "+end, "Status: was open → now pending",
		time.Unix(until, 0).UTC().Format("2 Jan 2006, 15:04"))
	if found := raw.FindString(shown.text()); found != "" {
		t.Errorf("the page shows %q: %s", found, shown.text())
	}
	records, err := csv.NewReader(strings.NewReader(s.as(admin).get("/orgs/" + s.Org.ID + "/logs.csv").raw)).ReadAll()
	s.check(err)
	want := "time person address action message source refused request object organization before after"
	if got := strings.Join(records[0], " "); got != want {
		t.Errorf("the columns are %s", got)
	}
	found := false
	for _, record := range records[1:] {
		if cells := strings.Join(record, "\n"); raw.MatchString(cells) {
			t.Errorf("the file has raw values: %s", cells)
		}
		found = found || record[8] == "case:"+s.kase.ID && record[9] == "Rialto Hotels" &&
			strings.Contains(record[10], "Status: open") && strings.Contains(record[11], "Status: pending")
	}
	if !found {
		t.Errorf("no record has the object, the organization, and what changed: %v", records)
	}
}
