//go:build !aws

package outside

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// dataFolders holds the data folders of earlier formats; its README says how to add one.
const dataFolders = "testdata/data-folders"

// keptFolder describes a data folder written by a program of an earlier format.
type keptFolder struct {
	// Time is when it was closed.
	Time time.Time `json:"time"`
	// Tokens are the API tokens of the readers, by the reader's name.
	Tokens map[string]string `json:"tokens"`
	// OrgID is an organization, CaseID one of its open cases, ReplyTo the customer's address for
	// replying to it by mail, and Invitation the token of an invitation that nobody has accepted.
	OrgID      string `json:"org_id"`
	CaseID     string `json:"case_id"`
	ReplyTo    string `json:"reply_to"`
	Invitation string `json:"invitation"`
	// Waiting is the subject of a case whose receipt is still on a queue because it could not be
	// sent.
	Waiting string `json:"waiting"`
	// Answers are the API's responses to the readers.
	Answers []keptAnswer `json:"answers"`
}

// keptAnswer is what one reader read at one path.
type keptAnswer struct {
	Reader string `json:"reader"`
	Path   string `json:"path"`
	Status int    `json:"status"`
	// Body is the response; for a paged list, the results of all pages.
	Body any `json:"body,omitempty"`
	// SHA256 is the hash of the file that the response links to.
	SHA256 string `json:"sha256,omitempty"`
}

// TestDataFoldersOfEarlierFormatsAreReadAndWorkedWith starts the present program on data folders
// written by earlier ones, at the time when they were closed: everything reads as it did then, and
// work continues.
func TestDataFoldersOfEarlierFormatsAreReadAndWorkedWith(t *testing.T) {
	descriptions, err := filepath.Glob(filepath.Join(dataFolders, "*.json"))
	if err != nil || len(descriptions) == 0 {
		t.Fatalf("no data folders are kept: %v", err)
	}
	for _, description := range descriptions {
		t.Run(strings.TrimSuffix(filepath.Base(description), ".json"), func(t *testing.T) {
			text, err := os.ReadFile(description)
			if err != nil {
				t.Fatal(err)
			}
			var record keptFolder
			if err := json.Unmarshal(text, &record); err != nil {
				t.Fatal(err)
			}
			post := openPostOffice(t)
			folder := t.TempDir()
			unpack(t, strings.TrimSuffix(description, ".json")+".zip", filepath.Join(folder, "data"))
			p := startAt(t, folder, record.Time, post.setting())
			record.readAgain(t, &p.installation)
			record.workOn(t, &p.installation, post)
		})
	}
}

