package settings

import (
	"strings"

	"github.com/tenantry/tenantry/functions/grant"
)

// Stack gives the name of a stack.
func (s Settings) Stack(part string) string { return s.Name + "-" + part }

// Table gives the name of a table.
func (s Settings) Table(table grant.Resource) string { return s.Tables + "-" + string(table) }

// Queue gives the name of a queue.
func (s Settings) Queue(queue string) string { return s.Name + "-" + queue }

// DeadLetters gives the name of a queue's dead-letter queue.
func (s Settings) DeadLetters(queue string) string { return s.Queue(queue) + "-dead" }

// Function gives the name of a function: the catalog's, as AWS Lambda can take it.
func (s Settings) Function(name string) string {
	return s.Name + "-" + strings.ReplaceAll(name, ".", "-")
}

// LogGroup gives the name of a function's log group.
func (s Settings) LogGroup(name string) string { return "/aws/lambda/" + s.Function(name) }

// The following are templates of CloudFormation's Fn::Sub: the account and the region are known
// when the stack is deployed.

// Bucket gives the name of the bucket of files. It has the account and the region in it, as all
// accounts share the names.
func (s Settings) Bucket() string { return s.Name + "-files-${AWS::AccountId}-${AWS::Region}" }

// BucketARN gives the bucket's ARN.
func (s Settings) BucketARN() string { return "arn:${AWS::Partition}:s3:::" + s.Bucket() }

// QueueURL gives the address of a queue by its name.
func QueueURL(name string) string {
	return "https://sqs.${AWS::Region}.${AWS::URLSuffix}/${AWS::AccountId}/" + name
}

// ARN gives the ARN of something with a name in the account and the region of the deployment.
func ARN(service, resource string) string {
	return "arn:${AWS::Partition}:" + service + ":${AWS::Region}:${AWS::AccountId}:" + resource
}
