package catalog_test

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/invocation"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// sampleToken stands for a token in the sample events.
const sampleToken = "Token tenantry_put-your-own-token-here"

// sampleStatus lists the responses to sample events that cannot succeed as they are: they use what
// was used up, what needs a session, or made-up links.
var sampleStatus = map[string]int{
	"accounts.setup":           http.StatusForbidden,
	"accounts.logout":          http.StatusBadRequest,
	"accounts.finish_recovery": http.StatusBadRequest,
	"accounts.create_token":    http.StatusForbidden,
	"accounts.delete_token":    http.StatusNotFound,
	"accounts.accept_invite":   http.StatusNotFound,
	"accounts.delete_session":  http.StatusNotFound,
	"accounts.delete_sessions": http.StatusForbidden,
	"accounts.step_up":         http.StatusBadRequest,
	"orgs.change_consent":      http.StatusForbidden,
	"bastion.receive_org":      http.StatusNotFound, // it is no bastion
	"bastion.remove_org":       http.StatusNotFound,
	"cases.finish_upload":      http.StatusNotFound,
	"cases.rate":               http.StatusBadRequest,
	"cases.unwatch":            http.StatusBadRequest,
	"pages.satisfaction":       http.StatusBadRequest,
	"pages.home":               http.StatusSeeOther, // to the log-in page, as those that follow
	"pages.cases":              http.StatusSeeOther,
	"pages.people":             http.StatusSeeOther,
	"pages.logs":               http.StatusSeeOther,
	"pages.jobs":               http.StatusSeeOther,
	"pages.tenants":            http.StatusSeeOther,
	"pages.desk":               http.StatusSeeOther,
	"pages.quarantine":         http.StatusSeeOther,
	"pages.health":             http.StatusSeeOther,
}

func eventFile(name string) string { return filepath.Join("..", "..", "events", name+".json") }

// readEvent reads a sample event.
func readEvent(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(eventFile(name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("%s has no sample event: create one with -update, and review it", name)
	}
	check(t, err)
	return data
}

// TestEveryFunctionHasASampleEvent finds functions without an event, and events that belong to
// none.
func TestEveryFunctionHasASampleEvent(t *testing.T) {
	functions, err := catalog.Functions(catalog.ByEndpoint)
	check(t, err)
	if *update {
		newInstallation(t, nil).writeEvents()
	}
	used := map[string]bool{}
	for _, function := range functions {
		readEvent(t, function.Name)
		used[function.Name+".json"] = true
	}
	files, err := os.ReadDir(filepath.Join("..", "..", "events"))
	check(t, err)
	for _, file := range files {
		if !used[file.Name()] {
			t.Errorf("events/%s belongs to no function", file.Name())
		}
	}
}

// TestEverySampleEventIsAnswered passes each function its sample event, in the form in which Lambda
// does, with the ids and tokens of an installation in place of the sample's.
func TestEverySampleEventIsAnswered(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, nil)
	functions, err := catalog.Functions(catalog.ByEndpoint)
	check(t, err)
	for _, function := range functions {
		t.Run(function.Name, func(t *testing.T) {
			i.t = t
			handler := invocation.Handler(function.Name, i.Services, invocation.Settings{CallsPerHour: 1 << 30})
			event, want := i.event(function)
			answer, err := handler.Invoke(context.Background(), event)
			check(t, err)
			wants(t, function, answer, want)
		})
	}
}

// wants checks a function's response: its status, or that nothing of a batch failed.
func wants(t *testing.T, function catalog.Function, answer []byte, want int) {
	t.Helper()
	if len(function.Routes) > 0 {
		var response events.APIGatewayV2HTTPResponse
		check(t, json.Unmarshal(answer, &response))
		if response.StatusCode != want {
			t.Errorf("status %d, want %d: %s", response.StatusCode, want, response.Body)
		}
		return
	}
	var response events.SQSEventResponse
	check(t, json.Unmarshal(answer, &response))
	if len(response.BatchItemFailures) > 0 {
		t.Errorf("messages failed: %s", answer)
	}
}

