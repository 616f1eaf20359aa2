//go:build cdk

package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"
)

// topics creates the topic of received mails. It is encrypted with a key of the account's own,
// because SES and CloudWatch may not use the default key of SNS.
func (d *deployment) topics() {
	d.topicKey = awskms.NewKey(d.queueStack, jsii.String("topics"), &awskms.KeyProps{
		Alias:             jsii.String(d.Name + "-topics"),
		Description:       jsii.String("Encrypts messages in topics"),
		EnableKeyRotation: jsii.Bool(true),
		RemovalPolicy:     awscdk.RemovalPolicy_DESTROY,
		PendingWindow:     awscdk.Duration_Days(jsii.Number(7)),
	})
	// SES does not tell KMS on whose behalf it acts; the topic's own policy checks that
	d.mayEncrypt("ses.amazonaws.com", nil)
	d.mayEncrypt("cloudwatch.amazonaws.com", ofThisAccount())
	if d.MonthlyBudget > 0 {
		d.mayEncrypt("budgets.amazonaws.com", ofThisAccount())
	}
	d.received = d.topic(d.queueStack, "mail-received", "ses.amazonaws.com")
	output(d.queueStack, "MailTopic", "The topic that announces received mails", d.received.TopicArn())
}

// mayEncrypt lets an AWS service publish to topics with the key.
func (d *deployment) mayEncrypt(service string, conditions *map[string]any) {
	d.topicKey.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String(service), nil)},
		Actions:    jsii.Strings("kms:Decrypt", "kms:GenerateDataKey"),
		Resources:  jsii.Strings("*"), // in a key's own policy, "*" is the key
		Conditions: conditions,
	}), nil)
}

// topic creates a topic that some AWS services may publish to.
func (d *deployment) topic(stack awscdk.Stack, name string, publishers ...string) awssns.Topic {
	topic := awssns.NewTopic(stack, jsii.String(name), &awssns.TopicProps{
		TopicName: jsii.String(d.Name + "-" + name), MasterKey: d.topicKey, EnforceSSL: jsii.Bool(true),
	})
	for _, service := range publishers {
		topic.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String(service), nil)},
			Actions:    jsii.Strings("sns:Publish"),
			Resources:  &[]*string{topic.TopicArn()},
			Conditions: ofThisAccount(),
		}))
	}
	return topic
}

// ofThisAccount prevents an AWS service from acting on behalf of another account.
func ofThisAccount() *map[string]any {
	return &map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": awscdk.Aws_ACCOUNT_ID()}}
}
