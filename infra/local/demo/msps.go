package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// msp is an MSP with its people.
type msp struct {
	tenant.MSP
	admin  identity.Principal
	agents []identity.Principal // those who work on cases
	labels []string             // their IDs, as in labelNames
}

// mspPlan describes an MSP.
type mspPlan struct {
	name   string
	tier   tenant.Tier
	domain string
	// languages are those of its people, in turn.
	languages []string
}

func mspPlans() []mspPlan {
	return []mspPlan{
		{"Adria Networks", tenant.AdvancedTier, "adria-networks.example", []string{italian, greek, croatian, german, hebrew}},
		{"Nordlys Managed Services", tenant.PartnerTier, "nordlys.example", []string{danish, polish, ukrainian}},
		{"桜ネットワークス Sakura Networks", tenant.BaseTier, "sakura-networks.example", []string{japanese, chinese, hindi}},
	}
}

// foundMSPs creates the MSPs, each of another tier, with people of every role.
func (b *builder) foundMSPs(ctx context.Context) error {
	for _, plan := range mspPlans() {
		b.pass(time.Hour)
		created, err := b.Services.Tenants.NewMSP(ctx, b.operator, tenant.MSPChange{Name: &plan.name, Tier: &plan.tier})
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
		if err := b.createLabels(ctx, added); err != nil {
			return err
		}
		if err := b.giveLogo(ctx, added, plan.domain); err != nil {
			return err
		}
		b.msps = append(b.msps, added)
		b.estate.MSPs = append(b.estate.MSPs, created)
	}
	return nil
}

// labelNames are the labels of each MSP; an organization has one of the first three, and some the last
// one too.
func labelNames() []string { return []string{"Hospitality", "Retail", "Logistics", "Premium support"} }

// createLabels creates the labels of an MSP, as its super user does.
func (b *builder) createLabels(ctx context.Context, of *msp) error {
	for _, name := range labelNames() {
		b.pass(time.Minute)
		label, err := b.Services.Tenants.NewLabel(ctx, of.admin, of.ID, tenant.LabelChange{Name: &name})
		if err != nil {
			return fmt.Errorf("demo: the label %s: %w", name, err)
		}
		of.labels = append(of.labels, label.ID)
	}
	return nil
}

// labelsOf returns the labels of an organization of an MSP, by its number.
func (m *msp) labelsOf(number int) []string {
	premium := len(m.labels) - 1
	labels := []string{m.labels[number%premium]}
	if number/4%2 == 0 {
		labels = append(labels, m.labels[premium])
	}
	return labels
}
