package processes

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Host receives calls of functions by HTTP, in the form in which MiniStack forwards them in its
// proxy mode, and passes them to the functions' processes.
type Host struct {
	// Find returns the configuration of a function when it is called for the first time, and the
	// account that it runs in.
	Find func(ctx context.Context, arn string) (Function, Account, error)
	// Output receives the lines that the functions log.
	Output func(region, function, line string)
	// Before returns an event as the function gets it, and whether it gets it twice.
	Before func(region string, event []byte) (changed []byte, twice bool)
	// After returns a response as the caller gets it, or an error if the response means a failure.
	After func(event, answer []byte) (changed []byte, err error)
	Log   *slog.Logger

	server *http.Server
	mutex  sync.Mutex
	pools  map[string]*pool
}

// Start serves until Close is called, and returns the address for MINISTACK_LAMBDA_PROXY_URL.
func (h *Host) Start(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	h.pools = map[string]*pool{}
	h.server = &http.Server{Handler: http.HandlerFunc(h.serve), ReadHeaderTimeout: time.Minute}
	go func() { _ = h.server.Serve(listener) }() // returns when the server is closed
	return "http://" + listener.Addr().String() + "/", nil
}

// Close stops all processes.
func (h *Host) Close() {
	_ = h.server.Close()
	h.Forget("")
}

// Forget stops the processes of a region, or of all regions for "". Their functions are looked up
// again at the next call.
func (h *Host) Forget(region string) {
	var gone []*pool
	h.mutex.Lock()
	for arn, one := range h.pools {
		if region == "" || regionOf(arn) == region {
			gone = append(gone, one)
			delete(h.pools, arn)
		}
	}
	h.mutex.Unlock()
	for _, one := range gone {
		one.close()
	}
}

// regionOf returns the region in an ARN.
func regionOf(arn string) string {
	parts := strings.Split(arn, ":")
	if len(parts) < 6 {
		return ""
	}
	return parts[3]
}

func (h *Host) serve(w http.ResponseWriter, r *http.Request) {
	arn := r.Header.Get("X-Amzn-Lambda-Function-Arn")
	id := r.Header.Get("X-Amzn-Lambda-Request-Id")
	event, err := io.ReadAll(io.LimitReader(r.Body, maxPayload+1))
	if err == nil && len(event) > maxPayload {
		err = fmt.Errorf("the event is larger than the %d bytes that AWS Lambda allows", maxPayload)
	}
	c := newCall(id, event)
	if err != nil {
		c.fail(err)
	} else if one, err := h.pool(r.Context(), arn); err != nil {
		h.Log.Error("a function cannot be called", "function", arn, "error", err)
		c.fail(err)
	} else {
		c = h.run(one, c)
	}
	w.Header().Set("Content-Type", "application/json")
	if c.failed != nil {
		h.Output(regionOf(arn), arn[strings.LastIndex(arn, ":")+1:], "the call failed: "+string(c.failed))
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write(c.failed) // a caller that disconnected needs no response
		return
	}
	_, _ = w.Write(c.answer)
}

// run completes a call even if the caller has disconnected, as AWS Lambda does.
func (h *Host) run(one *pool, c *call) *call {
	ctx := context.Background()
	event, twice := h.Before(one.account.Region, c.event)
	c.event = event
	one.call(ctx, c)
	<-c.done
	if twice && c.failed == nil {
		c = newCall(c.id, event)
		one.call(ctx, c)
		<-c.done
	}
	if c.failed == nil {
		checked := newCall(c.id, event)
		if answer, err := h.After(event, c.answer); err != nil {
			checked.fail(err)
		} else {
			checked.finish(answer, nil)
		}
		return checked
	}
	return c
}

func (h *Host) pool(ctx context.Context, arn string) (*pool, error) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if existing := h.pools[arn]; existing != nil {
		return existing, nil
	}
	function, account, err := h.Find(ctx, arn)
	if err != nil {
		return nil, err
	}
	created := &pool{function: function, account: account, all: map[*process]bool{}}
	created.output = func(function, line string) { h.Output(account.Region, function, line) }
	h.pools[arn] = created
	return created, nil
}
