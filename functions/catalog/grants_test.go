package catalog_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
	"github.com/tenantry/tenantry/shared/support/lists"
)

// TestEveryEndpointUsesJustWhatItWasGranted calls every endpoint with its declared grants enforced,
// as all tests here do: what it does not declare fails, and what it declares but never needs is
// reported.
func TestEveryEndpointUsesJustWhatItWasGranted(t *testing.T) {
	t.Parallel()
	store := &overtaken{}
	i := newInstallation(t, func(below table.Store) table.Store {
		store.Store = below
		return store
	})
	lines, whole := lines(), wholes(store)
	for _, e := range i.endpoints {
		t.Run(e.Name, func(t *testing.T) {
			i.t = t
			l := lines[e.Name]
			call := func(what string, want int, request *http.Request) {
				recorder := httptest.NewRecorder()
				i.handler.ServeHTTP(recorder, request)
				if recorder.Code != want {
					t.Errorf("%s: status %d, want %d: %s", what, recorder.Code, want, recorder.Body)
				}
			}
			if calls := whole[e.Name]; calls != nil {
				for _, one := range calls(i) {
					call(one.what, one.want, one.request)
				}
			}
			if l.allowed != "" {
				i.fresh(caller(l))
				call(caller(l), 200, i.request(e.About, l, "fresh"))
			}
			if l.allowed != "" && l.allowed != everybody {
				call("installer", i.refusal(l, "org installer"), i.request(e.About, l, "org installer"))
				call("foreigner", i.refusal(l, "foreign org"), i.request(e.About, l, "foreign org"))
			}
			guard := i.guards[e.Name]
			if lacking := guard.Used().Without(e.Grants()); len(lacking) > 0 {
				t.Errorf("it lacks %v. Declare behind its handler: .Using(%s)",
					lacking, inGo(guard.Used().Without(ofTheDoor(e))))
			}
			rarely := e.HandlerGrants().Without(e.Uses)
			if unused := guard.Unused().Without(rarely); len(unused) > 0 {
				t.Errorf("it does not use %v. Declare behind its handler: .Using(%s)",
					unused, inGo(guard.Used().Without(ofTheDoor(e))))
			}
		})
	}
}

// ofTheDoor is what a call needs before its handler begins; endpoints do not declare it.
func ofTheDoor(e endpoint.Endpoint) grant.Grants {
	e.Uses = nil
	return e.Grants()
}

// inGo returns the Go code that declares grants.
func inGo(grants grant.Grants) string {
	var sets []string
	for len(grants) > 0 {
		resource := grants[0].Resource
		var actions []string
		var rest grant.Grants
		for _, g := range grants {
			if g.Resource != resource {
				rest = append(rest, g)
				continue
			}
			actions = append(actions, "grant."+goName(string(g.Action)))
		}
		sets = append(sets, "grant.On("+resourceInGo(resource)+", "+strings.Join(actions, ", ")+")")
		grants = rest
	}
	return strings.Join(sets, ", ")
}

// goName turns "batch get" into BatchGet.
func goName(words string) string {
	name := ""
	for word := range strings.FieldsSeq(words) {
		name += strings.ToUpper(word[:1]) + word[1:]
	}
	return name
}

func resourceInGo(r grant.Resource) string {
	if name, ok := r.QueueName(); ok {
		return fmt.Sprintf("grant.Queue(%q)", name)
	}
	if name, ok := map[grant.Resource]string{grant.RawMails: "RawMails", grant.Attachments: "Attachments",
		grant.Uploads: "Uploads"}[r]; ok {
		return "grant." + name
	}
	return "grant." + goName(string(r))
}

