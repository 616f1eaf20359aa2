package demo_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/infra/local/demo"
	"github.com/tenantry/tenantry/shared/identity"
)

func TestEveryRoleIsThereAndCanLogIn(t *testing.T) {
	sharedEstate(t).open(t, func(s *site) {
		for _, scope := range []identity.ScopeKind{identity.PlatformScope, identity.MSPScope, identity.OrgScope} {
			for _, role := range identity.RolesAt(scope) {
				at := slices.IndexFunc(s.LogIns, func(one demo.LogIn) bool { return one.Scope == scope && one.Role == role })
				if at < 0 {
					t.Errorf("nobody is %s at the scope %s", role, scope)
					continue
				}
				self := s.logIn(s.LogIns[at].Email).get("/self")
				if !strings.Contains(self, fmt.Sprintf(`"role":%q`, role)) {
					t.Errorf("%s is not %s: %s", s.LogIns[at].Email, role, self)
				}
			}
		}
	})
}

func TestTheEstateHasItsNumbersOfTenants(t *testing.T) {
	sharedEstate(t).open(t, func(s *site) {
		operator := s.logIn("olga@platform.example")
		direct := listOf[struct{}](operator, "/orgs")
		var tiers []string
		for _, one := range listOf[struct{ Tier string }](operator, "/msps") {
			tiers = append(tiers, one.Tier)
		}
		slices.Sort(tiers)
		if !slices.Equal(tiers, []string{"advanced", "base", "partner"}) {
			t.Errorf("tiers %q", tiers)
		}
		if want := demo.FewestOrgs / 4; len(direct) != want || len(s.Orgs) != demo.FewestOrgs {
			t.Errorf("%d direct customers of %d organizations", len(direct), len(s.Orgs))
		}
		for _, one := range listOf[struct {
			Tier, URL string
			LogoURL   string `json:"logo_url"`
		}](operator, "/msps") {
			if branded := one.Tier == "advanced"; branded != (one.LogoURL != "") || branded != (one.URL != "") {
				t.Errorf("the MSP of the tier %s has the logo %q and the web site %q", one.Tier, one.LogoURL, one.URL)
			}
		}
		agents := 0
		for _, one := range s.LogIns {
			if one.Role == identity.Support {
				agents++
			}
		}
		if agents != 2 {
			t.Errorf("%d support agents", agents)
		}
	})
}

// allCases returns all cases, also those in the bin.
func allCases(s *site) []cases.Case {
	var all []cases.Case
	for _, msp := range s.MSPs {
		admin := s.logIn(s.firstOf(identity.MSPScope, identity.Admin, msp.Name))
		for _, list := range []string{"all", "deleted"} {
			each(admin, "/msps/"+msp.ID+"/cases?list="+list, func(one cases.Case) { all = append(all, one) })
		}
	}
	for _, org := range s.Orgs {
		if org.MSPID != "" {
			continue
		}
		admin := s.logIn(s.firstOf(identity.OrgScope, identity.Admin, org.Name))
		for _, list := range []string{"all", "deleted"} {
			each(admin, "/orgs/"+org.ID+"/cases?list="+list, func(one cases.Case) { all = append(all, one) })
		}
	}
	return all
}

// firstOf returns the address of the first person with a role at a place.
func (s *site) firstOf(scope identity.ScopeKind, role identity.Role, place string) string {
	s.t.Helper()
	for _, one := range s.LogIns {
		if one.Scope == scope && one.Role == role && one.Place == place {
			return one.Email
		}
	}
	s.t.Fatalf("nobody is %s at %s", role, place)
	return ""
}

