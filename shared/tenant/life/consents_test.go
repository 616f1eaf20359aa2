package life_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support/supporttest"
	"github.com/tenantry/tenantry/shared/tenant"
)

const day = 24 * time.Hour

// toldOfEnds lets time pass, handles what is due then, and returns what is told of consents that end.
func toldOfEnds(w *supporttest.World, after time.Duration) [][]identity.EndingConsent {
	w.T.Helper()
	before := known(w)
	w.Clock.Pass(after)
	due(w)
	var told [][]identity.EndingConsent
	for _, message := range w.Outbox() {
		if before[message.ID] || message.Queue != queue.MailSend {
			continue
		}
		if notice := supporttest.Decoded[identity.Notice](w.T, message.Body); notice.Event == identity.ConsentEnds {
			if notice.ScopeID != w.Org.ID || notice.PlaceName != w.Org.Name {
				w.T.Errorf("told of another place: %+v", notice)
			}
			told = append(told, notice.Ending)
		}
	}
	return told
}

// decided returns an own administrator who has withdrawn all consents but one, which ends after a time.
func decided(w *supporttest.World, lasts time.Duration) identity.Principal {
	w.T.Helper()
	own := w.Person(w.Org.Place(), identity.Admin)
	for _, kind := range identity.ConsentKinds() {
		for _, grantee := range identity.Grantees() {
			_, err := w.Tenants.ChangeConsent(w.T.Context(), own, w.Org.ID, tenant.Decision{Kind: kind, Grantee: grantee})
			w.Must(err)
		}
	}
	give(w, own, lasts)
	return own
}

// give gives the MSP support access that ends after a time.
func give(w *supporttest.World, own identity.Principal, lasts time.Duration) {
	w.T.Helper()
	_, err := w.Tenants.ChangeConsent(w.T.Context(), own, w.Org.ID, tenant.Decision{
		Kind: identity.SupportAccess, Grantee: identity.ToMSP, Granted: true, Until: w.Clock.Now().Add(lasts).Unix(),
	})
	w.Must(err)
}

func TestTheEndOfAConsentIsToldAWeekAndADayBeforeAndAtTheEnd(t *testing.T) {
	w := supporttest.NewWorld(t)
	decided(w, 30*day)
	for _, step := range []struct {
		pass time.Duration
		want int
	}{{22 * day, 0}, {day, 1}, {time.Hour, 0}, {6*day - 2*time.Hour, 0}, {time.Hour, 1}, {day, 1}, {30 * day, 0}} {
		told := toldOfEnds(w, step.pass)
		if len(told) != step.want || step.want == 1 && (len(told[0]) != 1 || told[0][0].Grantee != identity.ToMSP) {
			t.Errorf("after another %s: %+v, want %d", step.pass, told, step.want)
		}
	}
}

func TestAConsentThatIsShortIsToldOfAtItsEndOnly(t *testing.T) {
	w := supporttest.NewWorld(t)
	decided(w, 2*time.Hour)
	if told := toldOfEnds(w, time.Hour); len(told) != 0 {
		t.Errorf("told too early: %+v", told)
	}
	if told := toldOfEnds(w, time.Hour); len(told) != 1 {
		t.Errorf("told at the end: %+v", told)
	}
}

func TestNobodyIsToldOfTheEndOfWhatDoesNotHold(t *testing.T) {
	for name, end := range map[string]func(*supporttest.World, identity.Principal){
		"withdrawn": func(w *supporttest.World, own identity.Principal) {
			_, err := w.Tenants.ChangeConsent(w.T.Context(), own, w.Org.ID,
				tenant.Decision{Kind: identity.SupportAccess, Grantee: identity.ToMSP})
			w.Must(err)
		},
		"prolonged":         func(w *supporttest.World, own identity.Principal) { give(w, own, 300*day) },
		"without a new end": func(w *supporttest.World, own identity.Principal) { w.Decide(w.Org, identity.SupportAccess, true) },
		"in the bin":        func(w *supporttest.World, _ identity.Principal) { deleted(w) },
	} {
		t.Run(name, func(t *testing.T) {
			w := supporttest.NewWorld(t)
			end(w, decided(w, 8*day))
			for range 9 {
				if told := toldOfEnds(w, day); len(told) != 0 {
					t.Errorf("told of %+v", told)
				}
			}
		})
	}
}

// TestANoticeThatIsDueStaysDue changes the consents after a notice became due and before it was sent.
func TestANoticeThatIsDueStaysDue(t *testing.T) {
	w := supporttest.NewWorld(t)
	own := decided(w, 8*day)
	w.Clock.Pass(day + time.Minute)
	until := w.Clock.Now().Add(2 * day).Unix()
	_, err := w.Tenants.ChangeConsent(t.Context(), own, w.Org.ID, tenant.Decision{
		Kind: identity.PersonalData, Grantee: identity.ToMSP, Granted: true, Until: until,
	})
	w.Must(err)
	told := toldOfEnds(w, 0)
	if len(told) != 1 || len(told[0]) != 1 || told[0][0].Kind != identity.SupportAccess {
		t.Errorf("told of %+v", told)
	}
	// What was missed for long is told of once.
	if told = toldOfEnds(w, 30*day); len(told) != 1 || len(told[0]) != 2 {
		t.Errorf("told of %+v", told)
	}
}

// TestANoticeAboutAnOrganizationThatIsGoneIsDropped removes the organization as a former version does, which
// does not know the notices.
func TestANoticeAboutAnOrganizationThatIsGoneIsDropped(t *testing.T) {
	w := supporttest.NewWorld(t)
	decided(w, 8*day)
	page, err := w.Journal.Query(t.Context(), table.Query{Partition: "ORG#" + w.Org.ID, Limit: 100})
	w.Must(err)
	for _, item := range page.Items {
		w.Must(w.Store.Transact(t.Context(), []table.Write{table.Delete(item.Key, item.Version)}))
	}
	toldOfEnds(w, 2*day)
	left, err := w.Journal.Query(t.Context(), table.Query{Partition: identity.OrgsDue, Limit: 100})
	w.Must(err)
	for _, item := range left.Items {
		if strings.Contains(item.Sort, w.Org.ID) {
			t.Errorf("left: %s", item.Sort)
		}
	}
}
