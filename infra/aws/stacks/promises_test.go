//go:build cdk

package stacks

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"
	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/infra/aws/settings"
	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/tenant/directory"
)

func TestAFunctionIsAsTheCatalogSays(t *testing.T) {
	each(t, func(t *testing.T, w synthesis) {
		architecture := "arm64"
		if w.settings.Emulated {
			architecture = "x86_64"
		}
		for _, f := range functionsOf(t, w) {
			got := []any{
				f.stack,
				f.Properties["Runtime"],
				f.Properties["MemorySize"],
				f.Properties["Timeout"],
				f.Properties["FunctionName"],
				list(f.Properties["Architectures"])[0],
			}
			want := []any{
				"tenantry-" + f.declared.Domain(),
				"provided.al2023",
				float64(f.declared.Memory),
				f.declared.Timeout.Seconds(),
				"tenantry-" + strings.ReplaceAll(f.declared.Name, ".", "-"),
				architecture,
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s:\n%s", f.declared.Name, diff)
			}
			if name := got[4].(string); len(name) > 64 {
				t.Errorf("the name %s is too long for AWS Lambda", name)
			}
			if description := f.Properties["Description"].(string); len(description) > 256 {
				t.Errorf("the description of %s has %d bytes; AWS Lambda allows 256 characters",
					f.declared.Name, len(description))
			}
			if environment := brief(f.Properties["Environment"]); len(environment) > 3500 {
				t.Errorf("%s has %d bytes of environment, near the limit of 4 KB", f.declared.Name, len(environment))
			}
		}
	})
}

// mappings returns the event source mappings of a source, by the name at the end of its ARN.
func mappings(w synthesis) map[string]element {
	all := map[string]element{}
	for _, mapping := range w.of("AWS::Lambda::EventSourceMapping") {
		source := brief(mapping.Properties["EventSourceArn"])
		if _, name, is := strings.Cut(source, ":sqs:${AWS::Region}:${AWS::AccountId}:"); is {
			all[name] = mapping
		} else {
			all["feed"] = mapping
		}
	}
	return all
}

func TestEveryQueueMappingReportsTheMessagesThatFailed(t *testing.T) {
	each(t, func(t *testing.T, w synthesis) {
		all := mappings(w)
		if len(all) != 2*len(queue.Names())+1 {
			t.Fatalf("%d mappings", len(all))
		}
		for name, mapping := range all {
			if !slices.Equal(list(mapping.Properties["FunctionResponseTypes"]), []any{"ReportBatchItemFailures"}) {
				t.Errorf("the mapping of %s does not report single failures", name)
			}
		}
	})
}

func TestAMessageStaysHiddenForSixTimesItsWorkersTimeout(t *testing.T) {
	each(t, func(t *testing.T, w synthesis) {
		all := mappings(w)
		for _, q := range w.of("AWS::SQS::Queue") {
			mapping, used := all[q.Properties["QueueName"].(string)]
			if !used {
				t.Errorf("no worker reads %s", q)
				continue
			}
			function := w.templates[mapping.stack].Resources[at(mapping.Properties, "FunctionName", "Ref").(string)]
			hidden, timeout := q.Properties["VisibilityTimeout"].(float64), function.Properties["Timeout"].(float64)
			if hidden < 6*timeout {
				t.Errorf("the visibility timeout of %s is %v s; its worker's timeout is %v s", q, hidden, timeout)
			}
		}
	})
}

func TestWhereWorkersContendOnlyFewWorkAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w synthesis) {
		got := map[string][]any{}
		for name, mapping := range mappings(w) {
			if !strings.HasSuffix(name, "-dead") && name != "feed" {
				got[name] = []any{
					mapping.Properties["BatchSize"],
					at(mapping.Properties, "ScalingConfig", "MaximumConcurrency"),
				}
			}
		}
		want := map[string][]any{
			"tenantry-mail-send": {
				5.0,
				2.0,
			},
			"tenantry-mail-receive": {5.0, nil},
			"tenantry-cases-index":  {5.0, 3.0},
			"tenantry-cases-jobs":   {1.0, 2.0},
			"tenantry-transfers":    {1.0, 2.0},
			"tenantry-cases-due":    {5.0, 10.0},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("batch sizes and maximum concurrency:\n%s", diff)
		}
	})
}

