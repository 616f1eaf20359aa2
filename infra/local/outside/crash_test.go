//go:build !aws

package outside

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/mail"
	"net/smtp"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	// kills is how often the program is killed.
	kills = 50
	// afterKills is how long everything that was in progress at the kills may take: a message that
	// a killed worker had is redelivered after a minute, and there are many.
	afterKills = 5 * time.Minute
)

// crash is a program under load that is killed repeatedly.
type crash struct {
	*program
	token, orgID string
	operator     *client
	// The marks of what was acknowledged: cases and comments by the API, mails by SMTP.
	mutex    sync.Mutex
	cases    map[string]string // mark → id
	comments map[string]string // mark → path of the case
	mails    map[string]bool
	next     int
}

// TestNothingIsLostAndNothingIsDoneTwiceWhenTheProgramIsKilled kills the program at random points
// under load. Afterwards every acknowledged change exists with its audit entry, and every message
// was processed exactly once: one mail for each notification, one comment for each accepted mail.
// There are more mails than a person writes, so most are quarantined and released in the end.
func TestNothingIsLostAndNothingIsDoneTwiceWhenTheProgramIsKilled(t *testing.T) {
	c := newCrash(t)
	replyTo := c.openFirst()
	random := rand.New(rand.NewPCG(1, 2))
	for round := range kills {
		stop, before := make(chan struct{}), c.acknowledged()
		var working sync.WaitGroup
		for range 4 {
			working.Go(func() { c.load(stop, c.createCase) })
			working.Go(func() { c.load(stop, c.comment) })
			working.Go(func() { c.load(stop, func(mark string) bool { return c.mail(replyTo, mark) }) })
		}
		if round%2 == 0 { // every other kill waits until work of every kind was done, however slow the machine is
			eventually(t, "a case, a comment and a mail are acknowledged", func() bool {
				now := c.acknowledged()
				return now.cases > before.cases && now.comments > before.comments && now.mails > before.mails
			})
		}
		time.Sleep(time.Duration(20+random.IntN(180)) * time.Millisecond)
		c.kill()
		close(stop)
		c.launch()
		working.Wait() // a mail that was not accepted is sent again to the next process
	}
	t.Logf("after %d kills: %d cases, %d comments and %d mails were acknowledged", kills, len(c.cases), len(c.comments),
		len(c.mails))
	if done := c.acknowledged(); min(done.cases, done.comments, done.mails) < kills/2 {
		t.Fatal("that is too little load to be meaningful")
	}
	c.verify()
}

// acknowledged is how much was acknowledged so far.
type acknowledged struct{ cases, comments, mails int }

func (c *crash) acknowledged() acknowledged {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return acknowledged{len(c.cases), len(c.comments), len(c.mails)}
}

func newCrash(t *testing.T) *crash {
	c := &crash{program: start(t), cases: map[string]string{}, comments: map[string]string{}, mails: map[string]bool{}}
	operator := newClient(t, &c.installation)
	c.operator = operator
	operator.post(
		"/setup",
		object{
			"token":      c.setupToken(t),
			"email":      operatorEmail,
			"password":   password,
			"first_name": "Olga",
			"last_name":  "Orsini",
		},
	)
	operator.post("/login", object{"email": operatorEmail, "password": password})
	c.orgID = text(operator.post("/orgs", object{"name": "Rialto Hotels"}).object(t), "id")
	operator.post("/orgs/"+c.orgID+"/invites",
		object{"email": customerEmail, "privileges": []object{{"role": "admin"}}})
	var invitation string
	eventually(t, "the invitation is in the outbox", func() bool {
		for _, raw := range c.outbox() {
			if match := regexp.MustCompile(`[?&]token=3D([A-Za-z0-9_=\r\n-]+)`).FindStringSubmatch(raw); match != nil {
				invitation = strings.SplitN(strings.ReplaceAll(match[1], "=\r\n", ""), "\r\n", 2)[0]
			}
		}
		return invitation != ""
	})
	customer := newClient(t, &c.installation)
	customer.post("/invite/verify/"+invitation,
		object{"password": password, "first_name": "Carlo", "last_name": "Conti"})
	customer.post("/login", object{"email": customerEmail, "password": password})
	c.token = text(customer.post("/self/apitokens", object{"name": "load"}).object(t), "key")
	return c
}

