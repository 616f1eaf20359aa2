package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
)

// OrgSetting reads the desk setting that applies to the cases of an organization, for everybody who
// may see the cases.
func (s *Service) OrgSetting(ctx context.Context, by identity.Principal, orgID string) (Setting, error) {
	org, err := s.tenants.Org(ctx, by, orgID, identity.SeeCases)
	if err != nil {
		return Setting{}, err
	}
	setting, err := s.Load(ctx, org.MSPID)
	if !by.IsAgent(org.Place()) {
		setting.DeskIDs, setting.ServiceLevel = nil, nil
	}
	return setting, err
}

// Setting reads the desk setting of an MSP, or of the platform if mspID is empty, for those who
// work there.
func (s *Service) Setting(ctx context.Context, by identity.Principal, mspID string) (Setting, error) {
	if _, err := s.provider(ctx, by, mspID, identity.SeeCases, identity.RunPlatform); err != nil {
		return Setting{}, err
	}
	return s.Load(ctx, mspID)
}

// provider returns the place of an MSP, or the platform, if the principal has the permission that
// is needed there.
func (s *Service) provider(
	ctx context.Context,
	by identity.Principal,
	mspID string,
	atMSP, atPlatform identity.Permission,
) (identity.Place, error) {
	if mspID == "" {
		return identity.ThePlatform(), by.Check(atPlatform, identity.ThePlatform())
	}
	msp, err := s.tenants.MSP(ctx, by, mspID, atMSP)
	return msp.Place(), err
}

// sameSetting reports whether two states of a setting say the same.
func sameSetting(x, y Setting) (bool, error) {
	for _, lists := range [][2][]Choice{
		{x.Types, y.Types}, {x.Components, y.Components}, {x.Reasons, y.Reasons}, {x.Versions, y.Versions},
		{x.Environments, y.Environments},
	} {
		if !slices.Equal(lists[0], lists[1]) {
			return false, nil
		}
	}
	// A policy that was sent is another pointer, and has no id and version yet.
	one, err := json.Marshal(unversioned(x.ServiceLevel))
	if err != nil {
		return false, err
	}
	other, err := json.Marshal(unversioned(y.ServiceLevel))
	return x.SolvedDays == y.SolvedDays && x.ReopenDays == y.ReopenDays && x.AskSatisfaction == y.AskSatisfaction &&
		slices.Equal(x.DeskIDs, y.DeskIDs) && maps.Equal(x.Hints, y.Hints) && bytes.Equal(one, other), err
}

func unversioned(policy *servicelevel.Policy) servicelevel.Policy {
	if policy == nil {
		return servicelevel.Policy{}
	}
	plain := *policy
	plain.ID, plain.Version = "", 0
	return plain
}

// Unstored is the revision of a caller who read the defaults while no setting was stored.
const Unstored = -1

// stale reports whether a caller read another revision than the present one; 0 is any.
func (s Setting) stale(revision int64) bool {
	if revision == Unstored {
		return s.Revision != 0
	}
	return revision != 0 && revision != s.Revision
}

// ChangeSetting changes the desk setting of a provider. revision, if not 0, is the revision that
// the caller read; Unstored if that were the defaults. A value that cases have can be retired, but not removed. A new service level
// applies from now on, also to open cases.
func (s *Service) ChangeSetting(
	ctx context.Context,
	by identity.Principal,
	mspID string,
	revision int64,
	edit func(*Setting),
) (Setting, error) {
	place, err := s.provider(ctx, by, mspID, identity.ChangeDesk, identity.ChangeDesk)
	if err != nil {
		return Setting{}, err
	}
	before, err := s.Load(ctx, mspID)
	if err != nil {
		return Setting{}, err
	}
	if before.stale(revision) {
		return Setting{}, fault.Stale(before.Revision)
	}
	after := before
	edit(&after)
	if err := after.valid(); err != nil {
		return Setting{}, err
	}
	same, err := sameSetting(before, after)
	if err != nil || same {
		return before, err
	}
	added := slices.DeleteFunc(slices.Clone(after.DeskIDs), func(id string) bool {
		return slices.Contains(before.DeskIDs, id) // present members are not checked again
	})
	if len(after.DeskIDs) > MaxDeskIDs {
		return Setting{}, fault.InField("desk_ids", "must have at most %d entries", MaxDeskIDs)
	}
	if err := s.checkAgents(ctx, place, added); err != nil {
		return Setting{}, err
	}
	if err := s.checkRemoved(ctx, mspID, before, after); err != nil {
		return Setting{}, err
	}
	var writes []table.Write
	var messages []queue.Message
	if after.ServiceLevel != before.ServiceLevel {
		if writes, messages, err = after.promise(mspID, s.journal.Now()); err != nil {
			return Setting{}, err
		}
	}
	key := settingKey(mspID)
	item, err := change.Encode(key, after)
	if err != nil {
		return Setting{}, err
	}
	write := table.Create(item)
	if item.Version = before.Revision; before.Revision > 0 {
		write = table.Update(item)
	}
	err = s.journal.Commit(ctx, by.Actor(), change.Record{
		Action:      "desk.change",
		Message:     "Changed the desk settings",
		MSPID:       mspID,
		PlatformLog: mspID == "",
		Target:      "desk:" + mspID,
		Before:      before,
		After:       after,
		Writes:      append(writes, write),
		Messages:    messages,
	})
	if table.ConflictAt(err, key) {
		present, err := s.Load(ctx, mspID)
		if err != nil {
			return Setting{}, err
		}
		return Setting{}, fault.Stale(present.Revision)
	}
	after.Revision = before.Revision + 1
	return after, err
}