func TestMissingGrantsAreWrittenAsGo(t *testing.T) {
	got := inGo(grant.Union(
		grant.On(grant.Core, grant.Put, grant.BatchGet),
		grant.On(grant.Queue("mail-send"), grant.Send),
		grant.On(grant.RawMails, grant.Link),
	))
	want := `grant.On(grant.Core, grant.BatchGet, grant.Put), grant.On(grant.RawMails, grant.Link), grant.On(grant.Queue("mail-send"), grant.Send)`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// overtaken is a store in which another call can come first: just before a file is attached to a
// case.
type overtaken struct {
	table.Store
	first func()
}

// before returns a request during which another call comes first.
func (s *overtaken) before(request *http.Request, first func()) *http.Request {
	request.Body = &opening{request.Body, func() { s.first = first }}
	return request
}

func (s *overtaken) Transact(ctx context.Context, writes []table.Write) error {
	for _, write := range writes {
		if first := s.first; first != nil && write.Kind == table.CreateKind &&
			strings.HasPrefix(write.Item.Sort, "FILE#") {
			s.first = nil
			first()
		}
	}
	return s.Store.Transact(ctx, writes)
}

// opening calls a function when a body is read for the first time.
type opening struct {
	io.ReadCloser
	read func()
}

func (o *opening) Read(into []byte) (int, error) {
	if o.read != nil {
		o.read()
		o.read = nil
	}
	return o.ReadCloser.Read(into)
}

// fresh returns an unused token of a person, so that its use is recorded, until the end of the
// test.
func (i *installation) fresh(name string) {
	ctx := context.Background()
	by := i.people[name]
	made, text, err := i.Accounts.CreateToken(ctx, by, identity.NewToken{Name: "fresh"})
	check(i.t, err)
	i.tokens["fresh"] = text
	i.t.Cleanup(func() { check(i.t, i.Accounts.DeleteToken(ctx, by, made.ID)) })
}

// refusal returns the status for a person who may not call.
func (i *installation) refusal(l line, name string) int {
	switch {
	case strings.Contains(","+l.allowed+",", ","+name+","):
		return 200
	case strings.Contains(","+l.hidden+",", ","+name+","):
		return 404
	default:
		return 403
	}
}

// request returns the request of a line.
func (i *installation) request(about endpoint.About, l line, as string) *http.Request {
	var request *http.Request
	path := l.path(i)
	i.do = func(made *http.Request) { request = made }
	i.try(about, l, path, as, nil)
	i.do = nil
	return request
}

// forget deletes an item.
func (i *installation) forget(key table.Key) {
	found, err := i.Store.Get(context.Background(), key)
	check(i.t, err)
	check(i.t, i.Store.Transact(context.Background(), []table.Write{table.Delete(key, found.Version)}))
}

// spoilLine changes the case's entry in the organization's list behind the product's back.
func (i *installation) spoilLine() {
	ctx := context.Background()
	page, err := i.Store.Query(ctx, table.Query{Partition: "ORG#" + i.org.ID + "#CASES#OPEN", Limit: 1})
	check(i.t, err)
	page.Items[0].Data = []byte("{}")
	check(i.t, i.Store.Transact(ctx, []table.Write{table.Update(page.Items[0])}))
}

// session logs the operator in and returns a request with the cookie.
func (i *installation) session(method, path string, body object) *http.Request {
	session, _, err := i.Accounts.Login(context.Background(), "operator@example.com", password, "192.0.2.1")
	check(i.t, err)
	request := plain(i, method, path, body)
	request.AddCookie(&http.Cookie{Name: "sessionid", Value: session.Cookie})
	request.Header.Set("X-CSRFToken", session.CSRF)
	return request
}

// plain returns a request without credentials.
func plain(i *installation, method, path string, body object) *http.Request {
	var content bytes.Buffer
	if body != nil {
		check(i.t, json.NewEncoder(&content).Encode(body))
	}
	request := httptest.NewRequest(method, endpoint.Prefix+path, &content)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return request
}

// form returns a customer's request on the case, with form data.
func (i *installation) form(suffix string, texts map[string]string, files ...string) *http.Request {
	request := i.formTo(endpoint.Prefix+ofCase(suffix)(i), texts, files...)
	request.Header.Set("Authorization", "Token "+i.tokens["org write"])
	return request
}

// ticketForm returns a request with form data for the ticket of the case.
func (i *installation) ticketForm(suffix string, texts map[string]string, files ...string) *http.Request {
	request := i.formTo(endpoint.Prefix+ofTicket(suffix)(i), texts, files...)
	request.Header.Set("Authorization", "Token "+i.tokens["org write"])
	return request
}

// get returns a request of a person.
func (i *installation) get(name, path string) *http.Request {
	i.fresh(name)
	request := plain(i, "GET", path, nil)
	request.Header.Set("Authorization", "Token "+i.tokens["fresh"])
	return request
}

// post returns a request of somebody who is known, with a body.
func (i *installation) post(name, path string, body object) *http.Request {
	i.fresh(name)
	request := plain(i, "POST", path, body)
	request.Header.Set("Authorization", "Token "+i.tokens["fresh"])
	return request
}

// rating closes a case whose submitter gets a satisfaction survey, and returns the survey's token.
func (i *installation) rating() string {
	ctx := context.Background()
	_, err := i.Desk.ChangeSetting(ctx, i.people["msp admin"], i.msp.ID, 0,
		func(s *desk.Setting) { s.AskSatisfaction = true })
	check(i.t, err)
	path := aCase(support.Closed, "")(i)
	letter, err := i.Notifications.Compose(ctx, support.Notice{
		Kind:   support.NoticeCase,
		Event:  support.AskRating,
		OrgID:  i.org.ID,
		CaseID: path[strings.LastIndex(path, "/")+1:],
		UserID: i.people["org write"].UserID,
	})
	check(i.t, err)
	return letter.RatingToken
}

// formTo returns a request with form data.
func (i *installation) formTo(url string, texts map[string]string, files ...string) *http.Request {
	var content bytes.Buffer
	writer := multipart.NewWriter(&content)
	for _, name := range files {
		part, err := writer.CreateFormFile("file", name)
		check(i.t, err)
		_, err = part.Write([]byte("content"))
		check(i.t, err)
	}
	for name, text := range texts {
		check(i.t, writer.WriteField(name, text))
	}
	check(i.t, writer.Close())
	request := httptest.NewRequest("POST", url, &content)
	request.Header.Set("Content-Type", writer.FormDataContentType())
	return request
}

// byToken is a call with an unused token.
func byToken(i *installation, want int, method, path string, body object) []whole {
	i.fresh("operator")
	request := plain(i, method, path, body)
	request.Header.Set("Authorization", "Token "+i.tokens["fresh"])
	return []whole{{"by a token", want, request}}
}

// whole is a call of an endpoint whose line in the walk is not carried out there.
type whole struct {
	what    string
	want    int
	request *http.Request
}

// wholes returns the calls that the walk does not carry out.
func wholes(store *overtaken) map[string]func(*installation) []whole {
	ctx := context.Background()
	token := func(i *installation) string {
		made, _, err := i.Accounts.CreateToken(ctx, i.people["operator"], identity.NewToken{Name: "short-lived"})
		check(i.t, err)
		return made.ID
	}
	recovery := func(i *installation) string {
		check(i.t, i.Accounts.Recover(ctx, "org.read@example.com", "192.0.2.1"))
		_, link, err := i.Accounts.StartRecovery(ctx, i.Journal.NewID(), "org.read@example.com")
		check(i.t, err)
		return link
	}
	invite := func(i *installation) string {
		made, err := i.Accounts.CreateInvite(ctx, i.people["operator"], i.org.Place(),
			identity.NewInvite{Email: unique(i) + "@example.com", Role: identity.Read})
		check(i.t, err)
		return i.Accounts.InviteToken(i.org.Place(), made)
	}
	again := func(i *installation) string {
		made, err := i.Accounts.CreateInvite(ctx, i.people["msp admin"], i.org.Place(),
			identity.NewInvite{Email: "operator@example.com", Role: identity.Read})
		check(i.t, err)
		return i.Accounts.InviteToken(i.org.Place(), made)
	}
	return map[string]func(*installation) []whole{
		"accounts.setup": func(i *installation) []whole {
			i.forget(table.Key{Partition: "PLATFORM", Sort: "SETUP"})
			token, err := i.Accounts.PrepareSetup(ctx, "")
			check(i.t, err)
			return []whole{{"setup", 200, plain(i, "POST", "/setup", object{
				"token":      token,
				"email":      "second@example.com",
				"password":   password,
				"first_name": "A",
				"last_name":  "B",
			})}}
		},
		"accounts.login": func(i *installation) []whole {
			return []whole{
				{
					"a failure",
					400,
					plain(i, "POST", "/login", object{"email": "operator@example.com", "password": "wrong"}),
				},
				{
					"log-in after a failure",
					200,
					plain(i, "POST", "/login", object{"email": "operator@example.com", "password": password}),
				},
				{
					"log-in",
					200,
					plain(i, "POST", "/login", object{"email": "operator@example.com", "password": password}),
				},
			}
		},
		"accounts.logout": func(i *installation) []whole {
			return append(byToken(i, 400, "POST", "/logout", nil),
				whole{"log-out", 200, i.session("POST", "/logout", nil)})
		},
		"accounts.recover": func(i *installation) []whole {
			return []whole{{"recovery", 200, plain(i, "POST", "/recover", object{"email": "org.write@example.com"})}}
		},
		"accounts.finish_recovery": func(i *installation) []whole {
			return []whole{
				{"recovery", 200, plain(i, "POST", "/recover/verify/"+recovery(i), object{"password": password + "!"})},
			}
		},
		"accounts.create_token": func(i *installation) []whole {
			return append(byToken(i, 403, "POST", "/self/apitokens", object{"name": "mine"}),
				whole{"a token", 200, i.session("POST", "/self/apitokens", object{"name": "mine"})})
		},
		"accounts.delete_token": func(i *installation) []whole {
			return append(byToken(i, 200, "DELETE", "/self/apitokens/"+token(i), nil),
				whole{"a token", 200, i.session("DELETE", "/self/apitokens/"+token(i), nil)})
		},
		"accounts.accept_invite": func(i *installation) []whole {
			return []whole{
				{
					"a new person",
					200,
					plain(i, "POST", "/invite/verify/"+invite(i),
						object{"password": password, "first_name": "A", "last_name": "B"}),
				},
				{"a known person", 200, i.session("POST", "/invite/verify/"+again(i), object{})},
				byToken(i, 404, "POST", "/invite/verify/none", object{})[0],
			}
		},
		"cases.comment": func(i *installation) []whole {
			return []whole{
				{"with a file", 200, i.form("/comments", map[string]string{"comment": "Hello."}, "a.txt")},
				{
					"with a file and no text",
					400,
					i.form("/comments", map[string]string{"comment": " ", "internal": "perhaps"}, "a.txt"),
				},
			}
		},
		"cases.attach": func(i *installation) []whole {
			return []whole{{"two files", 400, i.form("/attachments", nil, "a.txt", "b.txt")}}
		},
		"desk.change_msp": func(i *installation) []whole {
			return byToken(i, 400, "PUT", "/msps/"+i.msp.ID+"/desk",
				object{"types": []object{{"value": "bug"}}}) // cases are issues
		},
		"desk.change_platform": func(i *installation) []whole {
			direct, err := i.Tenants.CreateOrg(ctx, i.people["operator"], "", "Murano Glass", true)
			check(i.t, err)
			made, err := i.Cases.Create(ctx, i.people["support"], direct.ID,
				support.NewCase{Fields: desk.Fields{Subject: "No Wi-Fi"}, Description: "Since this morning."})
			check(i.t, err)
			check(
				i.t,
				i.Lists.IndexCase(ctx,
					lists.IndexTask{Reference: support.Reference{OrgID: direct.ID, CaseID: made.ID}}),
			)
			return byToken(i, 400, "PUT", "/platform/desk", object{"types": []object{{"value": "bug"}}})
		},
		"cases.list": func(i *installation) []whole {
			cases := "/orgs/" + i.org.ID + "/cases"
			return []whole{
				{"a search", 200, i.get("org read", cases+"?search=wi-fi&type=issue")},
				{"a wrong value", 400, i.get("org read", cases+"?type=ISSUE")},
			}
		},
		"msps.cases": func(i *installation) []whole {
			cases := "/msps/" + i.msp.ID + "/cases"
			return []whole{
				{"a search", 200, i.get("msp read", cases+"?search=wi-fi&type=issue")},
				{"a wrong value", 400, i.get("msp read", cases+"?type=ISSUE")},
			}
		},
		"platform.cases": func(i *installation) []whole {
			return []whole{
				{"a search", 200, i.get("support", "/platform/cases?search=wi-fi")},
				{"a wrong value", 400, i.get("support", "/platform/cases?type=ISSUE")},
			}
		},
		"reports.create_org": func(i *installation) []whole {
			return []whole{{"a wrong value", 400, i.post("org read", "/orgs/"+i.org.ID+"/reports", object{"type": []string{"ISSUE"}})}}
		},
		"reports.create_msp": func(i *installation) []whole {
			return []whole{{"a wrong value", 400, i.post("msp read", "/msps/"+i.msp.ID+"/reports", object{"type": []string{"ISSUE"}})}}
		},
		"tickets.count": func(i *installation) []whole {
			return []whole{{"a wrong value", 400, i.get("org read", "/orgs/"+i.org.ID+"/tickets/count?type=ISSUE")}}
		},
		"tickets.count_msp": func(i *installation) []whole {
			return []whole{{"a wrong value", 400, i.get("msp read", "/msps/"+i.msp.ID+"/tickets/count?type=ISSUE")}}
		},
		"cases.rate": func(i *installation) []whole {
			return []whole{
				{"an answer", 200, plain(i, "POST", "/satisfaction", object{"token": i.rating(), "score": 5})},
			}
		},
		"tickets.comment": func(i *installation) []whole {
			return []whole{
				{"with a file", 200, i.ticketForm("/comments", map[string]string{"comment": `"Hello."`}, "a.txt")},
				{"with a file and no text", 400, i.ticketForm("/comments", map[string]string{"comment": " "}, "a.txt")},
			}
		},
		"tickets.attach": func(i *installation) []whole {
			return []whole{{"two files", 400, i.ticketForm("/attachments", nil, "a.txt", "b.txt")}}
		},
		"platform.verify": func(i *installation) []whole {
			i.spoilLine()
			request := plain(i, "POST", "/platform/verification", object{"mend": true})
			request.Header.Set("Authorization", "Token "+i.tokens["operator"])
			return []whole{{"a line that differs", 200, request}}
		},
		"cases.finish_upload": func(i *installation) []whole {
			i.fresh("org write")
			finish := func(token string) *http.Request {
				request := plain(i, "POST", ofCase("/uploads/finish")(i), object{"upload_token": token})
				request.Header.Set("Authorization", "Token "+i.tokens["fresh"])
				return request
			}
			by := i.people["org write"]
			made, err := i.Uploads.AnnounceUpload(ctx, by, i.org.ID, i.kase.ID, "a.txt", "text/plain")
			check(i.t, err)
			_, err = i.Files.Put(ctx, made.BlobKey, strings.NewReader("content"), 100)
			check(i.t, err)
			raced, err := i.Uploads.AnnounceUpload(ctx, by, i.org.ID, i.kase.ID, "c.txt", "text/plain")
			check(i.t, err)
			_, err = i.Files.Put(ctx, raced.BlobKey, strings.NewReader("content"), 100)
			check(i.t, err)
			overtake := func() {
				_, err := i.Uploads.FinishUpload(ctx, by, i.org.ID, i.kase.ID, raced.Token)
				check(i.t, err)
			}
			missing, err := i.Uploads.AnnounceUpload(ctx, by, i.org.ID, i.kase.ID, "b.txt", "text/plain")
			check(i.t, err)
			reader := plain(i, "POST", ofCase("/uploads/finish")(i), object{"upload_token": made.Token})
			reader.Header.Set("Authorization", "Token "+i.tokens["org helpdesk"])
			return []whole{
				{
					"a file",
					200,
					finish(made.Token),
				},
				{"the same again", 200, finish(made.Token)},
				{"one that has not come", 400, finish(missing.Token)},
				{
					"another's",
					404,
					reader,
				},
				{"one that another call finishes first", 200, store.before(finish(raced.Token), overtake)},
			}
		},
		"downloads.receive": func(i *installation) []whole {
			upload := func(files ...string) *http.Request {
				url, _, err := i.FileLinks().UploadForm(ctx, "uploads/"+unique(i), "text/plain", 100, time.Minute)
				check(i.t, err)
				return i.formTo(url, nil, files...)
			}
			return []whole{
				{"a file", 200, upload("a.txt")},
				{"two files", 400, upload("a.txt", "b.txt")},
				{"none", 400, upload()},
			}
		},
		"downloads.get": func(i *installation) []whole {
			_, err := i.Files.Put(ctx, "mail/1", strings.NewReader("Subject: hello\r\n\r\nhello\r\n"), 100)
			check(i.t, err)
			link, err := i.FileLinks().Link(ctx, "mail/1", "1.eml", "message/rfc822", time.Minute)
			check(i.t, err)
			return []whole{
				{"a file", 200, plain(i, "GET", download(i), nil)},
				{"a mail", 200, httptest.NewRequest("GET", link, nil)},
			}
		},
	}
}

// writers are the endpoints whose method only reads but that write to the core table, with the
// reason.
func writers() map[string]string { return map[string]string{} }

// TestWhatReadsDoesNotWriteToTheCoreTable ensures that a call that only reads cannot change a
// tenant, a person or a case: neither by mistake, nor if its role's credentials leak.
func TestWhatReadsDoesNotWriteToTheCoreTable(t *testing.T) {
	functions, err := catalog.Functions(catalog.ByEndpoint)
	check(t, err)
	writing, reasons := 0, writers()
	for _, function := range functions {
		writes := false
		for _, action := range []grant.Action{grant.Put, grant.Delete, grant.Count, grant.BatchPut} {
			writes = writes || slices.Contains(function.Grants, grant.Grant{Resource: grant.Core, Action: action})
		}
		if writes {
			writing++
		}
		reads := len(function.Routes) > 0 &&
			!slices.ContainsFunc(function.Routes, func(r catalog.Route) bool { return r.Method != http.MethodGet })
		if _, known := reasons[function.Name]; reads && writes && !known {
			t.Errorf("%s only reads, and may write to the core table", function.Name)
		} else if known && !writes {
			t.Errorf("%s does not write to the core table any more", function.Name)
		}
	}
	t.Logf("%d of %d functions may write to the core table", writing, len(functions))
}
