//go:build tour && !aws

package outside

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheTourWorksAsItStands runs every command of docs/tour.md, on another port.
func TestTheTourWorksAsItStands(t *testing.T) {
	tour, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "tour.md"))
	if err != nil {
		t.Fatal(err)
	}
	p := start(t, "TENANTRY_MAIL_DOMAIN=tenantry.localhost", "TENANTRY_DEV_MAIL=on")
	script := "set -euo pipefail\n"
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(tour), -1) {
		script += block[1] + "echo\n"
	}
	script = strings.ReplaceAll(script, "http://127.0.0.1:8080", p.url)
	script = strings.ReplaceAll(script, "smtp://127.0.0.1:2525", "smtp://"+p.smtp)
	command := exec.Command("bash", "-c", script)
	command.Dir = p.folder
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	for _, want := range []string{
		"Now the restaurant is dark too.", `"file_name":"ap.log"`, "We restarted the switch", `"action":"mail.receive"`,
		`"subject":"The lobby has no Wi-Fi"`,
	} {
		if !strings.Contains(string(output), want) {
			t.Errorf("missing in the responses: %s\n%s", want, output)
		}
	}
}
