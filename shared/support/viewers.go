package support

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	// viewerMark is the prefix of the sort keys of agents who look at a case, in its partition of the
	// derived table.
	viewerMark = "MARK#VIEWER#"
	// ViewerLife is how long an agent counts as looking at a case after they said so, and viewerEvery
	// how often that is stored at most.
	ViewerLife  = time.Minute
	viewerEvery = 30 * time.Second
	// MaxViewers is the maximum number of agents who are shown, and readViewers that of the marks that
	// are read for them: a mark may outlive its time by days.
	MaxViewers  = 20
	readViewers = 200
)

// Viewer is an agent who has a case open.
type Viewer struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Seen is when they last said so, in epoch seconds, to about half a minute.
	Seen int64 `json:"seen"`
}

// Viewers lists the other agents who have a case open, the latest first. It is for those who
// can answer it as agents.
func (s *Service) Viewers(ctx context.Context, by identity.Principal, orgID, caseID string) ([]Viewer, error) {
	others, _, err := s.viewers(ctx, by, orgID, caseID)
	return others, err
}

// View notes that an agent has a case open, and lists the others as Viewers does. The note is lost a
// minute later. Programs, which come with API tokens, do not count.
func (s *Service) View(ctx context.Context, by identity.Principal, orgID, caseID string) ([]Viewer, error) {
	others, own, err := s.viewers(ctx, by, orgID, caseID)
	now := s.journal.Now()
	if err != nil || by.Kind != change.Person || now.Unix()-own < int64(viewerEvery/time.Second) {
		return others, err
	}
	mark := Viewer{ID: by.UserID, Name: by.Name(), Seen: now.Unix()}
	return others, s.journal.Note(ctx, viewerKey(orgID, caseID, by.UserID), mark, now.Add(ViewerLife).Unix())
}

// viewers returns the other agents who have a case open, and when the principal last said so, in epoch
// seconds; 0 for never.
func (s *Service) viewers(
	ctx context.Context, by identity.Principal, orgID, caseID string,
) (others []Viewer, own int64, err error) {
	if _, _, err := s.Open(ctx, by, orgID, caseID, identity.AnswerCases); err != nil {
		return nil, 0, err
	}
	query := table.WithPrefix(table.Derived, CasePartition(orgID, caseID), viewerMark)
	query.Limit = readViewers
	page, err := s.journal.Query(ctx, query)
	if err != nil {
		return nil, 0, err
	}
	marks, err := change.DecodePage[Viewer](page)
	if err != nil {
		return nil, 0, err
	}
	now := s.journal.Now().Unix()
	for _, mark := range marks {
		switch {
		case mark.ID == by.UserID:
			own = mark.Seen
		case now-mark.Seen < int64(ViewerLife/time.Second):
			others = append(others, mark)
		}
	}
	slices.SortStableFunc(others, func(x, y Viewer) int { return cmp.Compare(y.Seen, x.Seen) })
	return others[:min(len(others), MaxViewers)], own, nil
}

func viewerKey(orgID, caseID, userID string) table.Key {
	key := CaseKey(orgID, caseID, viewerMark+userID)
	key.Table = table.Derived
	return key
}
