package downloads

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/tenantry/tenantry/functions/endpoint"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/seal"
)

func TestALinkWorksUntilItEndsAndOnlyAsItWasMade(t *testing.T) {
	keyring, err := seal.NewKeyring(bytes.Repeat([]byte{7}, seal.SecretBytes))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 7, 1, 10, 0, 0, 0, time.UTC)
	links := Links{Keyring: keyring, BaseURL: "https://portal.example.com", Now: func() time.Time { return now }}
	made, err := links.Link(t.Context(), "attachments/1/2", "log.txt", "text/plain", 5*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	link := strings.TrimPrefix(made, links.BaseURL+endpoint.Prefix+"/downloads/")
	form, _, err := links.UploadForm(t.Context(), "uploads/1", "text/plain", 1, 5*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	upload := strings.TrimPrefix(form, links.BaseURL+endpoint.Prefix+"/uploads/")
	other := "A"
	if link[:1] == other {
		other = "B"
	}
	now = now.Add(5*time.Minute - time.Second)
	if got, err := links.open(link); err != nil || got.Key != "attachments/1/2" || got.Name != "log.txt" {
		t.Errorf("a second before its end: %+v, %v", got, err)
	}
	for name, forged := range map[string]string{
		"cut": link[:len(link)-1], "changed": other + link[1:], "for an upload": upload, "empty": "",
	} {
		if _, err := links.open(forged); !fault.Is(err, fault.NotFound) {
			t.Errorf("a link that is %s: %v, want a fault of code NotFound", name, err)
		}
	}
	now = now.Add(time.Second)
	if _, err := links.open(link); !fault.Is(err, fault.NotFound) {
		t.Errorf("at its end: %v, want a fault of code NotFound", err)
	}
}
