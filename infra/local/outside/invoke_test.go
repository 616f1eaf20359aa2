//go:build aws

package outside

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/tenantry/tenantry/infra/aws/emulated/cloud"
	"github.com/tenantry/tenantry/infra/aws/emulated/mailroom"
	"github.com/tenantry/tenantry/infra/aws/emulated/sample"
)

// TestAFunctionIsCalledWithItsSampleEvent does what `make invoke` does.
func TestAFunctionIsCalledWithItsSampleEvent(t *testing.T) {
	mails := make(chan []byte, 100)
	deployed, err := emulated.Install(t.Context(), cloud.InstallationSettings{
		Address: "127.0.0.1:0", SMTPAddress: "127.0.0.1:0", Output: func(string, string) {},
		Sent:   func(mail mailroom.Outgoing) error { mails <- mail.Raw; return nil },
		Denied: func(text string) { t.Errorf("a role does not allow what its function does: %s", text) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := deployed.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	token, err := deployed.SetupToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	world, err := sample.Make(t.Context(), deployed.URL, token, mails)
	if err != nil {
		t.Fatal(err)
	}
	for _, function := range []string{"cases.list", "orgs.list", "platform.list_queues", "pages.account", "api"} {
		event, err := os.ReadFile(filepath.Join("..", "..", "..", "events", function+".json"))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := deployed.Invoke(t.Context(), function, world.Fit(function, event))
		if err != nil {
			t.Fatal(err)
		}
		var reply struct{ StatusCode int }
		if err := json.Unmarshal(answer, &reply); err != nil || reply.StatusCode != 200 {
			t.Errorf("%s: %s, %v", function, answer, err)
		}
	}
	if _, err := deployed.Invoke(t.Context(), "cases.none", []byte("{}")); err == nil {
		t.Error("a function that does not exist was called")
	}
}
