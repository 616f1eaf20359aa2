package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenantry/tenantry/infra/aws/emulated/processes"
)

// folder contains the built program; TestMain builds it once.
var folder string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		var err error
		if folder, err = os.MkdirTemp("", "tenantry-functions-"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer func() { _ = os.RemoveAll(folder) }() // temporary, so errors do not matter
		build := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", filepath.Join(folder, "bootstrap"), ".")
		if output, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "the program cannot be built: %v\n%s", err, output)
			return 1
		}
		return m.Run()
	}())
}

// service responds as AWS does when something is wrong: to the operations in its map with an error,
// to reading a secret with a secret, and to anything else with an empty document.
type service struct {
	errors map[string]string
	status int
}

func (s service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // the request does not matter
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	answer := `{}`
	if operation == "GetSecretValue" {
		answer = fmt.Sprintf(`{"SecretString":%q}`, strings.Repeat("s3cret-", 10))
	}
	if code := s.errors[operation]; code != "" {
		w.WriteHeader(s.status)
		answer = fmt.Sprintf(`{"__type":"com.amazonaws#%s","message":"as the test wants it"}`, code)
	}
	_, _ = io.WriteString(w, answer) // the end of the program is detected elsewhere
}

// run is a started program and its log.
type run struct {
	*processes.Program
	mutex sync.Mutex
	lines []string
}

// says waits a moment for the log to contain a text.
func (r *run) says(t *testing.T, want string) {
	t.Helper()
	log := ""
	for range 100 {
		r.mutex.Lock()
		log = strings.Join(r.lines, "\n")
		r.mutex.Unlock()
		if strings.Contains(log, want) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("the log lacks %q:\n%s", want, log)
}

// start starts the program with a handler, on a service, with a change to its environment.
func start(t *testing.T, handler string, on http.Handler, change func(map[string]string)) *run {
	t.Helper()
	server := httptest.NewServer(on)
	t.Cleanup(server.Close)
	environment := map[string]string{
		"TENANTRY_TABLE_CORE":         "core",
		"TENANTRY_TABLE_AUDIT":        "audit",
		"TENANTRY_TABLE_DERIVED":      "derived",
		"TENANTRY_BUCKET":             "files",
		"TENANTRY_SECRET_ARN":         "the-secret",
		"TENANTRY_BASE_URL":           "https://portal.example.com",
		"TENANTRY_MAIL_DOMAIN":        "help.example.com",
		"TENANTRY_QUEUE_MAIL_SEND":    server.URL + "/1/send",
		"TENANTRY_QUEUE_MAIL_RECEIVE": server.URL + "/1/receive",
		"TENANTRY_QUEUE_CASES_INDEX":  server.URL + "/1/index",
		"TENANTRY_QUEUE_CASES_JOBS":   server.URL + "/1/jobs",
		"TENANTRY_QUEUE_CASES_DUE":    server.URL + "/1/due",
		"TENANTRY_QUEUE_TRANSFERS":    server.URL + "/1/transfers",
		"TENANTRY_CALLS_PER_HOUR":     "5000",
		"TENANTRY_NOTICE_SECONDS":     "5",
	}
	if change != nil {
		change(environment)
	}
	r := &run{}
	r.Program = processes.NewProgram(processes.Function{
		ARN:         "arn:aws:lambda:us-east-1:123456789012:function:f",
		Name:        "f",
		Handler:     handler,
		Version:     "1",
		Timeout:     30 * time.Second,
		Memory:      512,
		Environment: environment,
		Folder:      folder,
	}, processes.Account{ID: "123456789012", Region: "us-east-1", Endpoint: server.URL}, func(_, line string) {
		r.mutex.Lock()
		defer r.mutex.Unlock()
		r.lines = append(r.lines, line)
	})
	t.Cleanup(r.Close)
	return r
}

func TestAStartThatCannotWorkSaysWhyInTheLog(t *testing.T) {
	failing := func(code string) service {
		return service{errors: map[string]string{"GetSecretValue": code}, status: http.StatusBadRequest}
	}
	for name, test := range map[string]struct {
		handler string
		on      service
		change  func(map[string]string)
		want    []string
	}{
		"an unknown handler": {"cases.dance", service{}, nil, []string{"cases.dance", "no function is named"}},
		"missing variables": {"cases.get", service{},
			func(e map[string]string) { delete(e, "TENANTRY_BUCKET"); delete(e, "TENANTRY_QUEUE_MAIL_SEND") },
			[]string{"TENANTRY_BUCKET, TENANTRY_QUEUE_MAIL_SEND", "infra/aws"}},
		"a limit that is not a number": {"cases.get", service{},
			func(e map[string]string) { e["TENANTRY_CALLS_PER_HOUR"] = "many" },
			[]string{"TENANTRY_CALLS_PER_HOUR", "many"}},
		"a level that is none": {"cases.get", service{}, func(e map[string]string) { e["TENANTRY_LOG_LEVEL"] = "loud" },
			[]string{"TENANTRY_LOG_LEVEL", "loud"}},
		"expired credentials": {"cases.get", failing("ExpiredTokenException"), nil,
			[]string{"the-secret", "ExpiredTokenException"}},
		"an absent secret": {"cases.get", failing("ResourceNotFoundException"), nil,
			[]string{"the-secret", "ResourceNotFoundException"}},
		"a wrong region": {"mail.send", failing("UnrecognizedClientException"), nil,
			[]string{"the-secret", "UnrecognizedClientException"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, test.handler, test.on, test.change)
			if err := r.Start(); err == nil {
				t.Fatal("it started")
			}
			for _, want := range append(test.want, `"level":"ERROR"`, `"function":"`+test.handler) {
				r.says(t, want)
			}
		})
	}
}

