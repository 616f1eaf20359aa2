//go:build cdk

package stacks

import (
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"

	"github.com/tenantry/tenantry/infra/aws/rights"
)

// review has cdk-nag check all stacks at synthesis: a finding without an exception below ends it.
func (d *deployment) review() {
	awscdk.Aspects_Of(d.app).Add(cdknag.NewAwsSolutionsChecks(&cdknag.NagPackProps{Reports: jsii.Bool(false)}), nil)
	for _, stack := range d.domainStacks {
		except(stack, d.ofFunctions()...)
	}
	except(d.dataStack, exception{
		rule: "AwsSolutions-S1",
		reason: "Only functions access the files, and each access by a person is in the audit log; for more, turn " +
			"on data events in CloudTrail.",
	}, exception{
		rule: "AwsSolutions-SMG4",
		reason: "Changing the secret ends sessions and invalidates links in mails, so it must be a decision and not " +
			"automatic.",
	})
	if d.edgeStack != nil {
		except(d.edgeStack, ofEdge()...)
		if !d.Firewall {
			except(d.edgeStack, exception{
				rule: "AwsSolutions-CFR2",
				reason: "A firewall costs money each month and must be created in us-east-1: operators choose it " +
					"with the setting firewall.",
			})
		}
	}
}

// exception is a rule of cdk-nag that does not apply, with the reason; finding narrows it to
// matching findings.
type exception struct{ rule, finding, reason string }

func (d *deployment) ofFunctions() []exception {
	name := regexp.QuoteMeta(d.Name)
	return []exception{
		{
			rule: "AwsSolutions-APIG4",
			reason: "Every endpoint authenticates callers itself, by session cookie or token, and some serve those " +
				"who have not logged in yet.",
		},
		{
			rule: "AwsSolutions-IAM5",
			finding: `/^Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:\/aws\/lambda\/` +
				name + `-[a-z0-9_-]+:\*$/`,
			reason: "These are the streams of the function's own log group; AWS Lambda names them.",
		},
		{
			rule: "AwsSolutions-IAM5",
			finding: `/^Resource::arn:<AWS::Partition>:s3:::` + name +
				`-files-<AWS::AccountId>-<AWS::Region>\/[a-z]+\/\*$/`,
			reason: "These are the files of the one bucket; their keys are only known at run time.",
		},
		{
			rule:    "AwsSolutions-IAM5",
			finding: `/^Resource::\*$/`,
			reason:  rights.Wide()["dynamodb:ListStreams"] + ". A test holds it to this action.",
		},
	}
}

func ofEdge() []exception {
	return []exception{
		{rule: "AwsSolutions-CFR1", reason: "Customers may be in any country."},
		{
			rule:   "AwsSolutions-CFR3",
			reason: "The API's access log has every call that CloudFront passes on, and the firewall counts the rest.",
		},
		{
			rule: "AwsSolutions-CFR4",
			reason: "Without a custom domain, CloudFront's own certificate determines the protocol; with one, TLS " +
				"1.2 is the minimum.",
		},
		{
			rule: "AwsSolutions-SMG4",
			reason: "Nobody but CloudFront and the functions knows this secret; a new deployment with a new secret " +
				"changes both at once.",
		},
	}
}

func except(stack awscdk.Stack, exceptions ...exception) {
	suppressions := make([]*cdknag.NagPackSuppression, 0, len(exceptions))
	for _, one := range exceptions {
		suppression := &cdknag.NagPackSuppression{Id: jsii.String(one.rule), Reason: jsii.String(one.reason)}
		if one.finding != "" {
			suppression.AppliesTo = &[]any{&cdknag.RegexAppliesTo{Regex: jsii.String(one.finding)}}
		}
		suppressions = append(suppressions, suppression)
	}
	cdknag.NagSuppressions_AddStackSuppressions(stack, &suppressions, nil)
}
