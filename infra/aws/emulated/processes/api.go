package processes

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// maxPayload is the maximum size of an event or a response in bytes ("Lambda quotas": 6 MB for
// synchronous calls).
const maxPayload = 6 << 20

// call is one event being processed by a function.
type call struct {
	id       string
	event    []byte
	deadline time.Time

	once   sync.Once
	done   chan struct{}
	answer []byte // the function's response, if there was no error
	failed []byte // an error as JSON, as AWS Lambda returns it to the caller
}

func newCall(id string, event []byte) *call {
	return &call{id: id, event: event, done: make(chan struct{})}
}

// finish sets the outcome of the call; only the first one counts.
func (c *call) finish(answer, failed []byte) {
	c.once.Do(func() {
		c.answer, c.failed = answer, failed
		close(c.done)
	})
}

func (c *call) fail(err error) {
	text, _ := json.Marshal(
		map[string]string{"errorMessage": err.Error(), "errorType": "Runtime.Unknown"},
	) // a map of strings can always be marshaled
	c.finish(nil, text)
}

// api is Lambda's runtime API for one process ("Using the Lambda runtime API for custom runtimes").
func (one *process) api(arn string) http.Handler {
	var now atomic.Pointer[call] // there is at most one call, and the program asks for the next when it is done
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", func(w http.ResponseWriter, r *http.Request) {
		select {
		case one.asked <- struct{}{}:
		default:
		}
		var current *call
		select {
		case current = <-one.calls:
		case <-r.Context().Done():
			return
		}
		now.Store(current)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", current.id)
		w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(current.deadline.UnixMilli(), 10))
		w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", arn)
		_, _ = w.Write(current.event) // the end of the program is detected elsewhere
	})
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/{what}", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, maxPayload+1))
		current := now.Load()
		if err != nil || current == nil || r.PathValue("id") != current.id {
			http.Error(w, "there is no such call", http.StatusBadRequest)
			return
		}
		switch {
		case r.PathValue("what") == "error":
			current.finish(nil, body)
		case len(body) > maxPayload:
			current.fail(fmt.Errorf("the response is larger than the %d bytes that AWS Lambda allows", maxPayload))
		default:
			current.finish(body, nil)
		}
		w.WriteHeader(http.StatusAccepted)
	})
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(io.LimitReader(r.Body, maxPayload)) // an empty response suffices
		select {
		case one.broken <- fmt.Errorf("%s", body):
		default:
		}
		w.WriteHeader(http.StatusAccepted)
	})
	return mux
}
