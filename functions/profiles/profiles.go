// Package profiles contains the endpoints of operator profiles, which are for operators. They are given to
// organizations by the actions of package bulk. The rules are in shared/tenant/profile.
package profiles

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/functions/jobs"
	"github.com/tenantry/tenantry/shared/tenant/bulk"
	"github.com/tenantry/tenantry/shared/tenant/profile"
)

// Services are the dependencies of the endpoints.
type Services struct {
	Profiles *profile.Service
	OrgJobs  *bulk.Service
}

// Endpoints lists the endpoints of this package.
func Endpoints(s Services) []endpoint.Endpoint {
	return []endpoint.Endpoint{
		list(s), create(s), get(s), change(s), deleteProfile(s), clone(s), listOrgs(s), remove(s), listOrg(s),
	}
}

// Fields are what a profile sets.
type Fields struct {
	Name           string   `json:"name" minLength:"1" maxLength:"64" doc:"Unique, however it is capitalized."`
	Description    string   `json:"description,omitempty" maxLength:"1000"`
	Image          string   `json:"image,omitempty" maxLength:"64" doc:"The name of the software that devices run."`
	ApplicationMap string   `json:"application_map,omitempty" maxLength:"64" doc:"The name of the list by which devices recognize applications."`
	Selection      string   `json:"gateway_selection,omitempty" enum:"dynamic,static" default:"dynamic" doc:"dynamic chooses gateways by load, static takes those that gateways names, for tests."`
	Gateways       []string `json:"gateways,omitempty" maxItems:"10" doc:"With static: the names of the gateways."`
	Address        string   `json:"address,omitempty" maxLength:"300" doc:"The https address that devices report to; the installation's by default."`
	Heartbeat      int      `json:"heartbeat,omitempty" minimum:"10" maximum:"600" default:"30" doc:"How often devices report that they are up, in seconds. Two missed reports mean that a device is down."`
	TimeSlice      int      `json:"time_slice,omitempty" minimum:"10" maximum:"3600" default:"60" doc:"How long a time statistics sum up, in seconds."`
	Interval       int      `json:"stats_interval,omitempty" minimum:"60" maximum:"86400" default:"300" doc:"How often statistics are sent, in seconds; at least time_slice."`
}

func (f Fields) fields() profile.Fields {
	return profile.Fields{
		Name: f.Name, Description: f.Description, Image: f.Image, ApplicationMap: f.ApplicationMap,
		Selection: profile.Selection(f.Selection), Gateways: f.Gateways, Address: f.Address,
		Heartbeat: f.Heartbeat, TimeSlice: f.TimeSlice, Interval: f.Interval,
	}
}

// Profile is a profile as clients see it.
type Profile struct {
	ID string `json:"id"`
	Fields
	Orgs     int64 `json:"num_orgs" doc:"How many organizations have it."`
	Created  int64 `json:"created_time" doc:"Epoch seconds."`
	Modified int64 `json:"modified_time" doc:"Epoch seconds."`
	Revision int64 `json:"revision" doc:"Grows with every change. Send it with a change to detect concurrent changes."`
}

type output struct{ Body Profile }

func shape(p profile.Profile) Profile {
	return Profile{
		ID: p.ID, Fields: Fields{
			Name: p.Name, Description: p.Description, Image: p.Image, ApplicationMap: p.ApplicationMap,
			Selection: string(p.Selection), Gateways: p.Gateways, Address: p.Address,
			Heartbeat: p.Heartbeat, TimeSlice: p.TimeSlice, Interval: p.Interval,
		},
		Orgs: p.Orgs, Created: p.Created, Modified: p.Modified, Revision: p.Version,
	}
}

func answer(p profile.Profile, err error) (*output, error) {
	if err != nil {
		return nil, err
	}
	return &output{Body: shape(p)}, nil
}

type listOutput struct {
	endpoint.PageHeaders
	Body []Profile
}