func unpack(t *testing.T, archive, folder string) {
	t.Helper()
	reader, err := zip.OpenReader(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	if err := os.CopyFS(folder, reader); err != nil {
		t.Fatal(err)
	}
}

// reader is one of the readers of the folder when it was described.
func (k *keptFolder) reader(t testing.TB, i *installation, name string) *client {
	c := newClient(t, i)
	c.token = k.Tokens[name]
	return c
}

// readAgain checks that everything that was read when the folder was described reads the same now.
func (k *keptFolder) readAgain(t *testing.T, i *installation) {
	if len(k.Answers) < 100 {
		t.Errorf("only %d answers are recorded: too few to be meaningful", len(k.Answers))
	}
	for _, want := range k.Answers {
		got := readOnce(k.reader(t, i, want.Reader), want.Path)
		if allowedSince(want, got) {
			continue
		}
		if got.Status != want.Status || got.SHA256 != want.SHA256 {
			t.Errorf("%s reads %s: status %d, file %s; want %d, %s",
				want.Reader, want.Path, got.Status, got.SHA256, want.Status, want.SHA256)
			continue
		}
		if want.Status != 200 {
			continue // the wording of an error may change
		}
		body := lasting(want.Body)
		if one, is := body.(object); is {
			if _, pages := got.Body.([]any); pages {
				body = one["results"] // what was one page is more, with the readers' visits
			}
		}
		for _, difference := range missing("", body, got.Body) {
			if onPurpose(want.Path, difference) {
				continue
			}
			t.Errorf("%s reads %s: %s", want.Reader, want.Path, difference)
		}
	}
}

// allowedSince reports whether a reader was refused what is allowed since: those who see an MSP see its
// jobs on organizations.
func allowedSince(want, got keptAnswer) bool {
	jobs := regexp.MustCompile(`^/msps/[^/]+/jobs$`)
	return want.Status == 403 && got.Status == 200 && jobs.MatchString(strings.SplitN(want.Path, "?", 2)[0])
}

// onPurpose reports whether a difference is due to a deliberate change since the answer was
// recorded.
func onPurpose(path, difference string) bool {
	for _, change := range []struct{ path, difference string }{
		// The reasons and the advice were rewritten in plain English.
		{`/platform/quarantine/reasons`, `^\.results\[[0-9]+\]\.(meaning|advice) is `},
		// There are more reasons.
		{`/platform/quarantine/reasons`, `^\.results is \[`},
		// More reasons can be overruled.
		{`/platform/quarantine/reasons`, `^\.results\[[0-9]+\]\.releasable is true, want false$`},
		// The first start of a release that folds texts differently renews the search index, which the
		// platform's log shows.
		{`/platform/logs`, `^\.results is \[map\[action:cases\.renew_index |^\.total is 19, want 18$`},
		// The total of a log is that of all matches, and the readers' own visits are in it.
		{`/logs`, `^\.total is `},
		// The number of a ticket is text, as its programs expect.
		{`/tickets`, `\.case_number is ([0-9]+), want [0-9]+$`},
		// The one target of a report's job is not a case; it used to be shown as the case "" of the
		// organization "report".
		{`/jobs/`, `^\.results\[0\]\.(case_id is missing, want |org_id is missing, want report)$`},
	} {
		if strings.Contains(path, change.path) && regexp.MustCompile(change.difference).MatchString(difference) {
			return true
		}
	}
	return false
}

// readOnce reads a path: all pages of a paged list, and the file that the response links to.
func readOnce(c *client, path string) keptAnswer {
	c.t.Helper()
	got := keptAnswer{Path: path}
	var pages []any
	for next := path; next != ""; {
		answered := c.send("GET", "/api/v1"+next, "", nil)
		if got.Status = answered.status; got.Status != 200 {
			return got
		}
		if err := json.Unmarshal(answered.body, &got.Body); err != nil {
			c.t.Fatalf("%s: %v in %q", path, err, answered.body)
		}
		read, _ := got.Body.(object)
		if link := text(read, "content_url"); link != "" {
			file := c.send("GET", link, "", nil)
			sum := sha256.Sum256(file.body)
			got.SHA256 = fmt.Sprintf("%d %s", file.status, hex.EncodeToString(sum[:]))
		}
		next = strings.TrimPrefix(text(read, "next"), "/api/v1")
		if results, ok := read["results"].([]any); ok && (next != "" || pages != nil) {
			pages = append(pages, results...)
			got.Body = pages
		}
	}
	got.Body = lasting(got.Body)
	return got
}

// readersToken is the name of the tokens of the readers.
const readersToken = "for tests"

// lasting removes what differs from one reading to the next: temporary links, the time range that
// was read, and when the reader's own token was last used.
func lasting(value any) any {
	switch value := value.(type) {
	case object:
		for _, name := range []string{"content_url", "next", "lagging", "start", "end"} {
			delete(value, name)
		}
		if text(value, "name") == readersToken {
			delete(value, "last_used")
		}
		for name := range value {
			value[name] = lasting(value[name])
		}
	case []any:
		value = slices.DeleteFunc(value, func(entry any) bool {
			shown, _ := entry.(object)
			return text(shown, "action") == "orgs.visit" // the reader's own
		})
		for i := range value {
			value[i] = lasting(value[i])
		}
		return value
	}
	return value
}

// missing lists what one value lacks compared with another, and where they differ. Fields that only
// the other one has are allowed, because later programs may add fields.
func missing(path string, want, got any) []string {
	switch want := want.(type) {
	case object:
		other, ok := got.(object)
		if !ok {
			break
		}
		var differences []string
		for _, name := range slices.Sorted(maps.Keys(want)) {
			if _, there := other[name]; !there {
				differences = append(differences, fmt.Sprintf("%s.%s is missing, want %v", path, name, want[name]))
				continue
			}
			differences = append(differences, missing(path+"."+name, want[name], other[name])...)
		}
		return differences
	case []any:
		other, ok := got.([]any)
		if !ok || len(other) != len(want) {
			break
		}
		var differences []string
		for i := range want {
			differences = append(differences, missing(fmt.Sprintf("%s[%d]", path, i), want[i], other[i])...)
		}
		return differences
	}
	if reflect.DeepEqual(want, got) {
		return nil
	}
	return []string{fmt.Sprintf("%s is %v, want %v", path, got, want)}
}

// workOn continues where the earlier program stopped: pending mail is sent, a case is changed and
// found, a reply by mail arrives, and an invitation is accepted.
func (k *keptFolder) workOn(t *testing.T, i *installation, post *postOffice) {
	eventually(t, "the receipt that was on a queue is sent", func() bool {
		return slices.ContainsFunc(post.to(customerEmail),
			func(l letter) bool { return strings.HasSuffix(l.read.GetHeader("Subject"), k.Waiting) })
	})
	customer := k.reader(t, i, "customer")
	cases := "/orgs/" + k.OrgID + "/cases"
	one := cases + "/" + k.CaseID
	customer.put(one, object{"subject": "Quince marmalade"})
	eventually(t, "the case is found by its new subject", func() bool {
		list := customer.get(cases + "?search=quince").results(t)
		return len(list) == 1 && text(list[0], "id") == k.CaseID
	})
	if got := customer.get(cases + "?search=wi-fi+in+the+lobby").results(t); slices.Contains(idsOf(got), k.CaseID) {
		t.Errorf("the case is found by its former subject: %v", got)
	}
	before := len(customer.get(one).object(t)["comments"].([]any))
	err := i.deliver(customerEmail, k.ReplyTo, simple(customerEmail, k.ReplyTo, "later", "Re: Wi-Fi", "Years later."))
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the answer by mail is a comment", func() bool {
		comments := customer.get(one).object(t)["comments"].([]any)
		return len(comments) == before+1 && text(comments[before].(object), "comment") == "Years later."
	})
	invited := newClient(t, i)
	invited.post("/invite/verify/"+k.Invitation,
		object{"password": password, "first_name": "Nora", "last_name": "Neri"})
	for _, email := range []string{invitedEmail, customerEmail} {
		person := newClient(t, i)
		person.post("/login", object{"email": email, "password": password})
		person.get(one)
	}
}

// invitedEmail is the person with the open invitation of a data folder.
const invitedEmail = "nora@rialto.example.com"

func idsOf(list []object) []string {
	var ids []string
	for _, one := range list {
		ids = append(ids, text(one, "id"))
	}
	return ids
}
