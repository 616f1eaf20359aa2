//go:build cdk

package stacks

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsses"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenantry/tenantry/infra/aws/settings"
)

const receiptRule = "receive"

func (d *deployment) receiptRuleARN() string {
	return settings.ARN("ses", "receipt-rule-set/"+d.Name+":receipt-rule/"+receiptRule)
}

// mail creates what Amazon SES needs to send and receive mail for the mail domain. Names that the
// operator must enter into the DNS are outputs.
func (d *deployment) mail() {
	d.mailStack = d.stack("ses", "the mail domain's identity for sending, and the rule for received mails",
		d.dataStack, d.queueStack)
	set := awsses.NewConfigurationSet(d.mailStack, jsii.String("sending"), &awsses.ConfigurationSetProps{
		ConfigurationSetName: jsii.String(d.Name),
		ReputationMetrics:    jsii.Bool(true),
		SuppressionReasons:   awsses.SuppressionReasons_BOUNCES_AND_COMPLAINTS,
		TlsPolicy:            awsses.ConfigurationSetTlsPolicy_OPTIONAL, // some customers' servers do not support TLS
	})
	identity := awsses.NewEmailIdentity(d.mailStack, jsii.String("identity"), &awsses.EmailIdentityProps{
		Identity:                    awsses.Identity_Domain(jsii.String(d.MailDomain)),
		ConfigurationSet:            set,
		DkimSigning:                 jsii.Bool(true),
		MailFromDomain:              jsii.String("bounce." + d.MailDomain),
		MailFromBehaviorOnMxFailure: awsses.MailFromBehaviorOnMxFailure_USE_DEFAULT_VALUE,
	})
	output(d.mailStack, "MX", "DNS: MX record of "+d.MailDomain, text("10 inbound-smtp.${AWS::Region}.amazonaws.com"))
	output(d.mailStack, "BounceMX", "DNS: MX record of bounce."+d.MailDomain,
		text("10 feedback-smtp.${AWS::Region}.amazonses.com"))
	output(d.mailStack, "BounceSPF", "DNS: TXT record of bounce."+d.MailDomain,
		jsii.String("v=spf1 include:amazonses.com ~all"))
	if d.Emulated {
		return // the emulator neither signs with DKIM nor has receipt rules
	}
	for i, record := range *identity.DkimRecords() {
		output(d.mailStack, fmt.Sprintf("DKIM%d", i+1), "DNS: CNAME record with its name and its value",
			awscdk.Fn_Join(jsii.String(" CNAME "), &[]*string{record.Name, record.Value}))
	}
	rules := awsses.NewCfnReceiptRuleSet(d.mailStack, jsii.String("receiving"),
		&awsses.CfnReceiptRuleSetProps{RuleSetName: jsii.String(d.Name)})
	awsses.NewCfnReceiptRule(d.mailStack, jsii.String(receiptRule), &awsses.CfnReceiptRuleProps{
		RuleSetName: rules.Ref(),
		Rule: &awsses.CfnReceiptRule_RuleProperty{
			Name: jsii.String(receiptRule), Enabled: jsii.Bool(true), ScanEnabled: jsii.Bool(true),
			TlsPolicy:  jsii.String("Optional"), // some customers' servers do not support TLS
			Recipients: jsii.Strings(d.MailDomain),
			Actions: &[]any{&awsses.CfnReceiptRule_ActionProperty{S3Action: &awsses.CfnReceiptRule_S3ActionProperty{
				BucketName:      text(d.Bucket()),
				ObjectKeyPrefix: jsii.String(receivedFolder),
				TopicArn:        d.received.TopicArn(),
			}}},
		},
	})
	output(d.mailStack, "ReceiptRuleSet", "Activate it once: aws ses set-active-receipt-rule-set --rule-set-name",
		rules.Ref())
}
