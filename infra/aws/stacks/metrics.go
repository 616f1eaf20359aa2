//go:build cdk

package stacks

import (
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/grant"
)

// period is the time that one data point of a metric covers.
const period = 5

// errorsMetric counts the lines of level ERROR that background functions log.
const errorsMetric = "LoggedErrors"

func metric(namespace, name, statistic string, dimensions map[string]*string) awscloudwatch.Metric {
	return awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
		Namespace: jsii.String(namespace), MetricName: jsii.String(name), Statistic: jsii.String(statistic),
		DimensionsMap: &dimensions, Period: awscdk.Duration_Minutes(jsii.Number(period)),
	})
}

func (d *deployment) functionMetric(f catalog.Function, name, statistic string) awscloudwatch.Metric {
	return metric("AWS/Lambda", name, statistic, map[string]*string{"FunctionName": jsii.String(d.Function(f.Name))})
}

// acrossAPIs adds a metric of each API to the metrics of a math expression and returns their ids,
// which begin with the metric's name, because a graph cannot use an id twice.
func (d *deployment) acrossAPIs(using map[string]awscloudwatch.IMetric, name, statistic string) []string {
	ids := make([]string, 0, len(d.apis))
	for i, a := range d.apis {
		id := "m" + name + statistic + strconv.Itoa(i)
		using[id] = metric("AWS/ApiGateway", name, statistic, map[string]*string{"ApiId": a.http.ApiId()})
		ids = append(ids, id)
	}
	return ids
}

// counted returns the expression for the sum of metrics; a metric without data counts as 0.
func counted(ids []string) string { return "FILL(" + strings.Join(ids, ", 0) + FILL(") + ", 0)" }

// calls counts the calls of all APIs: "Count" counts all calls, "4xx" and "5xx" those with such a
// status.
func (d *deployment) calls(name string) awscloudwatch.IMetric {
	using := map[string]awscloudwatch.IMetric{}
	return calculated(name, counted(d.acrossAPIs(using, name, "Sum")), using)
}

// latency is the latency of the slowest API, in milliseconds.
func (d *deployment) latency(percentile string) awscloudwatch.IMetric {
	using := map[string]awscloudwatch.IMetric{}
	return calculated("Latency, "+percentile,
		"MAX(["+strings.Join(d.acrossAPIs(using, "Latency", percentile), ", ")+"])", using)
}

// faults is the percentage of calls that fail with a server error.
func (d *deployment) faults() awscloudwatch.IMetric {
	using := map[string]awscloudwatch.IMetric{}
	faults, all := counted(d.acrossAPIs(using, "5xx", "Sum")), counted(d.acrossAPIs(using, "Count", "Sum"))
	return calculated("Server errors (%)", "100 * ("+faults+") / ("+all+")", using)
}

func queueMetric(queue, name, statistic string) awscloudwatch.Metric {
	return metric("AWS/SQS", name, statistic, map[string]*string{"QueueName": jsii.String(queue)})
}

func (d *deployment) tableMetric(table grant.Resource, name, operation string) awscloudwatch.Metric {
	dimensions := map[string]*string{"TableName": jsii.String(d.Table(table))}
	if operation != "" {
		dimensions["Operation"] = jsii.String(operation)
	}
	return metric("AWS/DynamoDB", name, "Sum", dimensions)
}

// reputation is a metric that Amazon SES publishes for the whole account, a few times a day.
func reputation(name string) awscloudwatch.Metric {
	return metric("AWS/SES", "Reputation."+name, "Average",
		nil).With(&awscloudwatch.MetricOptions{Period: awscdk.Duration_Hours(jsii.Number(1))})
}

// sum adds metrics; a metric without data counts as 0.
func sum(label string, metrics ...awscloudwatch.Metric) awscloudwatch.IMetric {
	using := map[string]awscloudwatch.IMetric{}
	ids := make([]string, 0, len(metrics))
	for i, one := range metrics {
		id := "m" + strconv.Itoa(i)
		using[id] = one
		ids = append(ids, id)
	}
	return calculated(label, counted(ids), using)
}

func calculated(label, expression string, using map[string]awscloudwatch.IMetric) awscloudwatch.IMetric {
	return awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{
		Label: jsii.String(label), Expression: jsii.String(expression), UsingMetrics: &using,
		Period: awscdk.Duration_Minutes(jsii.Number(period)),
	})
}

// loggedErrors counts what functions log with the level ERROR, which means that a person must act.
func (d *deployment) loggedErrors(stack awscdk.Stack) {
	for _, f := range d.functions {
		if !unseen(f) {
			continue
		}
		awslogs.NewMetricFilter(stack, jsii.String(f.Name+" errors"), &awslogs.MetricFilterProps{
			LogGroup: awslogs.LogGroup_FromLogGroupName(stack, jsii.String(f.Name+" log"),
				jsii.String(d.LogGroup(f.Name))),
			FilterPattern: awslogs.FilterPattern_StringValue(jsii.String("$.level"), jsii.String("="),
				jsii.String("ERROR")),
			MetricNamespace: jsii.String(d.Name),
			MetricName:      jsii.String(errorsMetric),
			MetricValue:     jsii.String("1"),
		})
	}
}
