package desk

import "github.com/tenantry/tenantry/shared/support/servicelevel"

// ServiceLevelPolicy is a provider's service level for cases.
type ServiceLevelPolicy struct {
	Name     string                 `json:"name" minLength:"1" maxLength:"100"`
	Calendar servicelevel.Calendar  `json:"calendar" doc:"Which time counts."`
	Targets  []servicelevel.Targets `json:"targets" minItems:"4" maxItems:"4" doc:"By severity; the first are those of severity 1."`
}

func serviceLevelOf(policy *servicelevel.Policy) *ServiceLevelPolicy {
	if policy == nil {
		return nil
	}
	return &ServiceLevelPolicy{Name: policy.Name, Calendar: policy.Calendar, Targets: policy.Targets[:]}
}

func (l ServiceLevelPolicy) policy() *servicelevel.Policy {
	policy := &servicelevel.Policy{Name: l.Name, Calendar: l.Calendar}
	copy(policy.Targets[:], l.Targets)
	return policy
}
