package access_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/infra/aws/emulated/access"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestEachCallNeedsItsActionOnItsResource(t *testing.T) {
	at := access.Place{Region: "eu-central-1", Account: "000000000000"}
	raw := base64.StdEncoding.EncodeToString([]byte("From: Adria <support@help.example.com>\r\n\r\nhi\r\n"))
	for _, one := range []struct{ method, path, target, copied, body, want string }{
		{"POST", "/", "DynamoDB_20120810.Query", "", `{"TableName":"core"}`,
			"dynamodb:Query arn:aws:dynamodb:eu-central-1:000000000000:table/core"},
		{"POST", "/", "DynamoDB_20120810.BatchGetItem", "", `{"RequestItems":{"core":{},"audit":{}}}`,
			"dynamodb:BatchGetItem arn:aws:dynamodb:eu-central-1:000000000000:table/audit, dynamodb:BatchGetItem " +
				"arn:aws:dynamodb:eu-central-1:000000000000:table/core"},
		{"POST", "/", "DynamoDB_20120810.BatchWriteItem", "", `{"RequestItems":{"derived":[]}}`,
			"dynamodb:BatchWriteItem arn:aws:dynamodb:eu-central-1:000000000000:table/derived"},
		{"POST", "/", "DynamoDB_20120810.TransactWriteItems", "",
			`{"TransactItems":[{"Put":{"TableName":"core"}},{"ConditionCheck":{"TableName":"audit"}}]}`,
			"dynamodb:PutItem arn:aws:dynamodb:eu-central-1:000000000000:table/core, dynamodb:ConditionCheckItem " +
				"arn:aws:dynamodb:eu-central-1:000000000000:table/audit"},
		{"POST", "/", "DynamoDB_20120810.Scan", "", `{"TableName":"core"}`, "error"},
		{"POST", "/", "AmazonSQS.SendMessageBatch", "",
			`{"QueueUrl":"https://sqs.eu-central-1.amazonaws.com/000000000000/work"}`,
			"sqs:SendMessage arn:aws:sqs:eu-central-1:000000000000:work"},
		{"POST", "/", "AmazonSQS.ChangeMessageVisibility", "",
			`{"QueueUrl":"https://sqs.eu-central-1.amazonaws.com/000000000000/work"}`,
			"sqs:ChangeMessageVisibility arn:aws:sqs:eu-central-1:000000000000:work"},
		{"POST", "/", "AmazonSQS.PurgeQueue", "", `{}`, "error"},
		{"POST", "/", "secretsmanager.GetSecretValue", "", `{"SecretId":"arn:x"}`,
			"secretsmanager:GetSecretValue arn:x"},
		{"POST", "/v2/email/outbound-emails", "", "",
			`{"ConfigurationSetName":"set","Content":{"Raw":{"Data":"` + raw + `"}}}`,
			"ses:SendRawEmail arn:aws:ses:eu-central-1:000000000000:identity/help.example.com, ses:SendRawEmail " +
				"arn:aws:ses:eu-central-1:000000000000:configuration-set/set"},
		{"POST", "/v2/email/outbound-emails", "", "", `{"FromEmailAddress":"a@b.example","Content":{"Simple":{}}}`,
			"ses:SendEmail arn:aws:ses:eu-central-1:000000000000:identity/b.example"},
		{"POST", "/v2/email/identities", "", "", `{}`, "error"},
		{"HEAD", "/files/a/b", "", "", "", "s3:GetObject arn:aws:s3:::files/a/b"},
		{"PUT", "/files/a", "", "/other/c", "", "s3:PutObject arn:aws:s3:::files/a, s3:GetObject arn:aws:s3:::other/c"},
		{"POST", "/files/a?uploads=", "", "", "", "s3:PutObject arn:aws:s3:::files/a"},
		{"DELETE", "/files/a?uploadId=1", "", "", "", "s3:AbortMultipartUpload arn:aws:s3:::files/a"},
		{"DELETE", "/files/a", "", "", "", "s3:DeleteObject arn:aws:s3:::files/a"},
		{"GET", "/files?list-type=2", "", "", "", "s3:ListBucket arn:aws:s3:::files"},
		{"DELETE", "/files", "", "", "", "error"},
	} {
		request, err := http.NewRequestWithContext(t.Context(), one.method, "http://127.0.0.1"+one.path, http.NoBody)
		check(t, err)
		if one.target != "" {
			request.Header.Set("X-Amz-Target", one.target)
		}
		if one.copied != "" {
			request.Header.Set("X-Amz-Copy-Source", one.copied)
		}
		calls, err := access.Calls(request, []byte(one.body), at)
		var got []string
		for _, call := range calls {
			got = append(got, call.Action+" "+call.Resource)
		}
		if err != nil {
			got = []string{"error"}
		}
		if difference := cmp.Diff(one.want, strings.Join(got, ", ")); difference != "" {
			t.Errorf("%s %s %s (-want +got):\n%s", one.method, one.path, one.target, difference)
		}
	}
}

