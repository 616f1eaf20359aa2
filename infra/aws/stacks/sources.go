//go:build cdk

package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2integrations"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awseventstargets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/infra/aws/settings"
	"github.com/tenantry/tenantry/shared/queue"
	"github.com/tenantry/tenantry/shared/table/dynamo"
)

const (
	queueBatch = 5
	feedBatch  = 100
	// sending is how many batches of mail are sent at a time: a new account at SES may send one mail a second, a usual one 14.
	sending = 2
)

// routes makes the API's routes to a function, in the function's own stack.
func (d *deployment) routes(stack awscdk.Stack, f catalog.Function, function awslambda.Function) {
	if len(f.Routes) == 0 {
		return
	}
	integration := awsapigatewayv2integrations.NewHttpLambdaIntegration(jsii.String("integration"), d.ready(stack, f, function), nil)
	for _, route := range f.Routes {
		key := awsapigatewayv2.HttpRouteKey_DEFAULT()
		if route.Path != "$default" {
			key = awsapigatewayv2.HttpRouteKey_With(jsii.String(route.Path), awsapigatewayv2.HttpMethod(route.Method))
		}
		awsapigatewayv2.NewHttpRoute(stack, jsii.String(f.Name+" "+route.Method+" "+route.Path), &awsapigatewayv2.HttpRouteProps{
			HttpApi: d.http, Integration: integration, RouteKey: key,
		})
	}
}

// ready gives the function itself, or where instances of it are to stand ready, the alias that has them.
func (d *deployment) ready(stack awscdk.Stack, f catalog.Function, function awslambda.Function) awslambda.IFunction {
	count := d.Concurrency[f.Name]
	if count == 0 {
		return function
	}
	return awslambda.NewAlias(stack, jsii.String(f.Name+" ready"), &awslambda.AliasProps{
		AliasName: jsii.String("ready"), Version: function.CurrentVersion(), ProvisionedConcurrentExecutions: jsii.Number(count),
	})
}

// sources makes what else calls a function.
func (d *deployment) sources(stack awscdk.Stack, f catalog.Function, function awslambda.Function) {
	if f.Queue != "" {
		var most *float64
		if f.Queue == queue.MailSend {
			most = jsii.Number(sending)
		}
		d.queueSource(stack, f, function, d.Queue(f.Queue), most)
	}
	if f.DeadLetters {
		for _, name := range queue.Names() {
			d.queueSource(stack, f, function, d.DeadLetters(name), nil)
		}
	}
	if f.Feed {
		d.feedSource(stack, f, function)
	}
	if f.Every > 0 {
		awsevents.NewRule(stack, jsii.String(f.Name+" schedule"), &awsevents.RuleProps{
			RuleName: jsii.String(d.Function(f.Name)), Description: jsii.String(f.Summary),
			Schedule: awsevents.Schedule_Rate(seconds(f.Every)),
			Targets:  &[]awsevents.IRuleTarget{awseventstargets.NewLambdaFunction(function, nil)},
		})
	}
}

func (d *deployment) queueSource(stack awscdk.Stack, f catalog.Function, function awslambda.Function, name string, most *float64) {
	awslambda.NewEventSourceMapping(stack, jsii.String(f.Name+" from "+name[len(d.Name)+1:]), &awslambda.EventSourceMappingProps{
		Target: function, EventSourceArn: text(settings.ARN("sqs", name)),
		BatchSize: jsii.Number(queueBatch), ReportBatchItemFailures: jsii.Bool(true), MaxConcurrency: most,
	})
}

// feedSource has the core table's stream call a function: only with what was put into the outbox and with changed cases, from the oldest record
// on, and again until it succeeds or the record is 24 hours old.
func (d *deployment) feedSource(stack awscdk.Stack, f catalog.Function, function awslambda.Function) {
	awslambda.NewEventSourceMapping(stack, jsii.String(f.Name+" from core"), &awslambda.EventSourceMappingProps{
		Target: function, EventSourceArn: d.core.TableStreamArn(), StartingPosition: awslambda.StartingPosition_TRIM_HORIZON,
		BatchSize: jsii.Number(feedBatch), ParallelizationFactor: jsii.Number(1),
		ReportBatchItemFailures: jsii.Bool(true), BisectBatchOnError: jsii.Bool(false),
		Filters: &[]*map[string]any{
			awslambda.FilterCriteria_Filter(&map[string]any{
				"eventName": awslambda.FilterRule_IsEqual("INSERT"),
				"dynamodb": map[string]any{"Keys": map[string]any{dynamo.PartitionAttribute: map[string]any{
					"S": awslambda.FilterRule_BeginsWith(jsii.String("OUTBOX#")),
				}}},
			}),
			awslambda.FilterCriteria_Filter(&map[string]any{
				"dynamodb": map[string]any{"Keys": map[string]any{
					dynamo.PartitionAttribute: map[string]any{"S": awslambda.FilterRule_BeginsWith(jsii.String("ORG#"))},
					dynamo.SortAttribute:      map[string]any{"S": awslambda.FilterRule_IsEqual("CASE")},
				}},
			}),
		},
	})
}
