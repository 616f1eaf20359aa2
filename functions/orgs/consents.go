package orgs

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

// Consent is an organization's decision on one kind for one part of its provider, as clients see it.
type Consent struct {
	Kind        string          `json:"kind" doc:"support_access, user_management or personal_data."`
	Grantee     string          `json:"grantee" doc:"operator for the people of the platform, msp for those of the organization's MSP."`
	Granted     bool            `json:"granted" doc:"Whether it is given now."`
	Since       int64           `json:"since,omitempty" doc:"When it was decided, in epoch seconds; absent if never."`
	Until       int64           `json:"until,omitempty" doc:"When it ends, in epoch seconds; absent for no end."`
	Provisional bool            `json:"provisional,omitempty" doc:"True while it holds because the organization was created with it: it ends days after the first own administrator has come."`
	Days        int             `json:"days,omitempty" doc:"For a provisional consent: how many days it lasts after the first own administrator has come."`
	ByName      string          `json:"by_name,omitempty" doc:"Who decided."`
	Reason      string          `json:"reason,omitempty"`
	Request     *ConsentRequest `json:"request,omitempty" doc:"An open request of the provider."`
}

// ConsentRequest is a provider's request as clients see it.
type ConsentRequest struct {
	Kind    string `json:"kind"`
	Grantee string `json:"grantee"`
	Until   int64  `json:"until,omitempty" doc:"The end that was asked for, in epoch seconds."`
	Reason  string `json:"reason"`
	ByName  string `json:"by_name"`
	Created int64  `json:"created_time" doc:"Epoch seconds."`
}

type consentsOutput struct {
	Body []Consent
}

type consentOutput struct {
	Body Consent
}

func requestOf(r identity.ConsentRequest) ConsentRequest {
	return ConsentRequest{
		Kind: string(r.Kind), Grantee: string(r.Grantee), Until: r.Until, Reason: r.Reason, ByName: r.ByName,
		Created: r.At(),
	}
}

func consentsOf(o tenant.Org, now time.Time, requests []identity.ConsentRequest) []Consent {
	var shown []Consent
	for _, kind := range identity.ConsentKinds() {
		for _, grantee := range identity.Grantees() {
			if identity.CheckConsent(kind, grantee, o.Place()) == nil {
				shown = append(shown, consentOf(o, kind, grantee, now, requests))
			}
		}
	}
	return shown
}

func consentOf(
	o tenant.Org, kind identity.ConsentKind, grantee identity.Grantee, now time.Time,
	requests []identity.ConsentRequest,
) Consent {
	one := o.Consents[kind][grantee]
	shown := Consent{
		Kind: string(kind), Grantee: string(grantee), Granted: one.Holds(now.Unix()), Since: one.Since,
		Until: one.Until, Provisional: one.Provisional, ByName: one.ByName, Reason: one.Reason,
	}
	if one.Provisional {
		shown.Days = one.Days
	}
	for _, request := range requests {
		if request.Kind == kind && request.Grantee == grantee && request.Open(o.Consents) {
			asked := requestOf(request)
			shown.Request = &asked
		}
	}
	return shown
}

// listConsents lists what an organization allows its provider.
func listConsents(s Services) endpoint.Endpoint {
	return endpoint.Get("orgs.list_consents", "/orgs/{org_id}/consents", "List what an organization allows its provider",
		func(ctx context.Context, in *ID) (*consentsOutput, error) {
			org, err := s.Tenants.Consents(ctx, endpoint.Principal(ctx), in.OrgID)
			if err != nil {
				return nil, err
			}
			requests, err := s.Accounts.ConsentRequests(ctx, org.ID)
			return &consentsOutput{Body: consentsOf(org, endpoint.Now(ctx), requests)}, err
		}).Using(grant.On(grant.Core, grant.Query), grant.On(grant.Audit, grant.Put))
}

type changeConsentInput struct {
	ID
	Kind    string `path:"kind" enum:"support_access,user_management,personal_data"`
	Grantee string `path:"grantee" enum:"operator,msp"`
	Body    struct {
		Granted bool   `json:"granted" doc:"True gives the consent, false takes it away."`
		Until   int64  `json:"until,omitempty" minimum:"0" doc:"When it ends, in epoch seconds: in one hour to two years. 0 for no end."`
		Reason  string `json:"reason,omitempty" maxLength:"500"`
	}
}

// changeConsent gives a consent or takes it away.
func changeConsent(s Services) endpoint.Endpoint {
	return endpoint.Put("orgs.change_consent", "/orgs/{org_id}/consents/{kind}/{grantee}",
		"Give a consent or take it away: own administrators; the grantee may give it up",
		func(ctx context.Context, in *changeConsentInput) (*consentOutput, error) {
			kind, grantee := identity.ConsentKind(in.Kind), identity.Grantee(in.Grantee)
			org, err := s.Tenants.ChangeConsent(ctx, endpoint.Principal(ctx), in.OrgID, tenant.Decision{
				Kind: kind, Grantee: grantee, Granted: in.Body.Granted, Until: in.Body.Until, Reason: in.Body.Reason,
			})
			if err != nil {
				return nil, err
			}
			return &consentOutput{Body: consentOf(org, kind, grantee, endpoint.Now(ctx), nil)}, nil
		}).Using(grant.On(grant.Core, grant.Get, grant.Put, grant.Delete), grant.On(grant.Audit, grant.Put)).
		NeedsFresh(endpoint.FreshSession)
}

type consentRequestInput struct {
	ID
	Body struct {
		Kind    string `json:"kind" enum:"support_access,user_management,personal_data"`
		Grantee string `json:"grantee" enum:"operator,msp"`
		Until   int64  `json:"until,omitempty" minimum:"0" doc:"The end to ask for, in epoch seconds; 0 for none."`
		Reason  string `json:"reason" minLength:"1" maxLength:"500"`
	}
}

type consentRequestOutput struct {
	Body ConsentRequest
}

// createConsentRequest asks an organization for a consent.
func createConsentRequest(s Services) endpoint.Endpoint {
	return endpoint.Post("orgs.create_consent_request", "/orgs/{org_id}/consents/requests",
		"Ask an organization for a consent; its own administrators get a mail",
		func(ctx context.Context, in *consentRequestInput) (*consentRequestOutput, error) {
			by := endpoint.Principal(ctx)
			org, err := s.Tenants.Org(ctx, by, in.OrgID, identity.SeeOrg)
			if err != nil {
				return nil, err
			}
			asked, err := s.Accounts.RequestConsent(ctx, by, org.Place(), org.Consents, identity.ConsentRequest{
				Kind: identity.ConsentKind(in.Body.Kind), Grantee: identity.Grantee(in.Body.Grantee),
				Until: in.Body.Until, Reason: in.Body.Reason,
			})
			if err != nil {
				return nil, err
			}
			return &consentRequestOutput{Body: requestOf(asked)}, nil
		}).Using(grant.On(grant.Core, grant.Get, grant.Query, grant.Put), grant.On(grant.Audit, grant.Put))
}
