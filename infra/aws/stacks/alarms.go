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

// alarm goes off when a metric is at a limit or above it in most of the latest periods.
type alarm struct {
	name string
	// means says in a line what is wrong; playbook is the page of docs/playbooks that says the
	// rest.
	means, playbook string
	metric          awscloudwatch.IMetric
	limit           float64
	// of is how many periods are looked at, and most how many of them must be at the limit.
	most, of float64
	// seldom is set for metrics that AWS tells a few times a day: in between, all stays as it was.
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

// alarms lists all alarms. Each metric in one costs money each month, so functions that people wait
// for have none of their own: their faults show at the API.
func (d *deployment) alarms() []alarm {
	list := []alarm{
		{
			name: "api-errors", means: "More than 2 of 100 calls end with a fault of ours", playbook: "api-errors",
			metric: d.faults(), limit: 2, most: 2, of: 3,
		},
		{
			name: "api-slow", means: "One call in a hundred takes longer than 3 seconds", playbook: "api-slow",
			metric: d.latency("p99"), limit: 3000, most: 3, of: 3,
		},
		{
			name:     "throttles",
			means:    "AWS Lambda turns calls of functions away in this account",
			playbook: "throttles",
			metric:   metric("AWS/Lambda", "Throttles", "Sum", nil),
			limit:    1,
			most:     2,
			of:       3,
		},
		{
			name:     "logged-errors",
			means:    "A function that works in the background needs a person",
			playbook: "logged-errors",
			metric:   metric(d.Name, errorsMetric, "Sum", nil),
			limit:    1,
			most:     1,
			of:       1,
		},
		{
			name:     "mail-bounces",
			means:    "More than 4 of 100 mails come back; at 5 Amazon SES looks into the account",
			playbook: "mail-bounces",
			metric:   reputation("BounceRate"),
			limit:    0.04,
			most:     1,
			of:       1,
			seldom:   true,
		},
		{
			name:     "mail-complaints",
			means:    "Recipients call our mail spam; at 1 of 1000 Amazon SES looks into the account",
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
		if unseen(f) || d.EveryFunction {
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
		// So long a message waits that was tried twice in vain, and a little longer.
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
				means:    "Dead letters of the queue " + name + " are not put away",
				playbook: "dead-letters",
				// Those that are being taken over count too: where that fails, they are hardly ever
				// visible.
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

// waiting says what it means that messages of a queue are old: what it is that waits.
func waiting(name string) string {
	switch name {
	case queue.CasesIndex:
		return "Changed cases are not found by what they say now for"
	case queue.CasesJobs:
		return "A part of a long action on cases waits"
	default:
		return "A message on the queue " + name + " waits"
	}
}

// ageBook is the playbook for old messages of a queue.
func ageBook(name string) string {
	switch name {
	case queue.CasesIndex:
		return "index-lags"
	case queue.CasesJobs:
		return "jobs-wait"
	default:
		return "queue-age"
	}
}

func (d *deployment) tableThrottles() alarm {
	var metrics []awscloudwatch.Metric
	for _, table := range []grant.Resource{grant.Core, grant.Audit, grant.Derived} {
		metrics = append(
			metrics,
			d.tableMetric(table, "ReadThrottleEvents", ""),
			d.tableMetric(table, "WriteThrottleEvents", ""),
		)
	}
	return alarm{
		name: "table-throttles", means: "Amazon DynamoDB turns requests away", playbook: "table-throttles",
		metric: sum("Requests turned away", metrics...), limit: 10, most: 2, of: 3,
	}
}

func (d *deployment) tableErrors() alarm {
	var metrics []awscloudwatch.Metric
	for _, operation := range []string{"GetItem", "BatchGetItem", "Query", "PutItem", "TransactWriteItems"} {
		metrics = append(metrics, d.tableMetric(grant.Core, "SystemErrors", operation))
	}
	return alarm{
		name: "table-errors", means: "Amazon DynamoDB has faults of its own", playbook: "table-errors",
		metric: sum("Faults of the service", metrics...), limit: 5, most: 2, of: 3,
	}
}
