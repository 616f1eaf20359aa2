package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/dynamo/attribute"
)

// Query reads a page of a range; see the port. It requests one item more than the page holds,
// because the service's "last evaluated key" does not tell whether anything follows. It sends
// further requests until it has them, because the service ends a response after 1 MB, and because
// expired items and the end of the range are filtered out here.
func (s *Store) Query(ctx context.Context, query table.Query) (table.Page, error) {
	if err := table.CheckQuery(query); err != nil {
		return table.Page{}, err
	}
	left, some := rangeOf(query)
	if !some {
		return table.Page{}, nil
	}
	input := s.input(query, left)
	var items []table.Item
	for len(items) <= query.Limit {
		var output *dynamodb.QueryOutput
		err := repeat(ctx, repeatable, func() (err error) {
			output, err = s.client.Query(ctx, input, once)
			return err
		})
		if err != nil {
			return table.Page{}, err
		}
		for _, attributes := range output.Items {
			item, err := s.live(query.Table, attributes)
			if err != nil {
				return table.Page{}, err
			}
			if item.Version != 0 && (left.to == "" || item.Sort != left.to) {
				items = append(items, item)
			}
		}
		if len(output.LastEvaluatedKey) == 0 {
			break
		}
		input.ExclusiveStartKey = output.LastEvaluatedKey
	}
	page := table.Page{Items: items}
	if len(items) > query.Limit {
		page.Items = items[:query.Limit]
		page.Next = page.Items[query.Limit-1].Sort
	}
	return page, nil
}

func (s *Store) input(query table.Query, left sortRange) *dynamodb.QueryInput {
	input := &dynamodb.QueryInput{
		TableName:                 aws.String(s.names.Of(query.Table)),
		ConsistentRead:            aws.Bool(true),
		ScanIndexForward:          aws.Bool(!query.Descending),
		Limit:                     aws.Int32(int32(query.Limit) + 1),
		ExpressionAttributeNames:  map[string]string{"#partition": attribute.Partition},
		ExpressionAttributeValues: map[string]types.AttributeValue{":partition": text(query.Partition)},
	}
	expression := "#partition = :partition"
	if left.from != "" || left.to != "" {
		input.ExpressionAttributeNames["#sort"] = attribute.Sort
	}
	if left.from != "" {
		input.ExpressionAttributeValues[":from"] = text(left.from)
	}
	if left.to != "" {
		input.ExpressionAttributeValues[":to"] = text(left.to)
	}
	switch {
	case left.from != "" && left.to != "":
		// The service has no range that excludes only its end.
		expression += " AND #sort BETWEEN :from AND :to"
	case left.from != "":
		expression += " AND #sort >= :from"
	case left.to != "":
		expression += " AND #sort < :to"
	}
	input.KeyConditionExpression = aws.String(expression)
	if left.after != "" {
		input.ExclusiveStartKey = keyAttributes(table.Key{Partition: query.Partition, Sort: left.after})
	}
	return input
}
