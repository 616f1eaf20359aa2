package demo

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

// planSecurity puts on the timeline what the audit logs are read for: log-ins and failed ones,
// tokens, invitations, changed and removed people.
func (b *builder) planSecurity(context.Context) error {
	for month := range 12 {
		at := b.working(b.ago(time.Duration(month)*30*day + 4*day))
		who := b.operator
		if month%2 == 1 {
			who = b.msps[month%len(b.msps)].admin
		}
		b.at(at, "a log-in", func(ctx context.Context) error {
			_, err := b.logIn(ctx, who)
			return err
		})
	}
	for i := range 3 {
		b.at(b.ago(9*day+time.Duration(i)*40*time.Second), "a failed log-in", func(ctx context.Context) error {
			_, _, err := b.Services.Accounts.Login(ctx, b.msps[1].admin.Email, "Sommer2026!", "198.51.100.77")
			if !fault.Is(err, fault.Invalid) {
				return fault.Wrap(err, fault.Internal, "a wrong password was not refused")
			}
			return nil
		})
	}
	b.at(b.ago(100*day), "a token", func(ctx context.Context) error {
		by, err := b.logIn(ctx, b.msps[0].admin)
		if err != nil {
			return err
		}
		_, _, err = b.Services.Accounts.CreateToken(ctx, by, identity.NewToken{
			Name: "Inventory export", Expires: b.end.Add(60 * day).Unix(), SourceNetworks: []string{"198.51.100.0/24"},
		})
		return err
	})
	b.planPeople()
	return nil
}

// planPeople invites people who have not accepted yet, and removes one who left.
func (b *builder) planPeople() {
	for i, place := range []struct {
		by   identity.Principal
		at   identity.Place
		role identity.Role
	}{
		{b.operator, identity.ThePlatform(), identity.Support},
		{b.msps[0].admin, b.msps[0].Place(), identity.Helpdesk},
		{b.orgs[0].admin, b.orgs[0].Place(), identity.Read},
	} {
		b.at(b.ago(time.Duration(i+2)*5*time.Hour), "an invitation that waits", func(ctx context.Context) error {
			_, err := b.Services.Accounts.CreateInvite(ctx, place.by, place.at, identity.NewInvite{
				Email: "new.colleague@recruits.example", FirstName: "Zoë", LastName: "Nowak", Role: place.role,
				Hours: identity.MaxInviteHours,
			})
			return err
		})
	}
	manager := b.msps[1]
	b.at(b.ago(150*day), "a colleague who leaves", func(ctx context.Context) error {
		who := person{"Ingvild", "Ødegaard", "ingvild.oedegaard"}
		added, err := b.join(ctx, manager.admin, manager.Place(), identity.Helpdesk, who, mspPlans()[1].domain)
		if err != nil {
			return err
		}
		b.at(b.ago(30*day), "a colleague left", func(ctx context.Context) error {
			return b.Services.Accounts.RemoveAdministrator(ctx, manager.admin, manager.Place(), added.UserID)
		})
		return nil
	})
}
