package endpoint_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/uploads"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

type makeInput struct {
	Body struct {
		Name    string `json:"name"`
		Request string `json:"request_id,omitempty"`
	}
}

type makeOutput struct {
	Body struct {
		ID     string `json:"id"`
		Secret string `json:"secret"`
	}
}

const madeSecret = "a-secret-that-is-shown-once"

// making serves endpoints that record a change: one that reads JSON, one that reads form data.
func making(t *testing.T) (w *world, header map[string]string, made func() int) {
	var served *world
	commit := func(ctx context.Context, name string) error {
		return served.Journal.Commit(ctx, endpoint.Principal(ctx).Actor(),
			change.Record{Action: "test.make", Message: "Made " + name, OrgID: served.Org.ID})
	}
	about := endpoint.About{Name: "test.make", Method: http.MethodPost, Path: "/make", BodyKey: "request_id"}
	maker := func(ctx context.Context, in *makeInput) (*makeOutput, error) {
		if in.Body.Name == "bad" {
			return nil, fault.InField("name", "is bad")
		}
		out := &makeOutput{}
		out.Body.ID, out.Body.Secret = served.Journal.NewID(), madeSecret
		return out, commit(ctx, in.Body.Name)
	}
	other := about
	other.Name, other.Path = "test.make_other", "/other"
	form := endpoint.About{
		Name: "test.form", Method: http.MethodPost, Path: "/form", MaxBody: 1 << 20,
		Body: &huma.RequestBody{Content: map[string]*huma.MediaType{"multipart/form-data": uploads.Schema(nil)}},
	}
	w = newWorld(t, endpoint.New(about, maker), endpoint.New(other, maker),
		endpoint.New(form, func(ctx context.Context, in *uploads.Upload) (*makeOutput, error) {
			reader := uploads.Form[string]{
				Texts: []string{"name"}, MaxText: 100, MaxFiles: 3,
				Store: func(_ context.Context, name, _ string, content io.Reader) (string, error) {
					_, err := io.Copy(io.Discard, content)
					return name, err
				},
			}
			parts, err := reader.Read(ctx, in)
			if err != nil {
				return nil, err
			}
			out := &makeOutput{}
			out.Body.ID = served.Journal.NewID()
			return out, commit(ctx, parts.Texts["name"])
		}))
	served = w
	header = map[string]string{"Authorization": w.token(w.Person(w.Org.Place(), identity.Read))}
	return w, header, func() (count int) {
		for _, entry := range w.AuditLog("ORG#" + w.Org.ID) {
			if entry.Action == "test.make" {
				count++
			}
		}
		return count
	}
}

func withKey(header map[string]string, key string) map[string]string {
	return map[string]string{"Authorization": header["Authorization"], "Idempotency-Key": key}
}

func TestARequestWithAKeyTakesEffectOnceAndIsAnsweredAlike(t *testing.T) {
	w, header, made := making(t)
	send := func(path, body, key string) *httptest.ResponseRecorder {
		return w.do(call{method: "POST", path: "/api/v1" + path, body: body, header: withKey(header, key)})
	}
	first, second := send("/make", `{"name": "a"}`, "k-1"), send("/make", `{"name": "a"}`, "k-1")
	if first.Code != 200 || second.Code != 200 || first.Body.String() != second.Body.String() || made() != 1 {
		t.Errorf("%d %s, then %d %s, %d made", first.Code, first.Body, second.Code, second.Body, made())
	}
	if first.Header().Get("Idempotency-Replayed") != "" || second.Header().Get("Idempotency-Replayed") != "true" {
		t.Errorf("replayed: %q, then %q", first.Header().Get("Idempotency-Replayed"), second.Header().Get("Idempotency-Replayed"))
	}
	if w.OnDisk(madeSecret) {
		t.Error("the answer is kept unsealed")
	}
	if got := send("/make", `{"name": "b"}`, "k-1"); got.Code != 409 || !strings.Contains(got.Body.String(), "another request") {
		t.Errorf("another body: %d %s", got.Code, got.Body)
	}
	if got := send("/make?x=1", `{"name": "a"}`, "k-1"); got.Code != 400 {
		t.Errorf("another query: %d %s", got.Code, got.Body)
	}
	for _, other := range []*httptest.ResponseRecorder{
		send("/other", `{"name": "a"}`, "k-1"), send("/make", `{"name": "a"}`, "k-2"), send("/make", `{"name": "a"}`, ""),
		w.do(call{method: "POST", path: "/api/v1/make", body: `{"name": "a"}`, header: withKey(
			map[string]string{"Authorization": w.token(w.Another(w.Org.Place(), identity.Read))}, "k-1")}),
	} {
		if other.Code != 200 || other.Body.String() == first.Body.String() {
			t.Errorf("%d %s", other.Code, other.Body)
		}
	}
	if made() != 5 {
		t.Errorf("%d made", made())
	}
	w.Clock.Pass(change.OnceKept + time.Second)
	if got := send("/make", `{"name": "a"}`, "k-1"); got.Code != 200 || got.Body.String() == first.Body.String() {
		t.Errorf("after a day: %d %s", got.Code, got.Body)
	}
}

