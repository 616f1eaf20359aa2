package accounts

import (
	"context"
	"net/http"
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
)

type usageOutput struct {
	Body struct {
		Requests int   `json:"requests" doc:"How many calls you made in this hour with this session's person or API token, with this one."`
		Limit    int   `json:"request_limit" doc:"How many you may make in an hour."`
		Seconds  int64 `json:"seconds" doc:"How many seconds are left of the hour."`
	}
}

// getUsage reads how many calls the caller made.
func getUsage(Services) endpoint.Endpoint {
	return endpoint.Get("accounts.get_usage", "/self/usage", "Read how many calls you made in this hour",
		func(ctx context.Context, _ *endpoint.None) (*usageOutput, error) {
			out, usage := &usageOutput{}, endpoint.UsageOf(ctx)
			out.Body.Requests, out.Body.Limit = usage.Calls, usage.Limit
			out.Body.Seconds = int64(usage.Left / time.Second)
			return out, nil
		})
}

type failuresOutput struct {
	Body struct {
		Email    string   `json:"email"`
		Attempts int      `json:"num_attempts" doc:"How many log-ins failed in the last seven days."`
		Last     int64    `json:"last_failure_at,omitempty" doc:"When the last one failed, in epoch seconds; absent if none did."`
		SrcIPs   []string `json:"src_ips" doc:"The addresses that they came from, the latest first; at most a hundred."`
	}
}

// getLoginFailures reads the failed log-ins to the caller's account.
func getLoginFailures(s Services) endpoint.Endpoint {
	return endpoint.Get("accounts.get_login_failures", "/self/login_failures", "Read the failed log-ins to your account",
		func(ctx context.Context, _ *endpoint.None) (*failuresOutput, error) {
			by := endpoint.Principal(ctx)
			failures, err := s.Log.LoginFailures(ctx, by, endpoint.Now(ctx))
			if err != nil {
				return nil, err
			}
			out := &failuresOutput{}
			out.Body.Email, out.Body.Attempts = by.Email, failures.Count
			out.Body.Last, out.Body.SrcIPs = failures.Last/1_000_000, failures.Sources
			return out, nil
		}).ReadsMuch().Using(grant.On(grant.Audit, grant.Query))
}

type getLoginInput struct {
	Body struct {
		Email string `json:"email" minLength:"1" maxLength:"254"`
	}
}

// getLogin says how a person logs in. It does not say whether the address has an account.
func getLogin(Services) endpoint.Endpoint {
	return endpoint.New(endpoint.About{
		Name:    "accounts.get_login",
		Method:  http.MethodPost,
		Path:    "/login/lookup",
		Access:  endpoint.Public,
		PerHour: 300,
		Summary: "Ask how a person logs in",
		Description: "An empty object stands for a password. The answer is the same whether or not the address has an " +
			"account.",
	}, func(context.Context, *getLoginInput) (*endpoint.Empty, error) { return &endpoint.Empty{}, nil })
}
