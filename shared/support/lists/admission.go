package lists

import (
	"cmp"
	"context"
	"strings"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/support"
)

// Admission is what a principal may see of a scope.
type Admission struct {
	// Place is that of the scope, and MSPID its provider; "" for the platform.
	Place identity.Place
	MSPID string
	// Agent is set for those who work on the cases for the provider.
	Agent bool
	// Withheld has the organizations of an MSP that do not let the principal see their cases, and
	// Masked those that do not let them see their people's personal data.
	Withheld, Masked map[string]int64
	// Only are the organizations that the principal reaches by their labels, without those that are
	// withheld; nil if the principal reaches all of the MSP.
	Only map[string]bool
	// Reader is how the principal sees the cases of an organization.
	Reader support.Reader
}

// Show returns the lines as the principal sees them, without those of organizations that are
// withheld.
func (a Admission) Show(lines []support.Summary) []support.Summary {
	lines = a.Without(lines)
	for i, line := range lines {
		reader := a.Reader
		if _, masked := a.Masked[line.OrgID]; masked {
			reader.Masked = true
		}
		lines[i] = reader.Summary(line)
	}
	return lines
}

// masked reports whether the principal sees people of an organization masked.
func (a Admission) masked() bool { return a.Reader.Masked || len(a.Masked) > 0 }

// checkOrder refuses an order by the names of people whom the principal sees masked: it would tell of
// the names.
func (a Admission) checkOrder(query Query) error {
	if strings.TrimPrefix(query.Sort, "-") == bySubmitter && a.masked() {
		return identity.NoPersonalData(a.Place, "its cases cannot be sorted by who opened them")
	}
	return nil
}

// Admit checks that a principal sees the cases that a query asks for, and then the query.
func (s *Service) Admit(
	ctx context.Context,
	by identity.Principal,
	scope Scope,
	query Query,
) (Admission, error) {
	admission, err := s.admit(ctx, by, scope, query.State)
	return admission, cmp.Or(err, admission.check(scope, query))
}

// check returns a fault of code Invalid if a query breaks a rule for who was admitted.
func (a Admission) check(scope Scope, query Query) error {
	return cmp.Or(query.Check(scope), query.checkReader(a.Agent), a.checkOrder(query))
}

// admit checks that a principal sees a list of cases of a scope.
func (s *Service) admit(
	ctx context.Context,
	by identity.Principal,
	scope Scope,
	state support.State,
) (admission Admission, err error) {
	switch {
	case scope == (Scope{}):
		admission = Admission{
			Place: identity.ThePlatform(), Agent: true, Reader: support.Reader{ID: by.UserID, Agent: true},
		}
		if err := CheckDirect(by, identity.SeeCases); err != nil {
			return admission, err
		}
		if state == support.DeletedList {
			return admission, fault.InField("list", "must be open, closed, archived or all")
		}
		return admission, nil
	case scope.OrgID == "":
		msp, err := s.tenants.MSP(ctx, by, scope.MSPID, identity.SeeMSP|identity.SeeCases)
		if err != nil {
			return admission, err
		}
		admission = Admission{
			Place: msp.Place(), MSPID: msp.ID, Agent: true, Reader: support.Reader{ID: by.UserID, Agent: true},
		}
		withheld, err := s.tenants.WithheldAt(ctx, by, msp.Place(), identity.SeeCases, identity.SeePersonalData)
		if err != nil {
			return admission, err
		}
		admission.Withheld, admission.Masked = withheld[0], withheld[1]
	default:
		org, err := s.tenants.Org(ctx, by, scope.OrgID, identity.SeeCases)
		if err != nil {
			return admission, err
		}
		admission = Admission{Place: org.Place(), MSPID: org.MSPID, Reader: support.ReaderOf(by, org.Place())}
		admission.Agent = admission.Reader.Agent
	}
	if state == support.DeletedList {
		err = by.Check(identity.DeleteCases, admission.Place)
	}
	return admission, err
}
