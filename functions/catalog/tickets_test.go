package catalog_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// create sends a JSON document and returns the answer's object.
func (i *installation) create(t *testing.T, as, path string, body object) object {
	t.Helper()
	data, err := json.Marshal(body)
	check(t, err)
	got := i.call(as, http.MethodPost, path, "application/json", bytes.NewReader(data))
	if got.Code != http.StatusOK {
		t.Fatalf("POST %s: status %d: %s", path, got.Code, got.Body)
	}
	return decode(t, got)
}

// TestATicketIsInTheFormThatItsProgramsRead holds the differences between a case and a ticket.
func TestATicketIsInTheFormThatItsProgramsRead(t *testing.T) {
	i := newInstallation(t, nil)
	path := "/orgs/" + i.org.ID + "/tickets"
	created := i.create(t, "org write", path, object{"subject": "No uplink", "x_color": "red"})
	if number, _ := created["case_number"].(string); number == "" || created["x_color"] != "red" {
		t.Errorf("%v", created)
	}
	first, _ := created["comments"].([]any)[0].(map[string]any)
	if first["comment"] != "No uplink" || first["author"] == "" {
		t.Errorf("a ticket without a comment begins with %v", first)
	}
	path += "/" + created["id"].(string)
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	for _, name := range []string{"switch.log", "photo.jpg"} {
		part, err := writer.CreateFormFile("file", name)
		check(t, err)
		_, err = part.Write([]byte("content of " + name))
		check(t, err)
	}
	check(t, writer.Close())
	got := i.call("org write", http.MethodPost, path+"/comments", writer.FormDataContentType(), &form)
	if got.Code != http.StatusOK {
		t.Fatalf("files alone: status %d: %s", got.Code, got.Body)
	}
	for _, ticket := range []object{decode(t, got), i.read(t, "org read", path)} {
		comments, _ := ticket["comments"].([]any)
		last, _ := comments[len(comments)-1].(map[string]any)
		if last["comment"] != "Attached switch.log, photo.jpg" {
			t.Errorf("files alone became %v", last)
		}
		for _, files := range [][]any{ticket["attachments"].([]any), last["attachments"].([]any)} {
			if len(files) != 2 || !slices.ContainsFunc(files, func(file any) bool {
				link, _ := file.(map[string]any)["content_url"].(string)
				return strings.HasPrefix(link, "http")
			}) {
				t.Errorf("the files are %v", files)
			}
		}
	}
	empty := i.call("org write", http.MethodPost, path+"/comments", "application/json", strings.NewReader(`{"comment":" "}`))
	detailed(t, "neither text nor file", empty, http.StatusBadRequest)
	list := i.call("org read", http.MethodGet, strings.TrimSuffix(path, "/"+created["id"].(string)), "", nil)
	if !strings.Contains(list.Body.String(), `"case_number":"`) {
		t.Errorf("the list has %s", list.Body)
	}
}
