package endpoint_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/identity"
)

// guess is an endpoint that may be called a few times an hour.
func guess(access endpoint.Access, most int) endpoint.Endpoint {
	about := endpoint.About{
		Name: "test.guess", Method: http.MethodGet, Path: "/guess", Summary: "Guess", Access: access, PerHour: most,
	}
	return endpoint.New(about, func(context.Context, *endpoint.None) (*textOutput, error) { return say("no") })
}

func TestTheTokensOfAPersonAreLimitedTogether(t *testing.T) {
	w := newWorld(t, doors()...)
	carlo, dora := w.Person(w.Org.Place(), identity.Read), w.Another(w.Org.Place(), identity.Read)
	try := func(token string) int {
		return w.do(call{method: "GET", path: "/api/v1/known", header: map[string]string{"Authorization": token}}).Code
	}
	for i := range 4 {
		token := w.token(carlo)
		for range callsPerHour {
			if code := try(token); code != http.StatusOK {
				t.Fatalf("token %d is answered with %d", i, code)
			}
		}
	}
	if code := try(w.token(carlo)); code != http.StatusTooManyRequests {
		t.Errorf("a fifth token is answered with %d", code)
	}
	if code := try(w.token(dora)); code != http.StatusOK {
		t.Errorf("another person's token is answered with %d", code)
	}
	session, _ := w.LogIn(carlo)
	if code := w.do(call{method: "GET", path: "/api/v1/known", cookie: session.Cookie}).Code; code != http.StatusOK {
		t.Errorf("the person's session is answered with %d", code)
	}
}

func TestAnEndpointWithALimitCountsThePersonOnEveryAddress(t *testing.T) {
	w := newWorld(t, guess(endpoint.Known, 3))
	token := w.token(w.Person(w.Org.Place(), identity.Read))
	for i := range 5 {
		answer := w.do(call{
			method: "GET", path: "/api/v1/guess", header: map[string]string{"Authorization": token},
			source: fmt.Sprintf("192.0.2.%d", i+1),
		})
		if want := map[bool]int{true: 200, false: 429}[i < 3]; answer.Code != want {
			t.Errorf("call %d is answered with %d, want %d", i, answer.Code, want)
		}
	}
}

func TestANetworkOfVersion6HasAShareAndSoHaveTheLargerOnes(t *testing.T) {
	w := newWorld(t, guess(endpoint.Public, 3))
	through := func(network string, addresses int) int {
		admitted := 0
		for i := range addresses {
			if w.do(call{method: "GET", path: "/api/v1/guess", source: fmt.Sprintf(network, i)}).Code == http.StatusOK {
				admitted++
			}
		}
		return admitted
	}
	if got := through("2001:db8:1:100::%x", 20); got != 3 {
		t.Errorf("%d calls of one /64 went through, want 3", got)
	}
	if got := through("2001:db8:1:1%02x::1", 40); got != 12-3 {
		t.Errorf("%d calls of one /56 went through, want 12 with those before", got)
	}
	if got := through("2001:db8:1:%02x00::1", 200); got != 48-12 {
		t.Errorf("%d calls of one /48 went through, want at most 48 with those before", got)
	}
	if got := through("2001:db8:2:%x::1", 1) + through("192.0.2.%d", 1); got != 2 {
		t.Error("another network has no share")
	}
}

// TestCallsThatReadMuchHaveASmallerShare holds that all tokens of a person make few of them together, and
// that the person's other calls go on.
func TestCallsThatReadMuchHaveASmallerShare(t *testing.T) {
	about := endpoint.About{Name: "test.heavy", Method: http.MethodGet, Path: "/heavy", Summary: "Read much"}
	read := endpoint.New(about, func(context.Context, *endpoint.None) (*textOutput, error) { return say("all") }).ReadsMuch()
	w := newWorld(t, append(doors(), read)...)
	carlo, dora := w.Person(w.Org.Place(), identity.Read), w.Another(w.Org.Place(), identity.Read)
	tokens := []string{w.token(carlo), w.token(carlo)}
	try := func(path, token string) int {
		return w.do(call{method: "GET", path: "/api/v1" + path, header: map[string]string{"Authorization": token}}).Code
	}
	most := max(callsPerHour/5, 1)
	for i := range most + 2 {
		if code, want := try("/heavy", tokens[i%2]), map[bool]int{true: 200, false: 429}[i < most]; code != want {
			t.Errorf("call %d is answered with %d, want %d", i, code, want)
		}
	}
	if code := try("/known", tokens[0]); code != http.StatusOK {
		t.Errorf("another call is answered with %d", code)
	}
	if code := try("/heavy", w.token(dora)); code != http.StatusOK {
		t.Errorf("another person is answered with %d", code)
	}
}
