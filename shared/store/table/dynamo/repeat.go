package dynamo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"github.com/tenantry/tenantry/shared/fault"
)

const (
	// attempts is how often one request is sent at the most: about five seconds.
	attempts     = 10
	firstPause   = 25 * time.Millisecond
	longestPause = time.Second
)

// pause waits before the next attempt: a random part of a time that doubles ("full
// jitter", aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter),
// so that those who collided do not collide again.
func pause(ctx context.Context, attempt int) error {
	longest := min(firstPause<<min(attempt, 10), longestPause)
	timer := time.NewTimer(rand.N(longest))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// repeat sends a request until it succeeds, fails for good, or has failed too often;
// again says which errors are worth another attempt. What it returns is what the port
// promises, except that failed conditions come as the SDK's errors.
func repeat(ctx context.Context, again func(err error) bool, send func() error) error {
	for attempt := 1; ; attempt++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := send()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return fmt.Errorf("dynamo: %w: %w", ctx.Err(), err)
		case !again(err) || attempt == attempts:
			return translate(err)
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}

// repeatable is for requests that may be sent twice: reads, and writes whose condition
// or token makes a second sending harmless.
func repeatable(err error) bool {
	return refused(err) || retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err) == aws.TrueTernary
}

// refused reports whether the service turned the request away, for the moment,
// without executing it.
func refused(err error) bool {
	if _, ok := errors.AsType[*types.TransactionConflictException](err); ok {
		return true
	}
	if cancelled, ok := errors.AsType[*types.TransactionCanceledException](err); ok {
		return onlyCollided(cancelled.CancellationReasons)
	}
	return retry.IsErrorThrottles(retry.DefaultThrottles).IsErrorThrottle(err) == aws.TrueTernary
}

// onlyCollided reports whether a transaction was cancelled for reasons that pass
// (docs.aws.amazon.com, TransactWriteItems, "CancellationReasons").
func onlyCollided(reasons []types.CancellationReason) bool {
	collided := false
	for _, reason := range reasons {
		switch aws.ToString(reason.Code) {
		case "", "None":
		case "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded":
			collided = true
		default:
			return false
		}
	}
	return collided
}

// translate leaves failed conditions as they are, tells our mistakes apart, and makes
// everything else (throttling, network, credentials, a missing table) a fault on which
// a caller can only try again.
func translate(err error) error {
	if _, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return err
	}
	if cancelled, ok := errors.AsType[*types.TransactionCanceledException](
		err,
	); ok &&
		!onlyCollided(cancelled.CancellationReasons) {
		return err
	}
	if found, ok := errors.AsType[smithy.APIError](err); ok && found.ErrorCode() == "ValidationException" {
		return fmt.Errorf("dynamo: the service does not take the request: %w", err)
	}
	return fault.Wrap(err, fault.Unavailable, "The database does not answer. Try again.")
}
