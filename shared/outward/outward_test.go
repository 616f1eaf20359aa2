package outward_test

import (
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tenantry/tenantry/shared/outward"
	"github.com/tenantry/tenantry/shared/outward/outwardtest"
)

// reason returns why something was not fetched.
func reason(t *testing.T, err error) string {
	t.Helper()
	refusal, ok := errors.AsType[*outward.Error](err)
	if !ok {
		t.Fatalf("%v is not an *outward.Error", err)
	}
	return refusal.Reason
}

const notPublic = "leads to an address or a port that is not public"

func TestAddressesThatAreNotPublicAreRefused(t *testing.T) {
	for _, host := range []string{
		"127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "0.0.0.0", "100.64.0.1", "100.100.100.200", "169.254.169.254",
		"169.254.170.2", "168.63.129.16", "192.0.0.192", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1",
		"255.255.255.255", "[::]", "[::1]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]",
		"[::ffff:127.0.0.1]", "[::ffff:169.254.169.254]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::a00:1]",
		"[2002:7f00:1::]", "[2001::1]", "[2001:db8::1]", "[100::1]", "[3fff::1]",
	} {
		_, err := outward.New(outward.Options{}).Get(t.Context(), "http://"+host+"/", 10)
		if got := reason(t, err); got != notPublic {
			t.Errorf("%s: %q", host, got)
		}
	}
}

func TestPublicAddressesPassTheJudgeOnTheirUsualPortsOnly(t *testing.T) {
	judge := outward.Public()
	for address, allowed := range map[string]bool{
		"93.184.215.14:443": true, "93.184.215.14:80": true, "[2606:2800:21f:cb07::1]:443": true,
		"93.184.215.14:22": false, "93.184.215.14:8080": false, "[2606:2800:21f:cb07::1]:6379": false,
	} {
		network := "tcp4"
		if netip.MustParseAddrPort(address).Addr().Is6() {
			network = "tcp6"
		}
		if err := judge(network, address, nil); (err == nil) != allowed {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestAddressesThatProgramsReadDifferentlyAreRefused(t *testing.T) {
	for _, address := range []string{
		"http://2130706433/", "http://017700000001/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/",
		"http://127.1/", "http://127.0.0.1.nip.0x1/", "http://1.2.3.4.5/", "http://0X/", "http://user@example.com/",
		"http://user:password@example.com/", "http://example.com@127.0.0.1/", "http://[fe80::1%25eth0]/", "http://①②⑦.⓪.⓪.①/",
		"http://exämple.com/", "http://exa mple.com/", "http://example.com\\@127.0.0.1/", "http://127.0.0.1\t/",
		"", "/logo.png", "//example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/",
		"data:image/png;base64,AA==", "javascript:alert(1)", "http:", "http://", "http:///x", "https:example.com",
		"http://example.com:port/", "http://" + strings.Repeat("a", 2000) + ".example/",
	} {
		if err := outward.Check(address); err == nil {
			t.Errorf("%q passes", address)
		}
		if _, err := outward.New(outward.Options{}).Get(t.Context(), address, 10); err == nil {
			t.Errorf("%q was fetched", address)
		}
	}
	for _, address := range []string{"https://example.com/logo.png?v=1#top", "http://93.184.215.14:80/", "HTTPS://a.example"} {
		if err := outward.Check(address); err != nil {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestEachRedirectIsJudgedAnew(t *testing.T) {
	var target string
	client, base := outwardtest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, target, http.StatusFound)
	}))
	for to, want := range map[string]string{
		"http://169.254.169.254/latest/meta-data/": notPublic,
		"http://[::ffff:7f00:1]/":                  notPublic,
		"http://127.0.0.1:1/":                      notPublic,
		"http://2130706433/":                       "must have a number for a server only as four decimal numbers",
		"http://user:password@example.com/":        "must not have a user name or password",
		"file:///etc/passwd":                       "must begin with https:// or http:// and the name of a server",
		base:                                       "redirects too often",
	} {
		target = to
		_, err := client.Get(t.Context(), base, 10)
		if got := reason(t, err); got != want {
			t.Errorf("%s: %q, want %q", to, got, want)
		}
	}
}

func TestThreeRedirectsAreFollowed(t *testing.T) {
	var calls atomic.Int32
	client, base := outwardtest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if calls.Add(1) <= 3 {
			http.Redirect(w, r, "/", http.StatusMovedPermanently)
			return
		}
		_, _ = w.Write([]byte("there"))
	}))
	if got, err := client.Get(t.Context(), base, 10); string(got) != "there" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestHTTPSDoesNotRedirectToHTTP(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+r.Host+"/", http.StatusFound)
	}))
	t.Cleanup(server.Close)
	client := outward.New(outward.Options{
		Judge: outwardtest.Only(server), Roots: server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs,
	})
	_, err := client.Get(t.Context(), server.URL, 10)
	if got := reason(t, err); got != "redirects from https to http" {
		t.Errorf("%q: %v", got, err)
	}
}

