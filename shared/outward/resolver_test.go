package outward_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/tenantry/tenantry/shared/outward"
	"github.com/tenantry/tenantry/shared/outward/outwardtest"
)

// resolver returns a resolver that asks a name server of this test. The server answers each question
// for an IPv4 address with the next of the addresses, and goes on with the last one.
func resolver(t *testing.T, addresses ...[4]byte) (*net.Resolver, *atomic.Int32) {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	asked := &atomic.Int32{}
	go func() {
		buffer := make([]byte, 512)
		for {
			n, from, err := server.ReadFrom(buffer)
			if err != nil {
				return // the test is over
			}
			var query dnsmessage.Message
			if query.Unpack(buffer[:n]) != nil || len(query.Questions) != 1 {
				continue
			}
			question := query.Questions[0]
			query.Response, query.Authoritative, query.Additionals = true, true, nil
			if question.Type == dnsmessage.TypeA {
				at := min(int(asked.Add(1)), len(addresses)) - 1
				query.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: question.Name, Class: dnsmessage.ClassINET},
					Body:   &dnsmessage.AResource{A: addresses[at]},
				}}
			}
			if answer, err := query.Pack(); err == nil {
				_, _ = server.WriteTo(answer, from) // without an answer the test fails
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", server.LocalAddr().String())
	}}, asked
}

func TestANameThatLeadsInsideIsRefused(t *testing.T) {
	for _, address := range [][4]byte{{127, 0, 0, 1}, {10, 1, 2, 3}, {169, 254, 169, 254}, {0, 0, 0, 0}} {
		names, _ := resolver(t, address)
		_, err := outward.New(outward.Options{Resolver: names}).Get(t.Context(), "http://logo.example/", 10)
		if got := reason(t, err); got != notPublic {
			t.Errorf("%v: %q: %v", address, got, err)
		}
	}
}

// TestTheAddressThatWasJudgedIsConnectedTo holds that a name is resolved once for a connection: a name
// server that answers differently the next time (DNS rebinding) changes nothing.
func TestTheAddressThatWasJudgedIsConnectedTo(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("picture"))
	}))
	t.Cleanup(server.Close)
	names, asked := resolver(t, [4]byte{127, 0, 0, 1}, [4]byte{10, 0, 0, 1})
	client := outward.New(outward.Options{Judge: outwardtest.Only(server), Resolver: names})
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "http://"), ":")
	address := "http://rebinding.example:" + port + "/"
	got, err := client.Get(t.Context(), address, 10)
	if string(got) != "picture" || err != nil || asked.Load() != 1 {
		t.Errorf("%q, %v after %d questions, want the picture after 1", got, err, asked.Load())
	}
	_, err = client.Get(t.Context(), address, 10)
	if got := reason(t, err); got != notPublic {
		t.Errorf("the second call: %q, want it judged by the second answer", got)
	}
}