func TestAPolicyAllowsWhatItNamesAndNothingElse(t *testing.T) {
	policy := access.Policy{
		{Actions: []string{"s3:Get*", "s3:PutObject"}, Resources: []string{"arn:aws:s3:::files/mail/*"}},
		{Actions: []string{"sqs:SendMessage"}, Resources: []string{"arn:aws:sqs:?:1:work"}},
	}
	for call, want := range map[access.Call]bool{
		{Action: "s3:GetObject", Resource: "arn:aws:s3:::files/mail/1"}:    true,
		{Action: "s3:PutObject", Resource: "arn:aws:s3:::files/mail/"}:     true,
		{Action: "s3:GetObject", Resource: "arn:aws:s3:::files/other/1"}:   false,
		{Action: "s3:PutObjectAcl", Resource: "arn:aws:s3:::files/mail/1"}: false,
		{Action: "sqs:SendMessage", Resource: "arn:aws:s3:::files/mail/1"}: false,
		{Action: "sqs:SendMessage", Resource: "arn:aws:sqs:x:1:work"}:      true,
		{Action: "sqs:SendMessage", Resource: "arn:aws:sqs:xy:1:work"}:     false,
	} {
		if got := policy.Allows(call); got != want {
			t.Errorf("%v: %v", call, got)
		}
	}
}

func TestAFunctionsPolicyIsThatOfItsRole(t *testing.T) {
	const whole = `{"Resources":{
		"list":{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"t-list","Role":{"Fn::GetAtt":["role","Arn"]}}},
		"role":{"Type":"AWS::IAM::Role","Properties":{"Policies":[{"PolicyDocument":{"Statement":[
			{"Effect":"Allow","Action":"dynamodb:Query","Resource":{"Fn::Sub":"x"}},
			{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":["a","b"]}]}}]}}}}`
	read := func(text string) (map[string]access.Policy, error) {
		var template map[string]any
		check(t, json.Unmarshal([]byte(text), &template))
		return access.Functions(template, func(value any) (string, error) {
			if text, ok := value.(string); ok {
				return text, nil
			}
			if value.(map[string]any)["Fn::Sub"] == "x" {
				return "filled in", nil
			}
			return "", errors.New("not known")
		})
	}
	got, err := read(whole)
	check(t, err)
	want := map[string]access.Policy{"t-list": {
		{Actions: []string{"dynamodb:Query"}, Resources: []string{"filled in"}},
		{Actions: []string{"s3:GetObject", "s3:PutObject"}, Resources: []string{"a", "b"}},
	}}
	if difference := cmp.Diff(want, got); difference != "" {
		t.Errorf("the policies (-want +got):\n%s", difference)
	}
	for name, change := range map[string][2]string{
		"a denial": {`"Effect":"Allow","Action":"dynamodb:Query"`,
			`"Effect":"Deny","Action":"dynamodb:Query"`},
		"a condition":          {`"Action":"dynamodb:Query"`, `"Condition":{},"Action":"dynamodb:Query"`},
		"a value of its own":   {`{"Fn::Sub":"x"}`, `{"Fn::Select":[]}`},
		"a role of elsewhere":  {`{"Fn::GetAtt":["role","Arn"]}`, `"arn:aws:iam::1:role/r"`},
		"a function's no name": {`"FunctionName":"t-list",`, ``},
		"a managed policy":     {`"Properties":{"Policies"`, `"Properties":{"ManagedPolicyArns":["a"],"Policies"`},
	} {
		if got, err := read(strings.Replace(whole, change[0], change[1], 1)); err == nil {
			t.Errorf("%s was read as %v, want an error", name, got)
		}
	}
}