func TestOnlyWhatAWorkerCouldNotParkBecomesADeadLetter(t *testing.T) {
	each(t, func(t *testing.T, w synthesis) {
		redriven := 0
		for _, q := range w.of("AWS::SQS::Queue") {
			if policy := q.Properties["RedrivePolicy"]; policy != nil {
				redriven++
				if most := at(policy, "maxReceiveCount"); most != float64(queue.MaxReceives+1) {
					t.Errorf("%s gives up after %v receives", q, most)
				}
			}
		}
		if redriven != len(queue.Names()) {
			t.Errorf("%d queues have dead letters", redriven)
		}
	})
}

func TestTheFeedsFilterLetsThroughWhatIsPutIntoTheOutboxAndChangedCasesAndOrganizations(t *testing.T) {
	properties := mappings(world(t, byEndpoint))["feed"].Properties
	type pattern struct {
		EventName []string
		Dynamodb  struct {
			Keys struct {
				Partition struct{ S []struct{ Prefix string } }
				Sort      struct{ S []string }
			}
		}
	}
	filters := list(at(properties, "FilterCriteria", "Filters"))
	if len(filters) != 2 {
		t.Fatalf("filters %v", filters)
	}
	var outbox, indexed pattern
	for i, into := range []*pattern{&outbox, &indexed} {
		if err := json.Unmarshal([]byte(at(filters[i], "Pattern").(string)), into); err != nil {
			t.Fatal(err)
		}
	}
	prefix := outbox.Dynamodb.Keys.Partition.S[0].Prefix
	if !change.InOutbox(table.Key{Table: table.Core, Partition: prefix}) ||
		change.InOutbox(table.Key{Table: table.Core, Partition: prefix[:len(prefix)-1]}) {
		t.Errorf("the filter selects partitions that begin with %q", prefix)
	}
	if !slices.Equal(outbox.EventName, []string{"INSERT"}) || len(indexed.EventName) != 0 {
		t.Errorf("the filters select %v and %v", outbox.EventName, indexed.EventName)
	}
	for _, sort := range indexed.Dynamodb.Keys.Sort.S {
		id := indexed.Dynamodb.Keys.Partition.S[0].Prefix + "o"
		if !lists.IsCase(table.Key{Partition: id + "#CASE#c", Sort: sort}) &&
			!directory.IsOrg(table.Key{Partition: id, Sort: sort}) {
			t.Errorf("neither a case nor an organization is stored under %q", sort)
		}
	}
	if got := indexed.Dynamodb.Keys.Sort.S; len(got) != 4 {
		t.Errorf("the filter selects %v", got)
	}
	for _, endless := range []string{"MaximumRetryAttempts", "MaximumRecordAgeInSeconds"} {
		if limit, set := properties[endless]; set && limit != -1.0 {
			t.Errorf("the relay gives up: %s is %v", endless, limit)
		}
	}
}

func TestDataIsEncryptedAndStays(t *testing.T) {
	each(t, func(t *testing.T, w synthesis) {
		for _, data := range w.of("AWS::DynamoDB::Table", "AWS::S3::Bucket") {
			if data.DeletionPolicy != "Retain" || data.UpdateReplacePolicy != "Retain" {
				t.Errorf("%s is deleted with its stack", data)
			}
		}
		for _, one := range w.of("AWS::DynamoDB::Table") {
			p := one.Properties
			if at(p, "SSESpecification", "SSEEnabled") != true ||
				at(p, "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled") != true ||
				at(p, "TimeToLiveSpecification", "AttributeName") != "expires" ||
				p["DeletionProtectionEnabled"] == w.settings.Emulated {
				t.Errorf("%s: %v", one, p)
			}
		}
		for _, bucket := range w.of("AWS::S3::Bucket") {
			p := bucket.Properties
			public := at(p, "PublicAccessBlockConfiguration")
			if p["BucketEncryption"] == nil || at(p, "VersioningConfiguration", "Status") != "Enabled" ||
				at(public, "BlockPublicPolicy") != true ||
				at(public, "RestrictPublicBuckets") != true {
				t.Errorf("%s: %v", bucket, p)
			}
		}
		for _, q := range w.of("AWS::SQS::Queue") {
			if q.Properties["SqsManagedSseEnabled"] != true || q.Properties["MessageRetentionPeriod"] != 14.0*24*60*60 {
				t.Errorf("%s: %v", q, q.Properties)
			}
		}
		for _, topic := range w.of("AWS::SNS::Topic") {
			if topic.Properties["KmsMasterKeyId"] == nil {
				t.Errorf("%s is not encrypted", topic)
			}
		}
		for _, log := range w.of("AWS::Logs::LogGroup") {
			if log.Properties["RetentionInDays"] != float64(w.settings.LogDays) || log.DeletionPolicy != "Delete" {
				t.Errorf("%s: %v", log, log.Properties)
			}
		}
		if data := string(w.templates["tenantry-data"].raw); !strings.Contains(data,
			`"Name": "tenantry/installation"`) ||
			w.of("AWS::SecretsManager::Secret")[0].DeletionPolicy != "Retain" {
			t.Error("the installation's secret is deleted with its stack")
		}
	})
}

