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
	// attempts is the maximum number of times that a request is sent, which takes about five
	// seconds.
	attempts     = 10
	firstPause   = 25 * time.Millisecond
	longestPause = time.Second
)

// pause waits before the next attempt, for a random part of an interval that doubles each time
// ("full jitter", aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter), so
// that requests that collided do not collide again.
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

// repeat sends a request until it succeeds, fails for good, or has failed too often; again reports
// which errors are worth another attempt. The errors are those of the port, except that failed
// conditions are returned as the SDK's errors.
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

// repeatable reports which errors are retried for requests that may be sent twice: reads, and
// writes whose condition or token makes a second request harmless.
func repeatable(err error) bool {
	return refused(err) || retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err) == aws.TrueTernary
}

// refused reports whether the service rejected the request, temporarily and without executing it.
func refused(err error) bool {
	if _, ok := errors.AsType[*types.TransactionConflictException](err); ok {
		return true
	}
	if cancelled, ok := errors.AsType[*types.TransactionCanceledException](err); ok {
		return onlyCollided(cancelled.CancellationReasons)
	}
	return retry.IsErrorThrottles(retry.DefaultThrottles).IsErrorThrottle(err) == aws.TrueTernary
}

// onlyCollided reports whether a transaction was cancelled for temporary reasons only
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

// translate leaves failed conditions as they are, separates programming mistakes, and turns
// everything else (throttling, network, credentials, a missing table) into a fault that a caller
// can only retry.
func translate(err error) error {
	if _, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return err
	}
	if cancelled, ok := errors.AsType[*types.TransactionCanceledException](err); ok &&
		!onlyCollided(cancelled.CancellationReasons) {
		return err
	}
	if apiError, ok := errors.AsType[smithy.APIError](err); ok && apiError.ErrorCode() == "ValidationException" {
		return fmt.Errorf("dynamo: the service rejected the request: %w", err)
	}
	return fault.Wrap(err, fault.Unavailable, "The database does not answer. Try again.")
}
