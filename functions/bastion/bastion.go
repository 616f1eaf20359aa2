// Package bastion contains the endpoints of the bastion: its settings and the organizations at it, which are
// for operators, and at the bastion what production calls. The rules are in shared/bastion.
package bastion

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/bastion"
)

// Services are the dependencies of the endpoints.
type Services struct{ Bastion *bastion.Service }

// Endpoints lists the endpoints of this package.
func Endpoints(s Services) []endpoint.Endpoint {
	return []endpoint.Endpoint{
		get(s), change(s), listOrgs(s), getOrg(s), stage(s), unstage(s), receiveOrg(s), removeOrg(s),
	}
}

// Setting is how this installation and its peer know each other.
type Setting struct {
	Enabled         bool     `json:"enabled"`
	Side            string   `json:"side" enum:",production,bastion" doc:"Which of the two installations this is: production has the organizations and calls, the bastion holds copies. Empty before it was chosen."`
	PeerURL         string   `json:"peer_url" doc:"At production: the address of the bastion."`
	PeerKey         string   `json:"peer_key" doc:"The public key of the other installation."`
	PeerFingerprint string   `json:"peer_fingerprint" doc:"Compare it with the fingerprint that the other installation shows."`
	Key             string   `json:"key" doc:"The public key of this installation; empty before the first change of the settings."`
	Fingerprint     string   `json:"fingerprint"`
	Copied          []string `json:"copied" doc:"What the bastion gets of an organization."`
	Modified        int64    `json:"modified_time,omitempty" doc:"Epoch seconds; absent if it was never changed."`
	Revision        int64    `json:"revision" doc:"Grows with every change. Send it with a change to detect concurrent changes."`
}

type settingOutput struct{ Body Setting }

func settingOf(setting bastion.Setting, err error) (*settingOutput, error) {
	if err != nil {
		return nil, err
	}
	return &settingOutput{Body: Setting{
		Enabled: setting.Enabled, Side: string(setting.Side), PeerURL: setting.PeerURL, PeerKey: setting.PeerKey,
		PeerFingerprint: bastion.Fingerprint(setting.PeerKey), Key: setting.Key,
		Fingerprint: bastion.Fingerprint(setting.Key), Copied: bastion.Copied(), Modified: setting.Modified,
		Revision: setting.Version,
	}}, nil
}

// get reads the settings.
func get(s Services) endpoint.Endpoint {
	return endpoint.Get("bastion.get", "/platform/bastion", "Read the settings of the bastion (operators)",
		func(ctx context.Context, _ *endpoint.None) (*settingOutput, error) {
			return settingOf(s.Bastion.Setting(ctx, endpoint.Principal(ctx)))
		}).Using(grant.On(grant.Core, grant.BatchGet), grant.On(grant.Audit, grant.Put))
}

type changeInput struct {
	Body struct {
		Enabled  *bool   `json:"enabled,omitempty"`
		Side     *string `json:"side,omitempty" enum:",production,bastion" doc:"Which of the two installations this is."`
		PeerURL  *string `json:"peer_url,omitempty" maxLength:"300" doc:"At production: the https address of the bastion, without a path."`
		PeerKey  *string `json:"peer_key,omitempty" maxLength:"64" doc:"The public key that the other installation shows."`
		Revision int64   `json:"revision,omitempty" minimum:"0" doc:"The revision that the change is based on; 409 if there is a newer one; 0 for any."`
	}
}

// change changes the settings.
func change(s Services) endpoint.Endpoint {
	return endpoint.Put("bastion.change", "/platform/bastion",
		"Change the settings of the bastion; the first change makes this installation's key (operators)",
		func(ctx context.Context, in *changeInput) (*settingOutput, error) {
			request := bastion.Change{
				Enabled: in.Body.Enabled, PeerURL: in.Body.PeerURL, PeerKey: in.Body.PeerKey, Version: in.Body.Revision,
			}
			if in.Body.Side != nil {
				side := bastion.Side(*in.Body.Side)
				request.Side = &side
			}
			return settingOf(s.Bastion.ChangeSetting(ctx, endpoint.Principal(ctx), request))
		}).NeedsFresh(endpoint.FreshSession).
		Using(grant.On(grant.Core, grant.BatchGet, grant.Query, grant.Put), grant.On(grant.Audit, grant.Put))
}