func TestACertificateThatIsNotValidIsRefused(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it logs the client's refusal
	server.StartTLS()
	t.Cleanup(server.Close)
	_, err := outward.New(outward.Options{Judge: outwardtest.Only(server)}).Get(t.Context(), server.URL, 10)
	if got := reason(t, err); got != "cannot be reached" {
		t.Errorf("%q: %v", got, err)
	}
}

func TestAnAnswerIsLimitedInSize(t *testing.T) {
	client, base := outwardtest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/announced":
			w.Header().Set("Content-Length", "1000000000")
		case "/endless":
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		case "/header":
			w.Header().Set("X-Long", strings.Repeat("a", 1<<20))
		case "/status":
			w.WriteHeader(http.StatusNoContent)
		default:
			_, _ = w.Write([]byte("0123456789"))
		}
	}))
	if got, err := client.Get(t.Context(), base, 10); string(got) != "0123456789" || err != nil {
		t.Errorf("as long as the limit: %q, %v", got, err)
	}
	for path, want := range map[string]string{
		"/announced": "answers with too much", "/endless": "answers with too much", "/header": "cannot be reached",
		"/status": "answers with the status 204",
	} {
		_, err := client.Get(t.Context(), base+path, 10)
		if got := reason(t, err); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if _, err := client.Get(t.Context(), base, 9); reason(t, err) != "answers with too much" {
		t.Errorf("a byte too long: %v", err)
	}
}

func TestNothingIsSentButTheRequest(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	t.Setenv("http_proxy", "http://127.0.0.1:1")
	var calls []http.Header
	client, base := outwardtest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls = append(calls, r.Header.Clone())
		if r.URL.Path == "/" {
			http.SetCookie(w, &http.Cookie{Name: "session", Value: "x", Path: "/"})
			http.Redirect(w, r, "/next", http.StatusFound)
		}
	}))
	if _, err := client.Get(t.Context(), base+"/?key=secret", 10); err != nil {
		t.Fatal(err)
	}
	for _, header := range calls {
		delete(header, "Connection")
		if len(header) != 1 || header.Get("User-Agent") != "Tenantry" {
			t.Errorf("sent %v", header)
		}
	}
	if len(calls) != 2 {
		t.Errorf("%d calls, want 2", len(calls))
	}
}

func TestANamedHostIsCalledThoughItIsNotPublicAndRedirectsAreNotFollowed(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(http.StatusFound)
		_, _ = w.Write([]byte(r.Method + r.Header.Get("Peer-Number") + string(body)))
	}))
	t.Cleanup(server.Close)
	_, at, _ := strings.Cut(server.URL, "://")
	client := outward.New(outward.Options{Allowed: []string{at}})
	got, err := client.Call(t.Context(), "PUT", server.URL+"/x", http.Header{"Peer-Number": {"7"}}, []byte("{}"), 100)
	if err != nil || got.Status != 302 || string(got.Body) != "PUT7{}" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := client.Call(t.Context(), "PUT", server.URL, nil, []byte("12345"), 3); reason(t, err) != "answers with too much" {
		t.Error(err)
	}
	other := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	if _, err := client.Call(t.Context(), "PUT", other.URL, nil, nil, 100); reason(t, err) != notPublic {
		t.Errorf("another port of the same host: %v", err)
	}
	if client.Allows("example.com:443") || !client.Allows(at) {
		t.Error("other hosts are allowed than those that are named")
	}
}
