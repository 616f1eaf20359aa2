package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

// Answer is a prepared text that agents use to answer frequent questions.
type Answer struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Text may have placeholders; see AnswerPlaces.
	Text string `json:"text"`
	// Created and Modified are in microseconds since 1970.
	Created  int64 `json:"created"`
	Modified int64 `json:"modified"`
	Revision int64 `json:"-"`
}

// MaxAnswers is the maximum number of answers of one provider.
const MaxAnswers = 500

// answerSort is the prefix of the sort keys of a provider's answers.
const answerSort = "ANSWER#"

// AnswerPlaces returns the placeholders of an answer.
func AnswerPlaces() []string {
	return []string{"{{case_number}}", "{{subject}}", "{{requester}}", "{{agent}}", "{{organization}}"}
}

func answerKey(mspID, id string) table.Key {
	return table.Key{Partition: Partition(mspID), Sort: answerSort + id}
}

func (a Answer) check() error {
	if err := identity.CheckText("name", a.Name, 1, MaxShort); err != nil {
		return err
	}
	return identity.CheckParagraphs("text", a.Text, 1, MaxText)
}

// Answers lists the answers of an MSP, or of the platform if mspID is empty, ordered by name, for
// those who work there.
func (s *Service) Answers(ctx context.Context, by identity.Principal, mspID string) ([]Answer, error) {
	if _, err := s.provider(ctx, by, mspID, identity.SeeMSP|identity.SeeCases, identity.ChangeDesk); err != nil {
		return nil, err
	}
	return s.answers(ctx, mspID)
}

// Answer reads one answer, for those who may list them.
func (s *Service) Answer(ctx context.Context, by identity.Principal, mspID, id string) (Answer, error) {
	if _, err := s.provider(ctx, by, mspID, identity.SeeMSP|identity.SeeCases, identity.ChangeDesk); err != nil {
		return Answer{}, err
	}
	return s.LoadAnswer(ctx, mspID, id)
}

// OrgAnswers lists the answers available to the agents who work on an organization's cases.
func (s *Service) OrgAnswers(ctx context.Context, by identity.Principal, orgID string) ([]Answer, error) {
	org, err := s.tenants.Org(ctx, by, orgID, identity.AnswerCases)
	if err != nil {
		return nil, err
	}
	return s.answers(ctx, org.MSPID)
}

func (s *Service) answers(ctx context.Context, mspID string) ([]Answer, error) {
	page, err := s.journal.Query(ctx, table.WithPrefix(table.Core, Partition(mspID), answerSort))
	if err != nil {
		return nil, err
	}
	answers := make([]Answer, 0, len(page.Items))
	for _, item := range page.Items {
		var answer Answer
		if err := change.Decode(item, &answer); err != nil {
			return nil, err
		}
		answer.Revision = item.Version
		answers = append(answers, answer)
	}
	slices.SortStableFunc(
		answers,
		func(a, b Answer) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) },
	)
	return answers, nil
}

// AddAnswer adds an answer.
func (s *Service) AddAnswer(ctx context.Context, by identity.Principal, mspID string, request Answer) (Answer, error) {
	if _, err := s.provider(ctx, by, mspID, identity.ChangeDesk, identity.ChangeDesk); err != nil {
		return Answer{}, err
	}
	if err := request.check(); err != nil {
		return Answer{}, err
	}
	present, err := s.answers(ctx, mspID)
	if err != nil {
		return Answer{}, err
	}
	if len(present) >= MaxAnswers {
		return Answer{}, fault.New(
			fault.Conflict,
			"There are %d answers, which is the maximum. Delete an unused one.",
			MaxAnswers,
		)
	}
	request.ID, request.Created = s.journal.NewID(), s.journal.Now().UnixMicro()
	request.Modified = request.Created
	return s.putAnswer(ctx, by, mspID, Answer{}, request)
}

