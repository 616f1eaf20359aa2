package export_test

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	spans "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/tracing"
	"github.com/tenantry/tenantry/shared/tracing/export"
)

// collecting starts a collector, and returns what it received by the names of the spans.
func collecting(t *testing.T) (received func() map[string]*spans.Span, raw func() string) {
	t.Helper()
	var mutex sync.Mutex
	var all strings.Builder
	byName := map[string]*spans.Span{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var body io.Reader = r.Body
		if r.Header.Get("Content-Encoding") == "gzip" {
			unpacked, err := gzip.NewReader(r.Body)
			if err != nil {
				t.Error(err)
				return
			}
			body = unpacked
		}
		data, err := io.ReadAll(body)
		var request collector.ExportTraceServiceRequest
		if err := errors.Join(err, proto.Unmarshal(data, &request)); err != nil {
			t.Error(err)
		}
		mutex.Lock()
		defer mutex.Unlock()
		all.Write(data)
		for _, resource := range request.ResourceSpans {
			for _, scope := range resource.ScopeSpans {
				for _, span := range scope.Spans {
					byName[span.Name] = span
				}
			}
		}
	}))
	t.Cleanup(server.Close)
	t.Setenv(export.Endpoint, server.URL)
	locked := func() func() { mutex.Lock(); return mutex.Unlock }
	return func() map[string]*spans.Span { defer locked()(); return byName },
		func() string { defer locked()(); return all.String() }
}

func TestARequestAndTheMessagesItCausesAreOneTrace(t *testing.T) {
	received, raw := collecting(t)
	traces, err := export.Start(t.Context(), "test")
	if err != nil {
		t.Fatal(err)
	}
	ctx := change.WithRequest(t.Context(), "request-1")
	working, request := tracing.Request(ctx, "GET")
	_, call := tracing.Call(working, "table query core")
	call.End(errors.New("a customer's secret"))
	request.Name("cases.list")
	request.End(nil)
	_, message := tracing.Message(ctx, "mail.send")
	message.End(nil)
	_, other := tracing.Message(change.WithRequest(t.Context(), "request-2"), "cases.index")
	other.End(nil)
	if err := traces.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := received()
	first, second, third, last := got["cases.list"], got["table query core"], got["mail.send"], got["cases.index"]
	if first == nil || second == nil || third == nil || last == nil {
		t.Fatalf("received %v", got)
	}
	for _, span := range []*spans.Span{second, third} {
		if string(span.TraceId) != string(first.TraceId) || string(span.ParentSpanId) != string(first.SpanId) {
			t.Errorf("%s is in the trace %x below %x, want %x below %x",
				span.Name, span.TraceId, span.ParentSpanId, first.TraceId, first.SpanId)
		}
	}
	if string(last.TraceId) == string(first.TraceId) {
		t.Error("another request is in the same trace")
	}
	if second.Status.Code != spans.Status_STATUS_CODE_ERROR || strings.Contains(raw(), "secret") {
		t.Errorf("the failed call: %v", second.Status)
	}
}

func TestAShareOfTheRequestsIsRecordedWithTheirMessages(t *testing.T) {
	received, _ := collecting(t)
	t.Setenv(export.Share, "0")
	traces, err := export.Start(t.Context(), "test")
	if err != nil {
		t.Fatal(err)
	}
	ctx := change.WithRequest(t.Context(), "request-1")
	_, request := tracing.Request(ctx, "GET")
	request.End(nil)
	_, message := tracing.Message(ctx, "mail.send")
	message.End(nil)
	if err := traces.Close(t.Context()); err != nil || len(received()) > 0 {
		t.Errorf("received %v, %v", received(), err)
	}
	for _, wrong := range []string{"all", "-1", "2", "NaN"} {
		t.Setenv(export.Share, wrong)
		if _, err := export.Start(t.Context(), "test"); err == nil {
			t.Errorf("took the share %q", wrong)
		}
	}
}

func TestAnAddressThatIsNoCollectorIsRefused(t *testing.T) {
	for _, address := range []string{":::bad", "collector.example.com:4318", "ftp://collector.example.com", "http://"} {
		t.Setenv(export.Endpoint, address)
		if _, err := export.Start(t.Context(), "test"); err == nil || !strings.Contains(err.Error(), export.Endpoint) {
			t.Errorf("%q: %v", address, err)
		}
	}
}