// get is a call of an endpoint with a token.
func get(path string) events.APIGatewayV2HTTPRequest {
	var event events.APIGatewayV2HTTPRequest
	event.RawPath, event.RequestContext.HTTP.Method, event.RequestContext.HTTP.SourceIP = path, "GET", "192.0.2.1"
	event.Headers = map[string]string{"authorization": "Token tenantry_" + strings.Repeat("A", 75)}
	return event
}

func TestWhatAWSCannotDoIsADetailForTheCallerAndAnErrorInTheLog(t *testing.T) {
	for name, code := range map[string]string{
		"throttling": "ProvisionedThroughputExceededException", "an absent table": "ResourceNotFoundException",
		"expired credentials": "ExpiredTokenException",
		"a lacking right":     "AccessDeniedException", "a fault of the service": "InternalServerError",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status := http.StatusBadRequest
			if code == "InternalServerError" {
				status = http.StatusInternalServerError
			}
			on := service{
				errors: map[string]string{
					"GetItem":            code,
					"BatchGetItem":       code,
					"Query":              code,
					"TransactWriteItems": code,
					"UpdateItem":         code,
				},
				status: status,
			}
			r := start(t, "api", on, nil)
			payload, err := json.Marshal(get("/healthz"))
			if err != nil {
				t.Fatal(err)
			}
			answer, err := r.Call(context.Background(), payload)
			if err != nil {
				t.Fatal(err)
			}
			var response events.APIGatewayV2HTTPResponse
			err = json.Unmarshal(answer, &response)
			if err != nil || response.StatusCode != http.StatusServiceUnavailable ||
				!strings.Contains(response.Body, "the database does not answer") {
				t.Errorf("the health check: %v, %s", err, answer)
			}
			r.says(t, code)
			r.says(t, `"function":"api"`)
		})
	}
}

func TestAMessageThatCannotBeWorkedOnStaysWithItsQueue(t *testing.T) {
	const code = "ProvisionedThroughputExceededException"
	on := service{
		errors: map[string]string{"GetItem": code, "BatchGetItem": code, "Query": code, "TransactWriteItems": code},
		status: http.StatusBadRequest,
	}
	r := start(t, "mail.send", on, nil)
	event, err := os.ReadFile(filepath.Join("..", "events", "mail.send.json"))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := r.Call(context.Background(), event)
	if err != nil {
		t.Fatal(err)
	}
	var response events.SQSEventResponse
	if err := json.Unmarshal(answer, &response); err != nil || len(response.BatchItemFailures) != 1 {
		t.Errorf("%v: %s", err, answer)
	}
	r.says(t, "a message failed")
	r.says(t, code)
}

func TestARelayThatCannotSendKeepsItsRecords(t *testing.T) {
	r := start(
		t,
		"outbox.relay",
		service{
			errors: map[string]string{"SendMessageBatch": "AWS.SimpleQueueService.NonExistentQueue"},
			status: http.StatusBadRequest,
		},
		nil,
	)
	event, err := os.ReadFile(filepath.Join("..", "events", "outbox.relay.json"))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := r.Call(context.Background(), event)
	if err != nil || !strings.Contains(string(answer), `"batchItemFailures":[{"itemIdentifier":"`) {
		t.Errorf("it responded with %s, %v", answer, err)
	}
	r.says(t, "were not moved")
	r.says(t, `"function":"outbox.relay"`)
}

// TestAServiceThatHangsIsAskedAgain answers the first requests for an item only after a minute.
func TestAServiceThatHangsIsAskedAgain(t *testing.T) {
	t.Parallel()
	var hung atomic.Int32
	ended := make(chan struct{})
	on := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.Header.Get("X-Amz-Target"), "GetItem") && hung.Add(1) <= 2 {
			_, _ = io.Copy(io.Discard, r.Body) // only then the server learns that the client gave up
			select {
			case <-ended:
			case <-r.Context().Done():
			}
			return
		}
		service{}.ServeHTTP(w, r)
	})
	r := start(t, "api", on, nil)
	t.Cleanup(func() { close(ended) }) // before the server waits for its requests
	payload, err := json.Marshal(get("/healthz"))
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	answer, err := r.Call(t.Context(), payload)
	if err != nil {
		t.Fatal(err)
	}
	var response events.APIGatewayV2HTTPResponse
	if err := json.Unmarshal(answer, &response); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); response.StatusCode != http.StatusOK || hung.Load() < 3 || took > 20*time.Second {
		t.Errorf("%d after %v, %d requests: %s", response.StatusCode, took, hung.Load(), response.Body)
	}
}
