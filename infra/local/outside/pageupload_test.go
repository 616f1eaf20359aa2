//go:build aws

package outside

import (
	"bytes"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// form is a form of a page: where it is sent, and its hidden fields.
type form struct {
	action string
	fields object
}

var (
	formPattern   = regexp.MustCompile(`(?s)<form[^>]*\saction="([^"]*)"[^>]*>(.*?)</form>`)
	hiddenPattern = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)
)

// formTo returns the form of a page whose address contains a text.
func formTo(t *testing.T, page answer, part string) form {
	t.Helper()
	for _, match := range formPattern.FindAllSubmatch(page.body, -1) {
		action := html.UnescapeString(string(match[1]))
		if !strings.Contains(action, part) {
			continue
		}
		found := form{action: action, fields: object{}}
		for _, hidden := range hiddenPattern.FindAllSubmatch(match[2], -1) {
			found.fields[string(hidden[1])] = html.UnescapeString(string(hidden[2]))
		}
		return found
	}
	t.Fatalf("status %d: no form to %s in %s", page.status, part, page.body)
	return form{}
}

// press sends a form with further fields, as a browser without script does.
func (c *client) press(f form, more map[string]string) answer {
	c.t.Helper()
	values := url.Values{}
	for name, value := range f.fields {
		values.Set(name, value.(string))
	}
	for name, value := range more {
		values.Set(name, value)
	}
	return c.send("POST", f.action, "application/x-www-form-urlencoded", strings.NewReader(values.Encode()))
}

// TestALargeFileGoesFromAPageToTheStore attaches a file that no function could take, by the forms of the
// pages alone.
func TestALargeFileGoesFromAPageToTheStore(t *testing.T) {
	w := newWorld(t)
	path, _ := w.opened("A capture")
	content := bytes.Repeat([]byte("packet "), 1<<20) // 7 MiB
	page := w.customer.send("GET", path+"/upload", "", nil)
	sending := w.customer.press(formTo(t, page, "/upload"), map[string]string{"name": "capture.pcap"})
	store := formTo(t, sending, "://")
	if policy := sending.header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' http") {
		t.Errorf("the page may not send its form: %s", policy)
	}
	finish := formTo(t, sending, "/upload/finish")
	if early := w.customer.press(finish, nil); early.status < 400 {
		t.Errorf("a file that was not sent: status %d", early.status)
	}
	got := w.sendForm(object{"url": store.action, "fields": store.fields}, content)
	if got.status != 204 && got.status != 200 {
		t.Fatalf("the store answers %d: %s", got.status, got.body)
	}
	if done := w.customer.press(finish, nil); done.status != 200 || !bytes.Contains(done.body, []byte("capture.pcap")) {
		t.Errorf("status %d: %s", done.status, done.body)
	}
	files := w.customer.get(path).object(t)["attachments"].([]any)
	if len(files) != 1 || text(files[0].(object), "file_name") != "capture.pcap" ||
		files[0].(object)["size_in_bytes"] != float64(len(content)) {
		t.Errorf("the case has %v", files)
	}
}
