package cloud

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/infra/aws/emulated/access"
)

func TestAFunctionIsKeptToItsRoleWhoeverSendsItsSignedCall(t *testing.T) {
	var denied []string
	g := &guard{
		at: access.Place{Region: "eu-central-1", Account: Account},
		policies: map[string]access.Policy{
			"t-get": {
				{Actions: []string{"s3:GetObject", "s3:PutObject"}, Resources: []string{"arn:aws:s3:::files/a/*"}},
			},
		},
		denied: func(text string) { denied = append(denied, text) },
	}
	form := func(signer, key string) *http.Request {
		var body bytes.Buffer
		writer := multipart.NewWriter(&body)
		for _, field := range [][2]string{{"key", key}, {"x-amz-security-token", signer}, {"file", "content"}} {
			check(t, writer.WriteField(field[0], field[1]))
		}
		check(t, writer.Close())
		request := httptest.NewRequest(http.MethodPost, "/files", &body)
		request.Header.Set("Content-Type", writer.FormDataContentType())
		return request
	}
	call := func(signer, path string) *http.Request {
		request := httptest.NewRequest(http.MethodGet, path, nil)
		if signer != "" {
			request.Header.Set("X-Amz-Security-Token", signer)
		}
		return request
	}
	for _, one := range []struct {
		name    string
		request *http.Request
		denied  string
	}{
		{"its own call", call("t-get", "/files/a/1"), ""},
		{"another resource", call("t-get", "/files/b/1"), "t-get may not s3:GetObject on arn:aws:s3:::files/b/1"},
		{"an address that it signed", call("", "/files/a/1?X-Amz-Security-Token=t-get"), ""},
		{"an address for what it may not read", call("", "/files/b/1?X-Amz-Security-Token=t-get"),
			"t-get may not s3:GetObject"},
		{"nobody's call", call("", "/files/a/1"), `"" is not a function`},
		{"a form that it signed", form("t-get", "a/1"), ""},
		{"a form for what it may not write", form("t-get", "b/1"),
			"t-get may not s3:PutObject on arn:aws:s3:::files/b/1"},
		{"a form of nobody's", form("", "a/1"), "a form that nobody signed"},
	} {
		denied = nil
		answer := httptest.NewRecorder()
		admitted := g.admits(answer, one.request)
		switch reasons := strings.Join(denied, "\n"); {
		case one.denied == "" && (!admitted || reasons != ""):
			t.Errorf("%s: denied: %s", one.name, reasons)
		case one.denied != "" && (admitted || !strings.Contains(reasons, one.denied) ||
			answer.Code != http.StatusForbidden):
			t.Errorf("%s: %v, %d, %q", one.name, admitted, answer.Code, reasons)
		}
	}
}
