package endpoint_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant/storage"
)

func TestEveryFaultHasItsStatusAndTellsNothingInternal(t *testing.T) {
	w := newWorld(t)
	w = w.serve(true, faulty(w.App))
	for name, want := range map[string]int{
		"invalid": 400, "unauthenticated": 401, "forbidden": 403, "not_found": 404, "conflict": 409, "stale": 409, "limited": 429,
		"too_large": 413, "unavailable": 503, "cause": 503, "internal": 500, "unheard_of": 500, "plain": 500, "wrapped": 409, "panic": 500,
	} {
		answer := w.do(call{method: "GET", path: "/api/v1/faulty/" + name})
		problem := w.problem(answer, want)
		if strings.Contains(answer.Body.String(), "secret") {
			t.Errorf("%s tells %s", name, answer.Body)
		}
		if name == "stale" && problem.Revision != 7 {
			t.Errorf("stale: %+v", problem)
		}
		if got := answer.Header().Get("Retry-After"); (got == "2") != (name == "limited") {
			t.Errorf("%s: Retry-After %q", name, got)
		}
		if answer.Header().Get("X-Request-Id") == "" || answer.Header().Get("Cache-Control") != "no-store" ||
			answer.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v", name, answer.Header())
		}
	}
}

func takesBody() endpoint.Endpoint {
	return endpoint.New(
		endpoint.About{
			Name:    "test.body",
			Method:  http.MethodPost,
			Path:    "/body",
			Summary: "Take",
			Access:  endpoint.Public,
			MaxBody: 200,
		},
		func(_ context.Context, in *bodyInput) (*textOutput, error) { return say(in.Body.Name) },
	)
}

func TestAnInputThatBreaksARuleNamesTheFields(t *testing.T) {
	w := newWorld(t, takesBody())
	for body, fields := range map[string]string{
		`{"name":"abcdef","count":0}`: "body.count,body.name", `{}`: "body", `{"name":7}`: "body.name",
		`{"name":"a","colour":1}`: "body.colour", `[]`: "body", `"x"`: "body", `null`: "body",
	} {
		problem := w.problem(w.do(call{method: "POST", path: "/api/v1/body", body: body}), http.StatusBadRequest)
		names := map[string]bool{}
		for _, field := range problem.Fields {
			names[field.Name] = true
		}
		for field := range strings.SplitSeq(fields, ",") {
			if !names[field] {
				t.Errorf("%s: %+v, want %s", body, problem, fields)
			}
		}
		if problem.Code != fault.Invalid {
			t.Errorf("%s: code %s", body, problem.Code)
		}
	}
	for _, body := range []string{`{"name":`, `{"name":"a"}}`, `x`, "\x00", `{"name":"a"`} {
		if problem := w.problem(
			w.do(call{method: "POST", path: "/api/v1/body", body: body}),
			http.StatusBadRequest,
		); problem.Code != fault.Invalid {
			t.Errorf("%q: %+v", body, problem)
		}
	}
	w.problem(w.do(call{method: "POST", path: "/api/v1/body"}), http.StatusBadRequest)
}

func TestABodyOfTheLimitIsTakenAndOneByteMoreIsNot(t *testing.T) {
	w := newWorld(t, takesBody())
	body := `{"name":"abc"}`
	fits := body + strings.Repeat(" ", 200-len(body))
	if answer := w.do(call{method: "POST", path: "/api/v1/body", body: fits}); answer.Code != http.StatusOK {
		t.Errorf("a body of the limit: %d %s", answer.Code, answer.Body)
	}
	if problem := w.problem(
		w.do(call{method: "POST", path: "/api/v1/body", body: fits + " "}),
		http.StatusRequestEntityTooLarge,
	); problem.Code != fault.TooLarge {
		t.Errorf("one byte more: %+v", problem)
	}
}

func TestAnIDThatCannotExistIsNotFound(t *testing.T) {
	w := newWorld(
		t,
		endpoint.New(
			endpoint.About{
				Name:    "test.id",
				Method:  http.MethodGet,
				Path:    "/things/{id}",
				Summary: "Read",
				Access:  endpoint.Public,
			},
			func(_ context.Context, in *idInput) (*textOutput, error) { return say(in.ID) },
		),
	)
	const known = "/api/v1/things/0198c0de-0000-7000-8000-000000000001"
	for path, want := range map[string]int{
		known: 200, known + "?color=red": 200, known + "?color=green": 400, "/api/v1/things/x": 404, "/api/v1/things/x?color=green": 400,
	} {
		if answer := w.do(call{method: "GET", path: path}); answer.Code != want {
			t.Errorf("%s: %d %s, want %d", path, answer.Code, answer.Body, want)
		}
	}
}

