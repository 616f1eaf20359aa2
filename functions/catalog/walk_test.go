package catalog_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/endpoint"
)

func decode(t testing.TB, got *httptest.ResponseRecorder) object {
	t.Helper()
	var o object
	if err := json.Unmarshal(got.Body.Bytes(), &o); err != nil {
		t.Fatalf("status %d, and no JSON object: %q", got.Code, got.Body)
	}
	return o
}

// try makes the call of a line as a person, with a change to the body if any.
func (i *installation) try(
	about endpoint.About,
	l line,
	path, as string,
	edit func(object),
) *httptest.ResponseRecorder {
	i.t.Helper()
	got := i.make(about, l, path, as, edit)
	if got.Code != http.StatusOK && i.do == nil && !slices.Contains(about.Errors(), got.Code) {
		i.t.Errorf("%s: the API's document does not have the status %d: %s", about.Name, got.Code, got.Body)
	}
	return got
}

func (i *installation) make(
	about endpoint.About,
	l line,
	path, as string,
	edit func(object),
) *httptest.ResponseRecorder {
	i.t.Helper()
	if l.body == nil {
		return i.call(as, about.Method, path, "", nil)
	}
	body := object{}
	for name, value := range l.body(i) {
		body[name] = value
	}
	if edit != nil {
		edit(body)
	}
	if name, ok := body[multipartFile]; ok {
		var form bytes.Buffer
		writer := multipart.NewWriter(&form)
		for other := range body {
			if other != multipartFile {
				check(i.t, writer.WriteField(other, "x"))
			}
		}
		part, err := writer.CreateFormFile("file", name.(string))
		check(i.t, err)
		_, err = part.Write([]byte("content"))
		check(i.t, err)
		check(i.t, writer.Close())
		return i.call(as, about.Method, path, writer.FormDataContentType(), &form)
	}
	data, err := json.Marshal(body)
	check(i.t, err)
	return i.call(as, about.Method, path, "application/json", bytes.NewReader(data))
}

// detailed checks that a response has a status and an error with a detail.
func detailed(t *testing.T, what string, got *httptest.ResponseRecorder, want int) {
	t.Helper()
	if got.Code != want {
		t.Errorf("%s: status %d, want %d: %s", what, got.Code, want, got.Body)
		return
	}
	if detail, _ := decode(t, got)["detail"].(string); detail == "" ||
		got.Header().Get("Content-Type") != "application/json" {
		t.Errorf("%s: no detail in %s of type %q", what, got.Body, got.Header().Get("Content-Type"))
	}
}

// shards is the number of installations that share the walk, so that it uses all of the machine.
const shards = 4

// TestWalk walks every endpoint of the catalog.
func TestWalk(t *testing.T) {
	for shard := range shards {
		t.Run(fmt.Sprintf("shard %d", shard), func(t *testing.T) {
			t.Parallel()
			i := newInstallation(t, nil)
			for at, e := range i.endpoints {
				if at%shards != shard {
					continue
				}
				t.Run(e.Name, func(t *testing.T) { i.walk(t, e) })
			}
		})
	}
}

// walk makes every call of the walk to an endpoint.
func (i *installation) walk(t *testing.T, e endpoint.Endpoint) {
	i.t = t
	l := lineOf(t, e.Name)
	t.Run("nobody", func(t *testing.T) { i.walkNobody(t, e, l) })
	t.Run("roles", func(t *testing.T) { i.walkRoles(t, e, l) })
	t.Run("labels", func(t *testing.T) { i.walkLabels(t, e, l) })
	t.Run("unknown ids", func(t *testing.T) { i.walkUnknown(t, e, l) })
	t.Run("unknown parameter", func(t *testing.T) {
		path := parameterAfter(l.path(i)) + "serverity=1"
		got := i.try(e.About, l, path, caller(l), nil)
		detailed(t, "an unknown parameter", got, 400)
		if !strings.Contains(got.Body.String(), "query.serverity") {
			t.Errorf("it does not name the parameter: %s", got.Body)
		}
	})
	t.Run("bad cursor", func(t *testing.T) { i.walkCursor(t, e, l) })
	t.Run("bad body", func(t *testing.T) { i.walkBody(t, e, l) })
}

// TestEveryLineOfTheWalkIsForAnEndpoint finds lines that belong to no endpoint.
func TestEveryLineOfTheWalkIsForAnEndpoint(t *testing.T) {
	endpoints := catalog.Endpoints(catalog.Services{})
	for name := range lines() {
		if !slices.ContainsFunc(endpoints, func(e endpoint.Endpoint) bool { return e.Name == name }) {
			t.Errorf("there is a line for %s, which is not in the catalog", name)
		}
	}
}

