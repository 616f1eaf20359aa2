//go:build !aws

package outside

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestWithoutTheReserveOfDiskSpacePeopleStillLogIn demands more free space than any disk has.
func TestWithoutTheReserveOfDiskSpacePeopleStillLogIn(t *testing.T) {
	post := openPostOffice(t)
	w := setUp(t, post, &start(t, post.setting(), "TENANTRY_DISK_RESERVE=90%,8000000GiB").installation)
	path, receipt := w.opened("The lobby has no Wi-Fi")
	answer := w.customer.upload(path+"/attachments", nil, map[string][]byte{"log.txt": []byte("link down")})
	if answer.status != 507 || !strings.Contains(string(answer.body), `"code":"full"`) {
		t.Errorf("a file is answered with %d %s", answer.status, answer.body)
	}
	raw := simple(customerEmail, receipt.replyTo(t), "full", "Re: Wi-Fi", "Any news?")
	if err := w.deliver(customerEmail, receipt.replyTo(t), raw); err == nil || !strings.Contains(err.Error(), "452") {
		t.Errorf("a mail is answered with %v", err)
	}
	if answer := w.customer.send("GET", "/healthz", "", nil); answer.status != 503 ||
		!strings.Contains(string(answer.body), "nearly full") {
		t.Errorf("the health check is answered with %d %s", answer.status, answer.body)
	}
	again := newClient(t, w.installation)
	again.post("/login", object{"email": customerEmail, "password": password})
	again.post(path+"/comments", object{"comment": "Texts still have room."})
	w.operator.get("/platform/quarantine")
}

func TestIdleConnectionsDoNotTakeThePortalAway(t *testing.T) {
	post := openPostOffice(t)
	p := start(t, post.setting(), "TENANTRY_CONNECTIONS=200")
	host := strings.TrimPrefix(p.url, "http://")
	for range 300 {
		connection, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = connection.Close() })
	}
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{}}
	response, err := client.Get(p.url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("the health check is answered with %d", response.StatusCode)
	}
}
