package logs_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/functions/logs"
	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/limit"
)

// asked serves one log, which records the search and returns a page.
func asked(t *testing.T, page logs.Page) (*apptest.App, *logs.Search, func(query string) (int, map[string]any)) {
	t.Helper()
	w, noted := apptest.New(t), &logs.Search{}
	list := endpoint.New(
		endpoint.About{
			Name:    "test.logs",
			Method:  http.MethodGet,
			Path:    "/logs",
			Summary: "Logs",
			Access:  endpoint.Public,
		},
		func(ctx context.Context, in *logs.Input) (*logs.Output, error) {
			return logs.Answer(ctx, in, logs.PortalInput{}, func(s logs.Search) (logs.Page, error) {
				*noted = s
				return page, nil
			})
		},
	)
	handler := endpoint.Handler(endpoint.Settings{
		Accounts:     w.Accounts,
		Journal:      w.Journal,
		Keyring:      w.Keyring,
		Limits:       limit.NewWindow(w.Clock.Now),
		Log:          w.Log,
		Now:          w.Clock.Now,
		CallsPerHour: 10,
		Version:      "1",
	}, []endpoint.Endpoint{list})
	return w, noted, func(query string) (int, map[string]any) {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/api/v1/logs"+query, nil))
		var body map[string]any
		if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil {
			t.Fatalf("%s: %s", query, answer.Body)
		}
		return answer.Code, body
	}
}

func TestTheRangeOfASearch(t *testing.T) {
	w, noted, ask := asked(t, logs.Page{})
	now := w.Clock.Now()
	end := now.Add(time.Second)
	day := 24 * time.Hour
	for query, want := range map[string][2]time.Time{
		"":                                 {end.Add(-day), end},
		"?duration=60m":                    {end.Add(-time.Hour), end},
		"?duration=400d":                   {end.Add(-400 * day), end},
		"?start=-2w":                       {now.Add(-14 * day), end},
		"?start=-10m&end=now":              {now.Add(-10 * time.Minute), end},
		"?start=-2d&end=-1d":               {now.Add(-2 * day), now.Add(-day)},
		"?start=1760000000&end=1760000060": {time.Unix(1760000000, 0), time.Unix(1760000060, 0)},
		"?start=1760000000.5":              {time.UnixMicro(1760000000500000), end},
		"?period=hour":                     {now.Add(-time.Hour), end},
		"?period=day":                      {now.Add(-day), end},
		"?period=yesterday":                {now.UTC().Truncate(day).Add(-day), now.UTC().Truncate(day)},
		"?end=1760000060&duration=1h":      {time.Unix(1760000060, 0).Add(-time.Hour), time.Unix(1760000060, 0)},
	} {
		status, body := ask(query)
		if status != http.StatusOK || !noted.Start.Equal(want[0]) || !noted.End.Equal(want[1]) {
			t.Errorf("%q: %d %v, from %s to %s, want %s to %s",
				query, status, body, noted.Start, noted.End, want[0], want[1])
		}
	}
	for _, query := range []string{
		"?duration=1", "?duration=d", "?duration=0d", "?duration=-1d", "?duration=401d", "?duration=1y",
		"?duration=9999999999w", "?start=yesterday",
		"?start=-1", "?start=1e12", "?start=NaN", "?start=Inf", "?end=-0d", "?end=--1d", "?limit=0", "?search_after=x",
		"?period=month", "?period=today&start=-1d", "?period=today&end=now", "?period=today&duration=1d", "?logins=perhaps",
	} {
		if status, body := ask(query); status != http.StatusBadRequest {
			t.Errorf("%q: %d %v", query, status, body)
		}
	}
}

func TestAnEntryIsShownWithAllThatClientsExpect(t *testing.T) {
	page := logs.Page{Next: "further", Total: 7, Entries: []change.Entry{
		{
			ID:      "e-1",
			Time:    1760000000500000,
			Action:  "a.b",
			Message: "Did it",
			Actor: change.Actor{
				Kind:          change.Person,
				ID:            "p",
				Name:          "Anna Smith",
				Email:         "anna@example.net",
				SourceAddress: "192.0.2.1",
				Door:          "api",
			},
			OrgID:   "o",
			MSPID:   "m",
			Target:  "x:1",
			Refused: true,
			Before:  json.RawMessage(`{"a":1}`),
			After:   json.RawMessage(`{"a":2}`),
		},
		{ID: "e-2", Actor: change.ByPlatform()},
	}}
	_, noted, ask := asked(t, page)
	status, body := ask("?limit=2&admin_name=an&message=di&logins=true")
	want := []any{
		map[string]any{
			"id":         "e-1",
			"timestamp":  1760000000.5,
			"action":     "a.b",
			"message":    "Did it",
			"org_id":     "o",
			"site_id":    "00000000-0000-0000-0000-000000000000",
			"msp_id":     "m",
			"admin_id":   "p",
			"admin_name": "Anna Smith anna@example.net",
			"actor":      "person",
			"target":     "x:1",
			"src_ip":     "192.0.2.1",
			"door":       "api",
			"refused":    true,
			"before":     map[string]any{"a": 1.0},
			"after":      map[string]any{"a": 2.0},
		},
		map[string]any{
			"id":         "e-2",
			"timestamp":  0.0,
			"action":     "",
			"message":    "",
			"org_id":     "00000000-0000-0000-0000-000000000000",
			"site_id":    "00000000-0000-0000-0000-000000000000",
			"admin_id":   "00000000-0000-0000-0000-000000000000",
			"admin_name": "Tenantry",
			"actor":      "platform",
		},
	}
	if diff := cmp.Diff(want, body["results"]); diff != "" || status != http.StatusOK {
		t.Errorf("%d: %s", status, diff)
	}
	if body["total"] != 7.0 || body["page"] != 1.0 || body["limit"] != 2.0 || noted.Admin != "an" || noted.Message != "di" || !noted.LogIns ||
		noted.Limit != 2 {
		t.Errorf("%v, %+v", body, noted)
	}
	next, _ := body["next"].(string)
	if status, _ := ask(next[len("/api/v1/logs"):]); status != http.StatusOK || noted.After != "further" {
		t.Errorf("the next page: %d, after %q", status, noted.After)
	}
}
