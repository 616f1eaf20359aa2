//go:build cdk

package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsbudgets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatchactions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssnssubscriptions"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawscloudwatch"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenantry/tenantry/functions/catalog"
)

// watch creates the monitoring: alarms, which all notify one topic, a dashboard, and the budget.
func (d *deployment) watch() {
	after := append(d.foundations(), d.domainStacks...)
	stack := d.stack("watch", "alarms, the dashboard and the budget", after...)
	publishers := []string{"cloudwatch.amazonaws.com"}
	if d.MonthlyBudget > 0 {
		publishers = append(publishers, "budgets.amazonaws.com")
	}
	topic := d.topic(stack, "alarms", publishers...)
	if d.AlarmEmail != "" {
		topic.AddSubscription(awssnssubscriptions.NewEmailSubscription(jsii.String(d.AlarmEmail), nil))
	}
	output(stack, "AlarmTopic", "The topic that all alarms notify", topic.TopicArn())
	d.loggedErrors(stack)
	var alarms []interfacesawscloudwatch.IAlarmRef
	for _, a := range d.alarms() {
		alarm := a.in(stack, d.Name)
		alarm.AddAlarmAction(awscloudwatchactions.NewSnsAction(topic))
		alarm.AddOkAction(awscloudwatchactions.NewSnsAction(topic))
		alarms = append(alarms, alarm)
	}
	d.dashboard(stack, alarms)
	if d.MonthlyBudget > 0 {
		d.budget(stack, topic.TopicArn())
	}
}

// unseen reports whether nobody waits for a function's answer.
func unseen(f catalog.Function) bool { return len(f.Routes) == 0 && !f.Command }

// budget watches the cost of the whole account: it notifies when four fifths are spent, and when
// all of it is forecast to be.
func (d *deployment) budget(stack awscdk.Stack, topic *string) {
	notice := func(kind string, percent float64) *awsbudgets.CfnBudget_NotificationWithSubscribersProperty {
		return &awsbudgets.CfnBudget_NotificationWithSubscribersProperty{
			Notification: &awsbudgets.CfnBudget_NotificationProperty{
				NotificationType: jsii.String(kind), ComparisonOperator: jsii.String("GREATER_THAN"),
				Threshold: jsii.Number(percent), ThresholdType: jsii.String("PERCENTAGE"),
			},
			Subscribers: []any{
				&awsbudgets.CfnBudget_SubscriberProperty{SubscriptionType: jsii.String("SNS"), Address: topic},
			},
		}
	}
	awsbudgets.NewCfnBudget(stack, jsii.String("budget"), &awsbudgets.CfnBudgetProps{
		Budget: &awsbudgets.CfnBudget_BudgetDataProperty{
			BudgetName: jsii.String(d.Name),
			BudgetType: jsii.String("COST"),
			TimeUnit:   jsii.String("MONTHLY"),
			BudgetLimit: &awsbudgets.CfnBudget_SpendProperty{
				Amount: jsii.Number(d.MonthlyBudget),
				Unit:   jsii.String("USD"),
			},
		},
		NotificationsWithSubscribers: []any{notice("ACTUAL", 80), notice("FORECASTED", 100)},
	})
}
