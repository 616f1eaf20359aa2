package cloud

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// target is one of the HTTP APIs behind the one host.
type target struct {
	// api is the API's id.
	api string
	// strip is the prefix that a custom domain's mapping removes from the path, as in
	// "/api/v1/orgs".
	strip string
	// headers are those that CloudFront adds.
	headers http.Header
}

// paths says which API serves which path: by the behaviors of CloudFront, or by the mappings of a
// custom domain.
type paths struct {
	rules []rule
	// rest serves what no rule matches.
	rest *target
	// variables are the stage variables, by API id.
	variables map[string]object
}

// rule leads a path to a target; if below is set, all paths below it too.
type rule struct {
	path  string
	below bool
	to    target
}

// find returns the target of a path. As with CloudFront, the first matching rule counts; mappings
// are sorted so that the longest comes first.
func (p paths) find(path string) target {
	for _, one := range p.rules {
		if path == one.path || one.below && strings.HasPrefix(path, strings.TrimSuffix(one.path, "/")+"/") {
			return one.to
		}
	}
	return *p.rest
}

// complete returns an error if no API serves the paths that no rule matches.
func (p paths) complete() error {
	if p.rest == nil {
		return errors.New("the stacks have neither a distribution nor a domain that leads to an HTTP API")
	}
	return nil
}

// read adds the rules of a template.
func (p *paths) read(template object, v values) error {
	resources, _ := template["Resources"].(object)
	for _, one := range resources {
		resource, _ := one.(object)
		properties, _ := resource["Properties"].(object)
		var err error
		switch resource["Type"] {
		case "AWS::CloudFront::Distribution":
			err = p.readDistribution(properties, v)
		case "AWS::ApiGatewayV2::ApiMapping":
			err = p.readMapping(properties, v)
		case "AWS::ApiGatewayV2::Stage":
			err = p.readStage(properties, v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *paths) readDistribution(properties object, v values) error {
	config, _ := properties["DistributionConfig"].(object)
	targets := map[any]target{}
	origins, _ := config["Origins"].([]any)
	for _, one := range origins {
		origin, _ := one.(object)
		host, err := v.text(origin["DomainName"])
		if err != nil {
			return err
		}
		to := target{headers: http.Header{}}
		to.api, _, _ = strings.Cut(host, ".")
		headers, _ := origin["OriginCustomHeaders"].([]any)
		for _, one := range headers {
			header, _ := one.(object)
			name, _ := header["HeaderName"].(string)
			value, err := v.text(header["HeaderValue"])
			if err != nil {
				return err
			}
			to.headers.Set(name, value)
		}
		targets[origin["Id"]] = to
	}
	behaviors, _ := config["CacheBehaviors"].([]any)
	for _, one := range behaviors {
		behavior, _ := one.(object)
		pattern, _ := behavior["PathPattern"].(string)
		path, below := strings.CutSuffix(pattern, "/*")
		to, known := targets[behavior["TargetOriginId"]]
		if !known || path == "" || strings.ContainsAny(path, "*?") {
			return fmt.Errorf("an unsupported behavior: %v", behavior)
		}
		if below {
			path += "/" // the pattern itself does not match the path without the slash
		}
		p.rules = append(p.rules, rule{path, below, to})
	}
	standard, _ := config["DefaultCacheBehavior"].(object)
	if to, known := targets[standard["TargetOriginId"]]; known {
		p.rest = &to
	}
	return nil
}

func (p *paths) readMapping(properties object, v values) error {
	id, err := v.text(properties["ApiId"])
	if err != nil {
		return err
	}
	key, _ := properties["ApiMappingKey"].(string)
	if key == "" {
		p.rest = &target{api: id}
		return nil
	}
	p.rules = append(p.rules, rule{"/" + key, true, target{api: id, strip: "/" + key}})
	slices.SortFunc(p.rules, func(a, b rule) int { return cmp.Compare(len(b.path), len(a.path)) })
	return nil
}

func (p *paths) readStage(properties object, v values) error {
	variables, ok := properties["StageVariables"].(object)
	if !ok {
		return nil
	}
	id, err := v.text(properties["ApiId"])
	if err != nil {
		return err
	}
	if p.variables == nil {
		p.variables = map[string]object{}
	}
	p.variables[id] = variables
	return nil
}
