package bulk

import (
	"context"
	"fmt"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/tenant"
)

// The actions that give organizations another provider, for operators.
const (
	// Transfer gives them the MSP of Request.MSPID.
	Transfer Action = "transfer"
	// Release makes them direct customers.
	Release Action = "release"
)

// Finish brings what belongs to an organization into the lists of its present provider, and ends
// its transfer. It does nothing if none is under way.
type Finish func(ctx context.Context, orgID string) error

// Delegation is what a move leaves to the provider. Nil stands for true.
type Delegation struct {
	// Operator is whether the operator keeps what the organizations let it do, Partner whether the
	// new MSP begins like that of a new customer.
	Operator *bool `json:"operator,omitempty"`
	Partner  *bool `json:"partner,omitempty"`
}

func given(choice *bool) bool { return choice == nil || *choice }

// moving returns the action that gives organizations another provider.
func (s *Service) moving(name Action) Definition {
	return Definition{
		Name: name, May: map[identity.ScopeKind]identity.Permission{identity.PlatformScope: identity.RunPlatform},
		Title: moveTitle,
		Check: func(ctx context.Context, by identity.Principal, _ string, request Request) (Request, error) {
			switch {
			case name == Transfer && request.MSPID == "":
				return request, fault.InField("msp_id", "must be the id of the MSP that gets the organizations")
			case name == Release && request.MSPID != "":
				return request, fault.InField("msp_id", "must be empty: release makes direct customers")
			case name == Release && request.Delegation.Partner != nil:
				return request, fault.InField("delegate_partner", "is for a transfer: a direct customer has no MSP")
			case name == Release:
				return request, nil
			}
			msp, err := s.tenants.Partner(ctx, by, request.MSPID)
			request.MSPName = msp.Name
			return request, err
		},
		Begin:   func(by identity.Principal, _ Request) error { return s.tenants.CheckFresh(by) },
		Preview: s.movePreview,
		Perform: func(ctx context.Context, by identity.Principal, task Task) error {
			request := task.Request
			moved, err := s.tenants.TransferOrg(ctx, by, task.OrgID, tenant.Transfer{
				MSPID: request.MSPID, Key: task.Job.ID,
				Operator: given(request.Delegation.Operator), Partner: given(request.Delegation.Partner),
			})
			if err != nil {
				return err
			}
			if err := s.finish(ctx, task.OrgID); err != nil {
				return err
			}
			if !moved {
				return job.Skip("It is there already.")
			}
			return nil
		},
	}
}

func moveTitle(request Request, number int) string {
	switch {
	case request.Action == Transfer:
		return "Transfer " + Orgs(number) + " to " + request.MSPName
	case number == 1:
		return "Release one organization from its MSP"
	}
	return "Release " + Orgs(number) + " from their MSPs"
}

// movePreview says what would end with a move and what would stay.
func (s *Service) movePreview(
	ctx context.Context, _ identity.Principal, orgs []tenant.Org, request Request, _ bool,
) ([]Effect, error) {
	owners := make([]string, len(orgs))
	for i, org := range orgs {
		owners[i] = org.MSPID
	}
	names, err := s.tenants.Names(ctx, owners, nil)
	if err != nil {
		return nil, err
	}
	effects := make([]Effect, len(orgs))
	for i, org := range orgs {
		effects[i] = Effect{OrgID: org.ID, Name: org.Name}
		if org.MSPID == request.MSPID {
			continue
		}
		if message := org.UnderWay(); message != "" {
			effects[i].Blockers = []string{message}
			continue
		}
		effects[i].Remove, effects[i].Changes = org.Labels, moveChanges(org, names[org.MSPID], request)
	}
	return effects, nil
}

// moveChanges returns what a move changes and what it does not, in sentences.
func moveChanges(org tenant.Org, from string, request Request) []string {
	to := request.MSPName
	if request.MSPID == "" {
		to = "the operator, as a direct customer"
	}
	changes := []string{"Moves it to " + to + "."}
	if org.MSPID != "" {
		changes = append(changes, fmt.Sprintf("Ends what %s sees of it and may do in it, and the roles in it that people "+
			"of %s have from the provider.", from, from), "Ends its labels.")
	}
	changes = append(changes, "Its cases stay with their history; promised times go on by the new provider's targets.")
	if !given(request.Delegation.Operator) {
		changes = append(changes, "Takes from the operator what the organization lets it do.")
	}
	switch {
	case request.MSPID == "":
	case given(request.Delegation.Partner):
		changes = append(changes, "Gives "+to+" what the MSP of a new customer may do, but nothing that the organization "+
			"refused its MSP.")
	default:
		changes = append(changes, "Gives "+to+" nothing that the organization has to consent to.")
	}
	return changes
}
