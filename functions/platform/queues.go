package platform

import (
	"context"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// Queue is the depth of a queue.
type Queue struct {
	Name     string `json:"name"`
	Waiting  int64  `json:"waiting" doc:"Messages that are ready for delivery."`
	InFlight int64  `json:"in_flight" doc:"Messages that are being processed."`
	Delayed  int64  `json:"delayed" doc:"Messages waiting for a retry."`
	Dead     int64  `json:"dead" doc:"Messages that failed too often and are about to become dead letters."`
}

type queuesOutput struct {
	Body struct {
		Results []Queue `json:"results"`
	}
}

// listQueues returns the depth of every queue.
func listQueues(s Services) endpoint.Endpoint {
	uses := grant.On(grant.Audit, grant.Put)
	for _, name := range queue.Names() {
		uses = grant.Union(uses, grant.On(grant.Queue(name), grant.Depth))
	}
	return endpoint.Get("platform.list_queues", "/platform/queues", "Get the depth of every queue (operators)",
		func(ctx context.Context, _ *endpoint.None) (*queuesOutput, error) {
			depths, err := s.DeadLetters.Queues(ctx, endpoint.Principal(ctx))
			if err != nil {
				return nil, err
			}
			out := &queuesOutput{}
			for _, d := range depths {
				out.Body.Results = append(out.Body.Results,
					Queue{Name: d.Queue, Waiting: d.Waiting, InFlight: d.InFlight, Delayed: d.Delayed, Dead: d.Dead})
			}
			return out, nil
		}).Using(uses)
}
