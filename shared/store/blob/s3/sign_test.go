package s3_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"testing"
	"time"
)

func TestALinkIsADownloadUnderItsNameForAWhile(t *testing.T) {
	store := storeAt("https://s3.example")
	link, err := store.Link(t.Context(), "a/b", "Žiga \"x\"\r\n.txt", "text/plain; charset=utf-8", 5*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	query := parsed.Query()
	for name, want := range map[string]string{
		"response-content-disposition": "attachment; filename*=utf-8''%C5%BDiga%20%22x%22%0D%0A.txt",
		"response-content-type":        "text/plain; charset=utf-8", "X-Amz-Expires": "300",
		"X-Amz-Security-Token": "session",
	} {
		if got := query.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if parsed.Host != "s3.example" || parsed.Path != "/files/a/b" || query.Get("X-Amz-Signature") == "" {
		t.Error(link)
	}
}

func TestAFormAllowsOneKeyOneTypeAndNoMoreThanTheLimit(t *testing.T) {
	address, fields, err := storeAt("https://s3.example").UploadForm(t.Context(), "a/b", "image/png", 1000,
		10*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if address != "https://s3.example/files" || fields["key"] != "a/b" || fields["Content-Type"] != "image/png" ||
		fields["X-Amz-Security-Token"] != "session" {
		t.Errorf("%s, %v", address, fields)
	}
	document, err := base64.StdEncoding.DecodeString(fields["policy"])
	if err != nil {
		t.Fatal(err)
	}
	var policy struct {
		Expiration time.Time
		Conditions []json.RawMessage
	}
	if err := json.Unmarshal(document, &policy); err != nil {
		t.Fatal(err)
	}
	if left := time.Until(policy.Expiration); left < 9*time.Minute || left > 10*time.Minute {
		t.Errorf("ends in %s", left)
	}
	for _, want := range []string{`["content-length-range",0,1000]`, `{"Content-Type":"image/png"}`, `{"key":"a/b"}`,
		`{"bucket":"files"}`} {
		if !slices.ContainsFunc(policy.Conditions,
			func(has json.RawMessage) bool { return bytes.Equal(has, []byte(want)) }) {
			t.Errorf("%s has no condition %s", document, want)
		}
	}
}
