package endpoint

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
)

const (
	// onceHeader names the idempotency key: a request takes effect once, however often it is sent
	// with it.
	onceHeader = "Idempotency-Key"
	// replayedHeader marks the replayed response of an earlier request.
	replayedHeader = "Idempotency-Replayed"
	// longestOnceKey is the maximum number of characters of a key.
	longestOnceKey = 255
	// onceWait is how long a repeated request waits for the response to the first, and oncePause is
	// the pause between two checks.
	onceWait, oncePause = 2 * time.Second, 50 * time.Millisecond
)

// answered is an answer as it is kept. It is sealed, because it may hold what only the caller may see.
type answered struct {
	// Withheld is set if the answer has a secret: then nothing of it is kept.
	Withheld bool `json:"withheld,omitempty"`
	// At is when it was kept, in epoch seconds.
	At int64 `json:"at,omitempty"`

	Status int         `json:"status,omitempty"`
	Header http.Header `json:"header,omitempty"`
	Body   []byte      `json:"body,omitempty"`
}

// onceParameter describes the key in the API's document.
func (a About) onceParameter() *huma.Param {
	longest := longestOnceKey
	effect := "takes effect once, and gets the answer of the first; with another body it is refused (409)."
	if a.Secret {
		effect = "takes effect once, and is refused (409): the answer has a secret, and is not kept."
	}
	return &huma.Param{
		Name: onceHeader, In: "header",
		Description: "A key of your choice, new for each request. A request that is sent again with its key within a day " +
			effect,
		Schema: &huma.Schema{Type: huma.TypeString, MaxLength: &longest, Pattern: "^[ -~]*$"},
	}
}

// repeatable reports whether calls of an endpoint accept a key: those by a known caller that change
// something.
func (a About) repeatable() bool {
	return a.Access != Public && a.Method != http.MethodGet && a.Method != http.MethodHead
}

// once makes a request with a key take effect once.
func (s *server) once(about About) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		call := of(ctx.Context())
		if !about.repeatable() || !call.known {
			next(ctx)
			return
		}
		ctx, read, err := fingerprinted(ctx, about)
		if err != nil {
			s.refuse(ctx, about, err)
			return
		}
		defer read.close()
		key, err := read.key(ctx, about)
		if err != nil {
			s.refuse(ctx, about, err)
			return
		}
		if key == "" {
			next(ctx)
			return
		}
		inner, once := change.WithOnce(ctx.Context(), change.Request{
			Caller: call.principal.UserID, Credential: call.principal.Credential(),
			Operation: about.Method + " " + call.url.Path, Key: key, Fingerprint: s.signed(read.sum),
		})
		stored, err := s.Journal.Kept(inner, once)
		if err != nil {
			s.refuse(ctx, about, err)
			return
		}
		if stored.Fingerprint != "" {
			// Read the body for its fingerprint; a read error only changes the fingerprint.
			_, _ = io.Copy(io.Discard, io.LimitReader(ctx.BodyReader(), about.MaxBody))
			s.repeat(ctx, about, once, read.sum)
			return
		}
		recorded := &recording{call: ctx, header: http.Header{}}
		next(huma.WithContext(recorded, inner))
		switch {
		case recorded.status < http.StatusMultipleChoices:
			answer := recorded.answered()
			if about.Secret || recorded.header.Get("Set-Cookie") != "" {
				answer = answered{Withheld: true}
			}
			answer.At = s.Now().Unix()
			if err := s.keep(inner, once, answer); err != nil {
				s.Log.ErrorContext(inner, "an answer was not kept", "endpoint", about.Name, "error", err)
			}
		case !once.Done():
			// Another attempt may have been first, and left nothing for this one to do.
			if stored, err = s.Journal.Kept(inner, once); err == nil && stored.Fingerprint != "" {
				s.repeat(ctx, about, once, read.sum)
				return
			}
		}
		recorded.answered().write(ctx)
	}
}

const oncePurpose = "once"

// signed makes what distinguishes the contents of a request useless for guessing them: they may have a
// password.
func (s *server) signed(sum func() string) func() string {
	return func() string {
		return base64.RawURLEncoding.EncodeToString(s.Keyring.Sign(oncePurpose, sum()))
	}
}

// same reports whether a stored fingerprint is that of the contents, even if the installation's secret
// was rotated in between.
func (s *server) same(fingerprint, sum string) bool {
	signature, err := base64.RawURLEncoding.DecodeString(fingerprint)
	return err == nil && s.Keyring.Signed(signature, oncePurpose, sum)
}

