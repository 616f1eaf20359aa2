package dynamo_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/dynamo"
)

// answer is the service's response to one request.
type answer struct {
	status int
	body   string
}

func failure(status int, kind, more string) answer {
	return answer{status, `{"__type":"com.amazonaws.dynamodb.v20120810#` + kind + `","message":"no"` + more + `}`}
}

func cancelled(codes ...string) answer {
	reasons := make([]string, len(codes))
	for i, code := range codes {
		reasons[i] = `{"Code":"` + code + `"}`
	}
	return failure(400, "TransactionCanceledException", `,"CancellationReasons":[`+strings.Join(reasons, ",")+`]`)
}

var (
	done        = answer{200, `{}`}
	throttled   = failure(400, "ThrottlingException", "")
	broken      = failure(500, "InternalServerError", "")
	wrongState  = failure(400, "ConditionalCheckFailedException", "")
	storedItem  = `{"partition":{"S":"P"},"sort":{"S":"a"},"version":{"N":"1"},"data":{"S":"{}"}}`
	changedItem = `{"partition":{"S":"P"},"sort":{"S":"a"},"version":{"N":"1"},"data":{"S":"[]"}}`
)

// script is a service that gives prepared responses, and repeats the last one.
type script struct {
	guard   sync.Mutex
	answers []answer
	actions []string
	tokens  []string
	bodies  []string
}

func (s *script) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	s.guard.Lock()
	defer s.guard.Unlock()
	body, _ := io.ReadAll(request.Body)
	var token struct{ ClientRequestToken string }
	_ = json.Unmarshal(body, &token)
	_, action, _ := strings.Cut(request.Header.Get("X-Amz-Target"), ".")
	next := s.answers[min(len(s.actions), len(s.answers)-1)]
	s.actions, s.tokens = append(s.actions, action), append(s.tokens, token.ClientRequestToken)
	s.bodies = append(s.bodies, string(body))
	response.Header().Set("Content-Type", "application/x-amz-json-1.0")
	response.WriteHeader(next.status)
	_, _ = io.WriteString(response, next.body)
}

func play(t *testing.T, answers ...answer) (*dynamo.Store, *script) {
	t.Helper()
	script := &script{answers: answers}
	server := httptest.NewServer(script)
	t.Cleanup(server.Close)
	return storeAt(server.URL), script
}

