package profile

import (
	"context"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/export"
)

// Column is the column of exported organizations with the name of the default operator profile; empty
// without one. The profiles are read once, those of organizations by the hundred.
func (s *Service) Column() export.Column {
	return export.Column{Name: "operator_profile", Last: true, Begin: s.beginColumn}
}

func (s *Service) beginColumn(ctx context.Context, _ identity.Principal, _ string) (export.Values, error) {
	profiles, err := s.all(ctx)
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(profiles))
	for _, one := range profiles {
		names[one.ID] = one.Name
	}
	return func(ctx context.Context, orgs []tenant.Org) ([]string, error) {
		values := make([]string, len(orgs))
		if len(names) == 0 {
			return values, nil
		}
		held, err := s.ofMany(ctx, orgs)
		for i, one := range held {
			values[i] = names[one.Default]
		}
		return values, err
	}, nil
}
