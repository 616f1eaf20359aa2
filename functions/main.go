// Command functions is the one program of all Lambda functions: it runs the endpoint, domain or
// worker of functions/catalog whose name Lambda passes in _HANDLER. It connects the adapters of AWS
// and contains no rule of the product.
package main

import (
	"context"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/gateway"
	"github.com/tenantry/tenantry/functions/invocation"
	"github.com/tenantry/tenantry/shared/seal"
)

// startTime is the time limit of the start: less than the ten seconds after which Lambda aborts it.
const startTime = 8 * time.Second

func main() {
	handler, err := prepare(os.LookupEnv)
	if err != nil {
		slog.New(slog.NewJSONHandler(os.Stderr, nil)).
			Error("the function cannot start", "function", os.Getenv("_HANDLER"), "error", err)
		os.Exit(1)
	}
	lambda.Start(handler)
}

// prepare returns the handler of the function that the environment names.
func prepare(lookup func(string) (string, bool)) (lambda.Handler, error) {
	s, err := readSettings(lookup)
	if err != nil {
		return nil, err
	}
	function, err := invocation.Find(s.function)
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: s.level})).With("function", s.function)
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	config := configuration(lookup)
	var known *secrets
	var keyring *seal.Keyring
	if function.Secret {
		if known, err = loadSecrets(ctx, config, s.secretARN, log); err != nil {
			return nil, err
		}
		keyring = known.keyring
	}
	front := gateway.Front{BaseURL: s.baseURL}
	if s.originSecretARN != "" {
		if front.Secret, err = readSecret(ctx, config, s.originSecretARN); err != nil {
			return nil, err
		}
	}
	traces, err := startTraces(ctx, lookup)
	if err != nil {
		return nil, err
	}
	services := catalog.NewServices(connect(s, keyring, traces != nil, config, log))
	handler := invocation.Handler(s.function, services, invocation.Settings{CallsPerHour: s.callsPerHour, Front: front})
	if known != nil {
		handler = renewing{handler, known}
	}
	if traces != nil {
		handler = traced{handler, traces, log}
	}
	return handler, nil
}
