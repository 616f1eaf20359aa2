package accounts

import (
	"context"
	"net/http"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

// Session is a session as its owner sees it.
type Session struct {
	ID        string `json:"id"`
	Created   int64  `json:"created_time" doc:"Epoch seconds."`
	LastUsed  int64  `json:"last_used" doc:"Epoch seconds, to about five minutes."`
	SrcIP     string `json:"src_ip" doc:"The address of the log-in."`
	UserAgent string `json:"user_agent" doc:"What the client said about itself at log-in, up to 200 characters."`
	Via       string `json:"via" doc:"password or recovery."`
	Current   bool   `json:"current" doc:"Whether this is the session that asks."`
}

type sessionsOutput struct {
	endpoint.PageHeaders
	Body []Session
}

// listSessions lists the caller's sessions.
func listSessions(s Services) endpoint.Endpoint {
	return endpoint.Get("accounts.list_sessions", "/self/sessions", "List your sessions, the newest first",
		func(ctx context.Context, in *endpoint.Pages) (*sessionsOutput, error) {
			own, err := s.Accounts.Sessions(ctx, endpoint.Principal(ctx))
			if err != nil {
				return nil, err
			}
			shown := make([]Session, 0, len(own))
			for _, one := range own {
				shown = append(shown, Session{
					ID: one.ID, Created: one.Created, LastUsed: one.LastUsed, SrcIP: one.Source,
					UserAgent: one.UserAgent, Via: one.Via, Current: one.Current,
				})
			}
			out := &sessionsOutput{}
			out.Body, out.PageHeaders = endpoint.PageOf(shown, *in)
			return out, nil
		}).Using(grant.On(grant.Derived, grant.Query), grant.On(grant.Core, grant.Get, grant.Query))
}

type sessionInput struct {
	SessionID string `path:"session_id" format:"uuid"`
}

// deleteSession ends one of the caller's sessions.
func deleteSession(s Services) endpoint.Endpoint {
	return endpoint.Delete("accounts.delete_session", "/self/sessions/{session_id}", "End one of your sessions",
		func(ctx context.Context, in *sessionInput) (*endpoint.Empty, error) {
			return &endpoint.Empty{}, s.Accounts.EndSession(ctx, endpoint.Principal(ctx), in.SessionID)
		}).Using(grant.On(grant.Core, grant.Get, grant.Delete), grant.On(grant.Audit, grant.Put))
}

type sessionsInput struct {
	Everything bool `query:"everything" doc:"True ends this session, all API tokens and pending recoveries too."`
}

// deleteSessions ends the caller's other sessions, or everything.
func deleteSessions(s Services) endpoint.Endpoint {
	return endpoint.Delete("accounts.delete_sessions", "/self/sessions", "End all your other sessions",
		func(ctx context.Context, in *sessionsInput) (*cookiesOutput, error) {
			by := endpoint.Principal(ctx)
			if !in.Everything {
				return &cookiesOutput{}, s.Accounts.EndOthers(ctx, by)
			}
			if err := s.Accounts.EndEverything(ctx, by); err != nil {
				return nil, err
			}
			return &cookiesOutput{SetCookie: endpoint.NoCookies(ctx)}, nil
		}).Using(grant.On(grant.Core, grant.Get, grant.Put), grant.On(grant.Audit, grant.Put))
}

type stepUpInput struct {
	Body struct {
		Password string `json:"password" maxLength:"1024"`
	}
}

// stepUp makes the session fresh again.
func stepUp(s Services) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name: "accounts.step_up", Method: http.MethodPost, Path: "/login/step_up", PerHour: 300,
		Summary: "Give the password again",
		Description: "Calls that an unattended session must not make are answered with 403 and the code " +
			"step_up_required if you gave the password more than 15 minutes ago. After this call they work again.",
	}, func(ctx context.Context, in *stepUpInput) (*endpoint.Empty, error) {
		return &endpoint.Empty{}, s.Accounts.StepUp(ctx, endpoint.Principal(ctx), in.Body.Password)
	}).Using(grant.On(grant.Core, grant.Get, grant.Put), grant.On(grant.Audit, grant.Put))
}
