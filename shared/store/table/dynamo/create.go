package dynamo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenantry/tenantry/shared/store/table/dynamo/attribute"
)

// creation limits how long a new table may take until it can be used.
const creation = 5 * time.Minute

// CreateTables creates the three tables as infra/aws does in production, for tests and emulators:
// on-demand billing, items expiring by their attribute, and a stream of old and new items on the
// core table. Existing tables stay as they are.
func CreateTables(ctx context.Context, client *dynamodb.Client, names Names) error {
	for _, name := range []string{names.Core, names.Audit, names.Derived} {
		if err := createTable(ctx, client, name, name == names.Core); err != nil {
			return fmt.Errorf("dynamo: create the table %s: %w", name, err)
		}
	}
	return nil
}

func createTable(ctx context.Context, client *dynamodb.Client, name string, stream bool) error {
	input := &dynamodb.CreateTableInput{
		TableName:   aws.String(name),
		BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String(attribute.Partition), AttributeType: types.ScalarAttributeTypeS},
			{AttributeName: aws.String(attribute.Sort), AttributeType: types.ScalarAttributeTypeS},
		},
		KeySchema: []types.KeySchemaElement{
			{AttributeName: aws.String(attribute.Partition), KeyType: types.KeyTypeHash},
			{AttributeName: aws.String(attribute.Sort), KeyType: types.KeyTypeRange},
		},
	}
	if stream {
		input.StreamSpecification = &types.StreamSpecification{
			StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeNewAndOldImages,
		}
	}
	_, err := client.CreateTable(ctx, input)
	if _, exists := errors.AsType[*types.ResourceInUseException](err); exists {
		return nil
	}
	if err != nil {
		return err
	}
	waiter := dynamodb.NewTableExistsWaiter(client)
	if err := waiter.Wait(ctx, &dynamodb.DescribeTableInput{TableName: aws.String(name)}, creation); err != nil {
		return err
	}
	_, err = client.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
		TableName: aws.String(name),
		TimeToLiveSpecification: &types.TimeToLiveSpecification{
			AttributeName: aws.String(attribute.Expires), Enabled: aws.Bool(true),
		},
	})
	return err
}
