package cloud

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

type object = map[string]any

// proxyVariable tells MiniStack to forward a function's calls by HTTP. The function itself never
// sees it.
const proxyVariable = "MINISTACK_LAMBDA_PROXY_URL"

// unknownTypes are resource types that MiniStack's CloudFormation rejects or does not implement,
// and that Tenantry works without: package mailroom receives mail, paths.go routes clients to the
// APIs, and the monitoring has nothing to monitor.
func unknownTypes() []string {
	return []string{
		"AWS::SES::ReceiptRuleSet", "AWS::SES::ReceiptRule", "AWS::Budgets::Budget", "AWS::CloudWatch::CompositeAlarm",
		"AWS::CloudWatch::AnomalyDetector", "AWS::Logs::MetricFilter", "AWS::Logs::QueryDefinition",
		"AWS::ResourceGroups::Group", "AWS::CloudFront::Distribution", "AWS::CloudFront::Function",
		"AWS::ApiGatewayV2::DomainName", "AWS::ApiGatewayV2::ApiMapping",
	}
}

// adapted returns a template in a form that the emulator accepts, and the names of the resources
// that were left out.
func adapted(template []byte, address, proxy string) (object, []string, error) {
	var result object
	if err := json.Unmarshal(bytes.ReplaceAll(template, []byte(placeholder), []byte(address)), &result); err != nil {
		return nil, nil, err
	}
	delete(result, "Rules") // they and the parameter refer to what `cdk bootstrap` creates; only the bucket is used
	if parameters, ok := result["Parameters"].(object); ok {
		delete(parameters, "BootstrapVersion")
	}
	resources, ok := result["Resources"].(object)
	if !ok {
		return nil, nil, fmt.Errorf("a template without resources")
	}
	var left []string
	removed := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(resources)) {
		resource := resources[name].(object)
		properties, _ := resource["Properties"].(object)
		kind, _ := resource["Type"].(string)
		switch {
		case slices.Contains(unknownTypes(), kind), kind == "AWS::CloudWatch::Alarm" && properties["Metrics"] != nil:
			left = append(left, strings.TrimPrefix(kind, "AWS::")+" "+name)
			delete(resources, name)
			removed[name] = true
		case kind == "AWS::Lambda::Function":
			environment, _ := properties["Environment"].(object)
			if environment == nil {
				environment = object{"Variables": object{}}
				properties["Environment"] = environment
			}
			environment["Variables"].(object)[proxyVariable] = proxy
		}
	}
	for _, resource := range resources { // dependencies on removed resources must go too
		if after, ok := resource.(object)["DependsOn"].([]any); ok {
			resource.(object)["DependsOn"] = slices.DeleteFunc(after,
				func(name any) bool { return resources[name.(string)] == nil })
		}
	}
	outputs, _ := result["Outputs"].(object)
	for name, output := range outputs {
		if refersTo(output, removed) {
			delete(outputs, name)
		}
	}
	return result, left, nil
}

// refersTo reports whether a value of a template refers to one of the resources.
func refersTo(value any, resources map[string]bool) bool {
	switch value := value.(type) {
	case []any:
		return slices.ContainsFunc(value, func(one any) bool { return refersTo(one, resources) })
	case object:
		if name, ok := value["Ref"].(string); ok && resources[name] {
			return true
		}
		if attribute, ok := value["Fn::GetAtt"].([]any); ok && len(attribute) > 0 {
			name, _ := attribute[0].(string)
			return resources[name]
		}
		for _, one := range value {
			if refersTo(one, resources) {
				return true
			}
		}
	}
	return false
}

// redrive says where a queue's messages go after too many failures. MiniStack's CloudFormation
// ignores it.
type redrive struct {
	queue, deadLetters string
	receives           int
}

// redrives reads the redrive policies of a template's queues.
func redrives(template object) ([]redrive, error) {
	var policies []redrive
	resources := template["Resources"].(object)
	name := func(logical string) string {
		resource, _ := resources[logical].(object)
		properties, _ := resource["Properties"].(object)
		text, _ := properties["QueueName"].(string)
		return text
	}
	for logical, one := range resources {
		resource := one.(object)
		if resource["Type"] != "AWS::SQS::Queue" {
			continue
		}
		policy, ok := resource["Properties"].(object)["RedrivePolicy"].(object)
		if !ok {
			continue
		}
		target, _ := policy["deadLetterTargetArn"].(object)
		reference, _ := target["Fn::GetAtt"].([]any)
		receives, _ := policy["maxReceiveCount"].(float64)
		if len(reference) == 0 || receives == 0 || name(logical) == "" {
			return nil, fmt.Errorf("the queue %s: unsupported redrive policy: %v", logical, policy)
		}
		dead, _ := reference[0].(string)
		policies = append(policies, redrive{queue: name(logical), deadLetters: name(dead), receives: int(receives)})
	}
	return policies, nil
}
