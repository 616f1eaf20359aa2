//go:build emulator

package catalog_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/invocation"
	"github.com/tenantry/tenantry/shared/store/emulator"
	"github.com/tenantry/tenantry/shared/store/table/dynamo"
)

// wire intercepts requests to Amazon DynamoDB: it forwards each distinct request to the emulator
// once and then repeats the response, so that only our side is measured. A write gets the response
// of the first write of its kind.
type wire struct {
	next  *emulator.Client
	guard sync.Mutex
	known map[string]answered
}

// answered is a recorded response of the emulator.
type answered struct {
	header http.Header
	body   []byte
}

// Do responds to a request.
func (w *wire) Do(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	question := request.Header.Get("X-Amz-Target")
	if operation := question[len(question)-4:]; operation == "Item" || operation == "uery" {
		question += string(body)
	}
	if strings.HasSuffix(request.Header.Get("X-Amz-Target"), ".UpdateItem") {
		question = "count " + string(body[bytes.Index(body, []byte(`"TableName"`)):]) // the table, whatever is counted
	}
	w.guard.Lock()
	answer, found := w.known[question]
	w.guard.Unlock()
	if !found {
		request.Body = io.NopCloser(bytes.NewReader(body))
		response, err := w.next.Do(request)
		if err != nil {
			return nil, err
		}
		answer.header = response.Header
		if answer.body, err = io.ReadAll(response.Body); err != nil || response.StatusCode != http.StatusOK {
			response.Body = io.NopCloser(bytes.NewReader(answer.body))
			return response, err
		}
		w.guard.Lock()
		w.known[question] = answer
		w.guard.Unlock()
	}
	return &http.Response{
		StatusCode:    http.StatusOK,
		Header:        answer.header,
		ContentLength: int64(len(answer.body)),
		Body:          io.NopCloser(bytes.NewReader(answer.body)),
		Request:       request,
	}, nil
}

// BenchmarkCall measures a function's work on one call, from event to response, with storage that
// responds at once.
func BenchmarkCall(b *testing.B) {
	address := os.Getenv(emulator.MiniStack)
	if address == "" {
		b.Fatalf("This benchmark needs an emulator of AWS. Run shared/store/emulators.sh with -bench.")
	}
	adapters, environment := onEmulator(b, address)
	i := populated(b, adapters)
	settings := emulator.Settings(b, address)
	settings.HTTPClient = &wire{next: new(emulator.Client), known: map[string]answered{}}
	adapters.Store = dynamo.New(dynamodb.NewFromConfig(settings), dynamo.Names{
		Core:    environment["TENANTRY_TABLE_CORE"],
		Audit:   environment["TENANTRY_TABLE_AUDIT"],
		Derived: environment["TENANTRY_TABLE_DERIVED"],
	}, time.Now)
	adapters.Now, adapters.Log, adapters.BaseURL, adapters.MailDomain = i.Now, i.Log, i.BaseURL, i.MailDomain
	services := catalog.NewServices(adapters)
	for _, name := range []string{"accounts.get_self", "cases.list", "cases.get", "cases.create"} {
		handler := invocation.Handler(name, services, invocation.Settings{CallsPerHour: 1 << 40})
		event, _ := i.event(named(b, name))
		i.call(caller(lines()[name]), "GET", "/self", "", nil)           // so that the use of the token is recorded
		i.call(caller(lines()[name]), "GET", "/orgs/"+i.org.ID, "", nil) // and the visit
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				answer, err := handler.Invoke(context.Background(), event)
				var response events.APIGatewayV2HTTPResponse
				if err != nil || json.Unmarshal(answer, &response) != nil || response.StatusCode != http.StatusOK {
					b.Fatalf("%v: %s", err, answer)
				}
			}
		})
	}
}
