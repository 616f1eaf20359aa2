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

// org is an organization with its people.
type org struct {
	tenant.Org
	plan      orgPlan
	admin     identity.Principal
	customers []identity.Principal // those who may open cases
	// agents work on its cases.
	agents []identity.Principal
}

// orgPlan describes an organization.
type orgPlan struct {
	name, domain, language string
	// sites are places that its people write about.
	sites []string
}

// direct is the index of the platform's own customers in foundOrgs.
const direct = 3

// foundOrgs creates the organizations: of the MSPs by their super users, direct ones by the
// operator.
func (b *builder) foundOrgs(ctx context.Context) error {
	plans := [][]orgPlan{orgsOfAdria(), orgsOfNordlys(), orgsOfSakura(), directOrgs()}
	for number := range b.options.Orgs {
		owner := number % len(plans)
		plan := plans[owner][number/len(plans)%len(plans[owner])]
		if round := number / len(plans) / len(plans[owner]); round > 0 { // more than there are names for
			plan.name, plan.domain = fmt.Sprint(plan.name, " ", round+1), fmt.Sprintf("%d.%s", round+1, plan.domain)
		}
		if err := b.foundOrg(ctx, owner, number, plan); err != nil {
			return fmt.Errorf("demo: the organization %s: %w", plan.name, err)
		}
	}
	return nil
}

func (b *builder) foundOrg(ctx context.Context, owner, number int, plan orgPlan) error {
	b.pass(b.between(10*time.Minute, time.Hour))
	added, by, mspID := &org{plan: plan, agents: b.agents}, b.operator, ""
	request := tenant.OrgChange{Name: &plan.name}
	if owner != direct {
		request.Labels = new(b.msps[owner].labelsOf(number))
		added.agents, by, mspID = b.msps[owner].agents, b.msps[owner].admin, b.msps[owner].ID
	}
	if owner == 0 && number >= 8 { // the MSP that has its customers alike
		request.Template = b.estate.Orgs[0].ID
	}
	created, err := b.Services.Tenants.NewOrg(ctx, by, mspID, request)
	if err != nil {
		return err
	}
	for _, role := range rolesAt(number) {
		joined, err := b.join(ctx, by, created.Place(), role, b.newPerson(plan.language), plan.domain)
		if err != nil {
			return err
		}
		b.noteLogIn(created.Place(), role, joined)
		switch role {
		case identity.Admin:
			added.admin, by = joined, joined
			added.customers = append(added.customers, joined)
		case identity.Write, identity.Helpdesk:
			added.customers = append(added.customers, joined)
		}
	}
	if added.Org, err = b.Services.Tenants.LoadOrg(ctx, created.ID); err != nil {
		return err
	}
	b.orgs = append(b.orgs, added)
	b.estate.Orgs = append(b.estate.Orgs, added.Org)
	return b.decide(ctx, owner, number, added)
}

// rolesAt returns the roles of the people of an organization. Each password is hashed, which takes
// a quarter of the time of building, so not every organization has every role.
func rolesAt(number int) []identity.Role {
	roles := [][]identity.Role{
		{identity.Admin, identity.Write, identity.Helpdesk, identity.Read, identity.Installer},
		{identity.Admin, identity.Write},
		{identity.Admin, identity.Helpdesk},
		{identity.Admin, identity.Write, identity.Read},
		{identity.Admin},
	}
	return roles[number%len(roles)]
}

// decide has the administrator log in and decide on consents, before those end that were given with
// the creation. Everybody gives support access to those who work on their cases; some allow their
// MSP to manage their people, and some let the operator in too, for a time. Most show it the names
// of their people.
func (b *builder) decide(ctx context.Context, owner, number int, of *org) error {
	grantee := identity.ToMSP
	if owner == direct {
		grantee = identity.ToOperator
	}
	decisions := []tenant.Decision{{Kind: identity.SupportAccess, Grantee: grantee, Granted: true}}
	if number%6 != 5 { // the others show what the provider sees without it
		decisions = append(decisions, tenant.Decision{Kind: identity.PersonalData, Grantee: grantee, Granted: true})
	}
	switch {
	case number%5 == 1:
		decisions = append(decisions, tenant.Decision{Kind: identity.UserManagement, Grantee: grantee, Granted: true})
	case number%5 == 2:
		decisions = append(decisions, tenant.Decision{Kind: identity.UserManagement, Grantee: grantee})
	case number%7 == 0 && owner != direct:
		decisions = append(decisions, tenant.Decision{
			Kind: identity.SupportAccess, Grantee: identity.ToOperator, Granted: true, Until: b.end.Add(90 * day).Unix(),
			Reason: "Until the new campus is in operation",
		})
	}
	admin, err := b.logIn(ctx, of.admin)
	if err != nil {
		return err
	}
	for _, decision := range decisions {
		if of.Org, err = b.Services.Tenants.ChangeConsent(ctx, admin, of.ID, decision); err != nil {
			return err
		}
	}
	if err := b.set(ctx, number, of, admin); err != nil {
		return err
	}
	return b.Settle(ctx)
}

// set has the administrator set whom the provider reaches; every third asks for longer passwords, and one
// takes API tokens only from its office.
func (b *builder) set(ctx context.Context, number int, of *org, by identity.Principal) error {
	fields := map[string]any{
		"account_number": fmt.Sprintf("C-%05d", 10_417+37*number),
		"contact": tenant.Contact{
			Name: by.Name(), Emails: []string{by.Email}, Phone: fmt.Sprintf("+1 202 555 01%02d", number%100),
		},
		"device_updown_threshold": 5 * (1 + number%4),
	}
	if number%3 == 1 {
		fields["password_policy"] = map[string]any{"enabled": true, "min_length": 14}
	}
	if number == 7 {
		fields["api_policy"] = map[string]any{"src_ips": []string{"198.51.100.0/24"}}
	}
	request := tenant.SettingChange{Fields: extension.Fields{}}
	for key, value := range fields {
		data, err := json.Marshal(value)
		if err != nil {
			return err
		}
		request.Fields[key] = data
	}
	changed, err := b.Services.Tenants.ChangeSetting(ctx, by, of.ID, request)
	of.Org = changed.Org
	return err
}
