//go:build cdk

package stacks

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/infra/aws/settings"
)

func TestTheDocumentSaysWhatThereIs(t *testing.T) {
	document, err := os.ReadFile("../../../docs/aws.md")
	if err != nil {
		t.Fatal(err)
	}
	w := world(t, byEndpoint)
	alarms, metrics := w.of("AWS::CloudWatch::Alarm"), 0
	for _, alarm := range alarms {
		inside := 0
		for _, one := range list(alarm.Properties["Metrics"]) {
			if at(one, "MetricStat") != nil {
				inside++
			}
		}
		metrics += max(inside, 1)
	}
	wants := []string{
		fmt.Sprintf("%.2f for %d metrics in %d alarms", float64(metrics)/10, metrics, len(alarms)),
		"--function-name " + w.settings.Function(catalog.SetupTokenName) + " ",
		"--rule-set-name " + w.settings.Name + "\n",
		"--secret-id " + w.settings.Name + "/installation",
	}
	for _, name := range settings.Names() {
		wants = append(wants, "\n| `"+name+"` | ")
	}
	for _, want := range wants {
		if !strings.Contains(string(document), want) {
			t.Errorf("docs/aws.md lacks %q", want)
		}
	}
}
