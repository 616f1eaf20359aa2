//go:build !aws

package outside

import (
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
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

// TestAFloodOfLargeMailsEndsWithinTheBudget sends far more than the quarantine may hold, from many
// domains, to an address that must exist.
func TestAFloodOfLargeMailsEndsWithinTheBudget(t *testing.T) {
	post := openPostOffice(t)
	p := start(t, post.setting(), "TENANTRY_QUARANTINE_SIZE=20MiB", "TENANTRY_QUARANTINE_DAILY=8MiB")
	w := setUp(t, post, &p.installation)
	const mails = 18
	filler := strings.Repeat(strings.Repeat("flood ", 12)+"\r\n", 3<<20/74)
	for i := range mails {
		from := fmt.Sprintf("x%d@domain%d.example", i, i/3)
		w.send(from, "postmaster@help.example.com",
			simple(from, "postmaster@help.example.com", fmt.Sprint("flood", i), "Flood", filler))
	}
	entries := w.quarantined(mails)
	w.settled()
	var stored, whole int64
	for _, entry := range entries {
		if entry["headers_only"] != true {
			whole++
		}
	}
	folder := filepath.Join(p.folder, "data", "files")
	err := filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			stored += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if stored > 21<<20 || whole != 6 {
		t.Errorf("%d MiB are stored, %d mails with their content", stored>>20, whole)
	}
	list := w.operator.get("/platform/quarantine").object(t)
	if used, _ := list["used_in_bytes"].(float64); used == 0 || used > 20<<20 ||
		list["limit_in_bytes"] != float64(20<<20) {
		t.Errorf("the operator sees %v of %v bytes", list["used_in_bytes"], list["limit_in_bytes"])
	}
	again := newClient(t, w.installation)
	again.post("/login", object{"email": customerEmail, "password": password})
	w.operator.call(409, "POST", "/platform/quarantine/"+text(entries[0], "id")+"/replay", object{})
}

func TestIdleConnectionsDoNotTakeTheMailServerAway(t *testing.T) {
	w := newWorld(t)
	path, receipt := w.opened("Still reachable")
	for range 250 {
		connection, err := net.Dial("tcp", w.smtp)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = connection.Close() })
	}
	w.send(customerEmail, receipt.replyTo(t),
		simple(customerEmail, receipt.replyTo(t), "idle", "Re: Still reachable", "It is."))
	w.comments(path, 1)
}

// TestAFloodOfLogInsIsToldToComeBack tries far more passwords at once than can be hashed.
func TestAFloodOfLogInsIsToldToComeBack(t *testing.T) {
	post := openPostOffice(t)
	w := setUp(t, post, &start(t, post.setting(), "TENANTRY_PASSWORD_QUEUE=4").installation)
	var all sync.WaitGroup
	var busy, told atomic.Int64
	for i := range 100 {
		all.Go(func() {
			body := fmt.Sprintf(`{"email": "x%d@example.net", "password": "seven quiet lighthouses"}`, i)
			response, err := http.Post(w.url+"/api/v1/login", "application/json", strings.NewReader(body))
			if err != nil {
				t.Error(err)
				return
			}
			_ = response.Body.Close()
			if response.StatusCode == http.StatusServiceUnavailable {
				busy.Add(1)
				if response.Header.Get("Retry-After") != "" {
					told.Add(1)
				}
			}
		})
	}
	all.Wait()
	if busy.Load() == 0 || told.Load() != busy.Load() {
		t.Errorf("%d were answered with 503, %d of them with Retry-After", busy.Load(), told.Load())
	}
	again := newClient(t, w.installation)
	again.post("/login", object{"email": customerEmail, "password": password})
}
