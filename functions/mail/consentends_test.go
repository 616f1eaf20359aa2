package mail_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/identity/preference"
	"github.com/tenantry/tenantry/shared/store/queue"
)

func TestConsentsThatEndAreToldToAllOwnAdministratorsAndTheSuperUsersWhoWantIt(t *testing.T) {
	w := newWorld(t)
	ctx, on := t.Context(), true
	own, reader := w.Person(w.Org.Place(), identity.Admin), w.Person(w.Org.Place(), identity.Read)
	german := w.Another(w.Org.Place(), identity.Admin)
	w.speaks(preference.German, german)
	super, quiet := w.Person(w.MSP.Place(), identity.Admin), w.Another(w.MSP.Place(), identity.Admin)
	_, _, err := w.Accounts.ChangeSelf(ctx, super, identity.SelfChange{SecurityNotices: &on})
	w.must(err)
	w.sendAll()
	message, err := identity.SecurityMessage(identity.ConsentEnds, identity.Notice{
		Scope: identity.OrgScope, ScopeID: w.Org.ID, PlaceName: w.Org.Name, Ending: []identity.EndingConsent{
			{Kind: identity.SupportAccess, Grantee: identity.ToMSP, Until: w.Clock.Now().Add(time.Hour).Unix()},
			{Kind: identity.PersonalData, Grantee: identity.ToOperator, Until: w.Clock.Now().Unix()},
		},
	})
	w.must(err)
	w.must(w.Journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action: "test", Message: "Told", Internal: true, OrgID: w.Org.ID, Messages: []queue.Message{message},
	}))
	w.sendAll()
	for _, test := range []struct {
		person identity.Principal
		says   []string
	}{
		{own, []string{"The consent to support access for the MSP ends at", "personal data for the operator ended at"}},
		{german, []string{"Die Einwilligung in", "endete am", "Einwilligungen ansehen"}},
		{super, []string{"/orgs/" + w.Org.ID + "/consents"}},
		{reader, nil},
		{quiet, nil},
	} {
		told := 0
		for _, one := range w.mails(test.person.Email) {
			text := w.text(one)
			if !strings.Contains(text, "/consents") {
				continue
			}
			told++
			wantsAll(t, text, test.says...)
		}
		if want := min(len(test.says), 1); told != want {
			t.Errorf("%s got %d mails, want %d", test.person.Email, told, want)
		}
	}
}
