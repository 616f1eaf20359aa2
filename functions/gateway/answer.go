package gateway

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// maxAnswer is the maximum size of a response's body in bytes, as part of the function's JSON
// response of at most 6 MB ("Lambda quotas"); the rest is for the headers.
const maxAnswer = 5_800_000

// errTooLong means that a response is longer than a function can return.
var errTooLong = errors.New("gateway: the response is longer than a function can return")

// answer records a handler's response.
type answer struct {
	header  http.Header
	status  int
	body    bytes.Buffer
	tooLong bool
}

// Header returns the headers.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader sets the status; only the first one counts.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= http.StatusOK {
		a.status = status
	}
}

// Write adds to the body, up to the limit.
func (a *answer) Write(data []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	if a.body.Len()+len(data) > maxAnswer {
		a.tooLong = true
		return 0, errTooLong
	}
	return a.body.Write(data)
}

// response returns the response in the gateway's form.
func (a *answer) response() events.APIGatewayV2HTTPResponse {
	body := a.body.Bytes()
	size := base64.StdEncoding.EncodedLen(len(body))
	text := false
	if utf8.Valid(body) {
		asText := escaped(body)
		text = asText <= maxAnswer || asText < size
		size = min(size, asText)
	}
	if a.tooLong || size > maxAnswer {
		return refusal(http.StatusRequestEntityTooLarge, "too_large",
			"The response is too large. Request fewer results with 'limit'.")
	}
	response := events.APIGatewayV2HTTPResponse{
		StatusCode:      a.status,
		Headers:         make(map[string]string, len(a.header)),
		IsBase64Encoded: !text,
	}
	if response.StatusCode == 0 {
		response.StatusCode = http.StatusOK
	}
	for name, values := range a.header {
		if name == "Set-Cookie" {
			response.Cookies = values
			continue
		}
		response.Headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	if text {
		response.Body = string(body)
	} else {
		response.Body = base64.StdEncoding.EncodeToString(body)
	}
	return response
}

// escaped returns the length of a text as a JSON string in bytes: the encoder writes some
// characters as six bytes.
func escaped(body []byte) int {
	count := len(body)
	for _, b := range body {
		switch {
		case b == '"' || b == '\\' || b == '\n' || b == '\r' || b == '\t':
			count++
		case b < 0x20 || b == '<' || b == '>' || b == '&':
			count += 5
		}
	}
	// The line separators U+2028 and U+2029 have three bytes, and are escaped to six, because
	// scripts must not contain them.
	return count + 3*bytes.Count(body, []byte("\u2028")) + 3*bytes.Count(body, []byte("\u2029"))
}

// refusal is a response of the gateway itself, in the form of all errors.
func refusal(status int, code, detail string) events.APIGatewayV2HTTPResponse {
	body, err := json.Marshal(map[string]string{"detail": detail, "code": code})
	if err != nil {
		body = []byte(`{"detail":"The response cannot be written.","code":"internal"}`)
	}
	return events.APIGatewayV2HTTPResponse{
		StatusCode: status,
		Body:       string(body),
		Headers: map[string]string{
			"content-type":            "application/json",
			"cache-control":           "no-store",
			"content-security-policy": "default-src 'none'; frame-ancestors 'none'",
			"x-content-type-options":  "nosniff",
		},
	}
}
