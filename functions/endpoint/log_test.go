package endpoint_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/functions/endpoint"
)

func TestTheLogOfCallsHasNoSecretsAndNoAddresses(t *testing.T) {
	w := newWorld(t)
	var log bytes.Buffer
	w.Log = slog.New(slog.NewTextHandler(&log, nil))
	served := w.serve(true, who(endpoint.Public, "GET", "/downloads/{link}"), who(endpoint.Known, "GET", "/known"))
	for _, path := range []string{
		"/downloads/s3cret", "/downloads/absent/s3cret", "/uploads/s3cret", "/invite/verify/s3cret",
		"/orgs/0/mail_addresses/s3cret@example.com", "/platform/blocked/s3cret@example.com", "/known?search=s3cret",
	} {
		served.do(call{
			method: "GET", path: "/api/v1" + path, cookie: "s3cret", header: map[string]string{"Authorization": "Token s3cret"},
		})
	}
	if lines := strings.Count(log.String(), "msg=call"); lines != 7 {
		t.Errorf("%d calls are in the log:\n%s", lines, log.String())
	}
	if strings.Contains(log.String(), "s3cret") {
		t.Errorf("the log has a secret:\n%s", log.String())
	}
}