func TestARequestIsRecognizedAfterARotationOfTheSecret(t *testing.T) {
	w, header, made := making(t)
	send := func(body string) *httptest.ResponseRecorder {
		return w.do(call{method: "POST", path: "/api/v1/make", body: body, header: withKey(header, "k-1")})
	}
	first := send(`{"name": "a"}`)
	w.RotateSecret()
	if again := send(`{"name": "a"}`); again.Code != 200 || again.Body.String() != first.Body.String() || made() != 1 {
		t.Errorf("%d %s, then %d %s, %d made", first.Code, first.Body, again.Code, again.Body, made())
	}
	if other := send(`{"name": "b"}`); other.Code != 409 {
		t.Errorf("another body: %d %s", other.Code, other.Body)
	}
}

func TestTheAnswerOfARequestThatFailedIsNotKept(t *testing.T) {
	w, header, made := making(t)
	for range 2 {
		got := w.do(call{method: "POST", path: "/api/v1/make", body: `{"name": "bad"}`, header: withKey(header, "k")})
		if got.Code != 400 || got.Header().Get("Idempotency-Replayed") != "" {
			t.Errorf("%d %s", got.Code, got.Body)
		}
	}
	got := w.do(call{method: "POST", path: "/api/v1/make", body: `{"name": "good"}`, header: withKey(header, "k")})
	if got.Code != 200 || made() != 1 {
		t.Errorf("put right: %d %s, %d made", got.Code, got.Body, made())
	}
	for _, key := range []string{strings.Repeat("k", 256), "a\x7fb"} {
		got := w.do(call{method: "POST", path: "/api/v1/make", body: `{"name": "good"}`, header: withKey(header, key)})
		if got.Code != 400 {
			t.Errorf("the key %q: %d %s", key, got.Code, got.Body)
		}
	}
}

func TestRequestsWithAKeyAtTheSameTimeTakeEffectOnce(t *testing.T) {
	w, header, made := making(t)
	answers := make([]*httptest.ResponseRecorder, 8)
	var group sync.WaitGroup
	for i := range answers {
		group.Go(func() {
			answers[i] = w.do(call{method: "POST", path: "/api/v1/make", body: `{"name": "a"}`, header: withKey(header, "k")})
		})
	}
	group.Wait()
	for _, answer := range answers {
		if answer.Code != 200 || answer.Body.String() != answers[0].Body.String() {
			t.Errorf("%d %s, not %s", answer.Code, answer.Body, answers[0].Body)
		}
	}
	if made() != 1 {
		t.Errorf("%d made", made())
	}
}

func TestTheKeyInTheBodyIsTheKeyOfTheHeader(t *testing.T) {
	w, header, made := making(t)
	body := `{"name": "a", "request_id": "r-1"}`
	first := w.do(call{method: "POST", path: "/api/v1/make", body: body, header: header})
	second := w.do(call{method: "POST", path: "/api/v1/make", body: body, header: withKey(header, "r-1")})
	if first.Code != 200 || first.Body.String() != second.Body.String() || made() != 1 {
		t.Errorf("%s, then %s, %d made", first.Body, second.Body, made())
	}
	if got := w.do(call{method: "POST", path: "/api/v1/make", body: body, header: withKey(header, "r-2")}); got.Code != 400 {
		t.Errorf("two keys: %d %s", got.Code, got.Body)
	}
}

func TestFormDataIsTheSameWithAnotherBoundary(t *testing.T) {
	w, header, made := making(t)
	send := func(content string) *httptest.ResponseRecorder {
		var body bytes.Buffer
		form := multipart.NewWriter(&body) // its boundary is random
		if err := form.WriteField("name", "a"); err != nil {
			t.Fatal(err)
		}
		part, err := form.CreateFormFile("file", "log.txt")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(part, content)
		if err := form.Close(); err != nil {
			t.Fatal(err)
		}
		request := httptest.NewRequest(http.MethodPost, "/api/v1/form", &body)
		request.Header.Set("Content-Type", form.FormDataContentType())
		request.Header.Set("Authorization", header["Authorization"])
		request.Header.Set("Idempotency-Key", "k")
		answer := httptest.NewRecorder()
		w.handler.ServeHTTP(answer, request)
		return answer
	}
	long := strings.Repeat("log ", 50_000)
	first, second := send(long), send(long)
	if first.Code != 200 || first.Body.String() != second.Body.String() || made() != 1 {
		t.Errorf("%d %s, then %d %s, %d made", first.Code, first.Body, second.Code, second.Body, made())
	}
	if got := send(long + "!"); got.Code != 409 {
		t.Errorf("another file: %d %s", got.Code, got.Body)
	}
}
