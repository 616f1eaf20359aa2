//go:build aws

package outside

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestQueuesThatRepeatReorderAndDelayEndInTheSameState does the same work in two installations. In
// the second one, messages and stream records arrive late, in another order, and twice.
func TestQueuesThatRepeatReorderAndDelayEndInTheSameState(t *testing.T) {
	quiet := newWorld(t)
	quiet.busy()
	want := quiet.end(func(state) bool { return true })
	if len(want.cases) != busyCases || len(want.mails) < 3*busyCases || len(want.audit) < 6*busyCases ||
		len(want.quarantine) != 2 {
		t.Fatalf("that is too little to be meaningful: %+v", want)
	}
	post := openPostOffice(t)
	installed, deployed := deploy(t, post, true)
	disturbed := setUp(t, post, installed)
	disturbed.busy()
	got := disturbed.end(func(s state) bool { return cmp.Equal(want, s, cmp.AllowUnexported(state{})) })
	if repeated := deployed.Repeated(); repeated < 3*busyCases {
		t.Errorf("%d deliveries were repeated: that is too little to be meaningful", repeated)
	}
	if difference := cmp.Diff(want, got, cmp.AllowUnexported(state{})); difference != "" {
		t.Errorf("disturbed queues end in another state (-quiet +disturbed):\n%s", difference)
	}
}

// busyCases is how many cases are worked on concurrently.
const busyCases = 5

// busy opens cases, and has both sides write in all of them concurrently.
func (w *world) busy() {
	w.t.Helper()
	paths := make([]string, busyCases)
	var working sync.WaitGroup
	for n := range busyCases {
		working.Go(func() {
			created := w.customer.post("/orgs/"+w.orgID+"/cases",
				object{"subject": fmt.Sprintf("Matter %d", n), "description": "It does not work."})
			paths[n] = "/orgs/" + w.orgID + "/cases/" + text(created.object(w.t), "id")
		})
	}
	working.Wait()
	receipts := map[int]letter{}
	eventually(w.t, "every case has its receipt", func() bool {
		for _, one := range w.post.to(customerEmail) {
			for n := range busyCases {
				if strings.HasSuffix(one.read.GetHeader("Subject"), fmt.Sprintf("Matter %d", n)) {
					receipts[n] = one
				}
			}
		}
		return len(receipts) == busyCases
	})
	agent := text(w.helpdesk.get("/self").object(w.t), "admin_id")
	for _, path := range paths {
		w.helpdesk.put(path, object{"assignee_id": agent})
	}
	for n, path := range paths {
		reply := receipts[n].replyTo(w.t)
		working.Go(func() {
			for i := range 3 {
				id := fmt.Sprintf("busy-%d-%d", n, i)
				w.send(customerEmail, reply, simple(customerEmail, reply, id, "Re: Matter", "By mail: "+id))
			}
			w.send(
				customerEmail,
				reply,
				simple(customerEmail, reply, fmt.Sprintf("busy-%d-0", n), "Re: Matter",
					fmt.Sprintf("By mail: busy-%d-0", n)),
			)
		})
		working.Go(func() {
			w.helpdesk.post(path+"/comments", object{"comment": fmt.Sprintf("We look at matter %d.", n)})
			w.helpdesk.post(path+"/comments", object{"comment": "A note.", "internal": true})
		})
	}
	working.Go(func() {
		w.send("who@example.net", "support@help.example.com",
			simple("who@example.net", "support@help.example.com", "spam", "Buy now", "Cheap."))
		w.send(
			customerEmail,
			"support@help.example.com",
			simple(customerEmail, "support@help.example.com", "weekly", "Report", "Numbers",
				"Auto-Submitted: auto-generated"),
		)
	})
	working.Wait()
}

// state is the final state, without what differs by chance: ids, times, and the order of concurrent
// events.
type state struct {
	cases map[string][]string // by subject: status, and the comments
	// mails are what each recipient was told of, each once: how many changes one mail is about depends on
	// when the messages come.
	mails      []string
	quarantine []string
	audit      []string
}

// busyText matches what busy has people write.
var busyText = regexp.MustCompile(`By mail: busy-\d-\d|We look at matter \d\.|A note\.|It does not work\.`)

// end waits until nothing has changed for a while and the state is as expected, or gives up.
func (w *world) end(enough func(state) bool) state {
	w.t.Helper()
	const still = 8 * time.Second // longer than the delay of a message, of a queue, and of the stream
	last, since := w.state(), time.Now()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(500 * time.Millisecond) {
		now := w.state()
		if !cmp.Equal(last, now, cmp.AllowUnexported(state{})) {
			last, since = now, time.Now()
		}
		if time.Since(since) > still && enough(now) {
			break
		}
	}
	return last
}

func (w *world) state() state {
	w.t.Helper()
	s := state{cases: map[string][]string{}}
	for _, listed := range w.helpdesk.all("/orgs/" + w.orgID + "/cases?limit=100") {
		one := w.helpdesk.get("/orgs/" + w.orgID + "/cases/" + text(listed, "id")).object(w.t)
		lines := []string{"status " + text(one, "status")}
		for _, comment := range one["comments"].([]any) {
			c := comment.(object)
			lines = append(lines,
				fmt.Sprint(text(c, "author"), ": ", text(c, "comment"), " ", c["internal"], " ", c["automatic"]))
		}
		slices.Sort(lines)
		s.cases[text(listed, "subject")] = lines
	}
	for _, email := range []string{customerEmail, helpdeskEmail, operatorEmail, "who@example.net"} {
		for _, one := range w.post.to(email) {
			subject := one.read.GetHeader("Subject")
			if _, after, found := strings.Cut(subject, "] "); found {
				subject = after // without the case's number
			}
			s.mails = append(s.mails, email+": "+subject)
			for _, told := range busyText.FindAllString(one.read.Text, -1) {
				s.mails = append(s.mails, email+": "+subject+": "+told)
			}
		}
	}
	for _, mail := range w.operator.all("/platform/quarantine?limit=100") {
		s.quarantine = append(s.quarantine, text(mail, "reason")+" "+text(mail, "subject"))
	}
	for _, entry := range w.operator.all("/orgs/" + w.orgID + "/logs/search?duration=1d&limit=1000") {
		s.audit = append(s.audit, text(entry, "action")+" by "+text(entry, "admin_name")+" via "+text(entry, "door"))
	}
	slices.Sort(s.mails)
	s.mails = slices.Compact(s.mails)
	slices.Sort(s.quarantine)
	slices.Sort(s.audit)
	return s
}
