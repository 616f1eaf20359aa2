//go:build cdk

package stacks

import (
	"fmt"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// alarm goes off when a metric reaches its limit in most of the latest periods.
type alarm struct {
	name string
	// means says in one line what is wrong; playbook names the page of docs/playbooks with the
	// details.
	means, playbook string
	metric          awscloudwatch.IMetric
	limit           float64
	// of is the number of periods evaluated, most the number of those that must reach the limit.
	most, of float64
	// seldom is set for metrics that AWS publishes a few times a day; the alarm keeps its state in
	// between.
	seldom bool
}

func (a alarm) in(stack awscdk.Stack, prefix string) awscloudwatch.Alarm {
	missing := awscloudwatch.TreatMissingData_NOT_BREACHING
	if a.seldom {
		missing = awscloudwatch.TreatMissingData_IGNORE
	}
	return awscloudwatch.NewAlarm(stack, jsii.String(a.name), &awscloudwatch.AlarmProps{
		AlarmName:          jsii.String(prefix + "-" + a.name),
		AlarmDescription:   jsii.String(fmt.Sprintf("%s. What to do: docs/playbooks/%s.md", a.means, a.playbook)),
		Metric:             a.metric,
		Threshold:          jsii.Number(a.limit),
		ComparisonOperator: awscloudwatch.ComparisonOperator_GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
		DatapointsToAlarm:  jsii.Number(a.most), EvaluationPeriods: jsii.Number(a.of),
		TreatMissingData: missing,
	})
}

// alarms lists all alarms. Each metric of an alarm costs money every month, so functions that
// people wait for have no alarms of their own: their faults show in the API's metrics.
func (d *deployment) alarms() []alarm {
	list := []alarm{
		{
			name: "api-errors", means: "More than 2 % of the calls fail with a server error", playbook: "api-errors",
			metric: d.faults(), limit: 2, most: 2, of: 3,
		},
		{
			name: "api-slow", means: "One call in 100 takes longer than 3 seconds", playbook: "api-slow",
			metric: d.latency("p99"), limit: 3000, most: 3, of: 3,
		},
		{
			name:     "throttles",
			means:    "AWS Lambda throttles functions in this account",
			playbook: "throttles",
			metric:   metric("AWS/Lambda", "Throttles", "Sum", nil),
			limit:    1,
			most:     2,
			of:       3,
		},
		{
			name:     "logged-errors",
			means:    "A background function logged an error that needs a person",
			playbook: "logged-errors",
			metric:   metric(d.Name, errorsMetric, "Sum", nil),
			limit:    1,
			most:     1,
			of:       1,
		},
		{
			name:     "mail-bounces",
			means:    "More than 4 % of the mails bounce; at 5 % Amazon SES reviews the account",
			playbook: "mail-bounces",
			metric:   reputation("BounceRate"),
			limit:    0.04,
			most:     1,
			of:       1,
			seldom:   true,
		},
		{
			name:     "mail-complaints",
			means:    "Recipients report our mail as spam; at 0.1 % Amazon SES reviews the account",
			playbook: "mail-complaints",
			metric:   reputation("ComplaintRate"),
			limit:    0.0008,
			most:     1,
			of:       1,
			seldom:   true,
		},
		d.tableThrottles(),
		d.tableErrors(),
	}
	for _, f := range d.functions {
		if f.Name == catalog.ArchiveName {
			// It is called every hour, and again soon after it failed.
			list = append(list, alarm{
				name: "archive", means: "The audit log is not archived, or more than two days late", playbook: "archive",
				metric: d.functionMetric(f, "Errors", "Sum"), limit: 1, most: 1, of: 1,
			})
		} else if unseen(f) || d.EveryFunction {
			list = append(list, alarm{
				name:     "errors-" + d.Function(f.Name)[len(d.Name)+1:],
				means:    "The function " + f.Name + " fails",
				playbook: "function-errors",
				metric:   d.functionMetric(f, "Errors", "Sum"),
				limit:    1,
				most:     2,
				of:       3,
			})
		}
		if f.Feed {
			list = append(list, alarm{
				name:     "stream-age",
				means:    "Messages of committed changes wait longer than a minute for their queues",
				playbook: "stream-age",
				metric:   d.functionMetric(f, "IteratorAge", "Maximum"),
				limit:    60_000,
				most:     2,
				of:       2,
			})
		}
	}
	return append(list, d.queueAlarms()...)
}

func (d *deployment) queueAlarms() []alarm {
	var list []alarm
	for _, name := range queue.Names() {
		// Two failed attempts and one period.
		late := 2*hidden*d.find(func(f catalog.Function) bool { return f.Queue == name }).Timeout + period*time.Minute
		list = append(list,
			alarm{
				name:     "queue-age-" + name,
				means:    fmt.Sprintf("%s longer than %.0f minutes", waiting(name), late.Minutes()),
				playbook: ageBook(name),
				metric:   queueMetric(d.Queue(name), "ApproximateAgeOfOldestMessage", "Maximum"),
				limit:    late.Seconds(),
				most:     2,
				of:       2,
			},
			alarm{
				name:     "dead-letters-" + name,
				means:    "Dead letters of the queue " + name + " are not moved to the table",
				playbook: "dead-letters",
				// Messages in flight count too: if the function that moves them keeps failing, they
				// are hardly ever visible.
				metric: sum(
					"Dead letters",
					queueMetric(d.DeadLetters(name), "ApproximateNumberOfMessagesVisible", "Maximum"),
					queueMetric(d.DeadLetters(name), "ApproximateNumberOfMessagesNotVisible", "Maximum"),
				),
				limit: 1,
				most:  2,
				of:    2,
			})
	}
	return list
}

// waiting says what it means that messages of a queue are old.
func waiting(name string) string {
	switch name {
	case queue.CasesIndex:
		return "The search index lags behind the cases and organizations by"
	case queue.CasesJobs, queue.Transfers:
		return "A part of a job waits"
	default:
		return "A message on the queue " + name + " waits"
	}
}

// ageBook returns the playbook for old messages of a queue.
func ageBook(name string) string {
	switch name {
	case queue.CasesIndex:
		return "index-lags"
	case queue.CasesJobs, queue.Transfers:
		return "jobs-wait"
	default:
		return "queue-age"
	}
}

func (d *deployment) tableThrottles() alarm {
	var metrics []awscloudwatch.Metric
	for _, table := range []grant.Resource{grant.Core, grant.Audit, grant.Derived} {
		metrics = append(metrics, d.tableMetric(table, "ReadThrottleEvents", ""),
			d.tableMetric(table, "WriteThrottleEvents", ""))
	}
	return alarm{
		name: "table-throttles", means: "Amazon DynamoDB throttles requests", playbook: "table-throttles",
		metric: sum("Throttled requests", metrics...), limit: 10, most: 2, of: 3,
	}
}

func (d *deployment) tableErrors() alarm {
	var metrics []awscloudwatch.Metric
	for _, operation := range []string{"GetItem", "BatchGetItem", "Query", "PutItem", "TransactWriteItems"} {
		metrics = append(metrics, d.tableMetric(grant.Core, "SystemErrors", operation))
	}
	return alarm{
		name: "table-errors", means: "Amazon DynamoDB returns server errors", playbook: "table-errors",
		metric: sum("Server errors", metrics...), limit: 5, most: 2, of: 3,
	}
}