// Org is an organization at the bastion.
type Org struct {
	OrgID  string `json:"org_id"`
	Name   string `json:"name"`
	State  string `json:"state" enum:"UNCONFIGURED,STAGE_REQUESTED,STAGED,UNSTAGE_REQUESTED,UNSTAGED"`
	Since  int64  `json:"since,omitempty" doc:"When the state began, in epoch seconds; absent for UNCONFIGURED."`
	Due    int64  `json:"due_time,omitempty" doc:"Since when the bastion's receipt is awaited, in epoch seconds; absent if it is not."`
	SHA256 string `json:"sha256,omitempty" doc:"The hash of what the bastion holds."`
	Reason string `json:"reason,omitempty" doc:"Why the bastion has not confirmed it yet. Without due_time it is not sent again until somebody asks again."`
}

func shape(status bastion.Status) Org {
	return Org{
		OrgID: status.OrgID, Name: status.Name, State: string(status.State), Since: status.Since, Due: status.Due,
		SHA256: status.SHA256, Reason: status.Reason,
	}
}

type listOutput struct {
	Body struct {
		Results []Org  `json:"results"`
		Next    string `json:"next,omitempty" doc:"The path of the next page; absent at the end."`
	}
}

// listOrgs lists the organizations at the bastion.
func listOrgs(s Services) endpoint.Endpoint {
	return endpoint.Get("bastion.list_orgs", "/platform/bastion/orgs",
		"List the organizations that were ever staged; at the bastion those that it holds (operators)",
		func(ctx context.Context, in *endpoint.Cursor) (*listOutput, error) {
			after, err := in.After(ctx)
			if err != nil {
				return nil, err
			}
			page, err := s.Bastion.List(ctx, endpoint.Principal(ctx), after, in.Limit)
			if err != nil {
				return nil, err
			}
			out := &listOutput{}
			out.Body.Results, out.Body.Next = make([]Org, 0, len(page.Orgs)), endpoint.Next(ctx, page.Next)
			for _, one := range page.Orgs {
				out.Body.Results = append(out.Body.Results, shape(one))
			}
			return out, nil
		}).Using(grant.On(grant.Core, grant.BatchGet, grant.Query), grant.On(grant.Audit, grant.Put))
}

// ID names an organization in the path.
type ID struct {
	OrgID string `path:"org_id" format:"uuid"`
}

type orgOutput struct{ Body Org }

func one(status bastion.Status, err error) (*orgOutput, error) {
	if err != nil {
		return nil, err
	}
	return &orgOutput{Body: shape(status)}, nil
}

// getOrg reads the state of an organization.
func getOrg(s Services) endpoint.Endpoint {
	return endpoint.Get("bastion.get_org", "/platform/bastion/orgs/{org_id}",
		"Read the state of an organization at the bastion (operators)",
		func(ctx context.Context, in *ID) (*orgOutput, error) {
			return one(s.Bastion.Status(ctx, endpoint.Principal(ctx), in.OrgID))
		}).Using(grant.On(grant.Core, grant.BatchGet), grant.On(grant.Audit, grant.Put))
}

// stage asks for a copy of an organization.
func stage(s Services) endpoint.Endpoint {
	return endpoint.Post("bastion.stage", "/platform/bastion/orgs/{org_id}",
		"Copy an organization to the bastion, or ask again if it did not confirm (operators)",
		func(ctx context.Context, in *ID) (*orgOutput, error) {
			status, _, err := s.Bastion.Stage(ctx, endpoint.Principal(ctx), in.OrgID)
			return one(status, err)
		}).Fails(http.StatusConflict).Using(asking())
}

// unstage asks for the deletion of a copy.
func unstage(s Services) endpoint.Endpoint {
	return endpoint.Delete("bastion.unstage", "/platform/bastion/orgs/{org_id}",
		"Delete the copy of an organization at the bastion, or ask again if it did not confirm (operators)",
		func(ctx context.Context, in *ID) (*orgOutput, error) {
			status, _, err := s.Bastion.Unstage(ctx, endpoint.Principal(ctx), in.OrgID)
			return one(status, err)
		}).Fails(http.StatusConflict).Using(asking())
}

// asking is what a request to stage or unstage needs.
func asking() grant.Grants {
	return grant.Union(grant.On(grant.Core, grant.BatchGet, grant.Put, grant.Delete), grant.On(grant.Audit, grant.Put))
}
