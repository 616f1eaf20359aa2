package outside

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"mime/multipart"
	"strings"
	"testing"
)

// TestFilesComeInAsFormData uploads comments and attachments as clients do; some quote every text,
// as in JSON.
func TestFilesComeInAsFormData(t *testing.T) {
	w := newWorld(t)
	path, _ := w.opened("Files")
	got := w.customer.upload(
		path+"/comments",
		map[string]string{"comment": `"Two logs.\nPlease look."`},
		map[string][]byte{
			"../../etc/passwd": []byte("one"), "b.log": []byte("two"),
		},
	)
	if got.status != 200 {
		t.Fatalf("status %d: %s", got.status, got.body)
	}
	created := got.object(t)
	if text(created, "comment") != "Two logs.\nPlease look." || len(created["attachments"].([]any)) != 2 {
		t.Errorf("the comment is %v", created)
	}
	for _, one := range created["attachments"].([]any) {
		if name := text(one.(object), "file_name"); strings.ContainsAny(name, "/\\") {
			t.Errorf("a file is called %q", name)
		}
	}
	got = w.customer.upload(path+"/attachments", nil, map[string][]byte{"c.txt": []byte("three")})
	if got.status != 200 {
		t.Errorf("attach: %d %s", got.status, got.body)
	}
	if got := w.customer.upload(path+"/attachments", nil, nil); got.status != 400 {
		t.Errorf("attach nothing: %d %s", got.status, got.body)
	}
	got = w.customer.upload(path+"/comments", map[string]string{"comment": "A note", "internal": "true"}, nil)
	if got.status != 403 {
		t.Errorf("a customer's internal note: %d %s", got.status, got.body)
	}
	if files := w.customer.get(path).object(t)["attachments"].([]any); len(files) != 3 {
		t.Errorf("the case has %d attachments, want 3", len(files))
	}
}

// TestAFileTooLargeForOneCallIsAnnouncedSentAndFinished uploads directly to the file store, which
// on AWS bypasses the API's size limit.
func TestAFileTooLargeForOneCallIsAnnouncedSentAndFinished(t *testing.T) {
	w := newWorld(t)
	path, _ := w.opened("A capture")
	content := make([]byte, 11<<20)
	if _, err := rand.Read(content); err != nil {
		t.Fatal(err)
	}
	announced := w.customer.post(path+"/uploads",
		object{"name": "capture.pcap", "content_type": "application/vnd.tcpdump.pcap", "size_in_bytes": len(content)}).
		object(t)
	// The form does not accept a larger file.
	if got := w.sendForm(announced, append(content, 'x')); got.status < 400 || got.status > 499 {
		t.Errorf("a file larger than announced: %d %s", got.status, got.body)
	}
	if got := w.sendForm(announced, content); got.status > 299 {
		t.Fatalf("the file was not accepted: %d %s", got.status, got.body)
	}
	attachment := w.customer.post(path+"/uploads/finish", object{"upload_token": announced["upload_token"]}).object(t)
	sum := sha256.Sum256(content)
	if text(attachment, "file_name") != "capture.pcap" || text(attachment, "sha256") != hex.EncodeToString(sum[:]) {
		t.Errorf("the attachment is %v", attachment)
	}
	link := text(w.customer.get(path+"/attachments/"+text(attachment, "id")).object(t), "content_url")
	if got := newClient(t, w.installation).send("GET", link, "", nil); !bytes.Equal(got.body, content) {
		t.Errorf("the download has %d bytes, status %d", len(got.body), got.status)
	}
}

// sendForm uploads a file as the response to its announcement says, as a browser does, without
// credentials.
func (w *world) sendForm(announced object, content []byte) answer {
	w.t.Helper()
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	fields, _ := announced["fields"].(object)
	for name, value := range fields {
		if err := writer.WriteField(name, value.(string)); err != nil {
			w.t.Fatal(err)
		}
	}
	part, err := writer.CreateFormFile("file", "capture.pcap")
	if err == nil {
		_, err = part.Write(content)
	}
	if err := errors.Join(err, writer.Close()); err != nil {
		w.t.Fatal(err)
	}
	return newClient(w.t, w.installation).send("POST", text(announced, "url"), writer.FormDataContentType(), &form)
}
