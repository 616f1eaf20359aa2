package cloud

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const template = `{
	"Parameters": {"BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>"}},
	"Rules": {"CheckBootstrapVersion": {}},
	"Resources": {
		"rule": {"Type": "AWS::SES::ReceiptRule"},
		"errors": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"MetricName": "Errors"}},
		"sum": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Metrics": []}, "DependsOn": ["errors"]},
		"list": {"Type": "AWS::Lambda::Function", "DependsOn": ["rule", "errors"], "Properties": {"Environment": {"Variables": {"URL": "http://tenantry-address.invalid"}}}},
		"bare": {"Type": "AWS::Lambda::Function", "Properties": {}},
		"work": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "t-work", "RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["dead", "Arn"]}, "maxReceiveCount": 7}}},
		"dead": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "t-dead"}}
	}
}`

func TestATemplateKeepsAllThatTheEmulatorKnows(t *testing.T) {
	got, left, err := adapted([]byte(template), "http://127.0.0.1:8080", "http://127.0.0.1:9/")
	check(t, err)
	if difference := cmp.Diff([]string{"SES::ReceiptRule rule", "CloudWatch::Alarm sum"}, left); difference != "" {
		t.Errorf("left out (-want +got):\n%s", difference)
	}
	text, err := json.Marshal(got)
	check(t, err)
	want := `{"Parameters":{},"Resources":{` +
		`"bare":{"Properties":{"Environment":{"Variables":{"MINISTACK_LAMBDA_PROXY_URL":"http://127.0.0.1:9/"}}},"Type":"AWS::Lambda::Function"},` +
		`"dead":{"Properties":{"QueueName":"t-dead"},"Type":"AWS::SQS::Queue"},` +
		`"errors":{"Properties":{"MetricName":"Errors"},"Type":"AWS::CloudWatch::Alarm"},` +
		`"list":{"DependsOn":["errors"],"Properties":{"Environment":{"Variables":{"MINISTACK_LAMBDA_PROXY_URL":"http://127.0.0.1:9/","URL":"http://127.0.0.1:8080"}}},"Type":"AWS::Lambda::Function"},` +
		`"work":{"Properties":{"QueueName":"t-work","RedrivePolicy":{"deadLetterTargetArn":{"Fn::GetAtt":["dead","Arn"]},"maxReceiveCount":7}},"Type":"AWS::SQS::Queue"}}}`
	if difference := cmp.Diff(want, string(text)); difference != "" {
		t.Errorf("the template (-want +got):\n%s", difference)
	}
	policies, err := redrives(got)
	check(t, err)
	difference := cmp.Diff([]redrive{{"t-work", "t-dead", 7}}, policies, cmp.AllowUnexported(redrive{}))
	if difference != "" {
		t.Errorf("dead letters (-want +got):\n%s", difference)
	}
}

func TestARedrivePolicyThatCannotBeReadIsAnError(t *testing.T) {
	for _, policy := range []string{`{"deadLetterTargetArn": "arn:aws:sqs:a:b:c", "maxReceiveCount": 3}`,
		`{"deadLetterTargetArn": {"Fn::GetAtt": ["dead", "Arn"]}}`} {
		got, _, err := adapted(
			[]byte(
				strings.Replace(template,
					`{"deadLetterTargetArn": {"Fn::GetAtt": ["dead", "Arn"]}, "maxReceiveCount": 7}`, policy, 1),
			),
			"",
			"",
		)
		check(t, err)
		if policies, err := redrives(got); err == nil {
			t.Errorf("%s was read as %v, want an error", policy, policies)
		}
	}
}
