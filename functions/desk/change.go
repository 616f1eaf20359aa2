package desk

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// SettingChange changes settings; omitted fields stay as they are.
type SettingChange struct {
	Types           *[]Choice           `json:"types,omitempty" maxItems:"200" doc:"Send each list as a whole. A value that cases use can be retired, not removed."`
	Components      *[]Choice           `json:"components,omitempty" maxItems:"200"`
	Reasons         *[]Choice           `json:"reasons,omitempty" maxItems:"200"`
	Versions        *[]Choice           `json:"versions,omitempty" maxItems:"200"`
	Environments    *[]Choice           `json:"environments,omitempty" maxItems:"200"`
	SolvedDays      *int                `json:"solved_days,omitempty" minimum:"0" maximum:"365"`
	ReopenDays      *int                `json:"reopen_days,omitempty" minimum:"0" maximum:"365"`
	AskSatisfaction *bool               `json:"ask_satisfaction,omitempty"`
	DeskIDs         *[]string           `json:"desk_ids,omitempty" maxItems:"10"`
	Hints           map[string]Hint     `json:"hints,omitempty" maxProperties:"11" doc:"Send all hints, by field: subject, description, type, component, reason, version, severity, environment, custom_tag, cc or attachments. {} removes them."`
	ServiceLevel    *ServiceLevelPolicy `json:"service_level,omitempty" doc:"The service level from now on, also for open cases."`
	NoServiceLevel  bool                `json:"no_service_level,omitempty" doc:"Removes the service level for new cases."`
	Revision        int64               `json:"revision,omitempty" minimum:"0" doc:"The revision that the change is based on; 409 if there is a newer one; 0 for any."`
}

// into applies the change to a setting.
func (c SettingChange) into(s *desk.Setting) {
	for _, list := range []struct {
		given *[]Choice
		into  *[]desk.Choice
	}{
		{c.Types, &s.Types}, {c.Components, &s.Components}, {c.Reasons, &s.Reasons}, {c.Versions, &s.Versions},
		{c.Environments, &s.Environments},
	} {
		if list.given == nil {
			continue
		}
		*list.into = make([]desk.Choice, 0, len(*list.given))
		for _, choice := range *list.given {
			*list.into = append(*list.into, desk.Choice(choice))
		}
	}
	set(&s.SolvedDays, c.SolvedDays)
	set(&s.ReopenDays, c.ReopenDays)
	set(&s.AskSatisfaction, c.AskSatisfaction)
	set(&s.DeskIDs, c.DeskIDs)
	if c.Hints != nil {
		s.Hints = make(map[string]desk.Hint, len(c.Hints))
		for field, hint := range c.Hints {
			s.Hints[field] = desk.Hint(hint)
		}
	}
	switch {
	case c.ServiceLevel != nil:
		s.ServiceLevel = c.ServiceLevel.policy()
	case c.NoServiceLevel:
		s.ServiceLevel = nil
	}
}

func set[T any](into, value *T) {
	if value != nil {
		*into = *value
	}
}

type changeMSPInput struct {
	MSPID
	Body SettingChange
}

// changeMSP changes the settings of an MSP's cases.
func changeMSP(s Services) endpoint.Endpoint {
	return endpoint.Put("desk.change_msp", "/msps/{msp_id}/desk",
		"Change the settings of an MSP's cases (its super users)",
		func(ctx context.Context, in *changeMSPInput) (*settingOutput, error) {
			setting, err := s.Desk.ChangeSetting(ctx, endpoint.Principal(ctx), in.MSPID.MSPID, in.Body.Revision,
				in.Body.into)
			return &settingOutput{Body: settingOf(setting)}, err
		}).Using(changes())
}

type changePlatformInput struct {
	Body SettingChange
}

// changePlatform changes the settings of direct customers' cases.
func changePlatform(s Services) endpoint.Endpoint {
	return endpoint.Put("desk.change_platform", "/platform/desk",
		"Change the settings of direct customers' cases (operators)",
		func(ctx context.Context, in *changePlatformInput) (*settingOutput, error) {
			setting, err := s.Desk.ChangeSetting(ctx, endpoint.Principal(ctx), "", in.Body.Revision, in.Body.into)
			return &settingOutput{Body: settingOf(setting)}, err
		}).
		Using(changes())
}

// changes is what changing a setting needs; the index determines whether cases use a value that is
// removed.
func changes() grant.Grants {
	return grant.Union(
		grant.On(grant.Core, grant.Get, grant.BatchGet, grant.Put),
		grant.On(grant.Audit, grant.Put),
		grant.On(grant.Derived, grant.Get, grant.BatchGet, grant.Query),
	)
}
