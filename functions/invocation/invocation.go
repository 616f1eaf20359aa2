// Package invocation makes the functions of the catalog into what AWS Lambda calls: an event in, an
// answer out. It holds no rule of the product, and does not know on which adapters the services
// stand.
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

// maxShown is how much of an event that cannot be read is logged, in bytes.
const maxShown = 200

// function is one call of a function: an event in, an answer out.
type function[In, Out any] struct {
	name string
	log  *slog.Logger
	call func(ctx context.Context, in In) (Out, error)
}

// logged makes a Lambda handler that says in the log what failed, with the function's name and the
// id of the call. An event of another shape than the function's is an error: a queue then keeps the
// message, a stream its record.
func logged[In, Out any](
	name string,
	log *slog.Logger,
	call func(ctx context.Context, in In) (Out, error),
) lambda.Handler {
	return function[In, Out]{name, log, call}
}

// Invoke reads the event, calls the function, and writes its answer.
func (f function[In, Out]) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	log := f.log
	if called, ok := lambdacontext.FromContext(ctx); ok {
		log = log.With("request", called.AwsRequestID)
	}
	var in In
	if err := json.Unmarshal(payload, &in); err != nil {
		log.ErrorContext(ctx, "the event has not the shape that this function takes",
			"error", err, "begins", string(payload[:min(len(payload), maxShown)]))
		return nil, fmt.Errorf("the event has not the shape that %s takes: %w", f.name, err)
	}
	out, err := f.call(ctx, in)
	if err != nil {
		log.ErrorContext(ctx, "the call failed", "error", err)
		return nil, errors.New(f.name + " failed; the log says why")
	}
	return json.Marshal(out)
}