// event returns a function's sample event, adapted to the installation, and the expected status of
// the response.
func (i *installation) event(function catalog.Function) ([]byte, int) {
	raw := readEvent(i.t, function.Name)
	l, isEndpoint := lines()[function.Name]
	if !isEndpoint {
		if function.Queue == queue.MailReceive {
			i.putSampleMail(raw)
		}
		return raw, cmp.Or(sampleStatus[function.Name], http.StatusOK)
	}
	var event events.APIGatewayV2HTTPRequest
	check(i.t, json.Unmarshal(raw, &event))
	path, _, _ := strings.Cut(l.path(i), "?")
	event.RawPath = endpoint.Prefix + path
	event.RequestContext.HTTP.Path = event.RawPath
	if l.body != nil && idPattern.MatchString(event.Body) {
		body, err := json.Marshal(l.body(i)) // with ids of this installation
		check(i.t, err)
		event.Body = string(body)
		event.Headers["content-length"] = strconv.Itoa(len(body))
	}
	as, want := caller(l), http.StatusOK
	if status, other := sampleStatus[function.Name]; other {
		want = status
	}
	if event.Headers["authorization"] == sampleToken {
		event.Headers["authorization"] = "Token " + i.tokens[as]
	}
	data, err := json.Marshal(event)
	check(i.t, err)
	return data, want
}

// rawKey finds the key of a mail, in one of our messages or in a notification of Amazon SES.
var rawKey = regexp.MustCompile(`(?:raw_key|objectKey)\\?":\\?"([^"\\]+)`)

// putSampleMail stores the mail that the event of the receiving worker refers to.
func (i *installation) putSampleMail(raw []byte) {
	var event events.SQSEvent
	check(i.t, json.Unmarshal(raw, &event))
	for _, record := range event.Records {
		match := rawKey.FindStringSubmatch(record.Body)
		if match == nil {
			i.t.Fatalf("the event has no key of a mail: %s", record.Body)
		}
		mail := "From: who@example.net\r\nTo: support@help.example.com\r\nSubject: hello\r\n\r\nhello\r\n"
		_, err := i.Files.Put(context.Background(), match[1], strings.NewReader(mail), 1000)
		check(i.t, err)
	}
}

// writeEvents writes the missing sample events of the endpoints.
func (i *installation) writeEvents() {
	sample := strings.NewReplacer(
		i.org.ID, "0198a000-0000-7000-8000-000000000010", i.msp.ID, "0198a000-0000-7000-8000-000000000011",
		i.kase.ID, "0198a000-0000-7000-8000-000000000012",
	)
	for _, e := range i.endpoints {
		if _, err := os.Stat(eventFile(e.Name)); err == nil || strings.HasPrefix(e.Name, "downloads.") {
			continue
		}
		request := i.request(e.About, lineOf(i.t, e.Name), "")
		path := sample.Replace(request.URL.Path)
		body, err := readAll(request)
		check(i.t, err)
		event := events.APIGatewayV2HTTPRequest{
			Version:        "2.0",
			RouteKey:       e.Method + " " + endpoint.Prefix + e.Path,
			RawPath:        path,
			RawQueryString: request.URL.RawQuery,
			Headers: map[string]string{
				"host":           "portal.example.com",
				"accept":         "application/json",
				"user-agent":     "curl/8.7.1",
				"content-length": strconv.Itoa(len(body)),
			},
			RequestContext: events.APIGatewayV2HTTPRequestContext{
				RouteKey:     e.Method + " " + endpoint.Prefix + e.Path,
				AccountID:    "123456789012",
				Stage:        "$default",
				RequestID:    "JKJaXmPLvHcESHA=",
				APIID:        "a1b2c3d4e5",
				DomainName:   "portal.example.com",
				DomainPrefix: "portal",
				Time:         "22/Nov/2026:08:00:00 +0000",
				TimeEpoch:    1795334400000,
				HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
					Method:    e.Method,
					Path:      path,
					Protocol:  "HTTP/1.1",
					SourceIP:  "203.0.113.10",
					UserAgent: "curl/8.7.1",
				},
			},
			Body: sample.Replace(string(body)),
		}
		if e.Access != endpoint.Public {
			event.Headers["authorization"] = sampleToken
		}
		if kind := request.Header.Get("Content-Type"); kind != "" {
			event.Headers["content-type"] = kind
			if strings.HasPrefix(kind, "multipart/") {
				event.Body, event.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
			}
		}
		data, err := json.MarshalIndent(event, "", "  ")
		check(i.t, err)
		check(i.t, os.WriteFile(eventFile(e.Name), append(data, '\n'), 0o600))
	}
}

func readAll(request *http.Request) ([]byte, error) {
	if request.Body == nil {
		return nil, nil
	}
	return io.ReadAll(request.Body)
}