func TestCasesAreInEveryState(t *testing.T) {
	sharedEstate(t).open(t, func(s *site) {
		all := allCases(s)
		if len(all) != demo.FewestCases {
			t.Errorf("%d cases", len(all))
		}
		agent := map[string]caller{}
		for _, msp := range s.MSPs {
			agent[msp.ID] = s.logIn(s.firstOf(identity.MSPScope, identity.Helpdesk, msp.Name))
		}
		agent[""] = s.logIn(s.firstOf(identity.PlatformScope, identity.Support, "Tenantry"))
		mspOf := map[string]string{}
		for _, org := range s.Orgs {
			mspOf[org.ID] = org.MSPID
		}
		seen := map[string]int{}
		for _, one := range all {
			seen[one.Status]++
			if one.Archived {
				seen["archived"]++
			}
			if one.DeletedAt > 0 {
				seen["in the bin"]++
				continue
			}
			text := agent[mspOf[one.OrgID]].get("/orgs/" + one.OrgID + "/cases/" + one.ID)
			for what, sign := range map[string]string{
				"merged": `"merged_into":{`, "linked": `"links":[`, "split": `"kind":"split_from"`, "internal": `"internal":true`,
				"picture": `"content_type":"image/png"`, "log": `"content_type":"text/plain"`, "by mail": `"door":"mail"`,
				"rated": `"rating":{`, "return": `"return_at":`,
				"assigned": `"assignee":{`, "copied": `"cc":[`,
			} {
				if strings.Contains(text, sign) {
					seen[what]++
				}
			}
			if promised := promiseOf(t, text); promised != "" {
				seen[promised]++
			}
		}
		for _, what := range []string{
			"open", "pending", "hold", "solved", "closed", "archived", "in the bin", "merged", "linked", "split", "internal",
			"picture", "log", "by mail", "rated", "return", "assigned", "copied",
			"breached", "near", "met",
		} {
			if seen[what] == 0 {
				t.Errorf("no case is or has %s: %v", what, seen)
			}
		}
	})
}

// promiseOf returns what became of the first answer that was promised for a case: "met", "breached"
// or "near"; "" for anything else.
func promiseOf(t *testing.T, text string) string {
	t.Helper()
	var one cases.Case
	if err := json.Unmarshal([]byte(text), &one); err != nil {
		t.Fatal(err)
	}
	if one.ServiceLevel == nil {
		return ""
	}
	switch answer := one.ServiceLevel.FirstAnswer; {
	case answer.BreachedAt > 0:
		return "breached"
	case answer.MetAt > 0:
		return "met"
	case answer.WarnedAt > 0 && answer.DueAt < end.Add(time.Hour).Unix():
		return "near"
	}
	return ""
}

func TestTheSameSeedAndEndGiveTheSameAnswers(t *testing.T) {
	again, err := newEstate(t.TempDir(), small())
	if err != nil {
		t.Fatal(err)
	}
	var answers [2]map[string]string
	for i, one := range []made{sharedEstate(t), again} {
		one.open(t, func(s *site) { answers[i] = s.answers() })
	}
	if len(answers[0]) < demo.FewestCases+3*demo.FewestOrgs {
		t.Fatalf("only %d answers were compared", len(answers[0]))
	}
	if diff := cmp.Diff(answers[0], answers[1]); diff != "" {
		t.Errorf("the second estate differs:\n%s", diff)
	}
}

// passing is what differs each time: the end of a token's text, which is secret, and when the tests logged
// somebody in.
var passing = regexp.MustCompile(`"ending":"[^"]*"|,"last_login_time":\d+`)