// repeat answers a request that was carried out before, if the caller can still see where.
func (s *server) repeat(ctx huma.Context, about About, once *change.Once, sum func() string) {
	by := of(ctx.Context()).principal
	org, err := s.seesPlace(ctx, about, by)
	var answer answered
	if err == nil {
		answer, err = s.earlier(ctx.Context(), once, sum())
	}
	if err == nil {
		err = s.stillShown(by, org, answer)
	}
	if err != nil {
		s.refuse(ctx, about, err)
		return
	}
	ctx.SetHeader(replayedHeader, "true")
	answer.write(ctx)
}

// earlier returns the answer of a request that was carried out before; a fault of code Conflict if the
// key was another request's, or if the answer is not known.
func (s *server) earlier(ctx context.Context, once *change.Once, sum string) (answered, error) {
	for waited := time.Duration(0); ; waited += oncePause {
		stored, err := s.Journal.Kept(ctx, once)
		switch {
		case err != nil:
			return answered{}, err
		case !s.same(stored.Fingerprint, sum):
			return answered{}, fault.New(
				fault.Conflict, "This key was used for another request. Give each request a key of its own.")
		case stored.Answer != "":
			var answer answered
			text, err := s.Keyring.Open(oncePurpose, once.Binding(), stored.Answer)
			if err != nil {
				return answered{}, err
			}
			if err := json.Unmarshal(text, &answer); err != nil {
				return answered{}, err
			}
			if answer.Withheld {
				return answered{}, fault.New(fault.Conflict, "This request was carried out before. Its answer has a secret "+
					"and is not kept. See what it changed; for a new secret, send the request with a new key.")
			}
			return answer, nil
		case waited >= onceWait:
			return answered{}, fault.New(fault.Conflict,
				"This request was carried out before, but its answer was not kept. Read what it changed.")
		}
		select {
		case <-ctx.Done():
			return answered{}, ctx.Err()
		case <-time.After(oncePause):
		}
	}
}

