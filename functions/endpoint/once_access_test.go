package endpoint_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/apptest"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/tenant"
)

type orgInput struct {
	OrgID string `path:"org_id"`
}

type mspInput struct {
	MSPID string `path:"msp_id"`
}

type cookieOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      struct{}
}

// keeping serves endpoints that record a change: at places, with a secret, with a cookie.
func keeping(t *testing.T) *world {
	t.Helper()
	var served *world
	record := func(ctx context.Context) error {
		return served.Journal.Commit(ctx, endpoint.Principal(ctx).Actor(),
			change.Record{Action: "test.keep", Message: "Made something", OrgID: served.Org.ID})
	}
	made := func(ctx context.Context, _ *endpoint.None) (*textOutput, error) {
		if err := record(ctx); err != nil {
			return nil, err
		}
		return say(madeSecret)
	}
	served = newWorld(t,
		endpoint.Post("test.keep_org", "/orgs/{org_id}/make", "Make",
			func(ctx context.Context, _ *orgInput) (*textOutput, error) { return made(ctx, nil) }),
		endpoint.Post("test.keep_msp", "/msps/{msp_id}/make", "Make",
			func(ctx context.Context, _ *mspInput) (*textOutput, error) { return made(ctx, nil) }),
		endpoint.Post("test.keep_platform", "/platform/make", "Make", made),
		endpoint.Post("test.keep", "/make", "Make", made),
		endpoint.New(endpoint.About{Name: "test.keep_secret", Method: http.MethodPost, Path: "/secret", Secret: true}, made),
		endpoint.Post("test.keep_cookie", "/cookie", "Make",
			func(ctx context.Context, _ *endpoint.None) (*cookieOutput, error) {
				return &cookieOutput{SetCookie: []http.Cookie{{Name: "sessionid", Value: madeSecret}}}, record(ctx)
			}))
	return served
}

// send sends a request with the key "k".
func (w *world) send(token, path string) *httptest.ResponseRecorder {
	w.t.Helper()
	return w.do(call{method: "POST", path: "/api/v1" + path, header: withKey(map[string]string{"Authorization": token}, "k")})
}

func TestAnAnswerIsRepeatedOnlyToWhoStillSeesItsPlace(t *testing.T) {
	w := keeping(t)
	other := w.NewOrg("", "Somewhere else")
	org, msp, platform := "/orgs/"+w.Org.ID+"/make", "/msps/"+w.MSP.ID+"/make", "/platform/make"
	direct := w.NewOrg("", "A direct customer")
	consent := func(given bool) {
		t.Helper()
		admin := w.Person(direct.Place(), identity.Admin)
		_, err := w.Tenants.ChangeOrg(t.Context(), admin, direct.ID, tenant.OrgChange{SupportAccess: &given})
		if err != nil {
			t.Fatal(err)
		}
	}
	consent(true)
	for name, test := range map[string]struct {
		place  identity.Place
		role   identity.Role
		path   string
		end    func(identity.Principal)
		status int
	}{
		"an organization's person": {w.Org.Place(), identity.Write, org, nil, 404},
		"an MSP's person":          {w.MSP.Place(), identity.Helpdesk, org, nil, 404},
		"an MSP":                   {w.MSP.Place(), identity.Write, msp, nil, 404},
		"the platform":             {identity.ThePlatform(), identity.Support, platform, nil, 403},
		"a support agent": {
			identity.ThePlatform(), identity.Support, "/orgs/" + direct.ID + "/make",
			func(identity.Principal) { consent(false) }, 404,
		},
	} {
		somebody := w.Another(test.place, test.role)
		somebody = w.Grant(somebody, other.Place(), identity.Read) // who loses everything loses the token too
		token := w.token(somebody)
		first, again := w.send(token, test.path), w.send(token, test.path)
		if first.Code != 200 || again.Code != 200 || again.Header().Get("Idempotency-Replayed") != "true" {
			t.Errorf("%s: %d %s, then %d %s", name, first.Code, first.Body, again.Code, again.Body)
		}
		if test.end == nil {
			test.end = func(of identity.Principal) { w.Revoke(of, test.place) }
		}
		test.end(somebody)
		refusals := len(w.AuditLog("USER#" + somebody.UserID))
		got := w.send(token, test.path)
		w.problem(got, test.status)
		if strings.Contains(got.Body.String(), madeSecret) || got.Header().Get("Idempotency-Replayed") != "" {
			t.Errorf("%s without access: %s", name, got.Body)
		}
		if added := len(w.AuditLog("USER#"+somebody.UserID)) - refusals; added != 1 {
			t.Errorf("%s: %d refusals are recorded", name, added)
		}
	}
}

