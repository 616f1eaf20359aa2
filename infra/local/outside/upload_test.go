package outside

import (
	"strings"
	"testing"
)

// TestFilesComeInAsFormData uploads comments and attachments as clients do; some put every text into quotes, as JSON.
func TestFilesComeInAsFormData(t *testing.T) {
	w := newWorld(t)
	path, _ := w.opened("Files")
	got := w.customer.upload(path+"/comments", map[string]string{"comment": `"Two logs.\nPlease look."`}, map[string][]byte{
		"../../etc/passwd": []byte("one"), "b.log": []byte("two"),
	})
	if got.status != 200 {
		t.Fatalf("status %d: %s", got.status, got.body)
	}
	made := got.object(t)
	if text(made, "comment") != "Two logs.\nPlease look." || len(made["attachments"].([]any)) != 2 {
		t.Errorf("the comment is %v", made)
	}
	for _, one := range made["attachments"].([]any) {
		if name := text(one.(object), "file_name"); strings.ContainsAny(name, "/\\") {
			t.Errorf("a file is called %q", name)
		}
	}
	if got := w.customer.upload(path+"/attachments", nil, map[string][]byte{"c.txt": []byte("three")}); got.status != 200 {
		t.Errorf("attach: %d %s", got.status, got.body)
	}
	if got := w.customer.upload(path+"/attachments", nil, nil); got.status != 400 {
		t.Errorf("attach nothing: %d %s", got.status, got.body)
	}
	if got := w.customer.upload(path+"/comments", map[string]string{"comment": "A note", "internal": "true"}, nil); got.status != 403 {
		t.Errorf("a customer's internal note: %d %s", got.status, got.body)
	}
	if files := w.customer.get(path).object(t)["attachments"].([]any); len(files) != 3 {
		t.Errorf("the case has %d attachments, want 3", len(files))
	}
}
