//go:build cdk

package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awswafv2"
	"github.com/aws/jsii-runtime-go"
)

// perAddress is how many calls one address may make in five minutes; Tenantry's own limit counts by
// person or token.
const perAddress = 3000

// firewall creates CloudFront's web ACL, which AWS supports in us-east-1 only. It blocks addresses
// with a bad reputation at Amazon, and those that call too often. It does not inspect bodies,
// because customers put the very texts that such rules block into cases and attachments.
func (d *deployment) firewall() (arn *string, stack awscdk.Stack) {
	stack = d.stack("firewall", "the web ACL of CloudFront (us-east-1 only)")
	seen := func(name string) *awswafv2.CfnWebACL_VisibilityConfigProperty {
		return &awswafv2.CfnWebACL_VisibilityConfigProperty{
			MetricName:               jsii.String(d.Name + "-" + name),
			CloudWatchMetricsEnabled: jsii.Bool(true),
			SampledRequestsEnabled:   jsii.Bool(true),
		}
	}
	acl := awswafv2.NewCfnWebACL(stack, jsii.String("acl"), &awswafv2.CfnWebACLProps{
		Name: jsii.String(d.Name), Scope: jsii.String("CLOUDFRONT"), VisibilityConfig: seen("firewall"),
		DefaultAction: &awswafv2.CfnWebACL_DefaultActionProperty{Allow: map[string]any{}},
		Rules: []any{
			&awswafv2.CfnWebACL_RuleProperty{
				Name:             jsii.String("reputation"),
				Priority:         jsii.Number(1),
				VisibilityConfig: seen("reputation"),
				OverrideAction:   &awswafv2.CfnWebACL_OverrideActionProperty{None: map[string]any{}},
				Statement: &awswafv2.CfnWebACL_StatementProperty{
					ManagedRuleGroupStatement: &awswafv2.CfnWebACL_ManagedRuleGroupStatementProperty{
						VendorName: jsii.String("AWS"), Name: jsii.String("AWSManagedRulesAmazonIpReputationList"),
					},
				},
			},
			&awswafv2.CfnWebACL_RuleProperty{
				Name:             jsii.String("rate"),
				Priority:         jsii.Number(2),
				VisibilityConfig: seen("rate"),
				Action:           &awswafv2.CfnWebACL_RuleActionProperty{Block: map[string]any{}},
				Statement: &awswafv2.CfnWebACL_StatementProperty{
					RateBasedStatement: &awswafv2.CfnWebACL_RateBasedStatementProperty{
						Limit: jsii.Number(perAddress), AggregateKeyType: jsii.String("IP"),
					},
				},
			},
		},
	})
	output(stack, "WebAclArn", "For the setting webAclArn of a deployment in another region", acl.AttrArn())
	return acl.AttrArn(), stack
}
