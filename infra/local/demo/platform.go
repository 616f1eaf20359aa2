package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/tenantry/tenantry/shared/identity"
)

// foundPlatform creates the first operator as on a first start, and two support agents.
func (b *builder) foundPlatform(ctx context.Context) error {
	accounts := b.Services.Accounts
	token, err := accounts.PrepareSetup(ctx, "")
	if err != nil {
		return err
	}
	b.pass(4 * time.Minute)
	first, err := accounts.Setup(ctx, token, "olga@platform.example", Password, "Olga", "Orsini", office)
	if err != nil {
		return err
	}
	b.operator = first.Principal(door, office)
	b.noteLogIn(identity.ThePlatform(), identity.Operator, b.operator)
	for _, agent := range []person{
		{"Søren", "Åkesson", "soren.akesson"},
		{"Noémie", "Lefèvre", "noemie.lefevre"},
	} {
		added, err := b.join(ctx, b.operator, identity.ThePlatform(), identity.Support, agent, "platform.example")
		if err != nil {
			return err
		}
		b.noteLogIn(identity.ThePlatform(), identity.Support, added)
		b.agents = append(b.agents, added)
	}
	return nil
}

const (
	// office is the network address that the people of the platform work from.
	office = "198.51.100.10"
	door   = "api"
)

// join invites somebody without an account, who accepts.
func (b *builder) join(
	ctx context.Context, by identity.Principal, place identity.Place, role identity.Role, who person, domain string,
) (identity.Principal, error) {
	return b.accept(ctx, by, place, domain, who, identity.NewInvite{Role: role}, b.between(time.Minute, 20*time.Minute))
}

// accept invites somebody to a place, who accepts some time later, with what the invitation offers.
func (b *builder) accept(
	ctx context.Context, by identity.Principal, place identity.Place, domain string, who person, offer identity.NewInvite,
	later time.Duration,
) (identity.Principal, error) {
	accounts := b.Services.Accounts
	offer.Email, offer.FirstName, offer.LastName = who.local+"@"+domain, who.first, who.last
	invite, err := accounts.CreateInvite(ctx, by, place, offer)
	if err != nil {
		return identity.Principal{}, fmt.Errorf("demo: invite %s to %s: %w", offer.Email, place.Name, err)
	}
	b.pass(later)
	source := fmt.Sprintf("203.0.113.%d", 1+len(b.estate.LogIns)%250)
	added, err := accounts.AcceptInvite(ctx, nil, accounts.InviteToken(place, invite), identity.Acceptance{
		Password: Password, FirstName: who.first, LastName: who.last,
	}, source)
	if err != nil {
		return identity.Principal{}, fmt.Errorf("demo: %s accepts the invitation: %w", offer.Email, err)
	}
	return added.Principal(door, source), b.Settle(ctx)
}

// noteLogIn notes that somebody can log in, for those who look at the estate.
func (b *builder) noteLogIn(place identity.Place, role identity.Role, who identity.Principal) {
	b.estate.LogIns = append(b.estate.LogIns, LogIn{
		Scope: place.Scope, Role: role, Place: place.Name, Name: who.Name(), Email: who.Email,
	})
}

// logIn logs somebody in, for what needs a fresh session.
func (b *builder) logIn(ctx context.Context, who identity.Principal) (identity.Principal, error) {
	session, _, err := b.Services.Accounts.Login(ctx, who.Email, Password, who.SourceAddress)
	if err != nil {
		return identity.Principal{}, fmt.Errorf("demo: %s logs in: %w", who.Email, err)
	}
	return b.Services.Accounts.BySession(ctx, session.Cookie, who.SourceAddress)
}