// RemoveMember removes a person who no longer works on cases of a provider from its desk. It is
// idempotent.
func (s *Service) RemoveMember(ctx context.Context, mspID, userID string) error {
	before, err := s.Load(ctx, mspID)
	if err != nil || !slices.Contains(before.DeskIDs, userID) {
		return err
	}
	place := identity.AnyDirect()
	if mspID != "" {
		place = identity.Place{Scope: identity.MSPScope, MSPID: mspID}
	}
	works, err := s.accounts.Works(ctx, userID, place)
	if err != nil || works {
		return err
	}
	after := before
	after.DeskIDs = slices.DeleteFunc(slices.Clone(before.DeskIDs), func(id string) bool { return id == userID })
	item, err := change.Encode(settingKey(mspID), after)
	if err != nil {
		return err
	}
	item.Version = before.Revision
	return s.journal.Commit(ctx, change.ByPlatform(), change.Record{
		Action:      "desk.remove_member",
		Message:     "Removed somebody from the desk who does not work on cases any more",
		MSPID:       mspID,
		PlatformLog: mspID == "",
		Target:      "desk:" + mspID,
		Before:      before.DeskIDs,
		After:       after.DeskIDs,
		Writes:      []table.Write{table.Update(item)},
	})
}

// valid returns a fault if a setting breaks a rule.
func (s Setting) valid() error {
	for _, l := range s.Lists() {
		if err := l.valid(); err != nil {
			return err
		}
	}
	for _, days := range []struct {
		field string
		value int
	}{{"solved_days", s.SolvedDays}, {"reopen_days", s.ReopenDays}} {
		if days.value < 0 || days.value > MaxDays {
			return fault.InField(days.field, "must be 0 to %d days", MaxDays)
		}
	}
	return checkHints(s.Hints)
}

func (l list) valid() error {
	field := l.Field + "s"
	if len(l.choices) > MaxChoices {
		return fault.InField(field, "must have at most %d entries", MaxChoices)
	}
	seen := map[string]bool{}
	for _, choice := range l.choices {
		if err := identity.CheckText(field, choice.Value, 1, MaxShort); err != nil {
			return err
		}
		if err := identity.CheckText(field, choice.Label, 0, MaxShort); err != nil {
			return err
		}
		if seen[choice.Value] {
			return fault.InField(field, "has %q twice", choice.Value)
		}
		seen[choice.Value] = true
	}
	if l.Field == "type" && len(l.open()) == 0 {
		return fault.InField(field, "must have at least one that is not retired")
	}
	return nil
}

// checkAgents returns a fault if a person does not work on cases at the place.
func (s *Service) checkAgents(ctx context.Context, place identity.Place, ids []string) error {
	for _, id := range ids {
		if uuid.Validate(id) != nil {
			return fault.InField("desk_ids", "%q does not work on cases here", id)
		}
	}
	people, err := s.accounts.People(ctx, slices.Compact(slices.Sorted(slices.Values(ids))))
	if err != nil {
		return err
	}
	// On the platform, which cases an agent sees depends on each organization's consent.
	if place.Scope == identity.PlatformScope {
		place = identity.AnyDirect()
	}
	agents := map[string]bool{}
	for _, person := range people {
		agents[person.ID] = person.Principal("api", "").May(identity.AnswerCases, place)
	}
	for _, id := range ids {
		if !agents[id] {
			return fault.InField("desk_ids", "%q does not work on cases here", id)
		}
	}
	return nil
}
