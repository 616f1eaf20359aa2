//go:build cdk

package stacks

import (
	"encoding/json"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"
)

// What the API takes in at most: requests a second over a while, and at once.
const (
	rateLimit  = 500
	burstLimit = 1000
)

// api makes the HTTP API, without routes: each function brings its own.
func (d *deployment) api() {
	d.apiStack = d.stack("gateway", "the HTTP API, its limits and its access log")
	d.http = awsapigatewayv2.NewHttpApi(d.apiStack, jsii.String("http"), &awsapigatewayv2.HttpApiProps{
		ApiName: jsii.String(d.Name), Description: jsii.String("Tenantry's API and portal"), CreateDefaultStage: jsii.Bool(false),
		DisableExecuteApiEndpoint: jsii.Bool(d.CustomDomain != "" && !d.CloudFront),
	})
	access := awslogs.NewLogGroup(d.apiStack, jsii.String("access"), &awslogs.LogGroupProps{
		LogGroupName: jsii.String("/aws/vendedlogs/" + d.Stack("gateway")), Retention: d.retention(), RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	stage := awsapigatewayv2.NewCfnStage(d.apiStack, jsii.String("stage"), &awsapigatewayv2.CfnStageProps{
		ApiId: d.http.ApiId(), StageName: jsii.String("$default"), AutoDeploy: jsii.Bool(true),
		AccessLogSettings: &awsapigatewayv2.CfnStage_AccessLogSettingsProperty{DestinationArn: access.LogGroupArn(), Format: jsii.String(accessFormat())},
		DefaultRouteSettings: &awsapigatewayv2.CfnStage_RouteSettingsProperty{
			ThrottlingRateLimit: jsii.Number(rateLimit), ThrottlingBurstLimit: jsii.Number(burstLimit),
		},
	})
	output(d.apiStack, "ApiEndpoint", "Where the API Gateway answers", d.http.ApiEndpoint())
	d.address = d.http.ApiEndpoint()
	if d.CustomDomain != "" && !d.CloudFront {
		d.domain(stage)
	}
}

// accessFormat is a line of the access log. It has no path, as some have tokens in them: the route says what was called.
func accessFormat() string {
	line, _ := json.Marshal(map[string]string{ // a map of texts always has a JSON form
		"time": "$context.requestTime", "request": "$context.requestId", "route": "$context.routeKey", "status": "$context.status",
		"bytes": "$context.responseLength", "milliseconds": "$context.responseLatency", "function_milliseconds": "$context.integrationLatency",
		"client": "$context.identity.sourceIp", "agent": "$context.identity.userAgent",
		"error": "$context.error.message", "function_error": "$context.integrationErrorMessage",
	})
	return string(line)
}

// domain has the API answer at the operator's own domain.
func (d *deployment) domain(stage awsapigatewayv2.CfnStage) {
	domain := awsapigatewayv2.NewDomainName(d.apiStack, jsii.String("domain"), &awsapigatewayv2.DomainNameProps{
		DomainName:     jsii.String(d.CustomDomain),
		Certificate:    awscertificatemanager.Certificate_FromCertificateArn(d.apiStack, jsii.String("certificate"), jsii.String(d.CertificateARN)),
		SecurityPolicy: awsapigatewayv2.SecurityPolicy_TLS_1_2,
	})
	mapping := awsapigatewayv2.NewCfnApiMapping(d.apiStack, jsii.String("mapping"), &awsapigatewayv2.CfnApiMappingProps{
		ApiId: d.http.ApiId(), DomainName: domain.Name(), Stage: stage.Ref(),
	})
	mapping.Node().AddDependency(domain)
	output(d.apiStack, "DomainTarget", "DNS: CNAME record of "+d.CustomDomain, domain.RegionalDomainName())
	d.address = jsii.String("https://" + d.CustomDomain)
}