// TestAnAnswerIsNotRepeatedAfterPersonalDataWasWithdrawn holds for the provider's people; the
// organization's own get their answers, and the provider those of later requests.
func TestAnAnswerIsNotRepeatedAfterPersonalDataWasWithdrawn(t *testing.T) {
	w := keeping(t)
	path := "/orgs/" + w.Org.ID + "/make"
	tokens := map[string]string{
		"agent":      w.token(w.Another(w.MSP.Place(), identity.Write)),
		"customer":   w.token(w.Another(w.Org.Place(), identity.Write)),
		"late agent": w.token(w.Another(w.MSP.Place(), identity.Write)),
	}
	for _, who := range []string{"agent", "customer"} {
		if got := w.send(tokens[who], path); got.Code != 200 {
			t.Fatalf("%s: %d", who, got.Code)
		}
	}
	admin := w.Person(w.Org.Place(), identity.Admin)
	_, err := w.Tenants.ChangeConsent(t.Context(), admin, w.Org.ID,
		tenant.Decision{Kind: identity.PersonalData, Grantee: identity.ToMSP})
	w.Wants("", err)
	w.problem(w.send(tokens["agent"], path), 409)
	w.Clock.Pass(2 * time.Second)
	w.send(tokens["late agent"], path)
	for _, who := range []string{"customer", "late agent"} {
		if got := w.send(tokens[who], path); got.Code != 200 || got.Header().Get("Idempotency-Replayed") != "true" {
			t.Errorf("%s: %d %s", who, got.Code, got.Body)
		}
	}
}

func TestTheDeletionOfAnOrganizationIsAnsweredAgain(t *testing.T) {
	var w *world
	w = newWorld(t, endpoint.Delete("orgs.delete", "/orgs/{org_id}", "Delete",
		func(ctx context.Context, in *orgInput) (*endpoint.Empty, error) {
			_, err := w.Life.Delete(ctx, endpoint.Principal(ctx), in.OrgID)
			return &endpoint.Empty{}, err
		}))
	deletion := call{
		method: "DELETE", path: "/api/v1/orgs/" + w.Org.ID,
		header: withKey(map[string]string{"Authorization": w.token(w.Another(w.MSP.Place(), identity.Admin))}, "k"),
	}
	first, again := w.do(deletion), w.do(deletion)
	if first.Code != 200 || again.Code != 200 || again.Header().Get("Idempotency-Replayed") != "true" {
		t.Errorf("%d %s, then %d %s", first.Code, first.Body, again.Code, again.Body)
	}
	deletion.header = withKey(deletion.header, "another key")
	w.problem(w.do(deletion), 404)
}

func TestAKeyIsThatOfOneSessionOrToken(t *testing.T) {
	w := keeping(t)
	carlo := w.Person(w.Org.Place(), identity.Write)
	token := w.token(carlo)
	bySession := func() *httptest.ResponseRecorder {
		session, _ := w.LogIn(carlo)
		return w.do(call{method: "POST", path: "/api/v1/make", cookie: session.Cookie, header: map[string]string{
			"X-CSRFToken": session.CSRF, "Idempotency-Key": "k",
		}})
	}
	for i, got := range []*httptest.ResponseRecorder{
		w.send(token, "/make"), w.send(w.token(carlo), "/make"), bySession(), bySession(),
	} {
		if got.Code != 200 || got.Header().Get("Idempotency-Replayed") != "" {
			t.Errorf("credential %d: %d %s %s", i, got.Code, got.Body, got.Header().Get("Idempotency-Replayed"))
		}
	}
	if got := w.send(token, "/make"); got.Header().Get("Idempotency-Replayed") != "true" {
		t.Errorf("the first token again: %d %s", got.Code, got.Body)
	}
}

