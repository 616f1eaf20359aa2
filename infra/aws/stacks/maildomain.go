//go:build cdk

package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenantry/tenantry/infra/aws/settings"
)

// demandMailDomain makes CloudFormation refuse a stack until the mail domain is set. Templates can
// be synthesized and reviewed without it. The parameter exists only while the domain is not set:
// CloudFormation rules can only compare parameters, and on an update the CDK would keep a
// parameter's former value.
func (d *deployment) demandMailDomain(stack awscdk.Stack) {
	if d.MailDomain != settings.ExampleDomain {
		return
	}
	domain := awscdk.NewCfnParameter(stack, jsii.String("MailDomain"), &awscdk.CfnParameterProps{
		Type: jsii.String("String"), Default: jsii.String(settings.ExampleDomain),
		Description: jsii.String("Do not set this parameter; set mailDomain in the context of the CDK"),
	})
	isSet := awscdk.Fn_ConditionNot(
		awscdk.Fn_ConditionEquals(domain.ValueAsString(), jsii.String(settings.ExampleDomain)))
	awscdk.NewCfnRule(stack, jsii.String("MailDomainIsSet"), &awscdk.CfnRuleProps{
		Assertions: &[]*awscdk.CfnRuleAssertion{{
			Assert: isSet,
			AssertDescription: jsii.String("Set the mail domain, whose mail Tenantry receives: " +
				"cdk deploy --all -c mailDomain=help.your-company.com, or the same in CONTEXT for make deploy"),
		}},
	})
}
