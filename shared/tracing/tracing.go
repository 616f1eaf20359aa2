// Package tracing records how long requests and messages take, and the calls of the table and of the
// carrier of mails within them, with OpenTelemetry. Unless a program starts package export, nothing
// is recorded. Spans hold names and numbers, and nothing of what tenants store.
//
// All spans of a request, and of the messages that it causes, are one trace, whose id follows from
// the id of the request: messages need not carry anything else.
package tracing

import (
	"context"
	"crypto/sha256"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/tenantry/tenantry/shared/change"
)

// scope is the name under which the spans are recorded.
const scope = "github.com/tenantry/tenantry"

// Span is a piece of work that is measured.
type Span struct{ span trace.Span }

// Request begins the span of a request from outside; ctx has its id.
func Request(ctx context.Context, name string) (context.Context, Span) {
	return begin(ctx, name, trace.SpanKindServer)
}

// Message begins the span of the work on a message. Its parent is the request that caused the
// message, whose id ctx has.
func Message(ctx context.Context, name string) (context.Context, Span) {
	id := change.RequestID(ctx)
	if id == "" {
		return begin(ctx, name, trace.SpanKindConsumer)
	}
	traceID, spanID := IDs(id)
	parent := trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: traceID, SpanID: spanID, TraceFlags: trace.FlagsSampled, Remote: true,
	})
	return begin(trace.ContextWithRemoteSpanContext(ctx, parent), name, trace.SpanKindConsumer)
}

// Call begins the span of a call to another service.
func Call(ctx context.Context, name string) (context.Context, Span) {
	return begin(ctx, name, trace.SpanKindClient)
}

func begin(ctx context.Context, name string, kind trace.SpanKind) (context.Context, Span) {
	ctx, span := otel.Tracer(scope).Start(ctx, name, trace.WithSpanKind(kind))
	return ctx, Span{span}
}

// Name gives the span another name.
func (s Span) Name(name string) { s.span.SetName(name) }

// Number adds a number to the span, as in "http.response.status_code".
func (s Span) Number(name string, value int) { s.span.SetAttributes(attribute.Int(name, value)) }

// End ends the span. The text of an error is not recorded: it may name what a tenant stores.
func (s Span) End(err error) {
	if err != nil {
		s.span.SetStatus(codes.Error, "failed")
	}
	s.span.End()
}

// IDs returns the ids of the trace of a request, and of the request's own span.
func IDs(request string) (trace.TraceID, trace.SpanID) {
	sum := sha256.Sum256([]byte(request))
	return trace.TraceID(sum[:16]), trace.SpanID(sum[16:24])
}
