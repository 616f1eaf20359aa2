package demo

import (
	"context"
	"fmt"

	"github.com/tenantry/tenantry/shared/identity"
)

// foundReach gives each MSP a colleague who works for the organizations with one label alone. It takes no
// time and no random numbers, so that the rest of the estate is as it would be without.
func (b *builder) foundReach(ctx context.Context) error {
	who, role := person{first: "Lara", last: "Lind", local: "lara.lind"}, identity.Helpdesk
	for i, of := range b.msps {
		label := i % len(of.labels)
		joined, err := b.accept(ctx, of.admin, of.Place(), mspPlans()[i].domain, who, identity.NewInvite{
			Below: []identity.Privilege{{Scope: identity.LabelScope, Role: role, LabelID: of.labels[label]}},
		}, 0)
		if err != nil {
			return err
		}
		place := of.Place()
		place.Scope, place.Name = identity.LabelScope, fmt.Sprintf("%s, label %s", of.Name, labelNames()[label])
		b.noteLogIn(place, role, joined)
	}
	return nil
}
