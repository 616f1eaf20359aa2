package lists

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
)

// RebuildIndex is the Kind of a Rebuild.
const RebuildIndex = "rebuild"

// Rebuild is the body of a message that rebuilds the index of a scope.
type Rebuild struct {
	Kind  string `json:"kind"`
	OrgID string `json:"org_id,omitempty"`
	MSPID string `json:"msp_id,omitempty"`
}

// rebuildsAtOnce is how many rebuilds one transaction requests.
const rebuildsAtOnce = 50

// RebuildAll requests a rebuild of the whole index, for every provider and every organization, or
// of one MSP's or organization's part if an ID is given. It returns the number of parts requested;
// each part is a message, and searches use the old index until the part is rebuilt. For operators.
func (s *Service) RebuildAll(ctx context.Context, by identity.Principal, orgID, mspID string) (int, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return 0, err
	}
	parts, err := s.rebuilds(ctx, orgID, mspID)
	if err != nil {
		return 0, err
	}
	if orgID == "" && mspID == "" {
		if err := s.accounts.NoteRebuild(ctx); err != nil {
			return 0, err
		}
	}
	return len(parts), s.requestRebuilds(ctx, by.Actor(), "platform.rebuild_index", parts)
}

// requestRebuilds commits a message for each part of the index.
func (s *Service) requestRebuilds(ctx context.Context, by change.Actor, action string, parts []Rebuild) error {
	for batch := range slices.Chunk(parts, rebuildsAtOnce) {
		messages := make([]queue.Message, len(batch))
		for i, part := range batch {
			part.Kind = RebuildIndex
			body, err := json.Marshal(part)
			if err != nil {
				return err
			}
			messages[i] = queue.Message{Queue: queue.CasesJobs, Group: "PLATFORM", Body: body}
		}
		err := s.journal.Commit(ctx, by, change.Record{
			Action:      action,
			Message:     "Requested a rebuild of the search index",
			PlatformLog: true,
			Messages:    messages,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// form is how the index was found when it was looked at last.
type form struct {
	Form int `json:"form"`
}

// formKey is that of the mark that says for which form of texts the index was looked at.
func formKey() table.Key { return table.Key{Partition: "PLATFORM", Sort: "MARK#INDEX_FORM"} }

// Renew requests a rebuild of the parts of the index that a former version of Tenantry made and that
// would find less than today's. It does so once after an upgrade; until a part is rebuilt, it finds
// what it found before.
func (s *Service) Renew(ctx context.Context) error {
	var last form
	_, err := s.journal.Get(ctx, formKey(), &last)
	if err != nil && !errors.Is(err, table.ErrAbsent) || last.Form >= search.Form {
		return err
	}
	parts, err := s.rebuilds(ctx, "", "")
	if err != nil {
		return err
	}
	spaces := make([]string, len(parts))
	for i, part := range parts {
		spaces[i] = Scope{OrgID: part.OrgID, MSPID: part.MSPID}.Space()
	}
	outdated, err := s.index.Outdated(ctx, spaces)
	if err != nil {
		return err
	}
	var renewed []Rebuild
	for i, part := range parts {
		if slices.Contains(outdated, spaces[i]) {
			renewed = append(renewed, part)
		}
	}
	if err := s.requestRebuilds(ctx, change.ByPlatform(), "cases.renew_index", renewed); err != nil {
		return err
	}
	return s.journal.Mark(ctx, formKey(), form{Form: search.Form}, 0)
}

func (s *Service) rebuilds(ctx context.Context, orgID, mspID string) ([]Rebuild, error) {
	switch {
	case orgID != "":
		org, err := s.tenants.LoadOrg(ctx, orgID)
		return []Rebuild{{OrgID: org.ID}}, err
	case mspID != "":
		names, err := s.tenants.Names(ctx, []string{mspID}, nil)
		if err == nil && names[mspID] == "" {
			err = fault.Missing()
		}
		return []Rebuild{{MSPID: mspID}}, err
	}
	mspIDs, orgIDs, err := s.tenants.AllIDs(ctx)
	if err != nil {
		return nil, err
	}
	parts := []Rebuild{{}} // the platform, for its direct customers
	for _, id := range mspIDs {
		parts = append(parts, Rebuild{MSPID: id})
	}
	for _, id := range orgIDs {
		parts = append(parts, Rebuild{OrgID: id})
	}
	return parts, nil
}

// RebuildPart rebuilds one part of the index from the cases as they are now.
func (s *Service) RebuildPart(ctx context.Context, part Rebuild) error {
	scope := Scope{OrgID: part.OrgID, MSPID: part.MSPID}
	began := s.journal.Now()
	if err := s.index.Rebuild(ctx, scope.Space(), s.documents(ctx, scope)); err != nil {
		return err
	}
	return s.catchUp(ctx, scope, began)
}

// catchUp updates the index for the cases that changed since a rebuild began: their messages were
// refused in the meantime, and some may have become dead letters.
func (s *Service) catchUp(ctx context.Context, scope Scope, since time.Time) error {
	for _, list := range []string{support.OpenName, support.ClosedName, support.ArchivedName, support.DeletedName} {
		query := table.Query{
			Partition: scope.Space() + "#CASES#" + list,
			From:      fmt.Sprintf("%016d", since.UnixMicro()),
			Limit:     table.MaxPage,
		}
		for {
			page, err := s.journal.Query(ctx, query)
			if err != nil {
				return err
			}
			lines, err := summariesOf(page, true)
			if err != nil {
				return err
			}
			for _, line := range lines {
				if err := s.IndexCase(
					ctx,
					IndexTask{
						Reference: support.Reference{OrgID: line.OrgID, CaseID: line.ID},
						MSPID:     scope.MSPID,
						Number:    line.Number,
					},
				); err != nil {
					return err
				}
			}
			if query.After = page.Next; page.Next == "" {
				break
			}
		}
	}
	return nil
}

// place is the location of a case, as short as possible: a rebuild holds one for every case of a
// scope.
type place struct {
	number  int64
	org, id uuid.UUID
}

// documents reads all cases of a scope, ordered by number.
func (s *Service) documents(ctx context.Context, scope Scope) iter.Seq2[search.Document, error] {
	return func(yield func(search.Document, error) bool) {
		places, err := s.places(ctx, scope)
		if err != nil {
			yield(search.Document{}, err)
			return
		}
		for batch := range slices.Chunk(places, table.MaxBatch/2) {
			keys := make([]table.Key, 0, table.MaxBatch)
			for _, at := range batch {
				org, id := at.org.String(), at.id.String()
				keys = append(
					keys,
					support.CaseKey(org, id, support.CaseSort),
					support.CaseKey(org, id, support.DescriptionSort),
				)
			}
			items, err := s.journal.BatchGet(ctx, keys)
			if err != nil {
				yield(search.Document{}, err)
				return
			}
			for pair := range slices.Chunk(items, 2) {
				if pair[0].Version == 0 {
					continue // gone in the meantime
				}
				_, document, err := documentOf(pair[0], pair[1])
				if !yield(document, err) || err != nil {
					return
				}
			}
		}
	}
}

// places returns all cases of a scope by reading its lists. A case that changes in the meantime may
// appear twice or not at all; the index receives its change anyway.
func (s *Service) places(ctx context.Context, scope Scope) ([]place, error) {
	var places []place
	for _, list := range []string{support.OpenName, support.ClosedName, support.ArchivedName, support.DeletedName} {
		query := table.Query{Partition: scope.Space() + "#CASES#" + list, Limit: table.MaxPage}
		for {
			page, err := s.journal.Query(ctx, query)
			if err != nil {
				return nil, err
			}
			for _, item := range page.Items {
				var line support.Summary
				if err := change.Decode(item, &line); err != nil {
					return nil, err
				}
				places = append(
					places,
					place{number: line.Number, org: uuid.MustParse(line.OrgID), id: uuid.MustParse(line.ID)},
				)
			}
			if query.After = page.Next; page.Next == "" {
				break
			}
		}
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Compare(a.number, b.number) })
	return slices.CompactFunc(places, func(a, b place) bool { return a.number == b.number }), nil
}

// IndexState is how up to date the index of a scope is.
type IndexState struct {
	search.State
	// Newest is the time of the latest change of a case, in microseconds since 1970.
	Newest int64
}

// Lags reports whether some changes are not indexed yet.
func (s IndexState) Lags() bool { return s.Newest > s.Indexed }

// IndexState returns how up to date the index of a scope is; an empty scope is the platform's
// direct customers. For operators.
func (s *Service) IndexState(ctx context.Context, by identity.Principal, scope Scope) (IndexState, error) {
	if err := by.Check(identity.RunPlatform, identity.ThePlatform()); err != nil {
		return IndexState{}, err
	}
	if scope != (Scope{}) {
		if _, err := s.rebuilds(ctx, scope.OrgID, scope.MSPID); err != nil {
			return IndexState{}, err
		}
	}
	newest, err := s.newest(ctx, scope)
	if err != nil {
		return IndexState{}, err
	}
	state, err := s.index.State(ctx, scope.Space())
	return IndexState{State: state, Newest: newest}, err
}
