// Package fault contains the errors that callers can act on: a code, a public message, the invalid
// fields and, separately, the cause for the log. It knows nothing of HTTP: functions/endpoint turns
// a code into a status.
package fault

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Code is the kind of a fault, for programs.
type Code string

// The codes, from client errors to internal errors.
const (
	Invalid          Code = "invalid"            // the input breaks a rule; Fields says which
	Unauthenticated  Code = "unauthenticated"    // nobody known is asking
	Forbidden        Code = "forbidden"          // known, may see the object, may not do this
	StepUp           Code = "step_up_required"   // known, may do this, but must prove who they are again
	NotFound         Code = "not_found"          // absent, or hidden from the caller
	MethodNotAllowed Code = "method_not_allowed" // the path exists, but not with this method
	Conflict         Code = "conflict"           // the object is not in the state the caller thought
	Limited          Code = "limited"            // too many calls; RetryAfter says when to come back
	TooLarge         Code = "too_large"          // the input is larger than is taken
	MediaType        Code = "media_type"         // the input comes in a form that is not taken
	Full             Code = "full"               // there is no room to store the input
	Unavailable      Code = "unavailable"        // something we need does not answer; try again
	Internal         Code = "internal"           // our mistake
)

// Field is one invalid part of the input.
type Field struct {
	// Name is the path of the field, as in "body.subject".
	Name string `json:"field"`
	// Message says what is wrong and what is valid.
	Message string `json:"message"`
}

// Error is a fault. Message, Fields, Call and Present may be shown to the caller; Cause
// never is.
type Error struct {
	Code    Code
	Message string
	Fields  []Field
	// Call is a sentence that tells programs which call helps; the portal's pages leave it out.
	Call string
	// RetryAfter is how long to wait before a retry; zero if waiting does not help.
	RetryAfter time.Duration
	// Present is the version that the object has now, on a conflict of versions.
	Present int64
	Cause   error
}

// Error returns the message and the cause, for the log.
func (e *Error) Error() string {
	if e.Cause == nil {
		return string(e.Code) + ": " + e.Message
	}
	return string(e.Code) + ": " + e.Message + ": " + e.Cause.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// New returns a fault with a message for the caller.
func New(code Code, format string, arguments ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, arguments...)}
}

// Calling returns the fault with a sentence for programs about the call that helps.
func (e *Error) Calling(format string, arguments ...any) *Error {
	with := *e
	with.Call = fmt.Sprintf(format, arguments...)
	return &with
}

// Wrap returns a fault that keeps its cause for the log.
func Wrap(cause error, code Code, format string, arguments ...any) *Error {
	fault := New(code, format, arguments...)
	fault.Cause = cause
	return fault
}

// Missing returns the fault for objects that do not exist or that the caller may not see. Callers
// must not be able to distinguish the two.
func Missing() *Error { return New(NotFound, "Not found.") }

// Denied says that the caller's role does not allow what was asked.
func Denied() *Error {
	return New(Forbidden, "You do not have permission to perform this action.")
}

// InField returns an Invalid fault about one field.
func InField(name, format string, arguments ...any) *Error {
	message := fmt.Sprintf(format, arguments...)
	return &Error{
		Code: Invalid, Message: name + ": " + message,
		Fields: []Field{{Name: name, Message: message}},
	}
}

// OneOf returns an Invalid fault about a field that allows only certain values.
func OneOf[T ~string](name string, allowed []T) *Error {
	words := make([]string, len(allowed))
	for i, value := range allowed {
		words[i] = string(value)
	}
	return InField(name, "must be one of %s", strings.Join(words, ", "))
}

// Stale says that the object was changed since the caller read it.
func Stale(present int64) *Error {
	fault := New(
		Conflict,
		"The object was changed in the meantime; it now has version %d. Read it again and repeat the change.",
		present,
	)
	fault.Present = present
	return fault
}

// CodeOf returns the code of err: Internal for an error that is no fault, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if fault, ok := errors.AsType[*Error](err); ok {
		return fault.Code
	}
	return Internal
}

// Is reports whether err is a fault of the given code.
func Is(err error, code Code) bool { return CodeOf(err) == code }
