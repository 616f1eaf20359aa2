//go:build cdk

package stacks

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"
)

// shared holds what stacks pass on to later ones.
type shared struct {
	dataStack, tableStack, queueStack, mailStack, apiStack awscdk.Stack
	edgeStack                                              awscdk.Stack // nil without CloudFront
	domainStacks                                           []awscdk.Stack

	core         awsdynamodb.Table
	secret       awssecretsmanager.Secret
	originSecret awssecretsmanager.Secret // nil without CloudFront
	topicKey     awskms.Key
	received     awssns.Topic
	// apis are all HTTP APIs, beginning with the one that serves what no other does.
	apis []api
	// address is the base URL of links.
	address *string
}

// foundations are the stacks that functions need.
func (s shared) foundations() []awscdk.Stack {
	stacks := []awscdk.Stack{s.dataStack, s.tableStack, s.queueStack, s.mailStack, s.apiStack}
	if s.edgeStack != nil {
		stacks = append(stacks, s.edgeStack)
	}
	return stacks
}

// text returns a value for a template. Placeholders of CloudFormation are filled in at deployment.
func text(template string) *string {
	if strings.Contains(template, "${AWS::") {
		return awscdk.Fn_Sub(jsii.String(template), nil)
	}
	return jsii.String(template)
}

// texts returns values for a template.
func texts(templates []string) *[]*string {
	values := make([]*string, 0, len(templates))
	for _, template := range templates {
		values = append(values, text(template))
	}
	return &values
}

// output shows a value after the deployment.
func output(stack awscdk.Stack, name, description string, value *string) {
	awscdk.NewCfnOutput(stack, jsii.String(name),
		&awscdk.CfnOutputProps{Value: value, Description: jsii.String(description)})
}