// keep stores the response to a request.
func (s *server) keep(ctx context.Context, once *change.Once, answer answered) error {
	if !once.Done() {
		return nil
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	return s.Journal.Keep(ctx, once, s.Keyring.Seal(oncePurpose, once.Binding(), text))
}

// bodyRead is what has been read of a request, for its fingerprint.
type bodyRead struct {
	query string
	data  []byte       // the body, if it is read into memory
	body  *Fingerprint // the body, if the handler streams it
}

// fingerprinted returns the call with a body whose fingerprint is taken while it is read.
func fingerprinted(ctx huma.Context, about About) (huma.Context, *bodyRead, error) {
	address := ctx.URL()
	read := &bodyRead{query: address.Query().Encode()}
	body := ctx.BodyReader()
	switch operation := ctx.Operation(); {
	case ctx.Header(onceHeader) == "" && about.BodyKey == "" || body == nil:
		return ctx, read, nil
	case about.Body != nil:
		read.body = NewFingerprint(body, ctx.Header("Content-Type"))
		return withBody{ctx, read.body}, read, nil
	case operation == nil || operation.RequestBody == nil:
		return ctx, read, nil
	}
	var err error
	read.data, err = io.ReadAll(io.LimitReader(body, about.MaxBody+1))
	return withBody{ctx, io.MultiReader(bytes.NewReader(read.data), failing{err})}, read, nil
}

func (r *bodyRead) sum() string {
	body := r.body
	if body == nil {
		body = NewFingerprint(bytes.NewReader(r.data), "")
		_, _ = io.Copy(io.Discard, body) // reading from memory never fails
	}
	whole := NewFingerprint(strings.NewReader(r.query+"\n"+body.Sum()), "")
	_, _ = io.Copy(io.Discard, whole)
	return whole.Sum()
}

func (r *bodyRead) close() {
	if r.body != nil {
		_ = r.body.Close() // closing a pipe for writing never fails
	}
}

// key returns the key of a request, from the header or, if the endpoint defines one, from a field
// of the body.
func (r *bodyRead) key(ctx huma.Context, about About) (string, error) {
	key := ctx.Header(onceHeader)
	if about.BodyKey != "" {
		var fields map[string]json.RawMessage
		var inBody string
		_ = json.Unmarshal(r.data, &fields) // the body is validated later
		_ = json.Unmarshal(fields[about.BodyKey], &inBody)
		if key != "" && inBody != "" && key != inBody {
			return "", fault.InField("body."+about.BodyKey, "must be the same as the header %s", onceHeader)
		}
		if key == "" {
			key = inBody
		}
	}
	unprintable := func(r rune) bool { return r < ' ' || r > '~' }
	if len(key) > longestOnceKey || strings.ContainsFunc(key, unprintable) {
		return "", fault.InField("header."+onceHeader, "must have at most %d printable ASCII characters", longestOnceKey)
	}
	return key, nil
}

// recording is a call whose response is buffered.
type recording struct {
	call
	status int
	header http.Header
	body   bytes.Buffer
}

// SetStatus records the status.
func (r *recording) SetStatus(status int) { r.status = status }

// Status returns the status.
func (r *recording) Status() int { return r.status }

// SetHeader records a header.
func (r *recording) SetHeader(name, value string) { r.header.Set(name, value) }

// AppendHeader records a further value of a header.
func (r *recording) AppendHeader(name, value string) { r.header.Add(name, value) }

// BodyWriter returns the buffer for the body.
func (r *recording) BodyWriter() io.Writer { return &r.body }

func (r *recording) answered() answered {
	return answered{Status: r.status, Header: r.header, Body: r.body.Bytes()}
}

// write sends the response to the caller.
func (a answered) write(ctx huma.Context) {
	for name, values := range a.Header {
		for _, value := range values {
			ctx.AppendHeader(name, value)
		}
	}
	ctx.SetStatus(max(a.Status, http.StatusOK))
	_, _ = ctx.BodyWriter().Write(a.Body) // fails only if the client has disconnected
}

// Submission is a submitted form that takes effect once, however often it is sent.
type Submission struct {
	server *server
	once   *change.Once
	sum    func() string
}

// Submit returns a context whose first change takes effect once for the form's one-time value.
// request.Fingerprint is called once the form has been read.
func (g *Gate) Submit(ctx context.Context, request change.Request) (context.Context, *Submission) {
	sum := request.Fingerprint
	request.Fingerprint = g.server.signed(sum)
	ctx, once := change.WithOnce(ctx, request)
	return ctx, &Submission{server: g.server, once: once, sum: sum}
}

// Outcome is where a submitted form led to.
type Outcome struct {
	Location string `json:"location"`
	// Said is what the page there says was done.
	Said []byte `json:"said,omitempty"`
}

// Sent stores the outcome of a submitted form.
func (s *Submission) Sent(ctx context.Context, outcome Outcome) error {
	body, err := json.Marshal(outcome)
	if err != nil {
		return err
	}
	return s.server.keep(ctx, s.once, answered{Status: http.StatusSeeOther, Body: body})
}

// Again returns the outcome of an earlier submission of the form, if err says that there was one, and err
// otherwise. It returns a fault of code Conflict if the earlier submission had different contents, or if
// its outcome is not known.
func (s *Submission) Again(ctx context.Context, err error) (Outcome, error) {
	if s == nil || !errors.Is(err, change.ErrRepeated) && !s.overtaken(ctx, err) {
		return Outcome{}, err
	}
	answer, earlier := s.server.earlier(ctx, s.once, s.sum())
	var outcome Outcome
	switch {
	case fault.Is(earlier, fault.Conflict):
		stored, err := s.server.Journal.Kept(ctx, s.once)
		if err == nil && s.server.same(stored.Fingerprint, s.sum()) {
			return Outcome{}, fault.New(fault.Conflict,
				"This form was sent before and took effect. See what became of it before you send it again.")
		}
		return Outcome{}, fault.New(fault.Conflict,
			"This form was sent before, with other contents. See what became of it, then send it again.")
	case earlier == nil && json.Unmarshal(answer.Body, &outcome) != nil:
		outcome.Location = string(answer.Body) // kept by an earlier release
	}
	return outcome, earlier
}

// overtaken reports whether a form was refused because its earlier submission had done all there was
// to do: the version that it was made from is an old one by now, or what it deletes is gone.
func (s *Submission) overtaken(ctx context.Context, err error) bool {
	if s.once.Done() || !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound) {
		return false
	}
	stored, err := s.server.Journal.Kept(ctx, s.once)
	return err == nil && stored.Fingerprint != ""
}
