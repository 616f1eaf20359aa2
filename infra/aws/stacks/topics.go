//go:build cdk

package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"
)

// topics makes the topic of received mails. Its key is one of the account's own, as SES and
// CloudWatch may not use the key that SNS brings along.
func (d *deployment) topics() {
	d.topicKey = awskms.NewKey(d.queueStack, jsii.String("topics"), &awskms.KeyProps{
		Alias:             jsii.String(d.Name + "-topics"),
		Description:       jsii.String("Encrypts what is under way in topics"),
		EnableKeyRotation: jsii.Bool(true),
		RemovalPolicy:     awscdk.RemovalPolicy_DESTROY,
		PendingWindow:     awscdk.Duration_Days(jsii.Number(7)),
	})
	d.mayEncrypt("ses.amazonaws.com", nil) // it does not tell KMS for whom it asks; the topic's own policy does that
	d.mayEncrypt("cloudwatch.amazonaws.com", ofThisAccount())
	if d.MonthlyBudget > 0 {
		d.mayEncrypt("budgets.amazonaws.com", ofThisAccount())
	}
	d.received = d.topic(d.queueStack, "mail-received", "ses.amazonaws.com")
	output(d.queueStack, "MailTopic", "The topic that tells of received mails", d.received.TopicArn())
}

// mayEncrypt lets a service of AWS publish to topics with the key.
func (d *deployment) mayEncrypt(service string, conditions *map[string]any) {
	d.topicKey.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String(service), nil)},
		Actions:    jsii.Strings("kms:Decrypt", "kms:GenerateDataKey"),
		Resources:  jsii.Strings("*"), // in a key's own policy this is the key
		Conditions: conditions,
	}), nil)
}

// topic makes a topic that some services of AWS may publish to.
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

// ofThisAccount keeps a service of AWS from acting here for somebody else's account.
func ofThisAccount() *map[string]any {
	return &map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": awscdk.Aws_ACCOUNT_ID()}}
}