// lineOf returns an endpoint's line; without one the test fails and says where it belongs.
func lineOf(t testing.TB, name string) line {
	t.Helper()
	l, ok := lines()[name]
	if !ok {
		t.Fatalf(
			"%s has no line in functions/catalog/lines_…_test.go: give it a path that works, a body, and who may "+
				"call it",
			name,
		)
	}
	return l
}

// walkNobody calls without credentials, and with invalid ones.
func (i *installation) walkNobody(t *testing.T, e endpoint.Endpoint, l line) {
	if e.Access != endpoint.Known {
		return
	}
	path := l.path(i)
	detailed(t, "no credentials", i.try(e.About, l, path, "", nil), 401)
	i.tokens["forged"] = "tenantry_" + strings.Repeat("A", 75)
	detailed(t, "a forged token", i.try(e.About, l, path, "forged", nil), 401)
}

// walkRoles calls as everybody.
func (i *installation) walkRoles(t *testing.T, e endpoint.Endpoint, l line) {
	if l.allowed == "" {
		return // what happens when an allowed person calls it has its own tests
	}
	allowed, hidden := strings.Split(l.allowed, ","), strings.Split(l.hidden, ",")
	for _, person := range []string{
		"operator", "support", "msp admin", "msp write", "msp helpdesk", "msp read", "msp installer",
		"org admin", "org write", "org helpdesk", "org read", "org installer", "foreign msp", "foreign org",
	} {
		path := l.path(i)
		got := i.try(e.About, l, path, person, nil)
		switch {
		case l.allowed == everybody || slices.Contains(allowed, person):
			if got.Code != 200 {
				t.Errorf("%s: status %d, want 200: %s", person, got.Code, got.Body)
			}
		case slices.Contains(hidden, person):
			detailed(t, person, got, 404)
			if want := `{"detail":"Not found.","code":"not_found"}`; strings.TrimSpace(got.Body.String()) != want {
				t.Errorf("%s can tell it from what does not exist: %s", person, got.Body)
			}
		case e.Name == "cases.get_mail" && strings.HasPrefix(person, "org "),
			e.Name == "cases.get_mail" && person == "msp read":
			if got.Code != 403 && got.Code != 404 {
				t.Errorf("%s: status %d, want 403 or 404", person, got.Code)
			}
		default:
			detailed(t, person, got, 403)
		}
	}
}

// reachedByLabel are the endpoints of an MSP for people who reach some of its organizations by a label.
func reachedByLabel() []string {
	return []string{
		"msps.get", "msps.get_logo", "msps.list_orgs", "msps.search_orgs", "msps.search", "msps.list_org_stats",
		"msps.list_labels", "msps.list_cases",
	}
}

// hiddenFromLabels are the endpoints whose lines are about something that a role at a label does not show:
// another label, and another person's token.
func hiddenFromLabels() []string {
	return []string{"msps.get_label", "accounts.get_token", "accounts.change_token"}
}

// walkLabels calls as people with a role at a label of the organization. There, they may what those with the
// role at the MSP may; of the MSP they may only list what they reach.
func (i *installation) walkLabels(t *testing.T, e endpoint.Endpoint, l line) {
	if l.allowed == "" {
		return
	}
	allowed := strings.Split(l.allowed, ",")
	for _, role := range labelRoles() {
		path := l.path(i)
		atMSP, inOrg := strings.HasPrefix(path, "/msps/"+i.msp.ID), strings.Contains(path, "/orgs/"+i.org.ID)
		want := http.StatusForbidden
		switch {
		case e.Name == "orgs.clone": // makes an organization of the MSP
		case slices.Contains(hiddenFromLabels(), e.Name):
			want = http.StatusNotFound
		case inOrg || !atMSP && !strings.HasPrefix(path, "/orgs/") && !strings.HasPrefix(path, "/msps/"):
			if l.allowed == everybody || slices.Contains(allowed, "msp "+string(role)) {
				want = http.StatusOK
			}
		case slices.Contains(reachedByLabel(), e.Name):
			want = http.StatusOK
		case !atMSP:
			want = http.StatusNotFound
		}
		if got := i.try(e.About, l, path, "label "+string(role), nil); got.Code != want {
			t.Errorf("a role %s at a label: status %d, want %d: %s", role, got.Code, want, got.Body)
		}
	}
}

// caller is somebody who may call an endpoint.
func caller(l line) string {
	if l.allowed == "" || l.allowed == everybody {
		return "operator"
	}
	return strings.Split(l.allowed, ",")[0]
}

var idPattern = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// walkUnknown calls with each id in the path replaced by an unknown one, and by an invalid one.
func (i *installation) walkUnknown(t *testing.T, e endpoint.Endpoint, l line) {
	path := l.path(i)
	for _, at := range idPattern.FindAllStringIndex(path, -1) {
		for _, other := range []string{unknownID, "none", "%00", "..%2f..", strings.Repeat("a", 3000), "%ff"} {
			detailed(t, other, i.try(e.About, l, path[:at[0]]+other+path[at[1]:], caller(l), nil), 404)
		}
	}
}

