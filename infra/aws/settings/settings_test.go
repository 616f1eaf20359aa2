package settings_test

import (
	"encoding/json"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/infra/aws/settings"
)

func TestWithoutSettingsThereIsADeploymentToLookAt(t *testing.T) {
	got, err := settings.Read(nil, "")
	want := settings.Settings{
		Name:          "tenantry",
		Tables:        "tenantry",
		Granularity:   catalog.ByEndpoint,
		MailDomain:    settings.ExampleDomain,
		CallsPerHour:  5000,
		NoticeSeconds: 5,
		LogDays:       30,
		LogLevel:      "info",
		CloudFront:    true,
		Code:          "build/lambda-arm64",
		Concurrency:   map[string]int{},
		TracesShare:   100,
		Workers:       map[string]int{"mail-send": 2, "cases-index": 3, "cases-jobs": 2, "cases-due": 10, "transfers": 2},
		Capacity:      map[string]settings.Units{},
		Budgets:       map[string]string{},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestTheFileOfTheKitHasTheUsualSettings(t *testing.T) {
	raw, err := os.ReadFile("../../../cdk.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Context map[string]any }
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	got, err := settings.Read(file.Context, "")
	if err != nil {
		t.Fatal(err)
	}
	want, err := settings.Read(nil, "")
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestSettingsMayBeTextsOrWhatJSONHas(t *testing.T) {
	for _, context := range []map[string]any{
		{"cloudFront": true, "monthlyBudget": 250.0, "callsPerHour": 100.0, "aws:cdk:bundling-stacks": []any{"**"},
			"@aws-cdk/core:flag": true},
		{"cloudFront": "true", "monthlyBudget": "250", "callsPerHour": " 100 "},
	} {
		got, err := settings.Read(context, "us-east-1")
		if err != nil || !got.CloudFront || got.MonthlyBudget != 250 || got.CallsPerHour != 100 {
			t.Errorf("%v: %+v, %v", context, got, err)
		}
	}
}

func TestAllAPIsAnswerAtOneHost(t *testing.T) {
	domain := func(region string, more map[string]any) map[string]any {
		context := map[string]any{
			"customDomain":   "portal.example.com",
			"certificateArn": "arn:aws:acm:" + region + ":111122223333:certificate/0",
		}
		maps.Copy(context, more)
		return context
	}
	for _, test := range []struct {
		context              map[string]any
		cloudFront, firewall bool
	}{
		{nil, true, false},
		{map[string]any{"cloudFront": true, "firewall": "false"}, true, false},
		{map[string]any{"cloudFront": true, "webAclArn": "arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/b"},
			true, true},
		{domain("eu-west-1", nil), false, false},
		{domain("us-east-1", map[string]any{"cloudFront": true, "firewall": false}), true, false},
	} {
		got, err := settings.Read(test.context, "eu-west-1")
		if err != nil || got.CloudFront != test.cloudFront || got.Firewall != test.firewall {
			t.Errorf("%v: CloudFront %v, firewall %v, %v", test.context, got.CloudFront, got.Firewall, err)
		}
	}
}

func TestWhatStandsReadyIsNamed(t *testing.T) {
	got, err := settings.Read(map[string]any{"provisioned": "cases.list=2, pages.home=1,core=25/10"}, "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int{"cases.list": 2, "pages.home": 1}, got.Concurrency); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]settings.Units{"core": {Read: 25, Write: 10}}, got.Capacity); diff != "" {
		t.Error(diff)
	}
}

func TestTheEmulatorRunsTheProgramForItsOwnMachine(t *testing.T) {
	if got, err := settings.Read(map[string]any{"emulated": "true"}, ""); err != nil ||
		got.Code != "build/lambda-amd64" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestASettingThatCannotWorkIsRefusedWithItsReason(t *testing.T) {
	certificate := "arn:aws:acm:eu-west-1:111122223333:certificate/0"
	for _, test := range []struct {
		context map[string]any
		want    string
	}{
		{map[string]any{"maildomain": "help.example.com"}, "the setting maildomain: there is no such setting"},
		{map[string]any{"name": "Tenantry"}, "the setting name: \"Tenantry\" must have 2 to 20"},
		{map[string]any{"name": "tenantry-"}, "the setting name"},
		{map[string]any{"tables": "t"}, "the setting tables"},
		{map[string]any{"granularity": "all"}, "want one of endpoint, rights, domain"},
		{map[string]any{"mailDomain": "support@example.com"}, "is not a domain"},
		{map[string]any{"baseUrl": "https://portal.example.com/"}, "no slash at the end"},
		{map[string]any{"baseUrl": "portal.example.com"}, "the setting baseUrl"},
		{map[string]any{"customDomain": "portal.example.com"}, "set both customDomain and certificateArn"},
		{map[string]any{"certificateArn": certificate}, "set both"},
		{map[string]any{"customDomain": "portal.example.com", "certificateArn": "0"},
			"is not an ARN of the service acm"},
		{map[string]any{"customDomain": "portal.example.com", "certificateArn": certificate, "cloudFront": true},
			"CloudFront only accepts certificates from us-east-1"},
		{map[string]any{"cloudFront": true}, "this deployment is for eu-west-1"},
		{map[string]any{"cloudFront": "yes"}, "want true or false"},
		{map[string]any{"firewall": true}, "this deployment is for eu-west-1"},
		{map[string]any{"cloudFront": false}, "without CloudFront the APIs need a custom domain"},
		{map[string]any{"customDomain": "portal.example.com", "certificateArn": certificate, "firewall": true},
			"set cloudFront=true"},
		{map[string]any{"webAclArn": "arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/b", "firewall": false},
			"leave one of them out"},
		{map[string]any{"firewall": true, "emulated": true}, "the emulator has no firewall"},
		{map[string]any{"alarmEmail": "nobody"}, "is not an e-mail address"},
		{map[string]any{"alarms": "none"}, "want one of few, all"},
		{map[string]any{"monthlyBudget": "12.50"}, "want a whole number"},
		{map[string]any{"callsPerHour": 0.0}, "from 1 to"},
		{map[string]any{"noticeSeconds": 901.0}, "from 0 to 900"},
		{map[string]any{"archiveLock": "on"}, "want one of off, governance, compliance"},
		{map[string]any{"newOrgConsents": "all"}, "support_access,user_management"},
		{map[string]any{"newOrgConsentDays": 400.0}, "from 0 to 365"},
		{map[string]any{"region": "EU Central"}, "small letters, digits and hyphens"},
		{map[string]any{"workers": "cases-jobs=1"}, "from 2 to 1000"},
		{map[string]any{"workers": "mails=4"}, "there is no queue"},
		{map[string]any{"traces": "collector"}, "not a base URL"},
		{map[string]any{"mailsPerSecond": -1.0}, "from 0 to"},
		{map[string]any{"logDays": "31"}, "CloudWatch keeps logs for one of 1 3 5 7 14 30"},
		{map[string]any{"logLevel": "loud"}, "want one of info, debug, warn, error"},
		{map[string]any{"provisioned": "cases.lists=2"}, "no function of an endpoint with this name"},
		{map[string]any{"provisioned": "outbox.relay=2"}, "no function of an endpoint with this name"},
		{map[string]any{"provisioned": "cases.list=many"}, "as in cases.list=2"},
		{map[string]any{"provisioned": "core=25"}, "as in 25/10"},
		{map[string]any{"name": []any{"a"}}, "want a text, a number, or true or false"},
	} {
		_, err := settings.Read(test.context, "eu-west-1")
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v gives %v; want %q", test.context, err, test.want)
		}
	}
}

func TestAllThatIsWrongIsSaidAtOnce(t *testing.T) {
	_, err := settings.Read(map[string]any{"alarms": "none", "logDays": "31"}, "")
	if err == nil || len(strings.Split(err.Error(), "\n")) != 2 {
		t.Error(err)
	}
}
