package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support/servicelevel"
)

// policySort is the prefix of the sort keys of all policies of a provider, by version.
const policySort = "POLICY#"

func policyKey(mspID string, version int64) table.Key {
	return table.Key{Partition: Partition(mspID), Sort: policySortOf(version)}
}

func policySortOf(version int64) string { return fmt.Sprintf("%s%012d", policySort, version) }

// promise makes a new version of the setting's service level policy. It returns the writes that
// store the policy and the message that applies it to open cases.
func (s *Setting) promise(mspID string, now time.Time) ([]table.Write, []queue.Message, error) {
	if s.ServiceLevel == nil {
		return nil, nil, nil
	}
	policy := *s.ServiceLevel
	if err := policy.Check(); err != nil {
		return nil, nil, err
	}
	s.PolicyVersion++
	policy.ID, policy.Version = Partition(mspID), s.PolicyVersion
	s.ServiceLevel = &policy
	item, err := change.Encode(policyKey(mspID, policy.Version), policy)
	if err != nil {
		return nil, nil, err
	}
	message, err := Sweep{MSPID: mspID, Until: now.UnixMicro()}.Message()
	return []table.Write{table.Create(item)}, []queue.Message{message}, err
}

// Policies returns the provider's present policy, nil for none, and the policy with which a clock
// runs: that of the provider that the case had when it was set. It has Version 0 if that is no longer the
// case's provider and the present one has no policy: then nothing is promised any more.
func (s *Service) Policies(
	ctx context.Context,
	mspID string,
	clock servicelevel.Clock,
) (present *servicelevel.Policy, running servicelevel.Policy, err error) {
	setting, err := s.Load(ctx, mspID)
	if err != nil {
		return nil, running, err
	}
	present = setting.ServiceLevel
	if present != nil && present.Sets(clock) {
		return present, *present, nil
	}
	of := cmp.Or(clock.PolicyID, Partition(mspID))
	if of != Partition(mspID) && present == nil {
		return nil, running, nil
	}
	_, err = s.journal.Get(ctx, table.Key{Partition: of, Sort: policySortOf(clock.PolicyVersion)}, &running)
	if errors.Is(err, table.ErrAbsent) && of != Partition(mspID) {
		return present, *present, nil // the former provider's desk is gone
	}
	return present, running, err
}
