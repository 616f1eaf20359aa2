//go:build cdk

package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awseventstargets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/infra/aws/settings"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table/dynamo/attribute"
)

// feedBatch is the maximum number of stream records in one invocation of the relay.
const feedBatch = 100

// batchOf returns how many messages of a queue one invocation gets: one part of a job, as each may use
// the full time of an invocation.
func batchOf(name string) float64 {
	if name == queue.CasesJobs || name == queue.Transfers {
		return 1
	}
	return 5
}

// ready returns the function itself, or the alias with its provisioned instances if it has any.
func (d *deployment) ready(stack awscdk.Stack, f catalog.Function, function awslambda.Function) awslambda.IFunction {
	count := d.Concurrency[f.Name]
	if count == 0 {
		return function
	}
	return awslambda.NewAlias(stack, jsii.String(f.Name+" ready"), &awslambda.AliasProps{
		AliasName:                       jsii.String("ready"),
		Version:                         function.CurrentVersion(),
		ProvisionedConcurrentExecutions: jsii.Number(count),
	})
}

// sources adds the event sources that call a function.
func (d *deployment) sources(stack awscdk.Stack, f catalog.Function, function awslambda.Function) {
	if f.Queue != "" {
		d.queueSource(stack, f, function, d.Queue(f.Queue), batchOf(f.Queue), d.Workers[f.Queue])
	}
	if f.DeadLetters {
		for _, name := range queue.Names() {
			d.queueSource(stack, f, function, d.DeadLetters(name), batchOf(""), 0)
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

func (d *deployment) queueSource(
	stack awscdk.Stack,
	f catalog.Function,
	function awslambda.Function,
	name string,
	batch float64,
	workers int,
) {
	var most *float64
	if workers > 0 {
		most = jsii.Number(workers)
	}
	awslambda.NewEventSourceMapping(
		stack,
		jsii.String(f.Name+" from "+name[len(d.Name)+1:]),
		&awslambda.EventSourceMappingProps{
			Target: function, EventSourceArn: text(settings.ARN("sqs", name)),
			BatchSize: jsii.Number(batch), ReportBatchItemFailures: jsii.Bool(true), MaxConcurrency: most,
		},
	)
}

// feedSource makes the core table's stream call a function: only for outbox items, and changed cases and
// organizations, from the oldest record on, retrying until it succeeds or the record is 24 hours old.
func (d *deployment) feedSource(stack awscdk.Stack, f catalog.Function, function awslambda.Function) {
	awslambda.NewEventSourceMapping(stack, jsii.String(f.Name+" from core"), &awslambda.EventSourceMappingProps{
		Target:                  function,
		EventSourceArn:          d.core.TableStreamArn(),
		StartingPosition:        awslambda.StartingPosition_TRIM_HORIZON,
		BatchSize:               jsii.Number(feedBatch),
		ParallelizationFactor:   jsii.Number(1),
		ReportBatchItemFailures: jsii.Bool(true),
		BisectBatchOnError:      jsii.Bool(true),
		Filters: &[]*map[string]any{
			awslambda.FilterCriteria_Filter(&map[string]any{
				"eventName": awslambda.FilterRule_IsEqual("INSERT"),
				"dynamodb": map[string]any{"Keys": map[string]any{attribute.Partition: map[string]any{
					"S": awslambda.FilterRule_BeginsWith(jsii.String("OUTBOX#")),
				}}},
			}),
			awslambda.FilterCriteria_Filter(&map[string]any{
				"dynamodb": map[string]any{"Keys": map[string]any{
					attribute.Partition: map[string]any{"S": awslambda.FilterRule_BeginsWith(jsii.String("ORG#"))},
					attribute.Sort:      map[string]any{"S": awslambda.FilterRule_Or(*indexed()...)},
				}},
			}),
		},
	})
}

// indexed lists the sort keys of what the indexes say of cases and organizations.
func indexed() *[]*string {
	return jsii.Strings("CASE", "ORG", "SETTING", "MARK#NUMBER")
}
