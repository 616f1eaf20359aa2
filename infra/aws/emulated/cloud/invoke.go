package cloud

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/tenantry/tenantry/functions/catalog"
)

// Invoke calls a function with an event and returns its response. The name is one of the catalog;
// an endpoint's name stands for the function that serves it. An event of API Gateway gets the
// headers that CloudFront would add.
func (i *Installation) Invoke(ctx context.Context, name string, event []byte) ([]byte, error) {
	functions, err := catalog.Functions(i.stacks.Granularity)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(functions, func(f catalog.Function) bool {
		serves := slices.ContainsFunc(f.Routes, func(route catalog.Route) bool { return route.Owner == name })
		return f.Name == name || serves
	})
	if at < 0 {
		return nil, fmt.Errorf("there is no function %q: use a name that has a file in events/, as in cases.list", name)
	}
	if event, err = i.throughFront(event); err != nil {
		return nil, err
	}
	function := i.stacks.Function(functions[at].Name)
	answer, err := lambda.NewFromConfig(i.Config()).Invoke(ctx,
		&lambda.InvokeInput{FunctionName: aws.String(function), Payload: event})
	if err != nil {
		return nil, err
	}
	if answer.FunctionError != nil {
		return nil, fmt.Errorf("the function %s failed: %s", function, answer.Payload)
	}
	return answer.Payload, nil
}

// throughFront adds the headers that CloudFront adds to a request to an event of API Gateway.
func (i *Installation) throughFront(event []byte) ([]byte, error) {
	var whole object
	if err := json.Unmarshal(event, &whole); err != nil {
		return nil, fmt.Errorf("the event is not a JSON object: %w", err)
	}
	path, ok := whole["rawPath"].(string)
	if !ok {
		return event, nil
	}
	headers, _ := whole["headers"].(object)
	if headers == nil {
		headers = object{}
		whole["headers"] = headers
	}
	for name, values := range i.gateway.paths.Load().find(path).headers {
		headers[strings.ToLower(name)] = strings.Join(values, ",")
	}
	return json.Marshal(whole)
}