func TestAnAnswerWithASecretIsNotKept(t *testing.T) {
	w := keeping(t)
	token := w.token(w.Person(w.Org.Place(), identity.Write))
	for _, path := range []string{"/secret", "/cookie"} {
		first := w.send(token, path)
		if first.Code != 200 || !strings.Contains(first.Body.String()+first.Header().Get("Set-Cookie"), madeSecret) {
			t.Errorf("%s: %d %s", path, first.Code, first.Body)
		}
		for range 2 {
			again := w.send(token, path)
			problem := w.problem(again, 409)
			if problem.Code != fault.Conflict || !strings.Contains(problem.Detail, "was carried out before") ||
				!strings.Contains(problem.Detail, "is not kept") || again.Header().Get("Set-Cookie") != "" {
				t.Errorf("%s again: %+v, %v", path, problem, again.Header())
			}
		}
	}
	made := 0
	for _, entry := range w.AuditLog("ORG#" + w.Org.ID) {
		if entry.Action == "test.keep" {
			made++
		}
	}
	if made != 2 {
		t.Errorf("two requests were carried out %d times", made)
	}
}

func TestAFailureThatIsRecordedLeavesTheKeyToTheNextAttempt(t *testing.T) {
	var served *world
	type input struct {
		Body struct {
			Password string `json:"current_password"`
		}
	}
	served = newWorld(t, endpoint.New(
		endpoint.About{Name: "test.token", Method: http.MethodPost, Path: "/token", Secret: true},
		func(ctx context.Context, in *input) (*textOutput, error) {
			_, text, err := served.Accounts.CreateToken(ctx, endpoint.Principal(ctx),
				identity.NewToken{Name: "ci", Password: in.Body.Password})
			if err != nil {
				return nil, err
			}
			return say(text)
		}))
	session, _ := served.LogIn(served.Person(served.Org.Place(), identity.Write))
	send := func(password string) *httptest.ResponseRecorder {
		return served.do(call{
			method: "POST", path: "/api/v1/token", cookie: session.Cookie,
			body:   `{"current_password": "` + password + `"}`,
			header: map[string]string{"X-CSRFToken": session.CSRF, "Idempotency-Key": "k"},
		})
	}
	for range 2 {
		served.problem(send("a wrong one"), 400)
	}
	if got := send(apptest.Password); got.Code != 200 {
		t.Errorf("the right password: %d %s", got.Code, got.Body)
	}
	served.problem(send(apptest.Password), 409)
	served.problem(send("a wrong one"), 409)
}

func TestTheContentsOfARequestCannotBeGuessedFromWhatIsKept(t *testing.T) {
	w, header, _ := making(t)
	body := `{"name": "a"}`
	got := w.do(call{method: "POST", path: "/api/v1/make", body: body, header: withKey(header, "k")})
	if got.Code != 200 {
		t.Fatalf("%d %s", got.Code, got.Body)
	}
	sum := func(text string) string {
		read := endpoint.NewFingerprint(strings.NewReader(text), "")
		if _, err := io.Copy(io.Discard, read); err != nil {
			t.Fatal(err)
		}
		return read.Sum()
	}
	if w.OnDisk(sum(body)) || w.OnDisk(sum("\n"+sum(body))) {
		t.Error("a hash of the body is kept, by which a password in it could be guessed")
	}
}

func TestAnAnswerIsNotRepeatedToASessionThatIsTooOldForItsOrganization(t *testing.T) {
	w := keeping(t)
	minutes := tenant.MinSessionExpiry
	admin := w.Person(w.Org.Place(), identity.Admin)
	if _, err := w.Tenants.ChangeOrg(t.Context(), admin, w.Org.ID, tenant.OrgChange{SessionExpiry: &minutes}); err != nil {
		t.Fatal(err)
	}
	session, _ := w.LogIn(admin)
	again := func() *httptest.ResponseRecorder {
		return w.do(call{
			method: "POST", path: "/api/v1/orgs/" + w.Org.ID + "/make", cookie: session.Cookie,
			header: map[string]string{"X-CSRFToken": session.CSRF, "Idempotency-Key": "k"},
		})
	}
	if first, second := again(), again(); first.Code != 200 || second.Header().Get("Idempotency-Replayed") != "true" {
		t.Fatalf("%d %s, then %d %s", first.Code, first.Body, second.Code, second.Body)
	}
	w.Clock.Pass(time.Duration(minutes) * time.Minute)
	if got := again(); strings.Contains(got.Body.String(), madeSecret) {
		t.Errorf("an old session gets the answer: %s", got.Body)
	} else {
		w.problem(got, 401)
	}
}
