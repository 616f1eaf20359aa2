package support

import (
	"context"
	"strconv"
	"strings"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support/desk"
)

func filled(a desk.Answer, by identity.Principal, opened Opened) string {
	values := []string{
		strconv.FormatInt(opened.Number, 10),
		opened.Subject,
		opened.Reader.Party(opened.Submitter).Name,
		by.Name(),
		opened.Org.Name,
	}
	var pairs []string
	for i, place := range desk.AnswerPlaces() {
		pairs = append(pairs, place, values[i])
	}
	return strings.NewReplacer(pairs...).Replace(a.Text)
}

// FilledAnswer returns the text of a prepared answer as a comment on a case, for agents. It has the
// name of the submitter as the agent sees it: without the consent to personal data, masked.
func (s *Service) FilledAnswer(
	ctx context.Context,
	by identity.Principal,
	orgID, caseID, answerID string,
) (string, error) {
	opened, _, err := s.Open(ctx, by, orgID, caseID, identity.AnswerCases)
	if err != nil {
		return "", err
	}
	answer, err := s.desk.LoadAnswer(ctx, opened.Org.MSPID, answerID)
	if fault.Is(err, fault.NotFound) {
		return "", fault.InField("answer_id", "%q is not a prepared answer", answerID)
	}
	return filled(answer, by, opened), err
}
