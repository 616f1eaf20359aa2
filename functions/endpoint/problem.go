package endpoint

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tenantry/tenantry/shared/fault"
)

// Problem is the body of every response other than 200.
type Problem struct {
	Detail string        `json:"detail" doc:"A message for people: what is wrong and how to fix it."`
	Code   fault.Code    `json:"code" doc:"A code for programs: invalid, unauthenticated, forbidden, step_up_required, not_found, method_not_allowed, conflict, limited, too_large, media_type, full, unavailable or internal."`
	Fields []fault.Field `json:"fields,omitempty" doc:"The invalid parts of the input."`
	// Revision is the one that the object has now, on a conflict of revisions.
	Revision int64 `json:"revision,omitempty" doc:"On a conflict: the revision that the object has now."`

	// people is the detail without what only programs need; "" for the whole detail.
	people     string
	status     int
	retryAfter time.Duration
}

// ForPeople returns the detail as pages show it, without the call that helps programs only.
func (p *Problem) ForPeople() string { return cmp.Or(p.people, p.Detail) }

// Error returns the detail.
func (p *Problem) Error() string { return p.Detail }

// GetStatus returns the HTTP status.
func (p *Problem) GetStatus() int { return p.status }

// GetHeaders returns Retry-After (RFC 9110, 10.2.3), in whole seconds, where waiting helps.
func (p *Problem) GetHeaders() http.Header {
	header := http.Header{}
	if p.retryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(int((p.retryAfter+time.Second-1)/time.Second)))
	}
	return header
}

// status is the one table from a fault's code to an HTTP status.
func status(code fault.Code) int {
	switch code {
	case fault.Invalid:
		return http.StatusBadRequest
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden, fault.StepUp:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.MethodNotAllowed:
		return http.StatusMethodNotAllowed
	case fault.Conflict:
		return http.StatusConflict
	case fault.Limited:
		return http.StatusTooManyRequests
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.MediaType:
		return http.StatusUnsupportedMediaType
	case fault.Full:
		return http.StatusInsufficientStorage
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

// codeOf is the other direction, for errors of huma and net/http.
func codeOf(httpStatus int) fault.Code {
	switch httpStatus {
	case http.StatusUnauthorized:
		return fault.Unauthenticated
	case http.StatusForbidden:
		return fault.Forbidden
	case http.StatusNotFound:
		return fault.NotFound
	case http.StatusMethodNotAllowed:
		return fault.MethodNotAllowed
	case http.StatusConflict:
		return fault.Conflict
	case http.StatusTooManyRequests:
		return fault.Limited
	case http.StatusRequestEntityTooLarge:
		return fault.TooLarge
	case http.StatusUnsupportedMediaType:
		return fault.MediaType
	case http.StatusInsufficientStorage:
		return fault.Full
	}
	if httpStatus >= 500 {
		return fault.Internal
	}
	return fault.Invalid
}

// ProblemOf returns the response for an error. An error that is not a fault is internal, and its
// text is not disclosed.
func ProblemOf(err error) *Problem {
	if problem, ok := errors.AsType[*Problem](err); ok {
		return problem
	}
	found, ok := errors.AsType[*fault.Error](err)
	if !ok || found.Code == fault.Internal {
		return &Problem{
			Detail: "Something went wrong on our side. Try again; the request's id helps us to find it.",
			Code:   fault.Internal,
			status: http.StatusInternalServerError,
		}
	}
	return &Problem{
		Detail: strings.TrimSpace(found.Message + " " + found.Call), people: found.Message, Code: found.Code,
		Fields: found.Fields, Revision: found.Present,
		status: status(found.Code), retryAfter: found.RetryAfter,
	}
}

// problems makes huma return Problems. It has one such function for the whole process.
var problems = sync.OnceFunc(func() {
	huma.ValidateStrictCasing = true // a field in other letters would be read, but not validated
	speakToCallers()
	huma.NewError = func(httpStatus int, message string, errs ...error) huma.StatusError {
		return inputProblem(httpStatus, message, errs)
	}
})

// inputProblem returns the Problem for an error that huma found in an input. A failed validation is a plain
// 400, as clients of such APIs expect.
func inputProblem(httpStatus int, message string, errs []error) *Problem {
	if httpStatus == http.StatusUnprocessableEntity {
		httpStatus = http.StatusBadRequest
	}
	if onlyPath(errs) {
		return ProblemOf(fault.Missing()) // an id that cannot exist is answered like one that does not
	}
	problem := &Problem{Detail: message, Code: codeOf(httpStatus), status: httpStatus}
	var lines []string
	for _, err := range errs {
		if err == nil {
			continue
		}
		if inner, ok := errors.AsType[*Problem](err); ok {
			return inner
		}
		field := fault.Field{Message: err.Error()}
		if detailer, ok := err.(huma.ErrorDetailer); ok {
			detail := detailer.ErrorDetail()
			field = fault.Field{Name: detail.Location, Message: detail.Message}
		}
		problem.Fields = append(problem.Fields, field)
		lines = append(lines, strings.TrimPrefix(field.Name+": "+field.Message, ": "))
	}
	if httpStatus >= 500 {
		problem.Fields = nil // internal text never reaches a client
		problem.Detail = "Something went wrong on our side. Try again."
	} else if len(lines) > 0 {
		problem.Detail = strings.Join(lines[:min(len(lines), 5)], "; ")
	}
	return problem
}

// onlyPath reports whether all errors are about the path.
func onlyPath(errs []error) bool {
	for _, err := range errs {
		detailer, ok := err.(huma.ErrorDetailer)
		if !ok || !strings.HasPrefix(detailer.ErrorDetail().Location, "path.") {
			return false
		}
	}
	return len(errs) > 0
}
