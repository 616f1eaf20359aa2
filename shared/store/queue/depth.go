package queue

import "context"

// Depth is the number of messages of a queue in each state.
type Depth struct {
	Queue    string `json:"queue"`
	Waiting  int64  `json:"waiting"`   // waiting for a worker
	InFlight int64  `json:"in_flight"` // being processed
	Delayed  int64  `json:"delayed"`   // delayed
	Dead     int64  `json:"dead"`      // failed too often
}

// Inspector counts the messages of the queues.
type Inspector interface {
	// Depths counts the messages of every queue, in the order of Names. On AWS the numbers are
	// approximate and some seconds old. It returns a fault of code Unavailable if a queue does not
	// respond.
	Depths(ctx context.Context) ([]Depth, error)
}
