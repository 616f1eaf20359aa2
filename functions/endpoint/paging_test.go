package endpoint_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
)

type listInput struct {
	endpoint.Cursor
	Color string `query:"color"`
}

type listOutput struct {
	Body struct {
		After string `json:"after"`
		Limit int    `json:"limit"`
		Next  string `json:"next,omitempty"`
	}
}

// list tells where a page begins, and always goes on.
func list(path string) endpoint.Endpoint {
	return endpoint.Get(
		"test.list"+strings.ReplaceAll(path, "/", "_"),
		path,
		"List",
		func(ctx context.Context, in *listInput) (*listOutput, error) {
			after, err := in.After(ctx)
			if err != nil {
				return nil, err
			}
			out := &listOutput{}
			out.Body.After, out.Body.Limit, out.Body.Next = after, in.Limit, endpoint.Next(ctx, after+"x")
			return out, nil
		},
	)
}

func TestACursorBelongsToItsCallerListAndFilter(t *testing.T) {
	w := newWorld(t, list("/list"), list("/other"))
	carlo, olga := w.Person(w.Org.Place(), identity.Read), w.Operator()
	mine, hers := map[string]string{"Authorization": w.token(carlo)}, map[string]string{"Authorization": w.token(olga)}
	read := func(path string, header map[string]string) (int, listOutput) {
		answer := w.do(call{method: "GET", path: path, header: header})
		var out listOutput
		_ = json.Unmarshal(answer.Body.Bytes(), &out.Body) // the status tells whether it is one
		return answer.Code, out
	}
	_, first := read("/api/v1/list?limit=7&color=red%26blue", mine)
	next := first.Body.Next
	if !strings.HasPrefix(next, "/api/v1/list?") || first.Body.After != "" || strings.Contains(next, "=x") {
		t.Fatalf("first %+v", first)
	}
	link, err := url.Parse(next)
	if err != nil {
		t.Fatal(err)
	}
	edit := func(change func(url.Values)) string {
		query := link.Query()
		change(query)
		return "/api/v1/list?" + query.Encode()
	}
	for name, test := range map[string]struct {
		path   string
		header map[string]string
		status int
	}{
		"as it is":        {next, mine, 200},
		"another limit":   {edit(func(q url.Values) { q.Set("limit", "9") }), mine, 200},
		"another caller":  {next, hers, 400},
		"another list":    {strings.Replace(next, "/list", "/other", 1), mine, 400},
		"another filter":  {edit(func(q url.Values) { q.Set("color", "green") }), mine, 400},
		"no filter":       {edit(func(q url.Values) { q.Del("color") }), mine, 400},
		"cut":             {edit(func(q url.Values) { q.Set("search_after", q.Get("search_after")[1:]) }), mine, 400},
		"a text":          {edit(func(q url.Values) { q.Set("search_after", "xx") }), mine, 400},
		"limit 0":         {edit(func(q url.Values) { q.Set("limit", "0") }), mine, 400},
		"limit 1,001":     {edit(func(q url.Values) { q.Set("limit", "1001") }), mine, 400},
		"an empty cursor": {edit(func(q url.Values) { q.Set("search_after", "") }), mine, 200},
		"an empty filter": {"/api/v1/list?color=&search_after=", mine, 200},
	} {
		status, out := read(test.path, test.header)
		if status != test.status || name == "as it is" && (out.Body.After != "x" || out.Body.Limit != 7) {
			t.Errorf("%s: %d %+v, want %d", name, status, out, test.status)
		}
	}
	w.Clock.Pass(24*time.Hour - time.Second)
	if status, _ := read(next, mine); status != 200 {
		t.Errorf("before a day is over: %d", status)
	}
	w.Clock.Pass(2 * time.Second)
	problem := w.problem(w.do(call{method: "GET", path: next, header: mine}), http.StatusBadRequest)
	if problem.Code != fault.Invalid || problem.Fields[0].Name != "query.search_after" {
		t.Errorf("%+v", problem)
	}
}

func TestPagesOfAWholeListFitTogether(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		all := rapid.SliceOfN(rapid.Int(), 0, 40).Draw(rt, "all")
		limit := rapid.IntRange(1, 15).Draw(rt, "limit")
		var got []int
		for page := 1; page <= len(all)/limit+2; page++ {
			part, headers := endpoint.PageOf(all, endpoint.Pages{Limit: limit, Page: page})
			if part == nil || len(part) > limit ||
				headers != (endpoint.PageHeaders{Limit: limit, Page: page, Total: len(all)}) {
				rt.Fatalf("page %d: %v, %+v", page, part, headers)
			}
			got = append(got, part...)
		}
		if len(got) != len(all) {
			rt.Fatalf("%v, want %v", got, all)
		}
		for i := range all {
			if got[i] != all[i] {
				rt.Fatalf("%v, want %v", got, all)
			}
		}
	})
}

type pagesOutput struct {
	endpoint.PageHeaders
	Body []int
}

func TestPagesTellWhereTheyStand(t *testing.T) {
	w := newWorld(
		t,
		endpoint.New(
			endpoint.About{
				Name:    "test.pages",
				Method:  http.MethodGet,
				Path:    "/pages",
				Summary: "Pages",
				Access:  endpoint.Public,
			},
			func(_ context.Context, in *endpoint.Pages) (*pagesOutput, error) {
				out := &pagesOutput{}
				out.Body, out.PageHeaders = endpoint.PageOf([]int{1, 2, 3, 4, 5}, *in)
				return out, nil
			},
		),
	)
	for path, want := range map[string][4]string{
		"/pages": {"100", "1", "5", "[1,2,3,4,5]"}, "/pages?limit=2&page=3": {"2", "3", "5", "[5]"}, "/pages?limit=2&page=4": {"2", "4", "5", "[]"},
		"/pages?limit=1000&page=100000": {"1000", "100000", "5", "[]"},
	} {
		answer := w.do(call{method: "GET", path: "/api/v1" + path})
		header := answer.Header()
		got := [4]string{
			header.Get("X-Page-Limit"),
			header.Get("X-Page-Page"),
			header.Get("X-Page-Total"),
			strings.TrimSpace(answer.Body.String()),
		}
		if got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	for _, path := range []string{"/pages?limit=0", "/pages?page=0", "/pages?limit=1001", "/pages?page=x"} {
		w.problem(w.do(call{method: "GET", path: "/api/v1" + path}), http.StatusBadRequest)
	}
}

func FuzzCursorsFromOutside(f *testing.F) {
	estate := apptest.NewEstate(f)
	_, text, err := estate.Accounts.CreateToken(f.Context(), estate.Operator(), identity.NewToken{Password: apptest.Password, Name: "ci"})
	if err != nil {
		f.Fatal(err)
	}
	for _, cursor := range []string{"x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "\x00\xff", "§"} {
		f.Add(cursor)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		estate.Clock.Pass(time.Hour) // so that the calls are not too many
		w := (&world{Estate: estate, t: t}).serve(true, list("/list"))
		answer := w.do(
			call{
				method: "GET",
				path:   "/api/v1/list?" + url.Values{"search_after": {cursor}}.Encode(),
				header: map[string]string{"Authorization": "Token " + text},
			},
		)
		if cursor != "" && answer.Code != http.StatusBadRequest {
			t.Errorf("%q: %d %s", cursor, answer.Code, answer.Body)
		}
	})
}
