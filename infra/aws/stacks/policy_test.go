//go:build cdk

package stacks

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/infra/aws/rights"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// deployed is a function of the catalog with its resource in the template.
type deployed struct {
	declared catalog.Function
	element
	policy map[string]any
}

// functionsOf returns every function of the catalog with its one resource.
func functionsOf(t *testing.T, w synthesis) []deployed {
	t.Helper()
	functions, err := catalog.Functions(w.settings.Granularity)
	if err != nil {
		t.Fatal(err)
	}
	byHandler := map[string][]element{}
	for _, f := range w.of("AWS::Lambda::Function") {
		handler := f.Properties["Handler"].(string)
		byHandler[handler] = append(byHandler[handler], f)
	}
	var all []deployed
	for _, declared := range functions {
		here := byHandler[declared.Name]
		if len(here) != 1 {
			t.Fatalf("the function %s is deployed %d times: %v", declared.Name, len(here), here)
		}
		delete(byHandler, declared.Name)
		role := w.templates[here[0].stack].Resources[at(here[0].Properties,
			"Role").(map[string]any)["Fn::GetAtt"].([]any)[0].(string)]
		policies := list(role.Properties["Policies"])
		if len(policies) != 1 {
			t.Fatalf("the role of %s has %d policies", declared.Name, len(policies))
		}
		all = append(all, deployed{declared, here[0], at(policies[0], "PolicyDocument").(map[string]any)})
	}
	if len(byHandler) > 0 {
		t.Errorf("functions that the catalog does not have: %v", slices.Collect(maps.Keys(byHandler)))
	}
	return all
}

