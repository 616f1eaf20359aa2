package endpoint

import (
	"context"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/limit/network"
)

const (
	// personShare is how many times the calls of one token all tokens of a person may make together.
	personShare = 4
	// networkShare is how many times the calls of a network the next larger one may make: households
	// of a provider's network, or departments of a company, share it.
	networkShare = 4
	// heavyShare is which part of the calls of one token all calls of a person may be that read much:
	// one of them can take as long as a hundred others.
	heavyShare = 5
)

// callLimit is how many calls may be counted under a key in an hour.
type callLimit struct {
	key  string
	most int
}

// networkLimits returns the limits for calls of an endpoint from an address. A version 6 address
// counts for each of its networks, because its owner has more addresses than can be counted.
func networkLimits(name, source string, most int) []callLimit {
	var limits []callLimit
	for _, one := range network.Of(source) {
		limits = append(limits, callLimit{name + " " + one, most})
		most *= networkShare
	}
	return limits
}

// personLimits returns the limits for a call of somebody known: of the token or of the person's
// sessions, of all tokens of the person, of endpoints with a limit of their own, and of those that read
// much.
func (s *server) personLimits(about About, by identity.Principal) []callLimit {
	limits := []callLimit{{"calls " + by.UserID + by.TokenID, s.CallsPerHour}}
	if by.TokenID != "" && by.UserID != "" {
		limits = append(limits, callLimit{"tokens of " + by.UserID, personShare * s.CallsPerHour})
	}
	if about.PerHour > 0 && by.UserID != "" {
		limits = append(limits, callLimit{about.Name + " by " + by.UserID, about.PerHour})
	}
	if about.Heavy && by.UserID != "" {
		limits = append(limits, callLimit{"heavy calls of " + by.UserID, max(s.CallsPerHour/heavyShare, 1)})
	}
	return limits
}

// countAll counts a call under several keys, and rejects it above one of their limits. A rejected
// call does not count under the keys behind: who is beyond the first limit uses up no other. It
// returns the usage under the first key.
func (s *server) countAll(ctx context.Context, limits []callLimit) (Usage, error) {
	var first Usage
	for i, one := range limits {
		usage, err := s.count(ctx, one.key, one.most)
		if err != nil {
			return Usage{}, err
		}
		if i == 0 {
			first = usage
		}
	}
	return first, nil
}

// count counts a call and rejects it above the hourly limit.
func (s *server) count(ctx context.Context, key string, most int) (Usage, error) {
	calls, left, err := s.Limits.Take(ctx, key, time.Hour)
	if err != nil {
		return Usage{}, err
	}
	if calls > most {
		limited := fault.New(
			fault.Limited,
			"More than %d calls in this hour. Come back in %d seconds.",
			most,
			int(left/time.Second)+1,
		)
		limited.RetryAfter = left
		return Usage{}, limited
	}
	return Usage{Calls: calls, Limit: most, Left: left}, nil
}
