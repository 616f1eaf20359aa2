package settings

import (
	"strings"

	"github.com/tenantry/tenantry/functions/grant"
)

// Stack returns the name of a stack.
func (s Settings) Stack(part string) string { return s.Name + "-" + part }

// Table returns the name of a table.
func (s Settings) Table(table grant.Resource) string { return s.Tables + "-" + string(table) }

// Queue returns the name of a queue.
func (s Settings) Queue(queue string) string { return s.Name + "-" + queue }

// DeadLetters returns the name of a queue's dead-letter queue.
func (s Settings) DeadLetters(queue string) string { return s.Queue(queue) + "-dead" }

// Function returns the name of a function: the catalog's name in a form that AWS Lambda accepts.
func (s Settings) Function(name string) string {
	return s.Name + "-" + strings.ReplaceAll(name, ".", "-")
}

// LogGroup returns the name of a function's log group.
func (s Settings) LogGroup(name string) string { return "/aws/lambda/" + s.Function(name) }

// The following are templates for CloudFormation's Fn::Sub: the account and the region are known at
// deployment.

// Bucket returns the name of the bucket of files. It contains the account and the region, because
// bucket names are global.
func (s Settings) Bucket() string { return s.Name + "-files-${AWS::AccountId}-${AWS::Region}" }

// BucketARN returns the bucket's ARN.
func (s Settings) BucketARN() string { return "arn:${AWS::Partition}:s3:::" + s.Bucket() }

// ArchiverARN returns a pattern of the ARN of the role of the one function that writes the archive of the
// audit log: CloudFormation begins the name of a role with that of its stack.
func (s Settings) ArchiverARN() string {
	return "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/" + s.Stack("logs") + "-*"
}

// QueueURL returns the URL of a queue by its name.
func QueueURL(name string) string {
	return "https://sqs.${AWS::Region}.${AWS::URLSuffix}/${AWS::AccountId}/" + name
}

// ARN returns the ARN of a named resource in the account and the region of the deployment.
func ARN(service, resource string) string {
	return "arn:${AWS::Partition}:" + service + ":${AWS::Region}:${AWS::AccountId}:" + resource
}
