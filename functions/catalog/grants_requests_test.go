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
	"strings"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/desk"
)

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
	created, text, err := i.Accounts.CreateToken(ctx, by, identity.NewToken{Password: password, Name: "fresh"})
	check(i.t, err)
	i.tokens["fresh"] = text
	i.t.Cleanup(func() { check(i.t, i.Accounts.DeleteToken(ctx, by, created.ID)) })
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
	i.do = func(created *http.Request) { request = created }
	i.try(about, l, path, as, nil)
	i.do = nil
	return request
}

// forget deletes an item.
func (i *installation) forget(key table.Key) {
	item, err := i.Store.Get(context.Background(), key)
	check(i.t, err)
	check(i.t, i.Store.Transact(context.Background(), []table.Write{table.Delete(key, item.Version)}))
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
	return i.sessionOf("operator", method, path, body)
}

// sessionOf returns a request with a new session of a person.
func (i *installation) sessionOf(as, method, path string, body object) *http.Request {
	email := i.people[as].Email
	session, _, err := i.Accounts.Login(context.Background(), email, password, "192.0.2.1")
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

// inTurn returns calls of a customer that change a case one after the other.
func (i *installation) inTurn(method, path string, bodies ...object) []whole {
	calls := make([]whole, len(bodies))
	for n, body := range bodies {
		request := plain(i, method, path, body)
		request.Header.Set("Authorization", "Token "+i.tokens["org write"])
		calls[n] = whole{fmt.Sprint(body), http.StatusOK, request}
	}
	return calls
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

// post returns a person's request with a body.
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

// watching makes somebody watch a new case, and returns the token that ends that.
func (i *installation) watching() string {
	ctx, watcher := context.Background(), i.people["org read"]
	c, err := i.Cases.Create(ctx, i.people["org write"], i.org.ID, support.NewCase{
		Fields: desk.Fields{Subject: "Watched"}, Description: "x", WatcherIDs: []string{watcher.UserID},
	})
	check(i.t, err)
	letter, err := i.Notifications.Compose(ctx, support.Notice{
		Kind: support.NoticeCase, Event: support.Changed, OrgID: i.org.ID, CaseID: c.ID, UserID: watcher.UserID,
	})
	check(i.t, err)
	return letter.WatchToken
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
