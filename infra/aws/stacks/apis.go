//go:build cdk

package stacks

import (
	"cmp"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2integrations"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/endpoint"
)

// api is one of the HTTP APIs behind the one host. An HTTP API supports 300 routes and 300
// integrations, and a new account has no more, so paths are split by their first segments.
type api struct {
	// name identifies its resources in the stack; "http" existed before the others.
	name string
	// prefix is the beginning of the paths that it serves, as in "/api/v1/orgs"; "" serves all that
	// no other API does.
	prefix string
	http   awsapigatewayv2.HttpApi
}

func splitAPIs() []api {
	return []api{
		{name: "http"},
		{name: "orgs", prefix: endpoint.Prefix + "/orgs"},
		{name: "msps", prefix: endpoint.Prefix + "/msps"},
		{name: "platform", prefix: endpoint.Prefix + "/platform"},
	}
}

// takes reports whether a path is below the API's prefix.
func (a api) takes(path string) bool {
	return a.prefix != "" && (path == a.prefix || strings.HasPrefix(path, a.prefix+"/"))
}

// patterns returns CloudFront's path patterns that lead to the API.
func (a api) patterns() []string { return []string{a.prefix, a.prefix + "/*"} }

// routed is a route of one API, with its id in the stack and its key.
type routed struct{ id, key string }

// routesAt returns the routes of a function at an API. The id of a route must stay the same as long
// as its method and path do: CloudFormation creates resources with new ids before it removes the
// old ones, and an API accepts no key twice.
func (d *deployment) routesAt(a api, f catalog.Function) []routed {
	var routes []routed
	for _, route := range f.Routes {
		id := route.Method + " " + route.Path
		if a.prefix == "" { // deployed with an owner in front
			id = cmp.Or(route.Former, route.Owner) + " " + id
			if d.Granularity == catalog.ByDomain {
				id = f.Name + " " + route.Method + " " + route.Path
			}
		}
		switch {
		case d.apiOf(route.Path).name == a.name:
			routes = append(routes, routed{id, d.routeKey(a, route)})
		case route.Owner == catalog.APIName && route.Method == "ANY":
			routes = append(routes, routed{a.name + " unknown", "$default"})
		}
	}
	return routes
}

// apiOf returns the API that serves a path.
func (d *deployment) apiOf(path string) api {
	for _, a := range d.apis {
		if a.takes(path) {
			return a
		}
	}
	return d.apis[0]
}

// routeKey returns the key by which an API knows a route. Behind a custom domain's mapping, the
// API's prefix is stripped.
func (d *deployment) routeKey(a api, route catalog.Route) string {
	if route.Path == "$default" {
		return route.Path
	}
	path := route.Path
	if d.mapped() {
		path = "/" + strings.TrimPrefix(strings.TrimPrefix(path, a.prefix), "/")
	}
	return route.Method + " " + path
}

// mapped reports whether the mappings of a custom domain, rather than CloudFront, lead to the APIs.
func (d *deployment) mapped() bool { return !d.CloudFront }

// routes creates the routes to a function in its own stack: one integration and one permission for
// each API that leads to it, however many routes there are.
func (d *deployment) routes(stack awscdk.Stack, f catalog.Function, function awslambda.Function) {
	if len(f.Routes) == 0 {
		return
	}
	target := d.ready(stack, f, function)
	for _, a := range d.apis {
		integration := awsapigatewayv2integrations.NewHttpLambdaIntegration(jsii.String("integration"), target,
			&awsapigatewayv2integrations.HttpLambdaIntegrationProps{ScopePermissionToRoute: jsii.Bool(false)})
		for _, route := range d.routesAt(a, f) {
			key := awsapigatewayv2.HttpRouteKey_DEFAULT()
			if method, path, plain := strings.Cut(route.key, " "); plain {
				key = awsapigatewayv2.HttpRouteKey_With(jsii.String(path), awsapigatewayv2.HttpMethod(method))
			}
			awsapigatewayv2.NewHttpRoute(stack, jsii.String(route.id), &awsapigatewayv2.HttpRouteProps{
				HttpApi: a.http, Integration: integration, RouteKey: key,
			})
		}
	}
}
