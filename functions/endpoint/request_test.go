package endpoint_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/queue"
)

func TestTheAuditLogAndTheMessagesNameTheRequest(t *testing.T) {
	var served *world
	about := endpoint.About{Name: "test.make", Method: http.MethodPost, Path: "/make"}
	w := newWorld(t, endpoint.New(about, func(ctx context.Context, _ *struct{}) (*makeOutput, error) {
		return &makeOutput{}, served.Journal.Commit(ctx, endpoint.Principal(ctx).Actor(), change.Record{
			Action: "test.make", Message: "Made something", OrgID: served.Org.ID,
			Messages: []queue.Message{{Queue: queue.MailSend, Group: "ORG#1", Body: []byte(`{}`)}},
		})
	}))
	served = w
	before := len(w.Outbox())
	answer := w.do(call{
		method: "POST", path: "/api/v1/make",
		header: map[string]string{"Authorization": w.token(w.Person(w.Org.Place(), identity.Read))},
	})
	id := answer.Header().Get("X-Request-Id")
	if answer.Code != 200 || id == "" {
		t.Fatalf("%d %s, request %q", answer.Code, answer.Body, id)
	}
	for _, entry := range w.AuditLog("ORG#" + w.Org.ID) {
		if entry.Action == "test.make" && entry.Request != id {
			t.Errorf("the entry names the request %q, want %q", entry.Request, id)
		}
	}
	sent := w.Outbox()[before:]
	if last := sent[len(sent)-1]; last.Queue != queue.MailSend || last.Request != id {
		t.Errorf("the message is %+v", last)
	}
}