// outbox reads the mails that were sent.
func (c *crash) outbox() []string {
	c.t.Helper()
	files, err := filepath.Glob(filepath.Join(c.folder, "data", "outbox", "*.eml"))
	if err != nil {
		c.t.Fatal(err)
	}
	var mails []string
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			c.t.Fatal(err)
		}
		mails = append(mails, string(raw))
	}
	return mails
}

// replyAddress returns the address for replies to a mail.
func replyAddress(t testing.TB, raw string) string {
	t.Helper()
	read, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	address, err := mail.ParseAddress(read.Header.Get("Reply-To"))
	if err != nil {
		t.Fatal(err)
	}
	return address.Address
}

// openFirst opens a case and returns the address for replies to it.
func (c *crash) openFirst() string {
	c.t.Helper()
	if !c.createCase("first") {
		c.t.Fatal("the first case was not accepted")
	}
	var address string
	eventually(c.t, "the receipt is in the outbox", func() bool {
		for _, raw := range c.outbox() {
			if strings.Contains(raw, "Subject: [Case 1]") && strings.Contains(raw, "\nReply-To:") {
				address = replyAddress(c.t, raw)
			}
		}
		return address != ""
	})
	return address
}

// load repeats an action, each time with a new mark, until stop is closed or the program has ended.
func (c *crash) load(stop chan struct{}, work func(mark string) bool) {
	for {
		c.mutex.Lock()
		c.next++
		mark := fmt.Sprintf("mark-%06d-", c.next)
		c.mutex.Unlock()
		select {
		case <-stop:
			return
		default:
			if !work(mark) {
				return
			}
		}
	}
}