// allowed writes each right of a policy on a line: "action resource".
func (d deployed) allowed() []string {
	var lines []string
	for _, statement := range list(d.policy["Statement"]) {
		for _, action := range list(at(statement, "Action")) {
			for _, resource := range list(at(statement, "Resource")) {
				lines = append(lines, action.(string)+" "+brief(resource))
			}
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// meaning is what each grant means on AWS, written by hand independently of the code under test.
func meaning(mailDomain string) map[string][]string {
	const here = ":${AWS::Region}:${AWS::AccountId}:"
	words := map[string]string{
		"get": "GetItem", "batch get": "BatchGetItem", "query": "Query", "put": "PutItem", "delete": "DeleteItem",
		"check": "ConditionCheckItem", "count": "UpdateItem", "batch put": "BatchWriteItem",
	}
	means := map[string][]string{}
	for _, table := range []string{"core", "audit", "derived"} {
		for word, action := range words {
			means[word+" "+table] = []string{
				"dynamodb:" + action + " Sub arn:${AWS::Partition}:dynamodb" + here + "table/tenantry-" + table,
			}
		}
	}
	const bucket = " Sub arn:${AWS::Partition}:s3:::tenantry-files-${AWS::AccountId}-${AWS::Region}"
	for _, folder := range []string{"attachments", "mail", "uploads", "logos", "archive"} {
		inFolder := bucket + "/" + folder + "/*"
		means["open files in "+folder] = []string{"s3:GetObject" + inFolder, "s3:ListBucket" + bucket}
		means["store files in "+folder] = []string{"s3:PutObject" + inFolder, "s3:AbortMultipartUpload" + inFolder}
		means["delete files in "+folder] = []string{"s3:DeleteObject" + inFolder}
		means["link files in "+folder] = []string{"s3:GetObject" + inFolder}
	}
	for _, action := range []string{"ses:SendEmail", "ses:SendRawEmail"} {
		means["send mail"] = append(
			means["send mail"],
			action+" Sub arn:${AWS::Partition}:ses"+here+"identity/"+mailDomain,
			action+" Sub arn:${AWS::Partition}:ses"+here+"configuration-set/tenantry",
		)
	}
	const queues = " Sub arn:${AWS::Partition}:sqs" + here + "tenantry-"
	for _, name := range queue.Names() {
		means["send queue "+name] = []string{"sqs:SendMessage" + queues + name}
		means["depth queue "+name] = []string{
			"sqs:GetQueueAttributes" + queues + name,
			"sqs:GetQueueAttributes" + queues + name + "-dead",
		}
		for _, suffix := range []string{"", "-dead"} {
			for _, action := range []string{"ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes",
				"ReceiveMessage"} {
				means["take "+name+suffix] = append(means["take "+name+suffix], "sqs:"+action+queues+name+suffix)
			}
		}
	}
	const stream = " ImportValue tenantry-tables:ExportsOutputFnGetAttcoreStreamArn"
	means["feed"] = []string{
		"dynamodb:DescribeStream" + stream,
		"dynamodb:GetRecords" + stream,
		"dynamodb:GetShardIterator" + stream,
		"dynamodb:ListStreams *",
	}
	means["secret"] = []string{"secretsmanager:GetSecretValue ImportValue tenantry-data:ExportsOutputRefsecret"}
	means["origin"] = []string{"secretsmanager:GetSecretValue ImportValue tenantry-edge:ExportsOutputReforigin"}
	return means
}

func TestAFunctionMayDoWhatItDeclaresAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, w synthesis) {
		means := meaning(w.settings.MailDomain)
		for _, f := range functionsOf(t, w) {
			log := " Sub arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:" +
				w.settings.LogGroup(f.declared.Name) + ":*"
			want := []string{"logs:CreateLogStream" + log, "logs:PutLogEvents" + log}
			var needs []string
			if f.declared.Secret {
				needs = append(needs, "secret")
			}
			for _, grant := range f.declared.Grants {
				needs = append(needs, grant.String())
			}
			if f.declared.Queue != "" {
				needs = append(needs, "take "+f.declared.Queue)
			}
			if f.declared.DeadLetters {
				for _, name := range queue.Names() {
					needs = append(needs, "take "+name+"-dead")
				}
			}
			if f.declared.Feed {
				needs = append(needs, "feed")
			}
			if w.settings.CloudFront && len(f.declared.Routes) > 0 {
				needs = append(needs, "origin")
			}
			if w.settings.ArchiveLock != "" && slices.Contains(needs, "store files in archive") {
				want = append(want, "s3:PutObjectRetention Sub arn:${AWS::Partition}:s3:::"+
					"tenantry-files-${AWS::AccountId}-${AWS::Region}/archive/*")
			}
			for _, need := range needs {
				if means[need] == nil {
					t.Errorf("%s: the test has no meaning for %q", f.declared.Name, need)
				}
				want = append(want, means[need]...)
			}
			slices.Sort(want)
			if diff := cmp.Diff(slices.Compact(want), f.allowed()); diff != "" {
				t.Errorf("rights of %s, declared (-) and actual (+):\n%s", f.declared.Name, diff)
			}
		}
	})
}

func TestNoRightIsForAllResourcesWithoutAReason(t *testing.T) {
	wide := rights.Wide()
	each(t, func(t *testing.T, w synthesis) {
		for _, role := range w.of("AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy") {
			if role.Type != "AWS::IAM::Role" || role.Properties["ManagedPolicyArns"] != nil {
				t.Errorf("%s: rights belong into the function's own role, without managed policies", role)
			}
			for _, policy := range list(role.Properties["Policies"]) {
				for _, statement := range list(at(policy, "PolicyDocument", "Statement")) {
					if at(statement, "Effect") != "Allow" || at(statement, "NotAction") != nil ||
						at(statement, "NotResource") != nil {
						t.Errorf("%s: %v is not a plain permission", role, statement)
					}
					for _, action := range list(at(statement, "Action")) {
						if strings.ContainsAny(action.(string), "*?") || action == "dynamodb:Scan" {
							t.Errorf("%s may %s", role, action)
						}
						for _, resource := range list(at(statement, "Resource")) {
							if brief(resource) == "*" && wide[action.(string)] == "" {
								t.Errorf("%s may %s on everything", role, action)
							}
						}
					}
				}
			}
		}
	})
}