// list lists the profiles.
func list(s Services) endpoint.Endpoint {
	return endpoint.Get("profiles.list", "/platform/profiles", "List the operator profiles, by name (operators)",
		func(ctx context.Context, in *endpoint.Pages) (*listOutput, error) {
			all, err := s.Profiles.List(ctx, endpoint.Principal(ctx))
			if err != nil {
				return nil, err
			}
			page, headers := endpoint.PageOf(all, *in)
			out := &listOutput{PageHeaders: headers, Body: make([]Profile, 0, len(page))}
			for _, one := range page {
				out.Body = append(out.Body, shape(one))
			}
			return out, nil
		}).Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

type createInput struct{ Body Fields }

// create creates a profile.
func create(s Services) endpoint.Endpoint {
	return endpoint.Post("profiles.create", "/platform/profiles", "Create an operator profile (operators)",
		func(ctx context.Context, in *createInput) (*output, error) {
			return answer(s.Profiles.Create(ctx, endpoint.Principal(ctx), in.Body.fields()))
		}).Using(grant.On(grant.Core, grant.Query, grant.Put, grant.Count), grant.On(grant.Audit, grant.Put))
}

// ID names a profile in the path.
type ID struct {
	ProfileID string `path:"profile_id" format:"uuid"`
}

// get reads a profile.
func get(s Services) endpoint.Endpoint {
	return endpoint.Get("profiles.get", "/platform/profiles/{profile_id}", "Read an operator profile (operators)",
		func(ctx context.Context, in *ID) (*output, error) {
			return answer(s.Profiles.Get(ctx, endpoint.Principal(ctx), in.ProfileID))
		}).Using(grant.On(grant.Audit, grant.Put))
}

type changeInput struct {
	ID
	Body struct {
		Fields
		Revision int64 `json:"revision,omitempty" minimum:"1" doc:"The revision that the change is based on; 409 if there is a newer one."`
	}
}

// change changes all fields of a profile.
func change(s Services) endpoint.Endpoint {
	return endpoint.Put("profiles.change", "/platform/profiles/{profile_id}", "Change an operator profile (operators)",
		func(ctx context.Context, in *changeInput) (*output, error) {
			return answer(s.Profiles.Change(ctx, endpoint.Principal(ctx), in.ProfileID, in.Body.fields(), in.Body.Revision))
		}).Using(grant.On(grant.Core, grant.Put, grant.Delete), grant.On(grant.Audit, grant.Put))
}

// deleteProfile deletes a profile.
func deleteProfile(s Services) endpoint.Endpoint {
	return endpoint.Delete("profiles.delete", "/platform/profiles/{profile_id}",
		"Delete an operator profile that no organization has (operators)",
		func(ctx context.Context, in *ID) (*endpoint.Empty, error) {
			return &endpoint.Empty{}, s.Profiles.Delete(ctx, endpoint.Principal(ctx), in.ProfileID)
		}).Using(grant.On(grant.Core, grant.Delete), grant.On(grant.Audit, grant.Put))
}

type cloneInput struct {
	ID
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"64" doc:"The name of the new profile."`
	}
}

// clone creates a profile that sets the same as another.
func clone(s Services) endpoint.Endpoint {
	return endpoint.Post("profiles.clone", "/platform/profiles/{profile_id}/duplicate",
		"Create an operator profile that sets the same as another (operators)",
		func(ctx context.Context, in *cloneInput) (*output, error) {
			return answer(s.Profiles.Duplicate(ctx, endpoint.Principal(ctx), in.ProfileID, in.Body.Name))
		}).Using(grant.On(grant.Core, grant.Query, grant.Put, grant.Count), grant.On(grant.Audit, grant.Put))
}

type listOrgsInput struct {
	ID
	endpoint.Cursor
}

type listOrgsOutput struct {
	Body struct {
		Results []string `json:"results" doc:"The ids of organizations with the profile."`
		Next    string   `json:"next,omitempty" doc:"The path of the next page; absent at the end."`
	}
}

// listOrgs lists the organizations with a profile.
func listOrgs(s Services) endpoint.Endpoint {
	return endpoint.Get("profiles.list_orgs", "/platform/profiles/{profile_id}/orgs",
		"List the organizations with an operator profile (operators)",
		func(ctx context.Context, in *listOrgsInput) (*listOrgsOutput, error) {
			after, err := in.After(ctx)
			if err != nil {
				return nil, err
			}
			page, err := s.Profiles.Users(ctx, endpoint.Principal(ctx), in.ProfileID, after, in.Limit)
			if err != nil {
				return nil, err
			}
			out := &listOrgsOutput{}
			out.Body.Results, out.Body.Next = append([]string{}, page.OrgIDs...), endpoint.Next(ctx, page.Next)
			return out, nil
		}).Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

type removeInput struct {
	ID
	Body struct {
		Orgs      int64  `json:"num_orgs" minimum:"1" maximum:"10000000" doc:"How many organizations have the profile, to confirm that it is meant: num_orgs of the profile."`
		RequestID string `json:"request_id,omitempty" maxLength:"100" doc:"A key of your choice. A request that is sent again with the same key is carried out only once."`
	}
}

// remove takes a profile from all organizations.
func remove(s Services) endpoint.Endpoint {
	about := endpoint.About{
		Name: "profiles.remove", Method: http.MethodPost, Path: "/platform/profiles/{profile_id}/remove",
		Summary: "Remove an operator profile from all organizations, up to 10,000 at a time, " +
			"as a job with a result for each (operators)",
		BodyKey: "request_id",
		Uses:    grant.Union(jobs.CreateGrants(), grant.On(grant.Core, grant.Query)),
	}
	return endpoint.New(about, func(ctx context.Context, in *removeInput) (*jobs.Output, error) {
		by := endpoint.Principal(ctx)
		ids, err := s.Profiles.Confirmed(ctx, by, in.ProfileID, in.Body.Orgs)
		if err != nil {
			return nil, err
		}
		created, err := s.OrgJobs.Create(ctx, by, "", bulk.Request{
			Action: profile.RemoveAction, OrgIDs: ids, ProfileID: in.ProfileID,
		})
		return &jobs.Output{Body: jobs.Of(created)}, err
	})
}

type ofOrgInput struct {
	OrgID string `path:"org_id" format:"uuid"`
}

type ofOrgOutput struct {
	Body struct {
		Default string   `json:"default_profile_id" doc:"Empty without profiles."`
		Results []Choice `json:"results" doc:"In the order in which they were assigned."`
	}
}

// Choice is a profile of an organization.
type Choice struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Image string `json:"image,omitempty" doc:"The name of the software that devices run."`
}

// listOrg lists the profiles of an organization.
func listOrg(s Services) endpoint.Endpoint {
	return endpoint.Get("profiles.list_org", "/orgs/{org_id}/profiles", "List the operator profiles of an organization",
		func(ctx context.Context, in *ofOrgInput) (*ofOrgOutput, error) {
			held, profiles, err := s.Profiles.Of(ctx, endpoint.Principal(ctx), in.OrgID)
			if err != nil {
				return nil, err
			}
			out := &ofOrgOutput{}
			out.Body.Default, out.Body.Results = held.Default, make([]Choice, 0, len(profiles))
			for _, one := range profiles {
				out.Body.Results = append(out.Body.Results, Choice{ID: one.ID, Name: one.Name, Image: one.Image})
			}
			return out, nil
		}).Using(grant.On(grant.Core, grant.Get), grant.On(grant.Audit, grant.Put))
}