// call makes a call that may fail at any point, and reports whether it was acknowledged.
func (c *crash) call(method, path string, body object) (object, bool) {
	data, err := json.Marshal(body)
	if err != nil {
		c.t.Error(err)
		return nil, false
	}
	request, err := http.NewRequest(method, c.url+"/api/v1"+path, bytes.NewReader(data))
	if err != nil {
		c.t.Error(err)
		return nil, false
	}
	request.Header.Set("Authorization", "Token "+c.token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, false
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	var o object
	if err != nil || response.StatusCode != http.StatusOK || json.Unmarshal(answer, &o) != nil {
		if err == nil && response.StatusCode < 500 && response.StatusCode != http.StatusOK {
			c.t.Errorf("%s %s: %d %s", method, path, response.StatusCode, answer)
		}
		return nil, false
	}
	return o, true
}

func (c *crash) createCase(mark string) bool {
	created, ok := c.call("POST", "/orgs/"+c.orgID+"/cases", object{"subject": mark, "description": mark})
	if !ok {
		return false
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.cases[mark] = text(created, "id")
	return true
}

func (c *crash) comment(mark string) bool {
	c.mutex.Lock()
	path := "/orgs/" + c.orgID + "/cases/" + c.cases["first"]
	c.mutex.Unlock()
	if _, ok := c.call("POST", path+"/comments", object{"comment": mark}); !ok {
		return false
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.comments[mark] = path
	return true
}

// mail sends a reply as a mail server does: if it was not accepted, it is sent again.
func (c *crash) mail(to, mark string) bool {
	raw := strings.ReplaceAll(simple(customerEmail, to, mark, "Re: first", mark), "\n", "\r\n")
	for range 200 {
		if smtp.SendMail(c.smtp, nil, customerEmail, []string{to}, []byte(raw)) == nil {
			c.mutex.Lock()
			defer c.mutex.Unlock()
			c.mails[mark] = true
			return true
		}
		time.Sleep(20 * time.Millisecond)
	}
	return false
}

// verify compares the data with what was acknowledged.
func (c *crash) verify() {
	c.t.Helper()
	reader := newClient(c.t, &c.installation)
	reader.token = c.token
	path := "/orgs/" + c.orgID + "/cases/" + c.cases["first"]
	var comments []string
	within(c.t, afterKills, "every accepted mail is a comment, and only searches may lag", func() bool {
		c.replayAll()
		c.releaseAll()
		left := waiting(c.operator)
		delete(left, "cases-index") // searches may lag; nothing below depends on them
		if len(left) > 0 {
			return false // a mail may also be in progress that was accepted without an acknowledgement
		}
		comments = nil
		for _, one := range reader.all(path + "/comments?limit=1000") {
			comments = append(comments, text(one, "comment"))
		}
		return contained(comments, c.mails)
	})
	times := map[string]int{}
	for _, comment := range comments {
		times[comment]++
	}
	for mark := range c.mails {
		if times[mark] != 1 {
			c.t.Errorf("the mail %s made %d comments", mark, times[mark])
		}
	}
	for mark := range c.comments {
		if times[mark] != 1 {
			c.t.Errorf("the acknowledged comment %s exists %d times", mark, times[mark])
		}
	}
	listed := map[string]string{}
	numbers := map[string]bool{}
	for _, one := range reader.all("/orgs/" + c.orgID + "/cases?limit=1000") {
		listed[text(one, "subject")] = text(one, "id")
		numbers[fmt.Sprint(one["case_number"])] = true
	}
	for mark, id := range c.cases {
		if listed[mark] != id {
			c.t.Errorf("the acknowledged case %s is listed as %q", mark, listed[mark])
		}
	}
	if len(numbers) != len(listed) {
		c.t.Errorf("%d cases have %d numbers", len(listed), len(numbers))
	}
	c.verifyAudit(reader, listed, len(comments))
	c.verifyReceipts(listed)
}

// replayAll replays the dead letters: messages that were being processed at six kills in a row.
func (c *crash) replayAll() {
	for _, one := range c.operator.get("/platform/dead_letters").results(c.t) {
		c.operator.post("/platform/dead_letters/"+text(one, "id")+"/replay", nil)
	}
}

// releaseAll releases the mails that were quarantined because nobody writes so many.
func (c *crash) releaseAll() {
	for {
		quarantined := c.operator.get("/platform/quarantine?limit=1000").results(c.t)
		for _, one := range quarantined {
			if reason := text(one, "reason"); reason != "rate" {
				c.t.Fatalf("a mail was quarantined as %s: %v", reason, one)
			}
			c.operator.post("/platform/quarantine/"+text(one, "id")+"/release", nil)
		}
		if len(quarantined) == 0 {
			return
		}
	}
}

// verifyAudit checks that each existing case and comment has one audit entry.
func (c *crash) verifyAudit(reader *client, listed map[string]string, comments int) {
	created, commented := map[string]int{}, 0
	for _, entry := range reader.all("/orgs/" + c.orgID + "/logs/search?duration=1d&limit=1000") {
		switch text(entry, "action") {
		case "cases.create":
			created[strings.TrimPrefix(text(entry, "target"), "case:")]++
		case "cases.comment", "mail.receive":
			commented++
		}
	}
	for mark, id := range listed {
		if created[id] != 1 {
			c.t.Errorf("the case %s has %d audit entries of its creation", mark, created[id])
		}
	}
	if len(created) != len(listed) || commented != comments {
		c.t.Errorf("the audit log has %d cases and %d comments; there are %d and %d",
			len(created), commented, len(listed), comments)
	}
}

// verifyReceipts checks that each existing case has one receipt.
func (c *crash) verifyReceipts(listed map[string]string) {
	receipts := map[string]int{}
	subject := regexp.MustCompile(`(?m)^Subject: \[Case \d+\] (\S+)\r?$`)
	within(c.t, afterKills, "every case has its receipt", func() bool {
		c.replayAll()
		clear(receipts)
		for _, raw := range c.outbox() {
			if match := subject.FindStringSubmatch(raw); match != nil && strings.Contains(raw, "auto-replied") {
				receipts[match[1]]++
			}
		}
		return len(receipts) >= len(listed)
	})
	for mark := range listed {
		if receipts[mark] != 1 {
			c.t.Errorf("the case %s has %d receipts", mark, receipts[mark])
		}
	}
}

func contained(all []string, marks map[string]bool) bool {
	there := map[string]bool{}
	for _, one := range all {
		there[one] = true
	}
	for mark := range marks {
		if !there[mark] {
			return false
		}
	}
	return true
}
