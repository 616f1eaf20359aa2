package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/extension"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// msp is an MSP with its people.
type msp struct {
	tenant.MSP
	admin  identity.Principal
	agents []identity.Principal // those who work on cases
}

// mspPlan describes an MSP.
type mspPlan struct {
	name, tier, domain string
	// languages are those of its people, in turn.
	languages []string
}

func mspPlans() []mspPlan {
	return []mspPlan{
		{"Adria Networks", "advanced", "adria-networks.example", []string{italian, greek, croatian, german, hebrew}},
		{"Nordlys Managed Services", "partner", "nordlys.example", []string{danish, polish, ukrainian}},
		{"桜ネットワークス Sakura Networks", "base", "sakura-networks.example", []string{japanese, chinese, hindi}},
	}
}

// foundMSPs creates the MSPs, each of another tier, with people of every role.
func (b *builder) foundMSPs(ctx context.Context) error {
	for _, plan := range mspPlans() {
		b.pass(time.Hour)
		tier, err := json.Marshal(plan.tier)
		if err != nil {
			return err
		}
		created, err := b.Services.Tenants.NewMSP(ctx, b.operator, tenant.MSPChange{
			Name: &plan.name, Extension: extension.Fields{"tier": tier},
		})
		if err != nil {
			return fmt.Errorf("demo: the MSP %s: %w", plan.name, err)
		}
		added := &msp{MSP: created}
		roles := append(identity.RolesAt(identity.MSPScope), identity.Helpdesk, identity.Helpdesk)
		for i, role := range roles {
			by := b.operator
			if i > 0 {
				by = added.admin
			}
			who := b.newPerson(plan.languages[i%len(plan.languages)])
			joined, err := b.join(ctx, by, created.Place(), role, who, plan.domain)
			if err != nil {
				return err
			}
			b.noteLogIn(created.Place(), role, joined)
			switch role {
			case identity.Admin:
				added.admin = joined
			case identity.Helpdesk, identity.Write:
				added.agents = append(added.agents, joined)
			}
		}
		b.msps = append(b.msps, added)
		b.estate.MSPs = append(b.estate.MSPs, created)
	}
	return nil
}
