package bastion

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Status is what an installation knows of an organization at the bastion. At production it is the state, at
// the bastion what it holds.
type Status struct {
	OrgID string              `json:"org_id"`
	State tenant.BastionState `json:"state"`
	// Since is when the state began, in epoch seconds.
	Since int64 `json:"since"`
	// Due is since when the bastion's receipt is awaited, in epoch seconds; 0 if it is not.
	Due int64 `json:"due_time,omitempty"`
	// Round counts the requests to stage and to unstage it, so that the receipt of one does not confirm
	// another.
	Round int64 `json:"round,omitempty"`
	// SHA256 is the hash, in hexadecimal digits, of what the bastion holds; "" for nothing.
	SHA256 string `json:"sha256,omitempty"`
	// Reason says why the last attempt failed; "" if none did.
	Reason string `json:"reason,omitempty"`
	// Name is the organization's name: now at production, and at the bastion as it was sent.
	Name    string `json:"name,omitempty"`
	version int64
}

// GaveUp reports whether a receipt is missing that is not awaited any more.
func (s Status) GaveUp() bool { return s.Due == 0 && s.Reason != "" }

func statusKey(orgID string, state tenant.BastionState) table.Key {
	sort := orgSort
	if !state.Held() {
		sort = unstagedSort
	}
	return table.Key{Partition: stagedPartition, Sort: sort + orgID}
}

func dueKey(due int64, orgID string) table.Key {
	return table.Key{Partition: duePartition, Sort: fmt.Sprintf("%012d#%s", due, orgID)}
}

// writes returns the writes that replace a status by another.
func (s Status) writes(after Status) ([]table.Write, error) {
	var writes []table.Write
	from, to := statusKey(s.OrgID, s.State), statusKey(s.OrgID, after.State)
	version := s.version
	if version > 0 && from != to {
		writes, version = append(writes, table.Delete(from, version)), 0
	}
	write, err := put(to, after, version)
	if err != nil {
		return nil, err
	}
	writes = append(writes, write)
	if s.Due == after.Due {
		return writes, nil
	}
	if s.Due > 0 {
		writes = append(writes, table.Delete(dueKey(s.Due, s.OrgID), 1))
	}
	if after.Due > 0 {
		writes = append(writes, table.Create(table.Item{Key: dueKey(after.Due, s.OrgID), Data: []byte("{}")}))
	}
	return writes, nil
}

// load reads an organization, with its status; a fault of code NotFound if there is none.
func (s *Service) load(ctx context.Context, orgID string) (tenant.Org, Status, error) {
	items, err := s.journal.BatchGet(ctx, []table.Key{
		tenant.OrgKey(orgID), statusKey(orgID, tenant.Staged), statusKey(orgID, tenant.Unstaged),
	})
	if err != nil {
		return tenant.Org{}, Status{}, err
	}
	org, err := tenant.DecodeOrg(items[0], s.journal.Now())
	if err != nil {
		return tenant.Org{}, Status{}, err
	}
	status := Status{OrgID: org.ID, State: tenant.Unconfigured}
	for _, item := range items[1:] {
		if item.Version == 0 {
			continue
		}
		if err := change.Decode(item, &status); err != nil {
			return tenant.Org{}, Status{}, err
		}
		status.version = item.Version
	}
	status.Name = org.Name
	return org, status, nil
}

// Status returns what is known of an organization, for operators of production.
func (s *Service) Status(ctx context.Context, by identity.Principal, orgID string) (Status, error) {
	if err := operator(by); err != nil {
		return Status{}, err
	}
	_, status, err := s.load(ctx, orgID)
	return status, err
}

// Page is a page of organizations.
type Page struct {
	Orgs []Status
	Next string
}

// List returns the organizations that were ever staged, those first that the bastion may hold; at the bastion
// those that it holds. It is for operators. After is the Next of the page before.
func (s *Service) List(ctx context.Context, by identity.Principal, after string, limit int) (Page, error) {
	setting, err := s.Setting(ctx, by)
	if err != nil {
		return Page{}, err
	}
	query := table.Query{Partition: stagedPartition, After: after, Limit: limit}
	if setting.Side == BastionSide {
		query.Partition = heldPartition
	}
	found, err := s.journal.Query(ctx, query)
	if err != nil {
		return Page{}, err
	}
	page := Page{Next: found.Next}
	if page.Orgs, err = change.DecodePage[Status](found); err != nil || setting.Side == BastionSide {
		return page, err
	}
	ids := make([]string, len(page.Orgs))
	for i, one := range page.Orgs {
		ids[i] = one.OrgID
	}
	names, err := s.tenants.Names(ctx, nil, ids)
	for i, id := range ids {
		page.Orgs[i].Name = names[id]
	}
	return page, err
}

// anyStaged reports whether the bastion may hold any organization.
func (s *Service) anyStaged(ctx context.Context) (bool, error) {
	query := table.WithPrefix(table.Core, stagedPartition, orgSort)
	query.Limit = 1
	page, err := s.journal.Query(ctx, query)
	return len(page.Items) > 0, err
}

// ForgetWrites returns the writes that remove what is kept of an organization, for its purge; none if it was
// never staged.
func (s *Service) ForgetWrites(ctx context.Context, org tenant.Org) ([]table.Write, error) {
	key := statusKey(org.ID, tenant.Unstaged)
	items, err := s.journal.BatchGet(ctx, []table.Key{key})
	if err != nil || items[0].Version == 0 {
		return nil, err
	}
	return []table.Write{table.Delete(key, items[0].Version)}, nil
}

// attempts is how often a change is tried while others change the organization.
const attempts = 5

// move changes the status of an organization, and its state with it. Decide returns the new status, and what
// to record of the change; a record without an Action changes nothing. It may be called several times.
func (s *Service) move(
	ctx context.Context, by change.Actor, orgID string,
	decide func(org tenant.Org, before Status) (Status, change.Record, error),
) error {
	for attempt := 1; ; attempt++ {
		org, before, err := s.load(ctx, orgID)
		if err != nil {
			return err
		}
		after, record, err := decide(org, before)
		if err != nil || record.Action == "" {
			return err
		}
		err = s.commit(ctx, by, org, before, after, record)
		if _, conflict := errors.AsType[*table.ConflictError](err); !conflict {
			return err
		}
		if attempt == attempts {
			return fault.Wrap(err, fault.Unavailable, "Others are changing the organization. Try again.")
		}
	}
}

// commit stores a status, with the state in the organization.
func (s *Service) commit(
	ctx context.Context, by change.Actor, org tenant.Org, before, after Status, record change.Record,
) error {
	if before.State != after.State {
		if !before.State.MayBecome(after.State) {
			return fault.New(fault.Internal, "An organization that is %s cannot become %s.", before.State, after.State)
		}
		org.Bastion, org.Modified = after.State, s.journal.Now().Unix()
		write, err := org.Write()
		if err != nil {
			return err
		}
		record.Writes = append(record.Writes, write)
	}
	after.Name = "" // it is the organization's
	writes, err := before.writes(after)
	if err != nil {
		return err
	}
	record.Writes = slices.Concat(record.Writes, writes)
	record.OrgID, record.MSPID, record.Target = org.ID, org.MSPID, "org:"+org.ID
	record.PlatformLog, record.Internal = true, true
	record.Before, record.After = before, after
	return s.journal.Commit(ctx, by, record)
}

// dueOf returns the organization that an item of the list of what is due is about.
func dueOf(item table.Item) string {
	_, id, _ := strings.Cut(item.Sort, "#")
	return id
}
