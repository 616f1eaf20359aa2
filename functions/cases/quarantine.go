package cases

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/support/intake"
)

type releaseInput struct {
	ID
	MailID string `path:"mail_id" format:"uuid"`
	Body   struct {
		ConfirmSender bool   `json:"confirm_sender,omitempty" doc:"Confirm that the sender's address belongs to the person whose reply address the mail was sent to. Mail from it then counts as theirs in this organization. The mail must prove its sender."`
		SenderID      string `json:"sender_id,omitempty" format:"uuid" doc:"Confirm that the sender's address belongs to this person of the organization instead."`
	}
}

// releaseMail releases a quarantined mail to the case that it was sent to.
func releaseMail(s Services) endpoint.Endpoint {
	return endpoint.Post("cases.release_mail", "/orgs/{org_id}/cases/{case_id}/mails/{mail_id}/release", "Release a quarantined mail to the case (agents)",
		func(ctx context.Context, in *releaseInput) (*endpoint.Empty, error) {
			return &endpoint.Empty{}, s.Intake.ReleaseToCase(ctx, endpoint.Principal(ctx), intake.CaseRelease{
				OrgID: in.OrgID, CaseID: in.CaseID, MailID: in.MailID,
				ConfirmSender: in.Body.ConfirmSender, SenderID: in.Body.SenderID,
			})
		}).
		Using(grant.On(grant.Core, grant.Count, grant.Delete, grant.Put), grant.On(grant.Audit, grant.Put))
}

// MailAddress is an additional address of a person.
type MailAddress struct {
	Address     string `json:"address"`
	PersonID    string `json:"person_id"`
	PersonName  string `json:"person_name"`
	ConfirmedBy string `json:"confirmed_by" doc:"The agent who confirmed the address."`
	CreatedAt   int64  `json:"created_at" doc:"Epoch seconds."`
}

type addressesInput struct {
	OrgID string `path:"org_id" format:"uuid"`
	endpoint.Cursor
}

type addressesOutput struct {
	Body struct {
		Limit   int           `json:"limit"`
		Results []MailAddress `json:"results"`
		Next    string        `json:"next,omitempty" doc:"The path of the following page; absent at the end."`
	}
}

// listMailAddresses lists the additional addresses of an organization's people.
func listMailAddresses(s Services) endpoint.Endpoint {
	return endpoint.Get("cases.list_mail_addresses", "/orgs/{org_id}/mail_addresses", "List the confirmed additional addresses of the organization's people (agents)",
		func(ctx context.Context, in *addressesInput) (*addressesOutput, error) {
			after, err := in.After(ctx)
			if err != nil {
				return nil, err
			}
			page, err := s.Intake.Aliases(ctx, endpoint.Principal(ctx), in.OrgID, in.Limit, after)
			if err != nil {
				return nil, err
			}
			out := &addressesOutput{}
			out.Body.Limit, out.Body.Results = in.Limit, make([]MailAddress, 0, len(page.Aliases))
			for _, alias := range page.Aliases {
				out.Body.Results = append(out.Body.Results, MailAddress{
					Address: alias.Address, PersonID: alias.PersonID, PersonName: alias.PersonName,
					ConfirmedBy: alias.ConfirmedBy, CreatedAt: alias.Created,
				})
			}
			out.Body.Next = endpoint.Next(ctx, page.Next)
			return out, nil
		}).Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

type addressInput struct {
	OrgID   string `path:"org_id" format:"uuid"`
	Address string `path:"address" maxLength:"254"`
}

// deleteMailAddress removes an additional address of a person.
func deleteMailAddress(s Services) endpoint.Endpoint {
	return endpoint.Delete("cases.delete_mail_address", "/orgs/{org_id}/mail_addresses/{address}", "Remove an additional address of a person (agents)",
		func(ctx context.Context, in *addressInput) (*endpoint.Empty, error) {
			return &endpoint.Empty{}, s.Intake.RemoveAlias(ctx, endpoint.Principal(ctx), in.OrgID, in.Address)
		}).
		Using(grant.On(grant.Core, grant.Delete, grant.Put), grant.On(grant.Audit, grant.Put))
}
