package cloud

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// distribution holds those parts of the stacks' distribution that matter here.
const distribution = `{"Resources": {"distribution": {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": {
	"Origins": [
		{"Id": "1", "DomainName": {"Fn::Select": [2, {"Fn::Split": ["/", {"Fn::ImportValue": "rest"}]}]},
			"OriginCustomHeaders": [{"HeaderName": "X-Origin-Secret", "HeaderValue": {"Fn::Join": ["", ["{{resolve:secretsmanager:", {"Ref": "origin"}, ":SecretString:::}}"]]}}]},
		{"Id": "2", "DomainName": "orgs.execute-api.example.com", "OriginCustomHeaders": []}
	],
	"CacheBehaviors": [{"PathPattern": "/api/v1/orgs", "TargetOriginId": "2"}, {"PathPattern": "/api/v1/orgs/*", "TargetOriginId": "2"}],
	"DefaultCacheBehavior": {"TargetOriginId": "1"}
}}}}}`

const mappings = `{"Resources": {
	"all": {"Type": "AWS::ApiGatewayV2::ApiMapping", "Properties": {"ApiId": {"Ref": "http"}}},
	"stage": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {"ApiId": {"Ref": "http"}, "StageVariables": {"prefix": "/p"}}},
	"orgs": {"Type": "AWS::ApiGatewayV2::ApiMapping", "Properties": {"ApiId": "orgs", "ApiMappingKey": "api/v1/orgs"}}
}}`

func pathsOf(t *testing.T, text string) (paths, error) {
	t.Helper()
	var template object
	check(t, json.Unmarshal([]byte(text), &template))
	var read paths
	return read, read.read(template, values{
		exports:   map[string]string{"rest": "https://rest.execute-api.example.com/"},
		resources: map[string]string{"origin": "arn:aws:secretsmanager:eu-central-1:0:secret:s", "http": "rest"},
		secret: func(arn string) (string, error) {
			return "secret of " + strings.TrimPrefix(arn, "arn:aws:secretsmanager:eu-central-1:0:secret:"), nil
		},
	})
}

func TestARequestIsLedToItsAPIAsOnAWS(t *testing.T) {
	type call struct{ Host, Path, Secret, Client string }
	calls := make(chan call, 1)
	emulator := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		calls <- call{strings.Split(r.Host, ".")[0], r.URL.EscapedPath(), r.Header.Get("X-Origin-Secret"),
			r.Header.Get("True-Client-IP")}
	}))
	t.Cleanup(emulator.Close)
	for name, test := range map[string]struct {
		template string
		want     map[string]call
	}{
		"CloudFront": {distribution, map[string]call{
			"/":                  {"rest", "/", "secret of s", "127.0.0.1"},
			"/orgs/o1/cases":     {"rest", "/orgs/o1/cases", "secret of s", "127.0.0.1"},
			"/api/v1/orgsx":      {"rest", "/api/v1/orgsx", "secret of s", "127.0.0.1"},
			"/api/v1/orgs":       {"orgs", "/api/v1/orgs", "", "127.0.0.1"},
			"/api/v1/orgs/a%2Fb": {"orgs", "/api/v1/orgs/a%2Fb", "", "127.0.0.1"},
		}},
		"mappings": {mappings, map[string]call{
			"/":                  {"rest", "/", "", "192.0.2.1"},
			"/api/v1/orgsx":      {"rest", "/api/v1/orgsx", "", "192.0.2.1"},
			"/api/v1/orgs":       {"orgs", "/", "", "192.0.2.1"},
			"/api/v1/orgs/a%2Fb": {"orgs", "/a%2Fb", "", "192.0.2.1"},
		}},
	} {
		read, err := pathsOf(t, test.template)
		check(t, err)
		check(t, read.complete())
		g, err := startGateway(t.Context(), "127.0.0.1:0", emulator.URL)
		check(t, err)
		t.Cleanup(func() { _ = g.server.Close() })
		g.paths.Store(&read)
		for path, want := range test.want {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, g.url+path, nil)
			check(t, err)
			// CloudFront overwrites the header, a domain's mappings do not
			request.Header.Set("True-Client-IP", "192.0.2.1")
			response, err := http.DefaultClient.Do(request)
			check(t, err)
			check(t, response.Body.Close())
			if difference := cmp.Diff(want, <-calls); difference != "" {
				t.Errorf("%s: %s (-want +got):\n%s", name, path, difference)
			}
		}
	}
}

func TestTheVariablesOfAStageAreKnownByTheAPI(t *testing.T) {
	read, err := pathsOf(t, mappings)
	check(t, err)
	if difference := cmp.Diff(map[string]object{"rest": {"prefix": "/p"}}, read.variables); difference != "" {
		t.Error(difference)
	}
}

func TestATemplateThatLeadsNowhereIsAnError(t *testing.T) {
	for _, text := range []string{
		`{"Resources": {}}`,
		strings.Replace(distribution, `"PathPattern": "/api/v1/orgs"`, `"PathPattern": "/api/*/orgs"`, 1),
		strings.Replace(distribution, `"TargetOriginId": "1"`, `"TargetOriginId": "3"`, 1),
		strings.Replace(distribution, `"rest"`, `"elsewhere"`, 1),
		strings.Replace(mappings, `{"Ref": "http"}`, `{"Fn::If": []}`, 1),
	} {
		read, err := pathsOf(t, text)
		if err == nil {
			err = read.complete()
		}
		if err == nil {
			t.Errorf("%s was read as %v, want an error", text, fmt.Sprint(read))
		}
	}
}

func TestAnOutputOfWhatIsLeftOutIsLeftOutToo(t *testing.T) {
	const text = `{"Resources": {"domain": {"Type": "AWS::ApiGatewayV2::DomainName"}}, "Outputs": {
		"Target": {"Value": {"Fn::GetAtt": ["domain", "RegionalDomainName"]}}, "Name": {"Value": {"Fn::Join": ["", [{"Ref": "domain"}]]}},
		"Other": {"Value": "other"}}}`
	got, _, err := adapted([]byte(text), "", "")
	check(t, err)
	if difference := cmp.Diff(object{"Other": object{"Value": "other"}}, got["Outputs"]); difference != "" {
		t.Error(difference)
	}
}
