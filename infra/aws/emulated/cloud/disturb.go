package cloud

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"strings"
)

// longestDelay is the maximum delay of a disturbed message in seconds.
const longestDelay = 3

// pass forwards a request of the functions to the emulator. Messages that a disturbed installation
// sends to queues are delayed, and half of them are sent twice.
func (c *Cloud) pass(w http.ResponseWriter, r *http.Request, proxy http.Handler) {
	installation := c.installation(regionOf(r))
	if installation != nil && !installation.guard.admits(w, r) {
		return
	}
	if installation == nil || !installation.settings.Disturbed ||
		!strings.HasPrefix(r.Header.Get("X-Amz-Target"), "AmazonSQS.SendMessage") {
		proxy.ServeHTTP(w, r)
		return
	}
	sent, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if rand.IntN(2) == 0 {
		again := r.Clone(r.Context())
		again.Body, again.ContentLength = delayed(sent)
		proxy.ServeHTTP(&recorder{header: http.Header{}}, again)
		installation.repeated.Add(1)
	}
	r.Body, r.ContentLength = delayed(sent)
	proxy.ServeHTTP(w, r)
}

// delayed adds a delay to each message of a request.
func delayed(sent []byte) (io.ReadCloser, int64) {
	var request object
	if json.Unmarshal(sent, &request) == nil {
		entries, _ := request["Entries"].([]any)
		for n, entry := range entries {
			late := maps.Clone(entry.(object))
			late["DelaySeconds"] = rand.IntN(longestDelay + 1)
			entries[n] = late
		}
		if entries == nil {
			request["DelaySeconds"] = rand.IntN(longestDelay + 1)
		}
		if changed, err := json.Marshal(request); err == nil {
			sent = changed
		}
	}
	return io.NopCloser(bytes.NewReader(sent)), int64(len(sent))
}