func TestEveryAlarmLeadsToItsPlaybookAndIsTold(t *testing.T) {
	page := regexp.MustCompile(`docs/playbooks/[a-z-]+\.md`)
	used := map[string]bool{}
	each(t, func(t *testing.T, w synthesis) {
		for _, alarm := range w.of("AWS::CloudWatch::Alarm") {
			path := page.FindString(alarm.Properties["AlarmDescription"].(string))
			if _, err := os.Stat(filepath.Join("../../..", path)); path == "" || err != nil {
				t.Errorf("%s has no playbook: %v", alarm, alarm.Properties["AlarmDescription"])
			}
			used[filepath.Base(path)] = true
			if len(list(alarm.Properties["AlarmActions"])) != 1 {
				t.Errorf("nobody is notified of %s", alarm)
			}
		}
	})
	pages, err := os.ReadDir("../../../docs/playbooks")
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range pages {
		if !used[one.Name()] && one.Name() != "README.md" {
			t.Errorf("no alarm leads to %s", one.Name())
		}
	}
}

func TestCDKNagFindsNothing(t *testing.T) {
	each(t, func(t *testing.T, w synthesis) {
		for _, finding := range w.findings {
			t.Error(finding)
		}
	})
}

func TestTheRelayAndTheWorkersOfMailAreDeployedBeforeWhatSendsThemMessages(t *testing.T) {
	each(t, func(t *testing.T, w synthesis) {
		functions, err := catalog.Functions(w.settings.Granularity)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range functions {
			stack := w.settings.Stack(f.Domain())
			if f.Domain() == "outbox" || f.Domain() == "mail" {
				continue
			}
			for _, first := range []string{w.settings.Stack("outbox"), w.settings.Stack("mail")} {
				if !slices.Contains(w.after[stack], first) {
					t.Errorf("%s is not deployed after %s, but after %v", stack, first, w.after[stack])
				}
			}
		}
	})
}

func TestAFindingOfCDKNagEndsTheSynthesis(t *testing.T) {
	s, err := settings.Read(nil, "")
	if err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	app := newApp(jsii.String(out), nil)
	d := &deployment{Settings: s, app: app}
	d.data()
	awssns.NewTopic(d.dataStack, jsii.String("open"), nil)
	d.review()
	app.Synth(nil)
	got, _, err := manifestOf(out)
	if err != nil || len(got) != 1 || !strings.Contains(got[0], "AwsSolutions-SNS3") {
		t.Errorf("%v, %v", got, err)
	}
}

func TestAnEmulatedFunctionTakesTheAddressOfItsEmulator(t *testing.T) {
	each(t, func(t *testing.T, w synthesis) {
		for _, f := range functionsOf(t, w) {
			if value, set := at(f.Properties["Environment"],
				"Variables").(map[string]any)["AWS_ENDPOINT_URL"]; set != w.settings.Emulated ||
				set && value != "" {
				t.Errorf("%s: AWS_ENDPOINT_URL is %v", f, value)
			}
		}
	})
}
