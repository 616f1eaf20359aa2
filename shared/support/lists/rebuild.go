package lists

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

// RebuildIndex is the Kind of a Rebuild.
const RebuildIndex = "rebuild"

// Rebuild is the body of a message that works on rebuilding the index of a scope.
type Rebuild struct {
	Kind  string `json:"kind"`
	OrgID string `json:"org_id,omitempty"`
	MSPID string `json:"msp_id,omitempty"`
	// Request identifies the rebuild: the time when it was requested. Messages of former versions
	// lack it.
	Request string `json:"request,omitempty"`
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
	request := requestAt(s.journal.Now())
	for batch := range slices.Chunk(parts, rebuildsAtOnce) {
		messages := make([]queue.Message, len(batch))
		for i, part := range batch {
			part.Request = request
			var err error
			if messages[i], err = part.message(); err != nil {
				return err
			}
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

// requestAt returns what identifies the rebuilds that are requested at a time.
func requestAt(now time.Time) string { return fmt.Sprintf("%016d", now.UnixMicro()) }

func (r Rebuild) message() (queue.Message, error) {
	r.Kind = RebuildIndex
	body, err := json.Marshal(r)
	return queue.Message{Queue: queue.CasesJobs, Group: "PLATFORM", Body: body}, err
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

// RebuildPart works on rebuilding one part of the index from the cases, and leaves what remains
// after the given time to another message. It may be interrupted at any point and repeated: it continues
// where it was. It returns a fault of code Unavailable while another worker is at the same part.
func (s *Service) RebuildPart(ctx context.Context, part Rebuild, most time.Duration) error {
	now := s.journal.Now()
	if part.Request == "" {
		part.Request = requestAt(now)
	}
	scope := Scope{OrgID: part.OrgID, MSPID: part.MSPID}
	done, err := s.index.Advance(ctx, scope.Space(), part.Request, source{s, scope}, now.Add(most))
	if err != nil || done {
		return err
	}
	message, err := part.message()
	if err != nil {
		return err
	}
	return s.journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action: "platform.rebuild_index_part", Message: "Rebuilt a part of the search index", Internal: true,
		OrgID: part.OrgID, MSPID: part.MSPID, Messages: []queue.Message{message},
	})
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
