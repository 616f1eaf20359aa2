package platform

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/support/intake"
)

// Blocked is a blocked sender, whose mails are quarantined.
type Blocked struct {
	Entry   string `json:"entry" doc:"An address, or a domain with its subdomains."`
	Note    string `json:"note,omitempty"`
	Created int64  `json:"created_time" doc:"Epoch seconds."`
	By      string `json:"created_by" doc:"The e-mail address of the person who blocked it."`
}

func blockedOf(b intake.Block) Blocked {
	return Blocked{Entry: b.Entry, Note: b.Note, Created: b.Created, By: b.By}
}

type blockedOutput struct {
	Body struct {
		Results []Blocked `json:"results" doc:"In alphabetical order."`
	}
}

// listBlocked lists the blocked senders.
func listBlocked(s Services) endpoint.Endpoint {
	return endpoint.Get("platform.list_blocked", "/platform/blocked", "List the blocked senders (operators)",
		func(ctx context.Context, _ *endpoint.None) (*blockedOutput, error) {
			blocks, err := s.Intake.Blocks(ctx, endpoint.Principal(ctx))
			if err != nil {
				return nil, err
			}
			out := &blockedOutput{}
			out.Body.Results = make([]Blocked, 0, len(blocks))
			for _, one := range blocks {
				out.Body.Results = append(out.Body.Results, blockedOf(one))
			}
			return out, nil
		}).
		Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

type blockInput struct {
	Body struct {
		Entry string `json:"entry" maxLength:"254" doc:"An address such as anna@example.com, or a domain such as example.com, which includes its subdomains."`
		Note  string `json:"note,omitempty" maxLength:"100" doc:"Why."`
	}
}

type blockOutput struct {
	Body Blocked
}

// block blocks a sender from now on.
func block(s Services) endpoint.Endpoint {
	return endpoint.Post("platform.block", "/platform/blocked", "Block the mails of an address or a domain (operators)",
		func(ctx context.Context, in *blockInput) (*blockOutput, error) {
			created, err := s.Intake.BlockSender(ctx, endpoint.Principal(ctx), in.Body.Entry, in.Body.Note)
			return &blockOutput{Body: blockedOf(created)}, err
		}).
		Using(grant.On(grant.Core, grant.Query, grant.Put), grant.On(grant.Audit, grant.Put))
}

type unblockInput struct {
	Entry string `path:"entry" maxLength:"254" doc:"The address or domain."`
}

// unblock removes the block of a sender.
func unblock(s Services) endpoint.Endpoint {
	return endpoint.Delete("platform.unblock", "/platform/blocked/{entry}",
		"Unblock an address or a domain (operators)",
		func(ctx context.Context, in *unblockInput) (*endpoint.Empty, error) {
			return &endpoint.Empty{}, s.Intake.UnblockSender(ctx, endpoint.Principal(ctx), in.Entry)
		}).
		Using(grant.On(grant.Core, grant.Delete), grant.On(grant.Audit, grant.Put))
}
