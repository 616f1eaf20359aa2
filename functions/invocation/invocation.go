// Package invocation turns the functions of the catalog into AWS Lambda handlers: event in,
// response out. It contains no rule of the product, and does not depend on the services' adapters.
package invocation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// maxShown is how many bytes of an invalid event are logged.
const maxShown = 200

// function is a function of the catalog as Lambda calls it.
type function[In, Out any] struct {
	name string
	log  *slog.Logger
	call func(ctx context.Context, in In) (Out, error)
}

// logged returns a Lambda handler that logs failures with the function's name and the id of the
// call. An event of the wrong form is an error, so that a queue keeps the message and a stream its
// record.
func logged[In, Out any](
	name string,
	log *slog.Logger,
	call func(ctx context.Context, in In) (Out, error),
) lambda.Handler {
	return function[In, Out]{name, log, call}
}

// Invoke reads the event, calls the function, and writes its response.
func (f function[In, Out]) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	log := f.log
	if called, ok := lambdacontext.FromContext(ctx); ok {
		log = log.With("invocation", called.AwsRequestID)
	}
	var in In
	if err := json.Unmarshal(payload, &in); err != nil {
		log.ErrorContext(ctx, "the event does not have the form that this function expects",
			"error", err, "begins", string(payload[:min(len(payload), maxShown)]))
		return nil, fmt.Errorf("the event does not have the form that %s expects: %w", f.name, err)
	}
	out, err := f.call(ctx, in)
	if err != nil {
		log.ErrorContext(ctx, "the call failed", "error", err)
		return nil, errors.New(f.name + " failed; the log says why")
	}
	return json.Marshal(out)
}
