// Package export sends what package tracing records to a collector by OTLP over HTTP. It is
// configured by OpenTelemetry's own environment variables
// (opentelemetry.io/docs/languages/sdk-configuration).
package export

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"strconv"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
	api "go.opentelemetry.io/otel/trace"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/tracing"
)

// Endpoint is the variable that turns traces on: the address of a collector, as in
// http://127.0.0.1:4318.
const Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT"

// Share is the variable with the share of the requests that are recorded, from 0 to 1; all if it is
// not set.
const Share = "OTEL_TRACES_SAMPLER_ARG"

// samplerOf returns the sampler of a share. It decides by the id of the trace, so that a request and
// its messages are recorded or not recorded together.
func samplerOf(share string) (trace.Sampler, error) {
	ratio := 1.0
	if share != "" {
		var err error
		if ratio, err = strconv.ParseFloat(share, 64); err != nil || !(ratio >= 0 && ratio <= 1) {
			return nil, fmt.Errorf("%s is %q: set a number from 0 to 1, as in 0.1", Share, share)
		}
	}
	sampler := trace.TraceIDRatioBased(ratio)
	return trace.ParentBased(sampler, trace.WithRemoteParentSampled(sampler)), nil
}

// checkAddress returns an error if the address of the collector is not a URL of http or https; the
// library would take its own default instead.
func checkAddress(address string) error {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" {
		return fmt.Errorf("%s is %q: set the address of a collector, as in http://127.0.0.1:4318", Endpoint, address)
	}
	return nil
}

// Exporter sends spans to a collector.
type Exporter struct{ provider *trace.TracerProvider }

// Start begins to record spans and to send them; service is the name of the program, unless
// OTEL_SERVICE_NAME is set.
func Start(ctx context.Context, service string) (*Exporter, error) {
	if err := checkAddress(os.Getenv(Endpoint)); err != nil {
		return nil, err
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("the collector of traces: %w", err)
	}
	described, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", service)),
		resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("the collector of traces: %w", err)
	}
	sampler, err := samplerOf(os.Getenv(Share))
	if err != nil {
		return nil, err
	}
	provider := trace.NewTracerProvider(
		trace.WithSampler(sampler), trace.WithBatcher(exporter), trace.WithResource(described),
		trace.WithIDGenerator(generator{}),
	)
	otel.SetTracerProvider(provider)
	return &Exporter{provider}, nil
}

// Flush sends what has been recorded so far.
func (e *Exporter) Flush(ctx context.Context) error { return e.provider.ForceFlush(ctx) }

// Close sends what has been recorded, and records nothing more.
func (e *Exporter) Close(ctx context.Context) error { return e.provider.Shutdown(ctx) }

// generator derives the ids of a request's trace and first span from the id of the request.
type generator struct{}

// NewIDs returns the ids of a new trace and of its first span.
func (g generator) NewIDs(ctx context.Context) (api.TraceID, api.SpanID) {
	if request := change.RequestID(ctx); request != "" {
		return tracing.IDs(request)
	}
	var id api.TraceID
	_, _ = rand.Read(id[:]) // crypto/rand never fails on the platforms that Go supports
	return id, g.NewSpanID(ctx, id)
}

// NewSpanID returns a random id.
func (generator) NewSpanID(context.Context, api.TraceID) (id api.SpanID) {
	_, _ = rand.Read(id[:])
	return id
}
