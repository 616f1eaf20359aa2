//go:build cdk

package stacks

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
)

// The limits of a new AWS account, less a reserve, so that a test fails before a deployment does.
const (
	mostRoutes       = 280     // of an HTTP API; AWS allows 300
	mostIntegrations = 280     // of an HTTP API; AWS allows 300, and never more
	mostCallers      = 16_000  // bytes of the policy that says who may call a function; AWS Lambda allows 20 KB
	mostRights       = 8_000   // characters of the policy that says what a function may do; IAM allows 10,240
	mostResources    = 450     // of a stack; CloudFormation allows 500
	mostTemplate     = 900_000 // bytes of a template; CloudFormation allows 1 MB
	mostOutputs      = 150     // of a stack; CloudFormation allows 200
	mostRoles        = 900     // of a deployment; IAM allows 1000 in an account
	mostBehaviors    = 25      // of a distribution; CloudFront allows 75
)

// counts holds the largest count for each limit, and where it occurs.
type counts map[string]struct {
	count int
	where string
}

func (c counts) add(what, where string, count int) {
	if count >= c[what].count {
		c[what] = struct {
			count int
			where string
		}{count, where}
	}
}

// caller is a statement as AWS Lambda writes it into a function's policy.
const caller = `{"Sid":"tenantry-platform-%s-0123456789AB","Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},` +
	`"Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:eu-central-1:111122223333:function:%s",` +
	`"Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:eu-central-1:111122223333:0123456789/*/*"}}},`

func measured(t *testing.T, w synthesis) counts {
	t.Helper()
	largest := counts{}
	for _, kind := range []string{"Route", "Integration"} {
		perAPI := map[string]int{}
		for _, one := range w.of("AWS::ApiGatewayV2::" + kind) {
			perAPI[apiName(one.Properties)]++
		}
		for _, name := range slices.Sorted(maps.Keys(perAPI)) {
			t.Logf("%ss of %s: %d", kind, name, perAPI[name])
			largest.add(kind+"s", name, perAPI[name])
		}
	}
	callers := map[string]int{}
	for _, permission := range w.of("AWS::Lambda::Permission") {
		function := permission.stack + " " + brief(permission.Properties["FunctionName"])
		callers[function] += len(caller) + 2*64
	}
	for function, size := range callers {
		largest.add("bytes of callers", function, size)
	}
	functions := functionsOf(t, w)
	for _, f := range functions {
		policy, err := json.Marshal(f.policy)
		if err != nil {
			t.Fatal(err)
		}
		largest.add("characters of rights", f.declared.Name, len(policy))
	}
	largest.add("functions", "the deployment", len(functions))
	largest.add("roles", "the deployment", len(w.of("AWS::IAM::Role")))
	for name, template := range w.templates {
		var outputs struct{ Outputs map[string]any }
		if err := json.Unmarshal(template.raw, &outputs); err != nil {
			t.Fatal(err)
		}
		largest.add("resources", name, len(template.Resources))
		largest.add("bytes of a template", name, len(template.raw))
		largest.add("outputs", name, len(outputs.Outputs))
	}
	for _, distribution := range w.of("AWS::CloudFront::Distribution") {
		largest.add("behaviors", distribution.id,
			len(list(at(distribution.Properties, "DistributionConfig", "CacheBehaviors"))))
	}
	return largest
}

func TestNoLimitOfANewAccountIsNear(t *testing.T) {
	limits := map[string]int{
		"Routes":               mostRoutes,
		"Integrations":         mostIntegrations,
		"bytes of callers":     mostCallers,
		"characters of rights": mostRights,
		"resources":            mostResources,
		"bytes of a template":  mostTemplate,
		"outputs":              mostOutputs,
		"roles":                mostRoles,
		"behaviors":            mostBehaviors,
	}
	each(t, func(t *testing.T, w synthesis) {
		largest := measured(t, w)
		for _, what := range slices.Sorted(maps.Keys(largest)) {
			t.Logf("most %s: %d (%s)", what, largest[what].count, largest[what].where)
		}
		for what, limit := range limits {
			if got := largest[what]; got.count > limit {
				t.Errorf("%s has %d %s, more than %d: split it before AWS refuses it",
					got.where, got.count, what, limit)
			}
		}
	})
}

func TestAFunctionHasOnePermissionForEachAPIThatCallsIt(t *testing.T) {
	each(t, func(t *testing.T, w synthesis) {
		seen := map[string]bool{}
		for _, permission := range w.of("AWS::Lambda::Permission") {
			if permission.Properties["Principal"] != "apigateway.amazonaws.com" {
				continue
			}
			key := permission.stack + " " + brief(permission.Properties["FunctionName"]) + " " + brief(
				permission.Properties["SourceArn"])
			if seen[key] {
				t.Errorf("%s repeats another permission: %s", permission, key)
			}
			seen[key] = true
		}
		if integrations := len(w.of("AWS::ApiGatewayV2::Integration")); integrations != len(seen) {
			t.Errorf("%d integrations and %d permissions", integrations, len(seen))
		}
	})
}
