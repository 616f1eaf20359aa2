package access

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Policy is what a role allows.
type Policy []Statement

// Statement allows actions on resources; both may contain * and ?.
type Statement struct{ Actions, Resources []string }

// Allows reports whether a policy allows an action on a resource.
func (p Policy) Allows(c Call) bool {
	for _, statement := range p {
		if anyMatches(statement.Actions, c.Action) && anyMatches(statement.Resources, c.Resource) {
			return true
		}
	}
	return false
}

func anyMatches(patterns []string, text string) bool {
	for _, pattern := range patterns {
		if matches(pattern, text) {
			return true
		}
	}
	return false
}

// matches compares as IAM does: * stands for any number of characters, ? for one.
func matches(pattern, text string) bool {
	for pattern != "" {
		switch {
		case pattern[0] == '*':
			for n := 0; n <= len(text); n++ {
				if matches(pattern[1:], text[n:]) {
					return true
				}
			}
			return false
		case text == "" || pattern[0] != '?' && pattern[0] != text[0]:
			return false
		}
		pattern, text = pattern[1:], text[1:]
	}
	return text == ""
}

type object = map[string]any

// Functions reads the policies of a template's functions, by the function's name. Resolve returns
// the text of a value that CloudFormation fills in.
func Functions(template object, resolve func(any) (string, error)) (map[string]Policy, error) {
	policies := map[string]Policy{}
	resources, _ := template["Resources"].(object)
	for logical, one := range resources {
		resource, _ := one.(object)
		if resource["Type"] != "AWS::Lambda::Function" {
			continue
		}
		properties, _ := resource["Properties"].(object)
		name, _ := properties["FunctionName"].(string)
		if name == "" {
			return nil, fmt.Errorf("the function %s has no name", logical)
		}
		role, err := roleOf(resources, properties)
		if err != nil {
			return nil, fmt.Errorf("the role of %s: %w", name, err)
		}
		if policies[name], err = policyOf(role, resolve); err != nil {
			return nil, fmt.Errorf("the role of %s: %w", name, err)
		}
	}
	return policies, nil
}

func roleOf(resources, function object) (object, error) {
	reference, _ := function["Role"].(object)
	attribute, _ := reference["Fn::GetAtt"].([]any)
	if len(attribute) != 2 {
		return nil, fmt.Errorf("want a role of the same stack, not %v", function["Role"])
	}
	logical, _ := attribute[0].(string)
	role, _ := resources[logical].(object)
	properties, ok := role["Properties"].(object)
	if !ok {
		return nil, fmt.Errorf("there is no role %s", logical)
	}
	return properties, nil
}

// policyOf reads a role's inline policies. Denials and conditions are not supported and cause an
// error.
func policyOf(role object, resolve func(any) (string, error)) (Policy, error) {
	type statement struct {
		Effect               string
		Action, Resource     any
		Condition            any
		NotAction, Principal any
	}
	text, err := json.Marshal(role["Policies"])
	if err != nil {
		return nil, err
	}
	var policies []struct {
		PolicyDocument struct{ Statement []statement }
	}
	if err := json.Unmarshal(text, &policies); err != nil {
		return nil, err
	}
	var statements Policy
	for _, policy := range policies {
		for _, s := range policy.PolicyDocument.Statement {
			if s.Effect != "Allow" || s.Condition != nil || s.NotAction != nil {
				return nil, fmt.Errorf("an unsupported statement: %+v", s)
			}
			var one Statement
			for _, list := range []struct {
				from any
				to   *[]string
			}{{s.Action, &one.Actions}, {s.Resource, &one.Resources}} {
				values, several := list.from.([]any)
				if !several {
					values = []any{list.from}
				}
				for _, value := range values {
					text, err := resolve(value)
					if err != nil {
						return nil, err
					}
					*list.to = append(*list.to, text)
				}
			}
			statements = append(statements, one)
		}
	}
	if attached, _ := role["ManagedPolicyArns"].([]any); len(attached) > 0 {
		return nil, fmt.Errorf("managed policies are not supported: %v", attached)
	}
	return statements, nil
}

// Denial describes a refused call.
func Denial(function string, c Call) string {
	return strings.Join([]string{function, "may not", c.Action, "on", c.Resource}, " ")
}
