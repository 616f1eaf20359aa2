package demo

import (
	"context"
	"fmt"

	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/identity/preference"
)

// saveViews saves views of the lists of cases for an agent.
func (b *builder) saveViews(ctx context.Context, agent identity.Principal) error {
	views := []preference.View{
		{
			Name:       "Most urgent, mine",
			Parameters: map[string]string{"assignee": "me", "severity": "1", "sort": "updated"},
		},
		{
			Name:       "Wireless, all",
			Parameters: map[string]string{"component": wireless, "list": "all"},
			Columns:    []string{"status", "custom_tag", "opened", "updated"},
		},
	}
	change := identity.SelfChange{Preferences: preference.Change{Views: preference.ViewChange{All: &views}}}
	if _, _, err := b.Services.Accounts.ChangeSelf(ctx, agent, change); err != nil {
		return fmt.Errorf("demo: the views of %s: %w", agent.Email, err)
	}
	return nil
}
