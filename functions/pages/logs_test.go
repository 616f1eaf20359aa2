package pages_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/identity/preference"
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
	admin.get(path+"?time=range&from=2026-02-30&to=x").wants(http.StatusOK, "Choose when the time begins")
	day := s.Clock.Now().UTC().Format("2006-01-02")
	admin.get(path+"?time=range&from="+day+"&to="+day).wants(http.StatusOK, "Hanna Holm")
	admin.get(path+".csv?time=range&from=0001-01-01&to=9999-12-31").follow().wants(http.StatusOK, "The log goes 60 days back")
	admin.get(path+"?time=date&date="+day).wants(http.StatusOK, "Hanna Holm")
	admin.get(path+"?time=date&date="+day+"T10:00&x=").wants(http.StatusOK, "Choose a day.")
	old := s.Clock.Now().UTC().AddDate(0, 0, -63).Format("2006-01-02")
	admin.get(path+"?time=date&date="+old).wants(http.StatusOK, "The log goes 60 days back")
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

// TestAFileOfTheLogIsWrittenInParts holds because entries may be large: only some of them are in memory.
func TestAFileOfTheLogIsWrittenInParts(t *testing.T) {
	s := newSite(t)
	admin := s.Person(s.Org.Place(), identity.Admin)
	const changes = 1100
	for n := range changes {
		value := json.RawMessage(strconv.Itoa(n%2 + 1))
		_, err := s.Tenants.ChangeSetting(t.Context(), admin, s.Org.ID,
			tenant.SettingChange{Fields: extension.Fields{"ap_updown_threshold": value}})
		s.check(err)
	}
	file := s.as(admin).get("/orgs/" + s.Org.ID + "/logs.csv?time=hour").raw
	records, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	s.check(err)
	seen, after := 0, ""
	for _, record := range records[1:] {
		if record[3] == "orgs.change_setting" {
			if seen++; record[11] == after {
				t.Fatalf("line %d repeats %q", seen, after)
			}
			after = record[11]
		}
	}
	if seen != changes {
		t.Errorf("the file has %d of %d changes", seen, changes)
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

// TestTheLogOpensWithTheDayOfTheReader lets time pass until it is the next day in Berlin and not yet in UTC.
func TestTheLogOpensWithTheDayOfTheReader(t *testing.T) {
	s := newSite(t)
	admin := s.Person(s.Org.Place(), identity.Admin)
	path := "/orgs/" + s.Org.ID + "/logs"
	evening := s.Clock.Now().UTC().Truncate(24 * time.Hour).Add(24*time.Hour + 23*time.Hour + 30*time.Minute)
	s.Clock.Set(evening.Add(-2 * time.Hour))
	s.open(s.customer, "Before midnight in Berlin", "x")
	s.Clock.Set(evening)
	s.as(admin).get(path).wants(http.StatusOK, "Before midnight in Berlin")
	zone, week := "Europe/Berlin", preference.Monday
	_, _, err := s.Accounts.ChangeSelf(t.Context(), admin, identity.SelfChange{
		Preferences: preference.Change{TimeZone: &zone, WeekStart: &week},
	})
	s.check(err)
	in := s.as(admin)
	in.get(path+"?message=before+midnight").wants(http.StatusOK, "Nothing happened")
	in.get(path+"?message=before+midnight&time=yesterday").wants(http.StatusOK, "Before midnight in Berlin")
	in.get(path+"?message=before+midnight&time=day").wants(http.StatusOK, "Before midnight in Berlin")
	berlin, err := time.LoadLocation(zone)
	s.check(err)
	at := evening.Add(-2 * time.Hour).In(berlin)
	form := "2006-01-02T15:04"
	window := "&time=range&from=" + at.Add(-time.Minute).Format(form) + "&to=" + at.Add(time.Minute).Format(form)
	in.get(path+"?message=before+midnight"+window).wants(http.StatusOK, "Before midnight in Berlin")
	in.get("/account").submit("/account/preferences", fields{"week_start": preference.Sunday}).follow().wants(http.StatusOK)
	person, err := s.Accounts.Person(t.Context(), admin.UserID)
	if s.check(err); person.Preferences.FirstDay() != time.Sunday || person.Preferences.WeekStart != preference.Sunday {
		t.Errorf("weeks begin with %s", person.Preferences.FirstDay())
	}
}

func TestTheLogShowsLogInsAloneAndCounts(t *testing.T) {
	s := newSite(t)
	admin := s.as(s.Person(s.Org.Place(), identity.Admin))
	path := "/orgs/" + s.Org.ID + "/logs"
	admin.get(path).wants(http.StatusOK, "Opened case 1", "Logged in")
	alone := admin.get(path + "?logins=true")
	alone.wants(http.StatusOK, "Logged in")
	if strings.Contains(alone.text(), "Opened case") {
		t.Errorf("more than log-ins are shown: %s", alone.text())
	}
	admin.get(path+"?by=message").wants(http.StatusOK, "Numbers of entries", "Logged in 1")
	admin.get(path+"?by=admin_name").wants(http.StatusOK, "Carlo Conti carlo@rialto.example.net 2")
	admin.get(path+"?by=message&message=nothing+of+the+kind").wants(http.StatusOK, "Nothing happened")
	s.as(s.Operator()).get("/platform/logs?by=org_id").wants(http.StatusOK, "Numbers of entries")
	s.as(s.Operator()).get("/platform/logs?by=message&time=week").wants(http.StatusOK, "Created the MSP Adria Networks")
}

func TestAnMSPsLogIsOfTheChosenOrganizations(t *testing.T) {
	s := newSite(t)
	in := s.as(s.Person(s.MSP.Place(), identity.Admin))
	path := "/msps/" + s.MSP.ID + "/logs"
	const first, second, third = "Created the organization Rialto Hotels", "Created the organization Corso Pharmacies", "Created the organization Lido Clinics"
	lido := s.NewOrg(s.MSP.ID, "Lido Clinics")
	shows := func(query string, want ...string) {
		t.Helper()
		got := in.get(path + query)
		got.wants(http.StatusOK, want...)
		for _, one := range []string{first, second, third} {
			if strings.Contains(got.text(), one) && !slices.Contains(want, one) {
				t.Errorf("%s shows %s too", query, one)
			}
		}
	}
	shows("?message=created", first, second, third)
	shows("?message=created&org_id="+s.Org.ID, first)
	shows("?message=created&org_id="+s.Org.ID+"&org_id="+lido.ID, first, third)
	shows("?message=created&org_id="+s.Foreign.ID, first, second, third) // not an organization of the MSP
	shows("?by=org_id&org_id="+s.Org.ID, "Rialto Hotels", "Numbers of entries")
	shows("?org_name=lido&message=created", first, second, third, "Part of the name")
	file := in.get(path + ".csv?message=created&org_id=" + lido.ID).raw
	if !strings.Contains(file, third) || strings.Contains(file, first) {
		t.Errorf("the file has %s", file)
	}
}

func TestAnOrganizationSeesWhatItsProviderDid(t *testing.T) {
	s := newSite(t)
	customer := s.as(s.Person(s.Org.Place(), identity.Admin))
	super := s.Person(s.MSP.Place(), identity.Admin)
	consents, logs := "/orgs/"+s.Org.ID+"/consents", "/orgs/"+s.Org.ID+"/logs?provider=true"
	s.as(super).get("/orgs/" + s.Org.ID + "/cases").wants(http.StatusOK)
	customer.get(consents).wants(http.StatusOK, "What your provider did here", super.Name()+": Access Org")
	alone := customer.get(logs).wants(http.StatusOK, "Access Org", super.Name())
	if strings.Contains(alone.text(), "Opened case") {
		t.Errorf("the log shows what the customer did too: %s", alone.text())
	}
	// An installer does not see the log.
	installer := s.as(s.Person(s.Org.Place(), identity.Installer))
	if page := installer.get(consents); strings.Contains(page.text(), "Access Org") {
		t.Error("an installer sees what is in the log")
	}
}

func TestTheLogOfAFormerMSPDoesNotSayWhatAnOrganizationIsCalledNow(t *testing.T) {
	s := newSite(t)
	super := s.as(s.Person(s.MSP.Place(), identity.Admin))
	path := "/msps/" + s.MSP.ID + "/logs"
	super.get(path+"?by=org").wants(http.StatusOK, s.Org.Name)
	s.Clock.Pass(time.Minute)
	_, err := s.Tenants.TransferOrg(t.Context(), s.Operator(), s.Org.ID, tenant.Transfer{MSPID: s.ForeignMSP.ID})
	if err != nil {
		t.Fatal(err)
	}
	name := "Lagoon Resorts"
	if _, err := s.Tenants.ChangeOrg(t.Context(), s.Operator(), s.Org.ID, tenant.OrgChange{Name: &name}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{path + "?by=org", path + ".csv"} {
		if got := super.get(path); got.status != http.StatusOK || !strings.Contains(got.raw, s.Org.ID) ||
			strings.Contains(got.raw, name) {
			t.Errorf("%s: %d, %s", path, got.status, got.raw)
		}
	}
}