func TestUnknownPathsAndMethodsAreAnsweredAsProblems(t *testing.T) {
	w := newWorld(t, who(endpoint.Public, "GET", "/who"), who(endpoint.Public, "PUT", "/who"))
	for _, path := range []string{"/", "/api/v1", "/api/v1/nothing", "/api/v1/who/more", "/api/v2/who"} {
		if problem := w.problem(
			w.do(call{method: "GET", path: path}),
			http.StatusNotFound,
		); problem.Code != fault.NotFound {
			t.Errorf("%s: %+v", path, problem)
		}
	}
	for _, method := range []string{"POST", "DELETE", "PATCH", "OPTIONS", "TRACE"} {
		answer := w.do(call{method: method, path: "/api/v1/who"})
		if problem := w.problem(answer, http.StatusMethodNotAllowed); problem.Code != fault.MethodNotAllowed {
			t.Errorf("%s: code %s", method, problem.Code)
		}
		if got := answer.Header().Get("Allow"); got != "GET, PUT" {
			t.Errorf("%s: Allow %q", method, got)
		}
	}
	if answer := w.do(call{method: "HEAD", path: "/api/v1/who"}); answer.Code != http.StatusOK {
		t.Errorf("HEAD: %d", answer.Code)
	}
}

func TestARefusalIsRecordedWhereItMayBeKnown(t *testing.T) {
	w := newWorld(t)
	w = w.serve(
		true,
		endpoint.Get(
			"test.refused",
			"/refused/{id}",
			"Refuse",
			func(ctx context.Context, in *idInput) (*textOutput, error) {
				place := w.Org.Place()
				if in.ID == w.Foreign.ID {
					place = w.Foreign.Place()
				}
				return nil, endpoint.Principal(ctx).Check(identity.ChangeOrg, place)
			},
		),
	)
	carlo := w.Person(w.Org.Place(), identity.Read)
	token := map[string]string{"Authorization": w.token(carlo)}
	w.problem(w.do(call{method: "GET", path: "/api/v1/refused/" + w.Org.ID, header: token}), http.StatusForbidden)
	w.problem(w.do(call{method: "GET", path: "/api/v1/refused/" + w.Foreign.ID, header: token}), http.StatusNotFound)
	refused := func(log string) (count int) {
		for _, entry := range w.AuditLog(log) {
			if entry.Refused && entry.Action == "test.refused" && entry.Actor.ID == carlo.UserID {
				count++
			}
		}
		return count
	}
	for log, want := range map[string]int{
		"ORG#" + w.Org.ID: 1, "USER#" + carlo.UserID: 2, "ORG#" + w.Foreign.ID: 0, "PLATFORM#" + w.Clock.Now().UTC().Format("2006-01"): 1,
	} {
		if got := refused(log); got != want {
			t.Errorf("%s has %d refusals, want %d", log, got, want)
		}
	}
}

func TestTheDocumentTellsOfEveryEndpoint(t *testing.T) {
	w := newWorld(t, takesBody(), who(endpoint.Known, "GET", "/who"))
	document := w.do(call{method: "GET", path: "/api/v1/openapi.json"})
	for _, part := range []string{`"openapi":"3.1.0"`, `"/api/v1/body"`, `"/api/v1/who"`, `"operationId":"test.body"`} {
		if !strings.Contains(document.Body.String(), part) {
			t.Errorf("the document lacks %s", part)
		}
	}
	page := w.do(call{method: "GET", path: "/docs"})
	if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "/api/v1/body") ||
		strings.Contains(page.Body.String(), "<script") {
		t.Errorf("the page: %d %.200s", page.Code, page.Body)
	}
}

