package queue

import "context"

// Depth is how many messages a queue holds, by their state.
type Depth struct {
	Queue    string `json:"queue"`
	Waiting  int64  `json:"waiting"`   // to be handed out
	InFlight int64  `json:"in_flight"` // being worked on
	Delayed  int64  `json:"delayed"`   // in a pause before they wait
	Dead     int64  `json:"dead"`      // failed too often
}

// Inspector looks at the queues from outside.
type Inspector interface {
	// Depths counts the messages of every queue, in the order of Names. On AWS the
	// numbers are approximate, and some seconds old. It returns a fault of code
	// Unavailable when a queue does not answer.
	Depths(ctx context.Context) ([]Depth, error)
}
