package desk

import (
	"context"
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
	return table.Key{Partition: Partition(mspID), Sort: fmt.Sprintf("%s%012d", policySort, version)}
}

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
// runs.
func (s *Service) Policies(
	ctx context.Context,
	mspID string,
	clock servicelevel.Clock,
) (present *servicelevel.Policy, running servicelevel.Policy, err error) {
	setting, err := s.Load(ctx, mspID)
	if err != nil {
		return nil, running, err
	}
	if present = setting.ServiceLevel; present != nil && present.Version == clock.PolicyVersion {
		return present, *present, nil
	}
	_, err = s.journal.Get(ctx, policyKey(mspID, clock.PolicyVersion), &running)
	return present, running, err
}
