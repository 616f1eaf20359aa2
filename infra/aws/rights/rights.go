// Package rights determines what a function may do on AWS: it builds the statements of its role's
// policy from the grants that the catalog declares. Every statement names its one resource; Wide
// lists the exceptions with their reasons.
package rights

import (
	"fmt"
	"slices"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/infra/aws/settings"
)

// Statement allows actions on resources, which are templates for CloudFormation's Fn::Sub.
type Statement struct {
	// ID names the subject of the statement.
	ID        string
	Actions   []string
	Resources []string
}

// Wide maps the actions that are allowed on all resources to the reason.
func Wide() map[string]string {
	return map[string]string{
		"dynamodb:ListStreams": "AWS Lambda requires it to read a stream, and IAM supports no resource to narrow it " +
			"to (Service Authorization Reference, Amazon DynamoDB)",
	}
}

// key is an action of the catalog on a kind of resource.
type key struct {
	kind   string
	action grant.Action
}

const (
	tables = "table"
	files  = "files"
	queues = "queue"
	mails  = "mail"
)

// actionsOf maps what functions declare to IAM actions.
func actionsOf() map[key][]string {
	return map[key][]string{
		{tables, grant.Get}:      {"dynamodb:GetItem"},
		{tables, grant.BatchGet}: {"dynamodb:BatchGetItem"},
		{tables, grant.Query}:    {"dynamodb:Query"},
		{tables, grant.Put}:      {"dynamodb:PutItem"},
		{tables, grant.Delete}:   {"dynamodb:DeleteItem"},
		{tables, grant.Check}:    {"dynamodb:ConditionCheckItem"},
		{tables, grant.Count}:    {"dynamodb:UpdateItem"},
		{tables, grant.BatchPut}: {"dynamodb:BatchWriteItem"},
		{files, grant.Open}:      {"s3:GetObject"},
		{files, grant.Store}:     {"s3:AbortMultipartUpload", "s3:PutObject"},
		{files, grant.Delete}:    {"s3:DeleteObject"},
		{files, grant.Link}:      {"s3:GetObject"},
		{queues, grant.Send}:     {"sqs:SendMessage"},
		{queues, grant.Depth}:    {"sqs:GetQueueAttributes"},
		{mails, grant.Send}:      {"ses:SendEmail", "ses:SendRawEmail"},
	}
}

// Of returns the statements of a function's policy for what it declares and what calls it, in a
// fixed order; feed is the ARN of the core table's stream. The function's log and the secrets are
// not included.
func Of(s settings.Settings, f catalog.Function, feed string) ([]Statement, error) {
	set := statements{}
	for _, one := range f.Grants {
		if err := set.grant(s, one); err != nil {
			return nil, fmt.Errorf("rights: %s: %w", f.Name, err)
		}
	}
	set.sources(s, f, feed)
	return set.sorted(), nil
}

// grant adds the meaning of one grant.
func (set statements) grant(s settings.Settings, one grant.Grant) error {
	kind, id, resources := kindOf(s, one)
	actions, known := actionsOf()[key{kind, one.Action}]
	if !known {
		return fmt.Errorf("there are no IAM actions for %q", one)
	}
	set.add(id, actions, resources...)
	if kind == queues && one.Action == grant.Depth {
		name, _ := one.Resource.QueueName()
		set.add(id+"Dead", actions, settings.ARN("sqs", s.DeadLetters(name)))
	}
	if s.ArchiveLock != "" && one.Resource == grant.Archive && one.Action == grant.Store {
		set.add(id, []string{"s3:PutObjectRetention"}, resources...)
	}
	if kind == files && one.Action == grant.Open {
		// Without it, S3 responds that access is denied where the file is absent.
		set.add("FilesList", []string{"s3:ListBucket"}, s.BucketARN())
	}
	return nil
}

func kindOf(s settings.Settings, one grant.Grant) (kind, id string, resources []string) {
	if name, is := one.Resource.QueueName(); is {
		return queues, "Queue" + camel(name), []string{settings.ARN("sqs", s.Queue(name))}
	}
	if folder, is := one.Resource.Folder(); is {
		return files, "Files" + camel(folder), []string{s.BucketARN() + "/" + folder + "/*"}
	}
	switch one.Resource {
	case grant.Mail:
		return mails, "Mail", []string{
			settings.ARN("ses", "identity/"+s.MailDomain),
			settings.ARN("ses", "configuration-set/"+s.Name),
		}
	default:
		if !slices.Contains(settings.TableNames(), string(one.Resource)) {
			return "", "", nil
		}
		return tables, "Table" + camel(string(one.Resource)), []string{
			settings.ARN("dynamodb", "table/"+s.Table(one.Resource)),
		}
	}
}
