package pages_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
)

func TestTheSurveyIsAnsweredWithoutAnAccount(t *testing.T) {
	s := newSite(t)
	owner := s.Person(s.MSP.Place(), identity.Admin)
	_, err := s.Desk.ChangeSetting(t.Context(), owner, s.MSP.ID, 0,
		func(setting *desk.Setting) { setting.AskSatisfaction = true })
	s.check(err)
	closed := support.Closed
	c, err := s.Cases.Change(t.Context(), s.agent, s.Org.ID, s.kase.ID, support.CaseChange{Status: &closed})
	s.check(err)
	content, err := s.Notifications.Compose(
		t.Context(),
		support.Notice{
			Kind:   support.NoticeCase,
			Event:  support.AskRating,
			OrgID:  c.OrgID,
			CaseID: c.ID,
			UserID: s.customer.UserID,
		},
	)
	s.check(err)
	b := s.stranger()
	page := b.get("/satisfaction?token=" + url.QueryEscape(content.RatingToken))
	page.wants(http.StatusOK, "How was our help", c.Subject)
	answer := url.Values{"csrf": {page.csrf("/satisfaction")}, "token": {content.RatingToken}}
	b.post("/satisfaction", answer).wants(http.StatusBadRequest, "must be 1 to 5")
	answer.Set("score", "4")
	answer.Set("comment", "Quick <b>help</b>")
	b.post("/satisfaction", answer).wants(http.StatusSeeOther)
	b.get("/satisfaction?thanks=1").wants(http.StatusOK, "Thank you")
	d, err := s.Cases.Detail(t.Context(), s.agent, c.OrgID, c.ID)
	s.check(err)
	if d.Rating == nil || d.Rating.Score != 4 || d.Rating.Comment != "Quick <b>help</b>" {
		t.Errorf("%+v", d.Rating)
	}
	b.get("/satisfaction?token=x").wants(http.StatusBadRequest, "The link is not valid")
}
