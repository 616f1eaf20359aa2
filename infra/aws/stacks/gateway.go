//go:build cdk

package stacks

import (
	"encoding/json"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenantry/tenantry/functions/gateway"
)

// The throttling limits of each API: requests per second, and burst.
const (
	rateLimit  = 500
	burstLimit = 1000
)

// api creates the HTTP APIs without routes; each function adds its own.
func (d *deployment) api() {
	d.apiStack = d.stack("gateway", "the HTTP APIs, their limits and their access log")
	access := awslogs.NewLogGroup(d.apiStack, jsii.String("access"), &awslogs.LogGroupProps{
		LogGroupName: jsii.String("/aws/vendedlogs/" + d.Stack("gateway")), Retention: d.retention(),
		RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
	var domain awsapigatewayv2.DomainName
	if d.mapped() {
		domain = d.domain()
	}
	for _, a := range splitAPIs() {
		name, stageID, mappingID := d.Name, "stage", "mapping"
		if a.prefix != "" {
			name, stageID, mappingID = d.Stack(a.name), a.name+" stage", a.name+" mapping"
		}
		a.http = awsapigatewayv2.NewHttpApi(d.apiStack, jsii.String(a.name), &awsapigatewayv2.HttpApiProps{
			ApiName: jsii.String(name), Description: jsii.String("Tenantry's API and portal"),
			CreateDefaultStage:        jsii.Bool(false),
			DisableExecuteApiEndpoint: jsii.Bool(d.mapped()),
		})
		stage := d.stage(stageID, a, access)
		if d.mapped() {
			d.mapping(mappingID, a, stage, domain)
		}
		d.apis = append(d.apis, a)
	}
	if !d.mapped() {
		output(d.apiStack, "ApiEndpoint", "The address of the API Gateway", d.apis[0].http.ApiEndpoint())
	}
}

// stage creates the one stage of an API, with its limits. Behind a mapping, functions learn from a
// stage variable which part of the path it strips.
func (d *deployment) stage(id string, a api, access awslogs.LogGroup) awsapigatewayv2.CfnStage {
	props := &awsapigatewayv2.CfnStageProps{
		ApiId: a.http.ApiId(), StageName: jsii.String("$default"), AutoDeploy: jsii.Bool(true),
		AccessLogSettings: &awsapigatewayv2.CfnStage_AccessLogSettingsProperty{
			DestinationArn: access.LogGroupArn(), Format: jsii.String(accessFormat()),
		},
		DefaultRouteSettings: &awsapigatewayv2.CfnStage_RouteSettingsProperty{
			ThrottlingRateLimit: jsii.Number(rateLimit), ThrottlingBurstLimit: jsii.Number(burstLimit),
		},
	}
	if d.mapped() && a.prefix != "" {
		props.StageVariables = map[string]string{gateway.PrefixVariable: a.prefix}
	}
	return awsapigatewayv2.NewCfnStage(d.apiStack, jsii.String(id), props)
}

// accessFormat is a line of the access log. It contains the route but not the path, because some
// paths contain tokens.
func accessFormat() string {
	line, _ := json.Marshal(map[string]string{ // a map of strings can always be marshaled
		"time":                  "$context.requestTime",
		"request":               "$context.requestId",
		"api":                   "$context.apiId",
		"route":                 "$context.routeKey",
		"status":                "$context.status",
		"bytes":                 "$context.responseLength",
		"milliseconds":          "$context.responseLatency",
		"function_milliseconds": "$context.integrationLatency",
		"client":                "$context.identity.sourceIp",
		"agent":                 "$context.identity.userAgent",
		"error":                 "$context.error.message",
		"function_error":        "$context.integrationErrorMessage",
	})
	return string(line)
}

// domain makes the APIs available at the operator's own domain.
func (d *deployment) domain() awsapigatewayv2.DomainName {
	domain := awsapigatewayv2.NewDomainName(d.apiStack, jsii.String("domain"), &awsapigatewayv2.DomainNameProps{
		DomainName: jsii.String(d.CustomDomain),
		Certificate: awscertificatemanager.Certificate_FromCertificateArn(
			d.apiStack, jsii.String("certificate"), jsii.String(d.CertificateARN)),
		SecurityPolicy: awsapigatewayv2.SecurityPolicy_TLS_1_2,
	})
	output(d.apiStack, "DomainTarget", "DNS: CNAME record of "+d.CustomDomain, domain.RegionalDomainName())
	d.address = jsii.String("https://" + d.CustomDomain)
	return domain
}

// mapping routes the paths below an API's prefix on the operator's own domain to the API.
func (d *deployment) mapping(id string, a api, stage awsapigatewayv2.CfnStage, domain awsapigatewayv2.DomainName) {
	props := &awsapigatewayv2.CfnApiMappingProps{ApiId: a.http.ApiId(), DomainName: domain.Name(), Stage: stage.Ref()}
	if a.prefix != "" {
		props.ApiMappingKey = jsii.String(strings.TrimPrefix(a.prefix, "/"))
	}
	awsapigatewayv2.NewCfnApiMapping(d.apiStack, jsii.String(id), props).Node().AddDependency(domain)
}