// answers returns what people read of an estate, by who reads it and where.
func (s *site) answers() map[string]string {
	all := map[string]string{}
	read := func(email string, paths ...string) {
		by := s.logIn(email)
		for _, path := range paths {
			all[email+" "+path] = passing.ReplaceAllString(by.get(path), "")
		}
	}
	kept := fmt.Sprintf("?start=%d&end=%d&limit=1000", logStart().Unix(), end.Unix())
	read("olga@platform.example", "/self", "/msps", "/orgs", "/platform/quarantine", "/platform/blocked", "/platform/desk",
		"/platform/answers", "/platform/queues", "/platform/dead_letters", "/platform/logs"+kept)
	for _, msp := range s.MSPs {
		at := "/msps/" + msp.ID
		read(s.firstOf(identity.MSPScope, identity.Admin, msp.Name), "/self", at, at+"/orgs", at+"/cases?list=all&limit=100",
			at+"/jobs", at+"/desk", at+"/answers", at+"/cases/count", at+"/admins", at+"/logs"+kept)
	}
	for _, org := range s.Orgs {
		at, email := "/orgs/"+org.ID, s.firstOf(identity.OrgScope, identity.Admin, org.Name)
		read(email, "/self", at, at+"/consents", at+"/jobs", at+"/admins", at+"/logs"+kept)
		by := s.logIn(email)
		each(by, at+"/cases?list=all", func(one cases.Case) {
			path := at + "/cases/" + one.ID
			all[email+" "+path] = by.get(path)
		})
	}
	return all
}

func TestNothingIsLeftToDo(t *testing.T) {
	sharedEstate(t).open(t, func(s *site) {
		operator := s.logIn("olga@platform.example")
		each(operator, "/platform/dead_letters", func(one map[string]any) { t.Errorf("a dead letter: %v", one) })
		each(operator, "/platform/queues", func(one struct {
			Name                     string
			Waiting, Delayed, Failed int
		}) {
			if one.Waiting+one.Delayed+one.Failed > 0 {
				t.Errorf("on the queue: %+v", one)
			}
		})
	})
}

func TestMailIsQuarantinedForSeveralReasons(t *testing.T) {
	sharedEstate(t).open(t, func(s *site) {
		operator := s.logIn("olga@platform.example")
		var reasons []string
		each(operator, "/platform/quarantine", func(one struct{ Reason string }) { reasons = append(reasons, one.Reason) })
		slices.Sort(reasons)
		want := []string{"ambiguous_organization", "automatic", "blocked", "forged", "unauthenticated", "unknown_sender"}
		if diff := cmp.Diff(want, reasons); diff != "" {
			t.Error(diff)
		}
		blocked := 0
		each(operator, "/platform/blocked", func(struct{}) { blocked++ })
		if blocked != 2 {
			t.Errorf("%d blocked senders", blocked)
		}
	})
}

func TestJobsHaveATargetThatFailedAndReportsThatAreDone(t *testing.T) {
	sharedEstate(t).open(t, func(s *site) {
		admin := s.logIn(s.firstOf(identity.MSPScope, identity.Admin, s.MSPs[0].Name))
		failed := map[string]int{}
		each(admin, "/msps/"+s.MSPs[0].ID+"/jobs", func(one struct {
			Kind, State  string
			Done, Failed int
		}) {
			if one.State == "running" || one.Done == 0 {
				t.Errorf("%+v", one)
			}
			failed[one.Kind] += one.Failed
		})
		if len(failed) != 4 || failed["cases.archive"] != 1 || failed["orgs.support_mail"] != 0 {
			t.Errorf("failed targets by kind: %v", failed)
		}
	})
}

func TestSomeOrganizationsHaveAnOperatorProfile(t *testing.T) {
	sharedEstate(t).open(t, func(s *site) {
		operator := s.logIn(s.firstOf(identity.PlatformScope, identity.Operator, "Tenantry"))
		var profiles []struct {
			Name string
			Orgs int64 `json:"num_orgs"`
		}
		if err := json.Unmarshal([]byte(operator.get("/platform/profiles")), &profiles); err != nil {
			t.Fatal(err)
		}
		if len(profiles) != 2 || profiles[0].Name != "Early" || profiles[0].Orgs != 0 || profiles[1].Orgs == 0 {
			t.Errorf("%+v", profiles)
		}
	})
}

