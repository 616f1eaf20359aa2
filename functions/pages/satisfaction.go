package pages

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"github.com/tenantry/tenantry/functions/endpoint"
)

// ratedCase is the case of a satisfaction survey, with the answers given so far.
type ratedCase struct {
	token, title, subject, score, comment string
}

func (p *portal) ratedCase(v *visit, token string) (ratedCase, error) {
	number, subject, err := p.Ratings.RatedCase(v.r.Context(), token)
	return ratedCase{token: token, title: fmt.Sprintf("How was our help with case %d?", number), subject: subject}, err
}

// satisfactionForm shows the satisfaction survey. Opening the link stores nothing, because mail
// filters open links too.
func (p *portal) satisfactionForm(v *visit) error {
	if v.query("thanks") != "" {
		return p.show(v, http.StatusOK, thanksPage(p.frame(v, "Thank you")))
	}
	rated, err := p.ratedCase(v, v.query("token"))
	if err != nil {
		return err
	}
	return p.show(v, http.StatusOK, satisfactionPage(p.frame(v, rated.title), rated))
}

// satisfaction stores the answer.
func (p *portal) satisfaction(v *visit) error {
	ctx := v.r.Context()
	rated, err := p.ratedCase(v, v.line("token"))
	if err != nil {
		return err
	}
	rated.score, rated.comment = v.line("score"), v.text("comment")
	score, err := strconv.Atoi(rated.score)
	if err != nil {
		score = -1 // rejected like any other invalid score
	}
	if err := p.Ratings.Rate(ctx, rated.token, score, rated.comment, endpoint.Source(ctx)); err != nil {
		return p.again(v, err, rated.title, "Feedback not saved", func(f frame) templ.Component {
			return satisfactionPage(f, rated)
		})
	}
	return v.goTo("/satisfaction?thanks=1")
}