func TestAPathThatNamesMoreOfItselfDecidesWhichMethodsThereAre(t *testing.T) {
	w := newWorld(
		t,
		endpoint.New(
			endpoint.About{
				Name:    "things.get",
				Method:  "GET",
				Path:    "/things/{id}",
				Summary: "Get",
				Access:  endpoint.Public,
			},
			func(_ context.Context, in *idInput) (*textOutput, error) { return say(in.ID) },
		),
		who(endpoint.Public, "POST", "/things/count"),
	)
	answer := w.do(call{method: "GET", path: "/api/v1/things/count"})
	w.problem(answer, http.StatusMethodNotAllowed)
	if got := answer.Header().Get("Allow"); got != "POST" {
		t.Errorf("Allow %q", got)
	}
}

func TestErrorsSpeakToCallersAndNotInTheWordsOfGo(t *testing.T) {
	w := newWorld(t, takesBody())
	for body, want := range map[string]string{
		`{"name":7}`:                "body.name: must be text",
		`{"name":"abcdef"}`:         "body.name: must have at most 5 characters",
		`{"name":"a","count":0}`:    "body.count: must be at least 1",
		`{"name":"a","count":1.5}`:  "body.count: must be a whole number",
		`{"name":"a","colour":1}`:   "body.colour: is not a field of this call",
		`{"name":`:                  "body: is not valid JSON",
		`{}`:                        "body: must have the field name",
		`{"name":"a","count":1e30}`: "body",
	} {
		problem := w.problem(w.do(call{method: "POST", path: "/api/v1/body", body: body}), http.StatusBadRequest)
		if !strings.HasPrefix(problem.Detail, want) {
			t.Errorf("%s: %q, want %q", body, problem.Detail, want)
		}
		for _, foreign := range []string{"Go ", "struct", "unmarshal", "expected", "int64", "["} {
			if strings.Contains(problem.Detail, foreign) {
				t.Errorf("%s: %q speaks of %q", body, problem.Detail, foreign)
			}
		}
	}
}

func TestAWholeNumberIsAnIntegerHoweverItIsWritten(t *testing.T) {
	w := newWorld(t, takesBody())
	for _, number := range []string{"2", "2.0", "2e0", "20e-1", "0.2E1"} {
		if answer := w.do(
			call{method: "POST", path: "/api/v1/body", body: `{"name":"1.0e","count":` + number + `}`},
		); answer.Code != http.StatusOK {
			t.Errorf("%s: %d %s", number, answer.Code, answer.Body)
		}
	}
}

func TestANullIsRefusedWhereTheDocumentDoesNotAllowIt(t *testing.T) {
	w := newWorld(t, takesBody())
	for body, field := range map[string]string{`{"name":null}`: "body.name", `{"name":"a","count":null}`: "body.count"} {
		problem := w.problem(w.do(call{method: "POST", path: "/api/v1/body", body: body}), http.StatusBadRequest)
		if len(problem.Fields) != 1 || problem.Fields[0].Name != field ||
			!strings.Contains(problem.Detail, "must not be null") {
			t.Errorf("%s: %+v", body, problem)
		}
	}
	if answer := w.do(
		call{method: "POST", path: "/api/v1/body", body: `{"name":"null"}`},
	); answer.Code != http.StatusOK {
		t.Errorf("the word null: %d %s", answer.Code, answer.Body)
	}
}

func TestAFullBudgetOfAnOrganizationIsNoErrorInTheLog(t *testing.T) {
	for name, test := range map[string]struct {
		cause  error
		logged bool
	}{
		"an organization's budget": {storage.ErrBeyond, false},
		"the disk":                 {errors.New("10 bytes are free"), true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			var lines bytes.Buffer
			w.Log = slog.New(slog.NewTextHandler(&lines, &slog.HandlerOptions{Level: slog.LevelError}))
			w = w.serve(true, endpoint.New(
				endpoint.About{
					Name: "test.fill", Method: http.MethodPost, Path: "/fill", Summary: "Fill", Access: endpoint.Public,
				},
				func(context.Context, *struct{}) (*textOutput, error) {
					return nil, fault.Wrap(test.cause, fault.Full, "There is no room.")
				},
			))
			w.problem(w.do(call{method: "POST", path: "/api/v1/fill"}), http.StatusInsufficientStorage)
			if got := strings.Contains(lines.String(), "call failed"); got != test.logged {
				t.Errorf("the log says %q", lines.String())
			}
		})
	}
}
