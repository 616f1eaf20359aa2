package invocation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/gateway"
	"github.com/tenantry/tenantry/functions/worker"
	"github.com/tenantry/tenantry/shared/limit"
)

// Find returns the function with a name, of any granularity.
func Find(name string) (catalog.Function, error) {
	for _, granularity := range catalog.Granularities() {
		functions, err := catalog.Functions(granularity)
		if err != nil {
			return catalog.Function{}, err
		}
		for _, function := range functions {
			if function.Name == name {
				return function, nil
			}
		}
	}
	return catalog.Function{}, fmt.Errorf(
		"no function is named %q: the handler must be a name of the catalog, as in cases.create, cases or mail.send",
		name,
	)
}

// Settings configure how functions are served.
type Settings struct {
	// CallsPerHour is how many calls a person or token may make per hour.
	CallsPerHour int
	Front        gateway.Front
}

// Handler returns the handler of a function; Find must know its name.
func Handler(name string, services catalog.Services, settings Settings) lambda.Handler {
	log := services.Log
	switch name {
	case catalog.RelayName:
		return logged(name, log, catalog.Relay(services).Handle)
	case catalog.SweepName:
		return logged(name, log, func(ctx context.Context, _ json.RawMessage) (map[string]int, error) {
			moved, err := catalog.Relay(services).Sweep(ctx)
			return map[string]int{"messages": moved}, err
		})
	case catalog.WakeName:
		return logged(name, log, func(ctx context.Context, _ json.RawMessage) (map[string]int, error) {
			looked, err := services.Schedule.QueueDue(ctx)
			ending, failed := services.Life.QueueDue(ctx)
			_, unsent := services.Bastion.QueueDue(ctx)
			forgotten, late := services.Intake.ForgetQuarantined(ctx)
			return map[string]int{"cases": looked, "mails": forgotten, "orgs": ending}, errors.Join(err, failed, unsent, late,
				services.Lists.Renew(ctx), services.Directory.Renew(ctx))
		})
	case catalog.ArchiveName:
		return logged(name, log, func(ctx context.Context, _ json.RawMessage) (map[string]int, error) {
			days, err := services.Archive.CatchUp(ctx)
			return map[string]int{"days": days}, err
		})
	case catalog.ParkName:
		return logged(name, log, worker.ServeDead(catalog.Workers(services), services.DeadLetters, log))
	case catalog.SetupTokenName:
		return logged(name, log, setupToken(services))
	}
	for _, declared := range catalog.Workers(services) {
		if declared.Name == name {
			return logged(name, log, worker.Serve(declared, services.DeadLetters, services.Postponer, log))
		}
	}
	counts := limit.NewStored(services.Store, services.Now, log)
	serve := gateway.Serve(served(name, services, settings, counts), settings.Front)
	return logged(
		name,
		log,
		func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
			response, err := serve(ctx, event)
			if late := counts.Settle(ctx); late != nil { // after the response, Lambda freezes the function
				log.WarnContext(ctx, "a call may not have been counted", "error", late)
			}
			return response, err
		},
	)
}

// setupToken returns the token for creating the first operator, to anybody who may call the
// function.
func setupToken(services catalog.Services) func(context.Context, json.RawMessage) (map[string]string, error) {
	return func(ctx context.Context, _ json.RawMessage) (map[string]string, error) {
		token, err := services.Accounts.PrepareSetup(ctx, "")
		if err == nil && token == "" {
			return map[string]string{
				"detail": "Setup is already done. Log in, or ask an operator for an invitation.",
			}, nil
		}
		return map[string]string{"setup_token": token, "setup_url": services.BaseURL + endpoint.Prefix + "/setup"}, err
	}
}

// served returns the handler of a function's endpoints, of the pages or an area of them, or of what
// belongs to the API and is not an endpoint.
func served(name string, services catalog.Services, settings Settings, counts endpoint.Limiter) http.Handler {
	with := endpoint.Settings{
		Accounts:     services.Accounts,
		Journal:      services.Journal,
		Keyring:      services.Keyring,
		Limits:       counts,
		Log:          services.Log,
		Now:          services.Now,
		Secure:       strings.HasPrefix(services.BaseURL, "https://"),
		CallsPerHour: settings.CallsPerHour,
		Version:      catalog.Version,
	}
	switch domain, area, _ := strings.Cut(name, "."); domain {
	case catalog.PortalName:
		return catalog.Pages(with, services, area)
	case catalog.APIName:
		return catalog.API(with, services)
	}
	all := catalog.Endpoints(services)
	with.Routes = endpoint.RoutesOf(all)
	return endpoint.Handler(with, catalog.ServedBy(name, all))
}