// ChangeAnswer changes an answer; an empty name or text stays as it is. revision, if not 0, is the
// revision that the caller read.
func (s *Service) ChangeAnswer(
	ctx context.Context,
	by identity.Principal,
	mspID, id string,
	revision int64,
	name, text *string,
) (Answer, error) {
	before, err := s.answer(ctx, by, mspID, id)
	if err != nil {
		return Answer{}, err
	}
	if revision != 0 && revision != before.Revision {
		return Answer{}, fault.Stale(before.Revision)
	}
	after := before
	if name != nil {
		after.Name = *name
	}
	if text != nil {
		after.Text = *text
	}
	if err := after.check(); err != nil || after == before {
		return before, err
	}
	after.Modified = s.journal.Now().UnixMicro()
	return s.putAnswer(ctx, by, mspID, before, after)
}

// RemoveAnswer deletes an answer; comments that used it stay.
func (s *Service) RemoveAnswer(ctx context.Context, by identity.Principal, mspID, id string) error {
	before, err := s.answer(ctx, by, mspID, id)
	if err != nil {
		return err
	}
	key := answerKey(mspID, id)
	err = s.journal.Commit(ctx, by.Actor(), change.Record{
		Action:      "desk.remove_answer",
		Message:     "Deleted the prepared answer " + before.Name,
		MSPID:       mspID,
		PlatformLog: mspID == "",
		Target:      "answer:" + id,
		Before:      before,
		Writes:      []table.Write{table.Delete(key, before.Revision)},
	})
	if table.ConflictAt(err, key) {
		return s.staleAnswer(ctx, mspID, id)
	}
	return err
}

// answer reads an answer for a principal who may change it.
func (s *Service) answer(ctx context.Context, by identity.Principal, mspID, id string) (Answer, error) {
	if _, err := s.provider(ctx, by, mspID, identity.ChangeDesk, identity.ChangeDesk); err != nil {
		return Answer{}, err
	}
	return s.LoadAnswer(ctx, mspID, id)
}

// LoadAnswer reads a prepared answer without a permission check; a fault of code NotFound if there
// is none.
func (s *Service) LoadAnswer(ctx context.Context, mspID, id string) (Answer, error) {
	if uuid.Validate(id) != nil {
		return Answer{}, fault.Missing()
	}
	items, err := s.journal.BatchGet(ctx, []table.Key{answerKey(mspID, id)})
	if err != nil {
		return Answer{}, err
	}
	if items[0].Version == 0 {
		return Answer{}, fault.Missing()
	}
	var answer Answer
	err = change.Decode(items[0], &answer)
	answer.Revision = items[0].Version
	return answer, err
}

func (s *Service) putAnswer(
	ctx context.Context,
	by identity.Principal,
	mspID string,
	before, after Answer,
) (Answer, error) {
	key := answerKey(mspID, after.ID)
	item, err := change.Encode(key, after)
	if err != nil {
		return Answer{}, err
	}
	record := change.Record{
		Action: "desk.add_answer", Message: "Prepared the answer " + after.Name, MSPID: mspID, PlatformLog: mspID == "",
		Target: "answer:" + after.ID, After: after, Writes: []table.Write{table.Create(item)},
	}
	if item.Version = before.Revision; item.Version > 0 {
		record.Action, record.Message, record.Before = "desk.change_answer", "Changed the prepared answer "+after.Name, before
		record.Writes[0] = table.Update(item)
	}
	after.Revision = item.Version + 1
	if err := s.journal.Commit(ctx, by.Actor(), record); table.ConflictAt(err, key) {
		return Answer{}, s.staleAnswer(ctx, mspID, after.ID)
	} else if err != nil {
		return Answer{}, err
	}
	return after, nil
}

func (s *Service) staleAnswer(ctx context.Context, mspID, id string) error {
	present, err := s.LoadAnswer(ctx, mspID, id)
	if err != nil {
		return err
	}
	return fault.Stale(present.Revision)
}
