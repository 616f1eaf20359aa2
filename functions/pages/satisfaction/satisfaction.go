// Package satisfaction contains the page of the satisfaction survey, which a mail links to. It needs no log-in.
package satisfaction

import (
	"strconv"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/pages/kit"
	"github.com/tenantry/tenantry/shared/support/rating"
)

// Pages are the dependencies of the pages.
type Pages struct {
	Ratings *rating.Service
}

// Routes returns the pages and the targets of their forms.
func (p Pages) Routes() []kit.Route {
	const area = "satisfaction"
	return []kit.Route{
		{Pattern: "GET /satisfaction", Area: area, Like: "cases.rate", Handle: p.satisfactionForm},
		{Pattern: "POST /satisfaction", Area: area, Like: "cases.rate", Handle: p.satisfaction},
	}
}

// ratedCase is the case of a satisfaction survey, with the answers given so far.
type ratedCase struct {
	token, title, subject, score, comment string
}

func (p Pages) ratedCase(v *kit.Visit, token string) (ratedCase, error) {
	number, subject, err := p.Ratings.RatedCase(v.Context(), token)
	return ratedCase{token: token, title: v.T("How was our help with case %d?", number), subject: subject}, err
}

// satisfactionForm shows the satisfaction survey. Opening the link stores nothing, because mail
// filters open links too.
func (p Pages) satisfactionForm(v *kit.Visit) error {
	if v.Query("thanks") != "" {
		return v.Show(thanksPage(v.Frame(v.T("Thank you"))))
	}
	rated, err := p.ratedCase(v, v.Query("token"))
	if err != nil {
		return err
	}
	return v.Show(satisfactionPage(v.Frame(rated.title), rated))
}

// satisfaction stores the answer.
func (p Pages) satisfaction(v *kit.Visit) error {
	ctx := v.Context()
	rated, err := p.ratedCase(v, v.Line("token"))
	if err != nil {
		return err
	}
	rated.score, rated.comment = v.Line("score"), v.Text("comment")
	score, err := strconv.Atoi(rated.score)
	if err != nil {
		score = -1 // rejected like any other invalid score
	}
	if err := p.Ratings.Rate(ctx, rated.token, score, rated.comment, endpoint.Source(ctx)); err != nil {
		return v.Again(err, kit.Refusal{Title: rated.title, Heading: v.T("Feedback not saved")}, func(f *kit.Frame) templ.Component {
			return satisfactionPage(f, rated)
		})
	}
	return v.GoTo("/satisfaction?thanks=1")
}