func TestNobodyOutsideTheAccountIsLetIn(t *testing.T) {
	each(t, func(t *testing.T, w synthesis) {
		for _, policy := range w.of("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy") {
			tls := false
			for _, statement := range list(at(policy.Properties["PolicyDocument"], "Statement")) {
				if at(statement, "Effect") == "Deny" {
					tls = tls || at(statement, "Condition", "Bool", "aws:SecureTransport") == "false"
					continue
				}
				if at(statement, "Principal", "Service") == nil || at(statement, "Condition") == nil {
					t.Errorf("%s admits more than an AWS service acting for this account: %v", policy, statement)
				}
			}
			if !tls {
				t.Errorf("%s accepts connections without TLS", policy)
			}
		}
		for _, permission := range w.of("AWS::Lambda::Permission") {
			if permission.Properties["SourceArn"] == nil {
				t.Errorf("%s lets a service call the function on behalf of any account", permission)
			}
		}
	})
}

func TestNobodyDeletesTheArchiveAndOnlyItsFunctionWritesThere(t *testing.T) {
	each(t, func(t *testing.T, w synthesis) {
		const there = "Sub arn:${AWS::Partition}:s3:::tenantry-files-${AWS::AccountId}-${AWS::Region}/archive/*"
		denied := map[string]any{}
		for _, policy := range w.of("AWS::S3::BucketPolicy") {
			for _, statement := range list(at(policy.Properties["PolicyDocument"], "Statement")) {
				if at(statement, "Effect") != "Deny" || brief(at(statement, "Resource")) != there {
					continue
				}
				if at(statement, "Principal", "AWS") != "*" {
					t.Errorf("%v does not hold for everybody", statement)
				}
				for _, action := range list(at(statement, "Action")) {
					denied[action.(string)] = at(statement, "Condition")
				}
			}
		}
		for _, action := range []string{"s3:DeleteObject", "s3:DeleteObjectVersion"} {
			if condition, is := denied[action]; !is || condition != nil {
				t.Errorf("%s in the archive is not denied: %v", action, condition)
			}
		}
		writer := brief(at(denied["s3:PutObject"], "ArnNotLike", "aws:PrincipalArn"))
		if writer != "Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/tenantry-logs-*" {
			t.Errorf("s3:PutObject in the archive is denied to all but %q", writer)
		}
		for _, f := range functionsOf(t, w) {
			if (f.stack == "tenantry-logs") != (f.declared.Name == catalog.ArchiveName) {
				t.Errorf("%s is in the stack %s, whose functions may write the archive", f.declared.Name, f.stack)
			}
		}
	})
}

func TestTheArchiveIsLockedWhereThatIsChosen(t *testing.T) {
	each(t, func(t *testing.T, w synthesis) {
		for _, bucket := range w.of("AWS::S3::Bucket") {
			if (bucket.Properties["ObjectLockEnabled"] == true) != (w.settings.ArchiveLock != "") {
				t.Errorf("%s: locks files: %v", bucket, bucket.Properties["ObjectLockEnabled"])
			}
			if bucket.Properties["ObjectLockConfiguration"] != nil {
				t.Errorf("%s locks all files, not only the archive", bucket)
			}
		}
		for _, f := range functionsOf(t, w) {
			want := any(nil)
			if w.settings.ArchiveLock != "" && f.declared.Name == catalog.ArchiveName {
				want = w.settings.ArchiveLock
			}
			if got := at(f.Properties["Environment"], "Variables", "TENANTRY_ARCHIVE_LOCK"); got != want {
				t.Errorf("%s locks the archive by %v, want %v", f.declared.Name, got, want)
			}
		}
	})
}