func storeAt(address string) *dynamo.Store {
	client := dynamodb.New(dynamodb.Options{
		BaseEndpoint: aws.String(address), Region: "us-east-1", HTTPClient: new(http.Client),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
	names := dynamo.Names{Core: "core", Audit: "audit", Derived: "derived"}
	return dynamo.New(client, names, func() time.Time { return time.Unix(1_000_000, 0) })
}

func key(sort string) table.Key { return table.Key{Partition: "P", Sort: sort} }

func create(sort string) table.Write {
	return table.Create(table.Item{Key: key(sort), Data: []byte(`{}`)})
}

func TestATransactionIsAnsweredAsThePortSays(t *testing.T) {
	one, two := []table.Write{create("a")}, []table.Write{create("a"), create("b")}
	lostWith := func(item string) []answer {
		return []answer{broken, failure(400, "ConditionalCheckFailedException", `,"Item":`+item)}
	}
	for name, test := range map[string]struct {
		writes   []table.Write
		answers  []answer
		conflict int // index; -1 none
		code     fault.Code
		requests int
	}{
		"done":                 {two, []answer{done}, -1, "", 1},
		"throttled, then done": {two, []answer{throttled, throttled, done}, -1, "", 3},
		"collided, then done": {two, []answer{cancelled("None", "TransactionConflict"), done}, -1,
			"", 2},
		"in progress, then done": {two,
			[]answer{failure(400, "TransactionInProgressException", ""), done}, -1, "", 2},
		"answer lost, then done": {two, []answer{broken, done}, -1, "", 2},
		"second condition failed": {two, []answer{cancelled("None", "ConditionalCheckFailed")}, 1,
			"internal", 1},
		"both conditions failed": {two,
			[]answer{cancelled("ConditionalCheckFailed", "ConditionalCheckFailed")}, 0, "internal", 1},
		"collided and condition failed": {two,
			[]answer{cancelled("TransactionConflict", "ConditionalCheckFailed")}, 1, "internal", 1},
		"one write, condition failed": {one, []answer{wrongState}, 0, "internal", 1},
		"one write, collided, then done": {one,
			[]answer{failure(400, "TransactionConflictException", ""), done}, -1, "", 2},
		"one write, answer lost, was done":          {one, lostWith(storedItem), -1, "", 2},
		"one write, answer lost, another's is here": {one, lostWith(changedItem), 0, "internal", 2},
		"one write, refused, then the same is here": {one, []answer{throttled, lostWith(storedItem)[1]}, 0, "internal",
			2},
		"our mistake": {two, []answer{failure(400, "ValidationException", "")}, -1, fault.Internal,
			1},
		"our mistake in one write of it": {two, []answer{cancelled("None", "ValidationError")}, -1, fault.Internal, 1},
		"no such table": {two, []answer{failure(400, "ResourceNotFoundException", "")}, -1,
			fault.Unavailable, 1},
		"bad credentials": {one, []answer{failure(400, "UnrecognizedClientException", "")}, -1, fault.Unavailable, 1},
		"no permission":   {one, []answer{failure(400, "AccessDeniedException", "")}, -1, fault.Unavailable, 1},
	} {
		t.Run(name, func(t *testing.T) {
			store, script := play(t, test.answers...)
			err := store.Transact(t.Context(), test.writes)
			if code := fault.CodeOf(err); code != test.code {
				t.Errorf("error %v of code %q, want %q", err, code, test.code)
			}
			conflict, isConflict := errors.AsType[*table.ConflictError](err)
			if isConflict != (test.conflict >= 0) {
				t.Errorf("error %v", err)
			} else if isConflict {
				want := &table.ConflictError{Index: test.conflict, Key: test.writes[test.conflict].Item.Key}
				if diff := cmp.Diff(want, conflict); diff != "" {
					t.Error(diff)
				}
			}
			if len(script.actions) != test.requests {
				t.Errorf("requests %v, want %d", script.actions, test.requests)
			}
			for _, token := range script.tokens {
				if token != script.tokens[0] {
					t.Errorf("one transaction was sent with two tokens, %q and %q", script.tokens[0], token)
				}
			}
		})
	}
}

func TestASingleWriteIsSentAsTheCheapestRequest(t *testing.T) {
	for want, write := range map[string]table.Write{
		"PutItem": create("a"), "DeleteItem": table.Delete(key("a"), 1), "GetItem": table.Require(key("a"), 0),
	} {
		store, script := play(t, done)
		if err := store.Transact(t.Context(), []table.Write{write}); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff([]string{want}, script.actions); diff != "" {
			t.Error(diff)
		}
	}
}

func TestARequestThatFailsTooOftenIsUnavailable(t *testing.T) {
	store, script := play(t, throttled)
	_, err := store.Get(t.Context(), key("a"))
	if !fault.Is(err, fault.Unavailable) || len(script.actions) != 10 {
		t.Errorf("%v after %d requests", err, len(script.actions))
	}
}

func TestAServiceThatIsNotThereIsUnavailable(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	_, err := storeAt(server.URL).Count(t.Context(), key("a"), 1, 0)
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("error %v", err)
	}
}

func TestAContextThatEndsBetweenAttemptsIsTheError(t *testing.T) {
	store, _ := play(t, throttled)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := store.Query(ctx, table.WithPrefix(table.Core, "P", "")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}

func TestACountWhoseAnswerWasLostIsNotSentAgain(t *testing.T) {
	counted := answer{200, `{"Attributes":{"total":{"N":"5"}}}`}
	store, script := play(t, broken, counted)
	if _, err := store.Count(t.Context(), key("a"), 1, 0); !fault.Is(err, fault.Unavailable) ||
		len(script.actions) != 1 {
		t.Errorf("error %v after %d requests", err, len(script.actions))
	}
	store, script = play(t, throttled, counted)
	if total, err := store.Count(t.Context(), key("a"), 1, 0); err != nil || total != 5 || len(script.actions) != 2 {
		t.Errorf("%d (%v) after %d requests", total, err, len(script.actions))
	}
}

func TestKeysLeftUnreadAreAskedForAgain(t *testing.T) {
	item := func(sort string) string { return strings.ReplaceAll(storedItem, `"a"`, fmt.Sprintf("%q", sort)) }
	left := `{"core":{"ConsistentRead":true,"Keys":[{"partition":{"S":"P"},"sort":{"S":"b"}}]}}`
	store, script := play(t,
		answer{200, `{"Responses":{"core":[` + item("a") + `]},"UnprocessedKeys":` + left + `}`},
		answer{200, `{"Responses":{},"UnprocessedKeys":` + left + `}`},
		answer{200, `{"Responses":{"core":[` + item("b") + `]}}`},
	)
	items, err := store.BatchGet(t.Context(), []table.Key{key("b"), key("c"), key("a")})
	if err != nil {
		t.Fatal(err)
	}
	if items[0].Sort != "b" || items[0].Version != 1 || items[1].Version != 0 || items[2].Sort != "a" ||
		items[2].Version != 1 {
		t.Errorf("%+v", items)
	}
	if len(script.actions) != 3 {
		t.Errorf("requests %v", script.actions)
	}
	store, script = play(t, answer{200, `{"Responses":{},"UnprocessedKeys":` + left + `}`})
	if _, err := store.BatchGet(t.Context(), []table.Key{key("b")}); !fault.Is(err, fault.Unavailable) ||
		len(script.actions) != 10 {
		t.Errorf("error %v after %d requests", err, len(script.actions))
	}
}

func TestAnItemThatIsNotOursIsAnErrorAndNotAbsent(t *testing.T) {
	for _, item := range []string{
		`{"partition":{"S":"P"},"sort":{"S":"a"}}`, `{"partition":{"S":"P"},"sort":{"S":"a"},"version":{"S":"1"}}`,
		`{"partition":{"S":"P"},"sort":{"S":"a"},"version":{"N":"1"},"data":{"N":"1"}}`,
	} {
		store, _ := play(t, answer{200, `{"Item":` + item + `}`})
		if got, err := store.Get(t.Context(), key("a")); err == nil || errors.Is(err, table.ErrAbsent) {
			t.Errorf("%s: %+v, %v", item, got, err)
		}
	}
}
