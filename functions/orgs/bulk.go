package orgs

import (
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
)

// BulkRequest is an action on many organizations.
type BulkRequest struct {
	Action    string      `json:"action" enum:"label,transfer,release,delete,restore,image_management,pre_notifications,customer_alerts,support_mail,assign_profile,remove_profile,stage,unstage" doc:"label is for organizations of an MSP; transfer, release, pre_notifications, assign_profile, remove_profile, stage and unstage are for operators, at the platform."`
	OrgIDs    []string    `json:"org_ids,omitempty" maxItems:"10000" doc:"The organizations; or use filter."`
	Filter    *BulkFilter `json:"filter,omitempty" doc:"Which organizations are meant; or use org_ids."`
	Expected  *int        `json:"expected,omitempty" minimum:"1" doc:"With filter: how many organizations it must select. If others are selected by now, nothing is changed, and the answer is 409."`
	Enabled   *bool       `json:"enabled,omitempty" doc:"With image_management, pre_notifications and customer_alerts: whether to turn it on. With assign_profile: whether the profile becomes the default."`
	ProfileID string      `json:"profile_id,omitempty" maxLength:"36" doc:"With assign_profile and remove_profile: which."`
	Subject   string      `json:"subject,omitempty" maxLength:"200" doc:"With support_mail."`
	Text      string      `json:"text,omitempty" maxLength:"16384" doc:"With support_mail: what programs show that show no HTML."`
	HTML      string      `json:"html,omitempty" maxLength:"24576" doc:"With support_mail: the same as HTML. What is not safe is left out."`
	Confirm   string      `json:"confirm,omitempty" maxLength:"10" doc:"With delete: must be DELETE; a preview does not need it."`
	Add       []string    `json:"add,omitempty" maxItems:"20" doc:"With label: the ids or names of labels to give."`
	Remove    []string    `json:"remove,omitempty" maxItems:"500" doc:"With label: the ids or names of labels to take off."`
	MSPID     string      `json:"msp_id,omitempty" maxLength:"36" doc:"With transfer: the MSP that gets the organizations."`
	// Delegations of a transfer or a release.
	DelegateOperator *bool `json:"delegate_operator,omitempty" doc:"With transfer and release: whether the operator keeps what the organizations let it do; true by default."`
	DelegatePartner  *bool `json:"delegate_partner,omitempty" doc:"With transfer: whether the MSP begins with what the MSP of a new customer may do, but for what the organization refused its former MSP; true by default."`
}

// BulkFilter selects organizations; an empty one selects all.
type BulkFilter struct {
	LabelID string `json:"orggroup_id,omitempty" maxLength:"36" doc:"Those with this label."`
	MSPID   string `json:"msp_id,omitempty" maxLength:"36" doc:"At the platform: those of this MSP; without it direct customers are meant."`
	Name    string `json:"name,omitempty" maxLength:"128" doc:"Those with this in their name, however it is capitalized."`
}

// Request returns the action that the body asks for.
func (r BulkRequest) Request() bulk.Request {
	request := bulk.Request{
		Action: bulk.Action(r.Action), OrgIDs: r.OrgIDs, Labels: tenant.Relabeling{Add: r.Add, Remove: r.Remove},
		Expected: r.Expected, Enabled: r.Enabled, ProfileID: r.ProfileID, Confirm: r.Confirm, MSPID: r.MSPID,
		Delegation: bulk.Delegation{Operator: r.DelegateOperator, Partner: r.DelegatePartner},
	}
	if r.Subject != "" || r.Text != "" || r.HTML != "" {
		request.Mail = &bulk.Mail{Subject: r.Subject, Text: r.Text, HTML: r.HTML}
	}
	if r.Filter != nil {
		request.Filter = &bulk.Filter{
			OrgFilter: tenant.OrgFilter{LabelID: r.Filter.LabelID, Name: r.Filter.Name}, MSPID: r.Filter.MSPID,
		}
	}
	return request
}

// Effect is what an action would do to an organization.
type Effect struct {
	OrgID    string   `json:"org_id"`
	Name     string   `json:"name"`
	Add      []string `json:"add" doc:"The ids of the labels that it would get."`
	Remove   []string `json:"remove" doc:"The ids of the labels that it would lose."`
	Changes  []string `json:"changes" doc:"What else would change, in sentences."`
	Blockers []string `json:"blockers" doc:"What is in the way; the action would fail here."`
}

// PreviewOutput is what an action on many organizations would do.
type PreviewOutput struct {
	Body struct {
		Total     int      `json:"total" doc:"How many organizations are meant."`
		Changed   int      `json:"changed"`
		Unchanged int      `json:"unchanged"`
		Blocked   int      `json:"blocked"`
		Results   []Effect `json:"results" doc:"At most 1,000 of them: blocked ones, then those that would change, each by name."`
	}
}

// PreviewOf returns a preview as the API answers it.
func PreviewOf(preview bulk.Preview) *PreviewOutput {
	out := &PreviewOutput{}
	b := &out.Body
	b.Total, b.Changed, b.Unchanged, b.Blocked = preview.Total, preview.Changed, preview.Unchanged, preview.Blocked
	b.Results = make([]Effect, 0, len(preview.Effects))
	for _, effect := range preview.Effects {
		b.Results = append(b.Results, Effect{
			OrgID: effect.OrgID, Name: effect.Name, Add: append([]string{}, effect.Add...),
			Remove: append([]string{}, effect.Remove...), Changes: append([]string{}, effect.Changes...),
			Blockers: append([]string{}, effect.Blockers...),
		})
	}
	return out
}
