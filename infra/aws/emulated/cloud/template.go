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

// proxyVariable tells MiniStack to hand a function's calls on by HTTP. The function itself never
// sees it.
const proxyVariable = "MINISTACK_LAMBDA_PROXY_URL"

// unknownTypes are what MiniStack's CloudFormation refuses or does not serve, and Tenantry works
// without: what receives mail is in mailroom, what leads clients to the APIs in paths.go, what
// watches has nothing to watch.
func unknownTypes() []string {
	return []string{
		"AWS::SES::ReceiptRuleSet", "AWS::SES::ReceiptRule", "AWS::Budgets::Budget", "AWS::CloudWatch::CompositeAlarm",
		"AWS::CloudWatch::AnomalyDetector", "AWS::Logs::MetricFilter", "AWS::Logs::QueryDefinition",
		"AWS::ResourceGroups::Group", "AWS::CloudFront::Distribution", "AWS::CloudFront::Function",
		"AWS::ApiGatewayV2::DomainName", "AWS::ApiGatewayV2::ApiMapping",
	}
}

// adapted gives a template as the emulator can take it, and the names of the resources that were
// left out.
func adapted(template []byte, address, proxy string) (object, []string, error) {
	var made object
	if err := json.Unmarshal(bytes.ReplaceAll(template, []byte(placeholder), []byte(address)), &made); err != nil {
		return nil, nil, err
	}
	delete(made, "Rules") // they and the parameter ask for what `cdk bootstrap` makes, of which only the bucket is used
	if parameters, ok := made["Parameters"].(object); ok {
		delete(parameters, "BootstrapVersion")
	}
	resources, ok := made["Resources"].(object)
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
	for _, resource := range resources { // an order that names what is left out means nothing any more
		if after, ok := resource.(object)["DependsOn"].([]any); ok {
			resource.(object)["DependsOn"] = slices.DeleteFunc(
				after,
				func(name any) bool { return resources[name.(string)] == nil },
			)
		}
	}
	outputs, _ := made["Outputs"].(object)
	for name, output := range outputs {
		if refersTo(output, removed) {
			delete(outputs, name)
		}
	}
	return made, left, nil
}

// refersTo reports whether a value of a template names one of some resources.
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

// redrive is what becomes of a queue's messages that fail too often. MiniStack's CloudFormation
// leaves it out.
type redrive struct {
	queue, deadLetters string
	receives           int
}

// redrives reads the queues of a template.
func redrives(template object) ([]redrive, error) {
	var found []redrive
	resources := template["Resources"].(object)
	name := func(logical string) string {
		resource, _ := resources[logical].(object)
		properties, _ := resource["Properties"].(object)
		given, _ := properties["QueueName"].(string)
		return given
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
			return nil, fmt.Errorf("the queue %s: its redrive policy is of a form that is not known here: %v",
				logical, policy)
		}
		dead, _ := reference[0].(string)
		found = append(found, redrive{queue: name(logical), deadLetters: name(dead), receives: int(receives)})
	}
	return found, nil
}
