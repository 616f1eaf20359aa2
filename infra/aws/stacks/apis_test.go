//go:build cdk

package stacks

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/functions/catalog"
)

// apiName returns the name of the API that a resource belongs to, in whichever stack it is.
func apiName(properties map[string]any) string {
	id := brief(properties["ApiId"])
	id = id[strings.LastIndex(id, " ")+1:]
	return strings.TrimPrefix(hashes.ReplaceAllString(id, ""), "tenantry-gateway:ExportsOutputRef")
}

// wantedAPI returns the API that serves a path, and the path as the API's routes have it behind a
// mapping; written by hand, independently of the code under test.
func wantedAPI(path string) (name, behindMapping string) {
	for _, name := range []string{"orgs", "msps", "platform"} {
		if rest, is := strings.CutPrefix(path+"/", "/api/v1/"+name+"/"); is {
			return name, "/" + strings.TrimSuffix(rest, "/")
		}
	}
	return "http", path
}

func TestEveryRouteOfTheCatalogIsServedByItsFunction(t *testing.T) {
	each(t, func(t *testing.T, w synthesis) {
		want, got := []string{}, []string{}
		for _, f := range functionsOf(t, w) {
			target := " → " + hashes.ReplaceAllString(f.id, "")
			for _, route := range f.declared.Routes {
				name, behindMapping := wantedAPI(route.Path)
				path := route.Path
				if !w.settings.CloudFront {
					path = behindMapping
				}
				key := route.Method + " " + path
				if path == "$default" {
					key = path
				}
				want = append(want, name+" "+key+target)
			}
			if f.declared.Name == catalog.APIName {
				for _, name := range []string{"orgs", "msps", "platform"} {
					want = append(want, name+" $default"+target)
				}
			}
		}
		for _, route := range w.of("AWS::ApiGatewayV2::Route") {
			id := at(route.Properties, "Target", "Fn::Join").([]any)[1].([]any)[1].(map[string]any)["Ref"].(string)
			integration := w.templates[route.stack].Resources[id]
			if version := integration.Properties["PayloadFormatVersion"]; version != "2.0" {
				t.Errorf("%s passes events in the format %v", route, version)
			}
			if apiName(integration.Properties) != apiName(route.Properties) {
				t.Errorf("%s has another API's integration", route)
			}
			target := at(integration.Properties, "IntegrationUri", "Fn::GetAtt")
			if target == nil {
				target = []any{at(integration.Properties, "IntegrationUri", "Ref")}
			}
			got = append(
				got,
				apiName(route.Properties)+" "+route.Properties["RouteKey"].(string)+" → "+hashes.ReplaceAllString(
					target.([]any)[0].(string), ""),
			)
		}
		slices.Sort(want)
		slices.Sort(got)
		if w.settings.Concurrency["cases.list"] > 0 { // its route leads to the alias with the provisioned instances
			for i := range got {
				got[i] = regexp.MustCompile(`→ caseslistready$`).ReplaceAllString(got[i], "→ caseslist")
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("missing (-) and unexpected (+) routes:\n%s", diff)
		}
	})
}

func TestCloudFrontLeadsToEachAPIByTheBeginningOfThePath(t *testing.T) {
	w := world(t, byEndpoint)
	distributions := w.of("AWS::CloudFront::Distribution")
	if len(distributions) != 1 {
		t.Fatal(distributions)
	}
	config := at(distributions[0].Properties, "DistributionConfig")
	hosts := map[string]string{}
	endpoint := regexp.MustCompile(`ExportsOutputFnGetAtt([a-z]+)[0-9A-F]{8}ApiEndpoint`)
	for _, origin := range list(at(config, "Origins")) {
		hosts[at(origin, "Id").(string)] = endpoint.FindStringSubmatch(brief(at(origin, "DomainName")))[1]
		if name := at(list(at(origin, "OriginCustomHeaders"))[0], "HeaderName"); name != "X-Origin-Secret" {
			t.Errorf("the origin %v does not receive the secret: %v", origin, name)
		}
	}
	got := map[string]string{"": hosts[at(config, "DefaultCacheBehavior", "TargetOriginId").(string)]}
	for _, behavior := range list(at(config, "CacheBehaviors")) {
		got[at(behavior, "PathPattern").(string)] = hosts[at(behavior, "TargetOriginId").(string)]
		if len(list(at(behavior, "FunctionAssociations"))) != 1 || len(list(at(behavior, "AllowedMethods"))) != 7 {
			t.Errorf("%v", behavior)
		}
	}
	want := map[string]string{
		"": "http", "/api/v1/orgs": "orgs", "/api/v1/orgs/*": "orgs", "/api/v1/msps": "msps", "/api/v1/msps/*": "msps",
		"/api/v1/platform": "platform", "/api/v1/platform/*": "platform",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheMappingsOfADomainLeadToEachAPIByTheBeginningOfThePath(t *testing.T) {
	w := world(t, ownDomain)
	got, prefixes := map[string]any{}, map[string]any{}
	for _, mapping := range w.of("AWS::ApiGatewayV2::ApiMapping") {
		got[apiName(mapping.Properties)] = mapping.Properties["ApiMappingKey"]
	}
	for _, stage := range w.of("AWS::ApiGatewayV2::Stage") {
		prefixes[apiName(stage.Properties)] = at(stage.Properties, "StageVariables", "prefix")
	}
	want := map[string]any{"http": nil, "orgs": "api/v1/orgs", "msps": "api/v1/msps", "platform": "api/v1/platform"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	want = map[string]any{"http": nil, "orgs": "/api/v1/orgs", "msps": "/api/v1/msps", "platform": "/api/v1/platform"}
	if diff := cmp.Diff(want, prefixes); diff != "" {
		t.Errorf("the stripped part of the path that functions receive:\n%s", diff)
	}
	for _, one := range w.of("AWS::ApiGatewayV2::Api") {
		if one.Properties["DisableExecuteApiEndpoint"] != true {
			t.Errorf("%s is also reachable at its own address", one)
		}
	}
}

func TestEveryStackWaitsForTheMailDomain(t *testing.T) {
	for name, template := range world(t, byEndpoint).templates {
		var rules struct{ Rules map[string]any }
		if err := json.Unmarshal(template.raw, &rules); err != nil {
			t.Fatal(err)
		}
		assertions := list(at(rules.Rules["MailDomainIsSet"], "Assertions"))
		if len(assertions) != 1 {
			t.Errorf("%s can be deployed without a mail domain", name)
			continue
		}
		want := map[string]any{
			"Fn::Not": []any{
				map[string]any{"Fn::Equals": []any{map[string]any{"Ref": "MailDomain"}, "help.example.com"}},
			},
		}
		if diff := cmp.Diff(any(want), at(assertions[0], "Assert")); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
	for name, template := range world(t, everything).templates {
		if strings.Contains(string(template.raw), "MailDomainIsSet") {
			t.Errorf("%s refuses a mail domain that is set", name)
		}
	}
}
