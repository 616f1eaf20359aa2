package endpoint_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/identity"
)

type strictInput struct {
	endpoint.Pages
	Color  string   `query:"color" enum:"red,green"`
	Shades []string `query:"shade,explode"`
}

type strictOutput struct {
	Body struct {
		Limit  int      `json:"limit"`
		Color  string   `json:"color"`
		Shades []string `json:"shades"`
	}
}

func colors(path string) endpoint.Endpoint {
	return endpoint.Get("test.colors"+strings.ReplaceAll(path, "/", "_"), path, "List colors",
		func(_ context.Context, in *strictInput) (*strictOutput, error) {
			out := &strictOutput{}
			out.Body.Limit, out.Body.Color, out.Body.Shades = in.Limit, in.Color, in.Shades
			return out, nil
		})
}

func act(path string) endpoint.Endpoint {
	return endpoint.Post("test.act"+strings.ReplaceAll(path, "/", "_"), path, "Act",
		func(context.Context, *endpoint.None) (*endpoint.Empty, error) { return &endpoint.Empty{}, nil })
}

func TestWhatACallWouldIgnoreIsRefused(t *testing.T) {
	endpoints := append(endpoint.Compatible(colors("/portal"), act("/portal/act")), colors("/own"), act("/own/act"))
	w := newWorld(t, endpoints...)
	header := map[string]string{"Authorization": w.token(w.Person(w.Org.Place(), identity.Read))}
	for _, test := range []struct {
		method, path, body string
		status             int
		says               string
	}{
		{"GET", "/own?color=red&shade=a&shade=b&limit=5", "", 200, `"shades":["a","b"]`},
		{"GET", "/own?serverity=1", "", 400, "query.serverity: is not a parameter of this call, which takes color, limit, page, shade"},
		{"GET", "/own?Color=red", "", 400, "query.Color"},
		{"GET", "/own?color=red&color=green", "", 400, "query.color: must be given once"},
		{"GET", "/own?color=blue", "", 400, "query.color"},
		{"GET", "/own?color=&limit=", "", 200, `"limit":100`},
		{"GET", "/own?color=false", "", 400, "query.color"},
		{"GET", "/own?limit=0", "", 400, "query.limit"},
		{"GET", "/own?a;b=%zz", "", 400, "query: cannot be read"},
		{"GET", "/portal?color=False&limit=&page=false&shade=false", "", 200, `"limit":100`},
		{"GET", "/portal?serverity=", "", 400, "query.serverity"},
		{"GET", "/portal?color=blue", "", 400, "query.color"},
		{"POST", "/own/act", "", 200, ""},
		{"POST", "/own/act", " {} ", 200, ""},
		{"POST", "/own/act", `{"status": "closed"}`, 400, "body: must be empty"},
		{"POST", "/own/act?status=closed", "", 400, "query.status: is not a parameter of this call, which takes none"},
		{"POST", "/portal/act", `{"status": "closed"}`, 200, ""},
	} {
		answer := w.do(call{method: test.method, path: "/api/v1" + test.path, body: test.body, header: header})
		if answer.Code != test.status || !strings.Contains(answer.Body.String(), test.says) {
			t.Errorf("%s %s %s: %d %s", test.method, test.path, test.body, answer.Code, answer.Body)
		}
		if answer.Code == http.StatusBadRequest && !strings.Contains(answer.Body.String(), `"fields"`) {
			t.Errorf("%s names no field: %s", test.path, answer.Body)
		}
	}
}
