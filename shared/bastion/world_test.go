package bastion_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/bastion"
	"github.com/tenantry/tenantry/shared/bastion/signature"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/outward"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/tenant"
)

// world is production and a bastion that know each other's keys.
type world struct {
	*apptest.Estate // production
	t               *testing.T
	operator        identity.Principal
	here            *bastion.Service
	peer            *apptest.Estate
	there           *bastion.Service
	// before, if any, is called with each request before the bastion gets it, and after behind it; both report
	// whether the request or its answer is lost.
	before, after func(bastion.Request) bool
	requests      []bastion.Request
	status        atomic.Int32
	// served orders what requests and tests do to the fields above.
	served  atomic.Int64
	handled map[string]bool // messages by ID
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Estate: apptest.NewEstate(t), t: t, peer: apptest.NewEstate(t)}
	w.operator = w.Operator()
	server := httptest.NewServer(http.HandlerFunc(w.serve))
	t.Cleanup(server.Close)
	_, at, _ := strings.Cut(server.URL, "://")
	w.here = bastion.New(w.Journal, w.Tenants, w.Keyring, outward.New(outward.Options{Allowed: []string{at}}))
	w.there = bastion.New(w.peer.Journal, w.peer.Tenants, w.peer.Keyring, outward.New(outward.Options{}))
	production, bastionSide := bastion.Production, bastion.BastionSide
	here := w.set(w.here, w.operator, bastion.Change{Side: &production, PeerURL: &server.URL})
	there := w.set(w.there, w.peer.Operator(), bastion.Change{Side: &bastionSide, PeerKey: &here.Key})
	w.set(w.here, w.operator, bastion.Change{Enabled: new(true), PeerKey: &there.Key})
	w.set(w.there, w.peer.Operator(), bastion.Change{Enabled: new(true)})
	w.handled = map[string]bool{}
	w.waiting()
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) set(s *bastion.Service, by identity.Principal, change bastion.Change) bastion.Setting {
	w.t.Helper()
	setting, err := s.ChangeSetting(w.t.Context(), by, change)
	w.must(err)
	return setting
}

// serve is the bastion's endpoint.
func (w *world) serve(rw http.ResponseWriter, r *http.Request) {
	w.served.Add(1)
	defer w.served.Add(1)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.t.Error(err)
	}
	request := bastion.Request{
		Method: r.Method, OrgID: strings.TrimPrefix(r.URL.Path, bastion.PeerPath), Body: body,
		Digest: r.Header.Get("Content-Digest"), ID: r.Header.Get("Peer-Request"), Number: r.Header.Get("Peer-Number"),
		To:        r.Header.Get("Peer-To"),
		Signature: signature.Headers{Input: r.Header.Get("Signature-Input"), Signature: r.Header.Get("Signature")},
	}
	w.requests = append(w.requests, request)
	if w.before != nil && w.before(request) {
		panic(http.ErrAbortHandler)
	}
	answer, err := w.there.Receive(r.Context(), request)
	if w.after != nil && w.after(request) {
		panic(http.ErrAbortHandler)
	}
	if err != nil {
		rw.WriteHeader(map[fault.Code]int{
			fault.NotFound: 404, fault.Forbidden: 403, fault.Conflict: 409, fault.Invalid: 400, fault.Unavailable: 503,
		}[fault.CodeOf(err)])
		return
	}
	rw.Header().Set("Signature-Input", answer.Signature.Input)
	rw.Header().Set("Signature", answer.Signature.Signature)
	if status := int(w.status.Load()); status != 0 {
		rw.WriteHeader(status)
	}
	_, _ = rw.Write(answer.Body)
}

// waiting returns the messages that were not handled yet, and marks them as handled.
func (w *world) waiting() []queue.Message {
	w.t.Helper()
	var waiting []queue.Message
	for _, message := range w.Outbox() {
		if !w.handled[message.ID] {
			waiting, w.handled[message.ID] = append(waiting, message), true
		}
	}
	return waiting
}

// work handles the messages that wait, each as often as given.
func (w *world) work(times int) {
	w.t.Helper()
	for messages := w.waiting(); len(messages) > 0; messages = w.waiting() {
		for _, message := range messages {
			var task tenant.BastionTask
			w.must(json.Unmarshal(message.Body, &task))
			for range times {
				if bastion.IsTask(task) {
					w.must(w.here.Tend(w.t.Context(), task, time.Minute))
				}
			}
		}
	}
}

// later lets a time pass, and does what is due then.
func (w *world) later(t time.Duration) {
	w.t.Helper()
	w.Clock.Pass(t)
	w.peer.Clock.Pass(t)
	_, err := w.here.QueueDue(w.t.Context())
	w.must(err)
	w.work(1)
}

// sent returns the requests so far.
func (w *world) sent() []bastion.Request {
	w.served.Load()
	return w.requests
}

// losing loses the requests and answers for which functions return true; nil for none.
func (w *world) losing(before, after func(bastion.Request) bool) {
	w.served.Load()
	w.before, w.after = before, after
	w.served.Add(1)
}

// all is a function for losing.
func all(bastion.Request) bool { return true }

func (w *world) stage(org tenant.Org) {
	w.t.Helper()
	_, _, err := w.here.Stage(w.t.Context(), w.operator, org.ID)
	w.must(err)
}

func (w *world) unstage(org tenant.Org) {
	w.t.Helper()
	_, _, err := w.here.Unstage(w.t.Context(), w.operator, org.ID)
	w.must(err)
}

// is checks the state of an organization at production, and whether the bastion holds it under a name; "" for
// not at all.
func (w *world) is(org tenant.Org, state tenant.BastionState, held string) bastion.Status {
	w.t.Helper()
	status, err := w.here.Status(w.t.Context(), w.operator, org.ID)
	w.must(err)
	stored, err := w.Tenants.LoadOrg(w.t.Context(), org.ID)
	w.must(err)
	if status.State != state || stored.BastionState() != state {
		w.t.Errorf("%s is %+v, and %s; want %s", org.Name, status, stored.BastionState(), state)
	}
	page, err := w.there.List(w.t.Context(), w.peer.Operator(), "", 1000)
	w.must(err)
	got := ""
	for _, one := range page.Orgs {
		if one.OrgID == org.ID {
			got = one.Name
		}
	}
	if got != held {
		w.t.Errorf("the bastion holds %s as %q, want %q", org.Name, got, held)
	}
	return status
}
