package tickets_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/functions/cases"
	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/tickets"
	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/limit"
)

func TestTicketsAreCountedAndShownInTheWordsOfTheirClients(t *testing.T) {
	e := apptest.NewEstate(t)
	customer := e.Invited(e.Org.Place(), identity.Write, "carlo@rialto.example.net", "Carlo", "Conti")
	_, token, err := e.Accounts.CreateToken(t.Context(), customer, identity.NewToken{Password: apptest.Password, Name: "script"})
	if err != nil {
		t.Fatal(err)
	}
	handler := endpoint.Handler(endpoint.Settings{
		Accounts:     e.Accounts,
		Journal:      e.Journal,
		Keyring:      e.Keyring,
		Limits:       limit.NewWindow(e.Clock.Now),
		Log:          slog.New(slog.DiscardHandler),
		Now:          e.Clock.Now,
		CallsPerHour: 100,
	}, tickets.Endpoints(tickets.Services{Set: e.Set, CaseHandlers: cases.Services{Set: e.Set, Now: e.Clock.Now}}))
	call := func(method, path, body string, into any) {
		t.Helper()
		request := httptest.NewRequest(method, "/api/v1/orgs/"+e.Org.ID+"/tickets"+path, strings.NewReader(body))
		request.Header.Set("Authorization", "Token "+token)
		request.Header.Set("Content-Type", "application/json")
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		if recorder.Code != http.StatusOK {
			t.Fatalf("%s %s: %d %s", method, path, recorder.Code, recorder.Body)
		}
		if err := json.Unmarshal(recorder.Body.Bytes(), into); err != nil {
			t.Fatal(err)
		}
	}
	var created struct {
		ID, Type, Status string
		Comments         []struct{ Comment string }
	}
	call("POST", "", `{"subject": "No Wi-Fi", "type": "critical", "comment": "Since this morning."}`, &created)
	if created.Type != "critical" || len(created.Comments) != 1 ||
		created.Comments[0].Comment != "Since this morning." {
		t.Errorf("made %+v", created)
	}
	call("POST", "", `{"subject": "How?", "type": "question", "comment": "How?"}`, &created)
	call("PUT", "/"+created.ID, `{"status": "solved"}`, &created)
	call("POST", "/"+created.ID+"/comments", `{"comment": "Thank you"}`, &created)
	if created.Status != "open" || len(created.Comments) != 2 {
		t.Errorf("after an answer %+v", created)
	}
	call("PUT", "/"+created.ID, `{"status": "solved"}`, &created)
	for query, want := range map[string]string{
		"":                             `[{"count":1,"status":"open"},{"count":1,"status":"solved"}]`,
		"?distinct=type":               `[{"count":1,"type":"critical"},{"count":1,"type":"question"}]`,
		"?status=solved&distinct=type": `[{"count":1,"type":"question"}]`,
		"?type=critical&limit=1":       `[{"count":1,"status":"open"}]`,
		"?start=0&end=1":               `[]`,
	} {
		var counted struct {
			Results    json.RawMessage
			Start, End int64
		}
		call("GET", "/count"+query, "", &counted)
		if string(counted.Results) != want || counted.End == 0 {
			t.Errorf("%s: %s, want %s", query, counted.Results, want)
		}
	}
	var list []struct{ Type string }
	call("GET", "?duration=1d", "", &list)
	if len(list) != 2 || list[0].Type != "question" || list[1].Type != "critical" {
		t.Errorf("list %+v", list)
	}
}
