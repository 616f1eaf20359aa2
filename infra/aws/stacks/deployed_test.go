//go:build cdk

package stacks

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// nameOf returns the property that names a resource of a type, or "" if it has none.
var nameOf = map[string]string{
	"AWS::DynamoDB::Table":        "TableName",
	"AWS::S3::Bucket":             "BucketName",
	"AWS::SecretsManager::Secret": "Name",
	"AWS::SQS::Queue":             "QueueName",
	"AWS::SNS::Topic":             "TopicName",
	"AWS::KMS::Alias":             "AliasName",
	"AWS::ApiGatewayV2::Api":      "Name",
	"AWS::ApiGatewayV2::Route":    "RouteKey",
	"AWS::SES::EmailIdentity":     "EmailIdentity",
	"AWS::SES::ConfigurationSet":  "Name",
	"AWS::SES::ReceiptRuleSet":    "RuleSetName",
}

// TestADeploymentOfAFormerReleaseCanBeUpdated pins the ids of resources that keep data, have a name
// that the world knows, or must not exist twice (the key of a route in its API) to those that they
// were deployed with: CloudFormation treats a resource with another id as a different one, and
// would replace it or fail to.
func TestADeploymentOfAFormerReleaseCanBeUpdated(t *testing.T) {
	releases, err := filepath.Glob("../testdata/deployed/*.json")
	if err != nil || len(releases) == 0 {
		t.Fatal(releases, err)
	}
	for _, release := range releases {
		raw, err := os.ReadFile(release)
		if err != nil {
			t.Fatal(err)
		}
		var deployed []struct {
			Stack, ID, Type string
			Name            any
		}
		if err := json.Unmarshal(raw, &deployed); err != nil {
			t.Fatal(err)
		}
		w := world(t, byEndpoint)
		for _, was := range deployed {
			is := w.templates[was.Stack].Resources[was.ID]
			if is.Type != was.Type {
				t.Errorf("%s: %s/%s had the type %s, and now has %q", release, was.Stack, was.ID, was.Type, is.Type)
				continue
			}
			if diff := cmp.Diff(was.Name, is.Properties[nameOf[was.Type]]); was.Name != nil && diff != "" {
				t.Errorf("%s: the name of %s/%s:\n%s", release, was.Stack, was.ID, diff)
			}
		}
	}
}
