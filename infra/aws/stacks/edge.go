//go:build cdk

package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenantry/tenantry/functions/gateway"
)

// edge puts CloudFront in front of the APIs and routes to each by the beginning of the path.
// CloudFront authenticates itself to the functions with a secret header, so that nobody can bypass
// it and its firewall.
func (d *deployment) edge() {
	var firewall *string
	after := []awscdk.Stack{d.apiStack}
	switch {
	case d.WebACLARN != "":
		firewall = jsii.String(d.WebACLARN)
	case d.Firewall:
		var stack awscdk.Stack
		firewall, stack = d.firewall()
		after = append(after, stack)
	}
	d.edgeStack = d.stack("edge", "CloudFront in front of the APIs", after...)
	d.originSecret = awssecretsmanager.NewSecret(d.edgeStack, jsii.String("origin"), &awssecretsmanager.SecretProps{
		SecretName:           jsii.String(d.Name + "/origin"),
		Description:          jsii.String("What CloudFront proves itself to the functions with"),
		GenerateSecretString: random(),
		RemovalPolicy:        awscdk.RemovalPolicy_DESTROY,
	})
	viewer := d.viewer()
	behaviors := map[string]*awscloudfront.BehaviorOptions{}
	for _, a := range d.apis[1:] {
		behavior := d.behavior(a, viewer)
		for _, pattern := range a.patterns() {
			behaviors[pattern] = behavior
		}
	}
	props := &awscloudfront.DistributionProps{
		Comment: jsii.String(d.Name), WebAclId: firewall,
		HttpVersion:         awscloudfront.HttpVersion_HTTP2_AND_3,
		DefaultBehavior:     d.behavior(d.apis[0], viewer),
		AdditionalBehaviors: &behaviors,
	}
	if d.CustomDomain != "" {
		props.DomainNames = jsii.Strings(d.CustomDomain)
		props.Certificate = awscertificatemanager.Certificate_FromCertificateArn(d.edgeStack,
			jsii.String("certificate"), jsii.String(d.CertificateARN))
		props.MinimumProtocolVersion = awscloudfront.SecurityPolicyProtocol_TLS_V1_2_2021
	}
	distribution := awscloudfront.NewDistribution(d.edgeStack, jsii.String("distribution"), props)
	d.address = awscdk.Fn_Join(jsii.String(""),
		&[]*string{jsii.String("https://"), distribution.DistributionDomainName()})
	if d.CustomDomain != "" {
		output(d.edgeStack, "DomainTarget", "DNS: CNAME record of "+d.CustomDomain,
			distribution.DistributionDomainName())
		d.address = jsii.String("https://" + d.CustomDomain)
	}
}

// behavior routes to an API.
func (d *deployment) behavior(a api, viewer *awscloudfront.FunctionAssociation) *awscloudfront.BehaviorOptions {
	return &awscloudfront.BehaviorOptions{
		Origin:         d.origin(a),
		AllowedMethods: awscloudfront.AllowedMethods_ALLOW_ALL(),
		// Responses depend on the caller, so nothing is cached; and the Host header must be the
		// gateway's.
		CachePolicy:          awscloudfront.CachePolicy_CACHING_DISABLED(),
		OriginRequestPolicy:  awscloudfront.OriginRequestPolicy_ALL_VIEWER_EXCEPT_HOST_HEADER(),
		ViewerProtocolPolicy: awscloudfront.ViewerProtocolPolicy_REDIRECT_TO_HTTPS,
		FunctionAssociations: &[]*awscloudfront.FunctionAssociation{viewer},
	}
}

// origin is an API, with the header that the functions check.
func (d *deployment) origin(a api) awscloudfront.IOrigin {
	host := awscdk.Fn_Select(jsii.Number(2), awscdk.Fn_Split(jsii.String("/"), a.http.ApiEndpoint(), nil))
	return awscloudfrontorigins.NewHttpOrigin(host, &awscloudfrontorigins.HttpOriginProps{
		ProtocolPolicy:     awscloudfront.OriginProtocolPolicy_HTTPS_ONLY,
		OriginSslProtocols: &[]awscloudfront.OriginSslPolicy{awscloudfront.OriginSslPolicy_TLS_V1_2},
		CustomHeaders:      &map[string]*string{gateway.OriginHeader: d.originSecret.SecretValue().UnsafeUnwrap()},
	})
}

// viewerCode passes the client's address to the functions, overwriting any address that the client
// claims.
const viewerCode = `function handler(event) {
  event.request.headers['true-client-ip'] = { value: event.viewer.ip };
  return event.request;
}
`

func (d *deployment) viewer() *awscloudfront.FunctionAssociation {
	return &awscloudfront.FunctionAssociation{
		EventType: awscloudfront.FunctionEventType_VIEWER_REQUEST,
		Function: awscloudfront.NewFunction(d.edgeStack, jsii.String("viewer"), &awscloudfront.FunctionProps{
			FunctionName: jsii.String(d.Name + "-viewer"),
			Comment:      jsii.String("Passes the client's address to the functions"),
			Code:         awscloudfront.FunctionCode_FromInline(jsii.String(viewerCode)),
			Runtime:      awscloudfront.FunctionRuntime_JS_2_0(),
		}),
	}
}
