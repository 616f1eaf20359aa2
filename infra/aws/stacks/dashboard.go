//go:build cdk

package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawscloudwatch"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// dashboard creates one page that shows whether everything works: the alarms, then calls,
// functions, queues and tables.
func (d *deployment) dashboard(stack awscdk.Stack, alarms []interfacesawscloudwatch.IAlarmRef) {
	var errors, durations, waiting, consumed []awscloudwatch.IMetric
	for _, f := range d.functions {
		if unseen(f) {
			errors = append(errors, d.functionMetric(f, "Errors", "Sum"))
			durations = append(durations, d.functionMetric(f, "Duration", "p99"))
		}
		if f.Feed {
			waiting = append(waiting, d.functionMetric(f, "IteratorAge", "Maximum"))
		}
	}
	depths := []awscloudwatch.IMetric{}
	for _, name := range queue.Names() {
		waiting = append(waiting, queueMetric(d.Queue(name), "ApproximateAgeOfOldestMessage", "Maximum"))
		depths = append(depths, queueMetric(d.Queue(name), "ApproximateNumberOfMessagesVisible", "Maximum"),
			queueMetric(d.DeadLetters(name), "ApproximateNumberOfMessagesVisible", "Maximum"))
	}
	for _, table := range []grant.Resource{grant.Core, grant.Audit, grant.Derived} {
		consumed = append(consumed, d.tableMetric(table, "ConsumedReadCapacityUnits", ""),
			d.tableMetric(table, "ConsumedWriteCapacityUnits", ""))
	}
	row := func(widgets ...awscloudwatch.IWidget) *[]awscloudwatch.IWidget { return &widgets }
	awscloudwatch.NewDashboard(stack, jsii.String("dashboard"), &awscloudwatch.DashboardProps{
		DashboardName: jsii.String(d.Name),
		Widgets: &[]*[]awscloudwatch.IWidget{
			row(awscloudwatch.NewAlarmStatusWidget(&awscloudwatch.AlarmStatusWidgetProps{
				Title: jsii.String("Alarms"), Alarms: &alarms, Width: jsii.Number(24), Height: jsii.Number(4),
			})),
			row(graph("Calls and server errors", d.calls("Count"), d.calls("4xx"), d.calls("5xx")),
				graph("Latency of calls (ms)", d.latency("p50"), d.latency("p99"))),
			row(graph("Errors in background functions", append(errors, metric(d.Name, errorsMetric, "Sum", nil))...),
				graph("Duration of background functions (ms, p99)", durations...)),
			row(graph("Age of messages (s; stream: ms)", waiting...), graph("Waiting messages", depths...)),
			row(graph("Capacity units of the tables", consumed...),
				graph("Mail: bounces and complaints", reputation("BounceRate"), reputation("ComplaintRate"))),
		},
	})
}

func graph(title string, metrics ...awscloudwatch.IMetric) awscloudwatch.IWidget {
	return awscloudwatch.NewGraphWidget(
		&awscloudwatch.GraphWidgetProps{
			Title:  jsii.String(title),
			Left:   &metrics,
			Width:  jsii.Number(12),
			Height: jsii.Number(6),
		},
	)
}
