package cloud

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// values resolves the placeholders of a template after the deployment.
type values struct {
	// exports are the values that stacks export, by name.
	exports map[string]string
	// resources maps logical to physical ids of the template's own resources.
	resources map[string]string
	// secret reads a secret by its ARN.
	secret func(arn string) (string, error)
}

// secretReference is how a template refers to a secret that is resolved at deployment.
var secretReference = regexp.MustCompile(`^\{\{resolve:secretsmanager:(.+):SecretString:.*\}\}$`)

// text returns a value as text. It supports the CloudFormation functions that the stacks use in
// routing.
func (v values) text(value any) (string, error) {
	if plain, ok := value.(string); ok {
		if match := secretReference.FindStringSubmatch(plain); match != nil {
			return v.secret(match[1])
		}
		return plain, nil
	}
	call, _ := value.(object)
	for name, argument := range call {
		switch name {
		case "Ref":
			logical, _ := argument.(string)
			if physical, known := v.resources[logical]; known {
				return physical, nil
			}
		case "Fn::ImportValue":
			export, _ := argument.(string)
			if exported, known := v.exports[export]; known {
				return exported, nil
			}
		case "Fn::Join":
			return v.join(argument)
		case "Fn::Select":
			return v.choose(argument)
		}
	}
	return "", fmt.Errorf("an unsupported value: %v", value)
}

func (v values) join(argument any) (string, error) {
	arguments, _ := argument.([]any)
	if len(arguments) != 2 {
		return "", fmt.Errorf("an invalid Fn::Join: %v", argument)
	}
	separator, _ := arguments[0].(string)
	parts, _ := arguments[1].([]any)
	var texts []string
	for _, part := range parts {
		text, err := v.text(part)
		if err != nil {
			return "", err
		}
		texts = append(texts, text)
	}
	return v.text(strings.Join(texts, separator)) // the joined text may be a reference to a secret
}

// choose returns one part of a split text.
func (v values) choose(argument any) (string, error) {
	var arguments struct {
		at   int
		from any
		by   string
	}
	list, _ := argument.([]any)
	if len(list) == 2 {
		at, _ := list[0].(float64)
		split, _ := list[1].(object)
		of, _ := split["Fn::Split"].([]any)
		if len(of) == 2 {
			arguments.at, arguments.from = int(at), of[1]
			arguments.by, _ = of[0].(string)
		}
	}
	if arguments.by == "" {
		return "", fmt.Errorf("an unsupported Fn::Select: %v", argument)
	}
	whole, err := v.text(arguments.from)
	if err != nil {
		return "", err
	}
	parts := strings.Split(whole, arguments.by)
	if arguments.at >= len(parts) {
		return "", fmt.Errorf("%q has no part %d", whole, arguments.at)
	}
	return parts[arguments.at], nil
}

// exported returns the values that stacks export.
func exported(ctx context.Context, client *cloudformation.Client) (map[string]string, error) {
	exports := map[string]string{}
	pages := cloudformation.NewListExportsPaginator(client, &cloudformation.ListExportsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, one := range page.Exports {
			exports[aws.ToString(one.Name)] = aws.ToString(one.Value)
		}
	}
	return exports, nil
}

// findPaths reads from the deployed stacks which API serves which path.
func (i *Installation) findPaths(ctx context.Context) (paths, error) {
	client := cloudformation.NewFromConfig(i.Config())
	exports, err := exported(ctx, client)
	if err != nil {
		return paths{}, err
	}
	var all paths
	for _, one := range i.cloud.assembly.stacks {
		var template object
		if err := json.Unmarshal(one.template, &template); err != nil {
			return paths{}, err
		}
		described, err := client.DescribeStackResources(ctx,
			&cloudformation.DescribeStackResourcesInput{StackName: aws.String(one.name)})
		if err != nil {
			return paths{}, err
		}
		v := values{exports: exports, resources: map[string]string{}, secret: func(arn string) (string, error) {
			secret, err := secretsmanager.NewFromConfig(i.Config()).GetSecretValue(ctx,
				&secretsmanager.GetSecretValueInput{SecretId: aws.String(arn)})
			if err != nil {
				return "", err
			}
			return aws.ToString(secret.SecretString), nil
		}}
		for _, resource := range described.StackResources {
			v.resources[aws.ToString(resource.LogicalResourceId)] = aws.ToString(resource.PhysicalResourceId)
		}
		if err := all.read(template, v); err != nil {
			return paths{}, fmt.Errorf("the stack %s: %w", one.name, err)
		}
	}
	return all, all.complete()
}
