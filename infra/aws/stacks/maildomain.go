//go:build cdk

package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenantry/tenantry/infra/aws/settings"
)

// demandMailDomain has CloudFormation refuse a stack for as long as nobody has set the mail domain.
// Templates can be made and looked at without it. The parameter is only there while the domain is
// not set: CloudFormation rules can compare nothing but parameters, and on an update the CDK would
// keep a parameter's former value.
func (d *deployment) demandMailDomain(stack awscdk.Stack) {
	if d.MailDomain != settings.ExampleDomain {
		return
	}
	domain := awscdk.NewCfnParameter(stack, jsii.String("MailDomain"), &awscdk.CfnParameterProps{
		Type: jsii.String("String"), Default: jsii.String(settings.ExampleDomain),
		Description: jsii.String("Do not set this parameter; set mailDomain in the context of the CDK"),
	})
	isSet := awscdk.Fn_ConditionNot(
		awscdk.Fn_ConditionEquals(domain.ValueAsString(), jsii.String(settings.ExampleDomain)),
	)
	awscdk.NewCfnRule(stack, jsii.String("MailDomainIsSet"), &awscdk.CfnRuleProps{
		Assertions: &[]*awscdk.CfnRuleAssertion{{
			Assert: isSet,
			AssertDescription: jsii.String("Whose mail does Tenantry get? Set the mail domain: " +
				"cdk deploy --all -c mailDomain=help.your-company.com, or the same in CONTEXT for make deploy"),
		}},
	})
}