// parameterAfter returns a path that a parameter can follow, whether it has some already or none.
func parameterAfter(path string) string {
	if strings.Contains(path, "?") {
		return path + "&"
	}
	return path + "?"
}

// walkCursor calls a list with cursors that were not made for it.
func (i *installation) walkCursor(t *testing.T, e endpoint.Endpoint, l line) {
	for _, parameter := range i.parameters(e.About) {
		path := parameterAfter(l.path(i))
		switch parameter {
		case "search_after":
			for _, cursor := range []string{"garbage", "AAAA",
				i.Keyring.Seal("cursor", "another binding", []byte(`{"a":"x","m":9999999999}`))} {
				detailed(t, "cursor "+cursor, i.try(e.About, l, path+"search_after="+cursor, caller(l), nil), 400)
			}
		case "limit":
			for _, limit := range []string{"0", "1001", "-1", "ten", "99999999999999999999"} {
				detailed(t, "limit "+limit, i.try(e.About, l, path+"limit="+limit, caller(l), nil), 400)
			}
			if got := i.try(e.About, l, path+"limit=", caller(l), nil); got.Code != 200 {
				t.Errorf("an empty limit: status %d, want 200 as if it were absent: %s", got.Code, got.Body)
			}
		}
	}
}

// parameters lists the query parameters of an endpoint in the API's document.
func (i *installation) parameters(about endpoint.About) []string {
	var names []string
	for _, parameter := range i.documented(about).Parameters {
		if parameter.In == "query" {
			names = append(names, parameter.Name)
		}
	}
	return names
}

// documentedOperation is the part of an operation in the API's document that the tests read.
type documentedOperation struct {
	Parameters  []struct{ Name, In string }
	RequestBody struct{ Required bool }
}

// documented returns an endpoint's operation in the API's document.
func (i *installation) documented(about endpoint.About) documentedOperation {
	paths, err := documentedParameters()
	check(i.t, err)
	return paths[endpoint.Prefix+about.Path][strings.ToLower(about.Method)]
}

// documentedParameters reads the API's document once, because generating it takes a tenth of a
// second.
var documentedParameters = sync.OnceValues(func() (map[string]map[string]documentedOperation, error) {
	document, err := endpoint.Document(catalog.Version, catalog.Endpoints(catalog.Services{}))
	if err != nil {
		return nil, err
	}
	var read struct {
		Paths map[string]map[string]documentedOperation
	}
	return read.Paths, json.Unmarshal(document, &read)
})

// endless is a body that never ends.
type endless struct{}

func (endless) Read(into []byte) (int, error) {
	for i := range into {
		into[i] = 'a'
	}
	return len(into), nil
}

// walkBody calls with bodies that break the rules.
func (i *installation) walkBody(t *testing.T, e endpoint.Endpoint, l line) {
	if l.body == nil {
		return
	}
	as, path := caller(l), l.path(i)
	form := l.body(i)[multipartFile] != nil
	large := io.MultiReader(strings.NewReader(`{"name":"`), io.LimitReader(endless{}, e.MaxBody+10))
	contentType := "application/json"
	if form {
		large = io.MultiReader(
			strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n"),
			io.LimitReader(endless{}, e.MaxBody+10),
		)
		contentType = "multipart/form-data; boundary=b"
	}
	detailed(t, "oversized", i.call(as, e.Method, path, contentType, large), 413)
	if e.Unknown == endpoint.RefuseUnknown {
		detailed(t, "unknown field", i.try(e.About, l, path, as, func(body object) { body["zzz_unknown"] = "x" }), 400)
	}
	if form {
		detailed(
			t,
			"cut",
			i.call(as, e.Method, path, contentType,
				strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nab")),
			400,
		)
		return
	}
	optional := !i.documented(e.About).RequestBody.Required
	for what, body := range map[string]string{
		"malformed": `{"name":`, "no object": `[]`, "a text": `"x"`, "empty": ``, "null": `null`,
		"deep": strings.Repeat(`{"a":`, 20000), "not UTF-8": "{\"name\":\"\xff\xfe\"}",
	} {
		if optional && (what == "empty" || what == "null") {
			continue
		}
		detailed(t, what, i.call(as, e.Method, path, "application/json", strings.NewReader(body)), 400)
	}
	for name := range l.body(i) {
		detailed(t, name+" of the wrong type",
			i.try(e.About, l, path, as, func(body object) { body[name] = object{"a": 1} }), 400)
		detailed(t, name+" too long", i.try(e.About, l, path, as, func(body object) {
			switch body[name].(type) {
			case string:
				body[name] = strings.Repeat("x", 70_000)
			case int:
				body[name] = 1 << 60
			default:
				body[name] = make([]int, 2000)
			}
		}), 400)
	}
}