func TestAnOrganizationCameToAnotherMSPWithItsCases(t *testing.T) {
	sharedEstate(t).open(t, func(s *site) {
		org := s.Orgs[5]
		if org.MSPID != s.MSPs[0].ID {
			t.Fatalf("it is with %q", org.MSPID)
		}
		arrived, left := s.logIn(s.firstOf(identity.MSPScope, identity.Admin, s.MSPs[0].Name)),
			s.logIn(s.firstOf(identity.MSPScope, identity.Admin, s.MSPs[1].Name))
		count := func(by caller, msp string) (cases int) {
			each(by, "/msps/"+msp+"/cases?list=all&limit=100", func(one struct {
				OrgID string `json:"org_id"`
			}) {
				if one.OrgID == org.ID {
					cases++
				}
			})
			return cases
		}
		if here, there := count(arrived, s.MSPs[0].ID), count(left, s.MSPs[1].ID); here == 0 || there != 0 {
			t.Errorf("the new MSP has %d of its cases, the former one %d", here, there)
		}
	})
}

// logStart is the time from which the audit log is read: it is shown for 60 days.
func logStart() time.Time { return end.AddDate(0, 0, -60) }

func TestTheAuditLogHasEntriesOfTheWholeTimeThatItIsShown(t *testing.T) {
	sharedEstate(t).open(t, func(s *site) {
		weeks := map[string]bool{}
		for _, msp := range s.MSPs {
			admin := s.logIn(s.firstOf(identity.MSPScope, identity.Admin, msp.Name))
			path := fmt.Sprintf("/msps/%s/logs?start=%d&end=%d&limit=1000", msp.ID, logStart().Unix(), end.Unix())
			each(admin, path, func(one struct{ Timestamp float64 }) {
				year, week := time.Unix(int64(one.Timestamp), 0).UTC().ISOWeek()
				weeks[fmt.Sprint(year, week)] = true
			})
		}
		if len(weeks) < 8 { // of the nine or ten that they are in
			t.Errorf("entries in %d weeks", len(weeks))
		}
	})
}

func TestNamesAndTextsAreInSeveralScripts(t *testing.T) {
	sharedEstate(t).open(t, func(s *site) {
		var text strings.Builder
		for _, one := range s.LogIns {
			text.WriteString(one.Name + one.Place)
		}
		for _, one := range allCases(s) {
			text.WriteString(one.Subject)
		}
		for name, script := range map[string]*unicode.RangeTable{
			"Greek": unicode.Greek, "Cyrillic": unicode.Cyrillic, "Hebrew or Arabic": unicode.Hebrew, "Han": unicode.Han,
			"Kana": unicode.Hiragana, "Devanagari": unicode.Devanagari,
		} {
			if !strings.ContainsFunc(text.String(), func(r rune) bool { return unicode.Is(script, r) }) {
				t.Errorf("nothing is in %s", name)
			}
		}
		if !strings.ContainsAny(text.String(), "äöüßéèçñøåłžš") {
			t.Error("no letter has a mark")
		}
	})
}

func TestOnlyTheLatestMailsAreInTheOutbox(t *testing.T) {
	estate := sharedEstate(t)
	mails, err := filepath.Glob(filepath.Join(estate.settings.Data, "outbox", "*.eml"))
	if err != nil || len(mails) == 0 || len(mails) > 400 {
		t.Fatalf("%d mails, %v", len(mails), err)
	}
	for _, path := range mails {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(raw), "29 Nov 2026") && !strings.Contains(string(raw), "30 Nov 2026") {
			t.Errorf("%s is older:\n%.300s", path, raw)
		}
	}
}

func TestAWrongPasswordIsRefused(t *testing.T) {
	sharedEstate(t).open(t, func(s *site) {
		answer := caller{site: s}.call(http.MethodPost, "/login",
			`{"email":"olga@platform.example","password":"not it, surely"}`)
		if answer.Code != http.StatusBadRequest {
			t.Errorf("%d %s", answer.Code, answer.Body)
		}
	})
}

func BenchmarkMake(b *testing.B) {
	for b.Loop() {
		options := small()
		options.Cases, options.Orgs = demo.UsualCases, demo.UsualOrgs
		if _, err := newEstate(b.TempDir(), options); err != nil {
			b.Fatal(err)
		}
	}
}
