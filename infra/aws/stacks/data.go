//go:build cdk

package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenantry/tenantry/functions/grant"
	"github.com/tenantry/tenantry/shared/store/table/dynamo/attribute"
)

// recoveryDays is how far back tables can be restored: the maximum of Amazon DynamoDB.
const recoveryDays = 35

// data creates what keeps data; it stays when its stack is deleted. The tables have a stack of
// their own, because tables restored from a backup have new names and are imported into a new
// stack.
func (d *deployment) data() {
	d.dataStack = d.stack("data", "files and the installation's secret")
	d.tableStack = d.named(d.Tables+"-tables", "the tables")
	for _, stack := range []awscdk.Stack{d.dataStack, d.tableStack} {
		stack.SetTerminationProtection(jsii.Bool(!d.Emulated))
	}
	for _, table := range []grant.Resource{grant.Core, grant.Audit, grant.Derived} {
		created := d.table(table)
		if table == grant.Core {
			d.core = created
		}
	}
	d.bucket()
	d.secret = awssecretsmanager.NewSecret(d.dataStack, jsii.String("secret"), &awssecretsmanager.SecretProps{
		SecretName: jsii.String(d.Name + "/installation"),
		Description: jsii.String(
			"What sessions, links in mails and addresses for answers rest on; if it changes, they are void"),
		GenerateSecretString: random(),
		RemovalPolicy:        awscdk.RemovalPolicy_RETAIN,
	})
}

// random generates 64 letters and digits, about 381 random bits.
func random() *awssecretsmanager.SecretStringGenerator {
	return &awssecretsmanager.SecretStringGenerator{
		PasswordLength: jsii.Number(64), ExcludePunctuation: jsii.Bool(true), IncludeSpace: jsii.Bool(false),
	}
}

// table creates a table as shared/store/table/dynamo does for tests.
func (d *deployment) table(name grant.Resource) awsdynamodb.Table {
	text := func(attribute string) *awsdynamodb.Attribute {
		return &awsdynamodb.Attribute{Name: jsii.String(attribute), Type: awsdynamodb.AttributeType_STRING}
	}
	props := &awsdynamodb.TableProps{
		TableName:           jsii.String(d.Table(name)),
		PartitionKey:        text(attribute.Partition),
		SortKey:             text(attribute.Sort),
		TimeToLiveAttribute: jsii.String(attribute.Expires),
		BillingMode:         awsdynamodb.BillingMode_PAY_PER_REQUEST,
		Encryption:          awsdynamodb.TableEncryption_AWS_MANAGED,
		PointInTimeRecoverySpecification: &awsdynamodb.PointInTimeRecoverySpecification{
			PointInTimeRecoveryEnabled: jsii.Bool(true), RecoveryPeriodInDays: jsii.Number(recoveryDays),
		},
		DeletionProtection: jsii.Bool(!d.Emulated),
		RemovalPolicy:      awscdk.RemovalPolicy_RETAIN,
	}
	if name == grant.Core {
		props.Stream = awsdynamodb.StreamViewType_NEW_AND_OLD_IMAGES
	}
	if units, set := d.Capacity[string(name)]; set {
		props.BillingMode = awsdynamodb.BillingMode_PROVISIONED
		props.ReadCapacity, props.WriteCapacity = jsii.Number(units.Read), jsii.Number(units.Write)
	}
	return awsdynamodb.NewTable(d.tableStack, jsii.String(string(name)), props)
}
