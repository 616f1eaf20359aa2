// Package desk contains the endpoints of a provider's support settings: the lists that fields are
// chosen from, when cases close and reopen automatically, and prepared answers. An MSP's settings
// apply to its organizations, the platform's to its direct customers. The rules are in
// shared/support/desk.
package desk

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// Services are the dependencies of the endpoints.
type Services struct{ Desk *desk.Service }

// Endpoints lists the endpoints of this package.
func Endpoints(s Services) []endpoint.Endpoint {
	return []endpoint.Endpoint{
		getMSP(s),
		changeMSP(s),
		getPlatform(s),
		changePlatform(s),
		get(s),
		listAnswersMSP(s),
		createAnswerMSP(s),
		changeAnswerMSP(s),
		deleteAnswerMSP(s),
		listAnswersPlatform(s),
		createAnswerPlatform(s),
		changeAnswerPlatform(s),
		deleteAnswerPlatform(s),
		listAnswers(s),
	}
}

// MSPID names an MSP in the path.
type MSPID struct {
	MSPID string `path:"msp_id" format:"uuid"`
}

// OrgID names an organization in the path.
type OrgID struct {
	OrgID string `path:"org_id" format:"uuid"`
}

// Choice is one value of a list.
type Choice struct {
	Value   string `json:"value" minLength:"1" maxLength:"100"`
	Label   string `json:"label,omitempty" maxLength:"100" doc:"The label; the value by default."`
	Retired bool   `json:"retired,omitempty" doc:"Set if the value is retired: cases that have it keep it, no other case can get it."`
}

// Hint is what the provider says under a field of the form for a new case.
type Hint struct {
	Text  string `json:"text" maxLength:"200" doc:"A sentence."`
	Link  string `json:"link,omitempty" maxLength:"1000" doc:"The address of a page that says more; https or http."`
	Label string `json:"label,omitempty" maxLength:"60" doc:"The text of the link; required with one."`
}

func hintsOf(hints map[string]desk.Hint) map[string]Hint {
	shown := make(map[string]Hint, len(hints))
	for field, hint := range hints {
		shown[field] = Hint(hint)
	}
	return shown
}

// Setting holds the settings of a provider's cases.
type Setting struct {
	Types           []Choice            `json:"types"`
	Components      []Choice            `json:"components" doc:"If empty, any text of up to 100 characters will do; the same with the other lists, except types."`
	Reasons         []Choice            `json:"reasons"`
	Versions        []Choice            `json:"versions"`
	Environments    []Choice            `json:"environments"`
	SolvedDays      int                 `json:"solved_days" doc:"After how many days a solved case is closed; 0 for never."`
	ReopenDays      int                 `json:"reopen_days" doc:"For how many days an answer reopens a closed case; a later one opens a follow-up case. 0 for always."`
	AskSatisfaction bool                `json:"ask_satisfaction" doc:"Whether submitters get a satisfaction survey when a case is closed."`
	DeskIDs         []string            `json:"desk_ids,omitempty" doc:"The agents who are notified of unassigned cases; agents only."`
	Hints           map[string]Hint     `json:"hints" doc:"What stands under the fields of the form for a new case, by field."`
	ServiceLevel    *ServiceLevelPolicy `json:"service_level,omitempty" doc:"The service level; absent if there is none."`
	Revision        int64               `json:"revision" doc:"Grows with every change. Send it with a change to detect concurrent changes. 0 for the defaults."`
}

func choicesOf(list []desk.Choice) []Choice {
	shown := make([]Choice, 0, len(list))
	for _, choice := range list {
		shown = append(shown, Choice(choice))
	}
	return shown
}

func settingOf(s desk.Setting) Setting {
	return Setting{
		Types:           choicesOf(s.Types),
		Components:      choicesOf(s.Components),
		Reasons:         choicesOf(s.Reasons),
		Versions:        choicesOf(s.Versions),
		Environments:    choicesOf(s.Environments),
		SolvedDays:      s.SolvedDays,
		ReopenDays:      s.ReopenDays,
		AskSatisfaction: s.AskSatisfaction,
		DeskIDs:         s.DeskIDs,
		Hints:           hintsOf(s.Hints),
		ServiceLevel:    serviceLevelOf(s.ServiceLevel),
		Revision:        s.Revision,
	}
}

type settingOutput struct {
	Body Setting
}

// getMSP reads the settings of an MSP's cases.
func getMSP(s Services) endpoint.Endpoint {
	return endpoint.Get("desk.get_msp", "/msps/{msp_id}/desk", "Read the settings of an MSP's cases",
		func(ctx context.Context, in *MSPID) (*settingOutput, error) {
			setting, err := s.Desk.Setting(ctx, endpoint.Principal(ctx), in.MSPID)
			return &settingOutput{Body: settingOf(setting)}, err
		}).Using(grant.On(grant.Core, grant.Get), grant.On(grant.Audit, grant.Put))
}

// getPlatform reads the settings of direct customers' cases.
func getPlatform(s Services) endpoint.Endpoint {
	return endpoint.Get("desk.get_platform", "/platform/desk",
		"Read the settings of direct customers' cases (operators)",
		func(ctx context.Context, _ *endpoint.None) (*settingOutput, error) {
			setting, err := s.Desk.Setting(ctx, endpoint.Principal(ctx), "")
			return &settingOutput{Body: settingOf(setting)}, err
		}).
		Using(grant.On(grant.Core, grant.Get), grant.On(grant.Audit, grant.Put))
}

// get reads the settings of an organization's cases.
func get(s Services) endpoint.Endpoint {
	return endpoint.Get("desk.get", "/orgs/{org_id}/desk",
		"Read the settings of an organization's cases, with the lists that fields are chosen from",
		func(ctx context.Context, in *OrgID) (*settingOutput, error) {
			setting, err := s.Desk.OrgSetting(ctx, endpoint.Principal(ctx), in.OrgID)
			return &settingOutput{Body: settingOf(setting)}, err
		}).
		Using(grant.On(grant.Core, grant.Get), grant.On(grant.Audit, grant.Put))
}
