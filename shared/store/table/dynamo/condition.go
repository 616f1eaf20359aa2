package dynamo

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/dynamo/attribute"
)

// condition is an expression with its names and values. The service rejects names and values that
// an expression does not use, so each expression has exactly its own. A comparison with an absent
// attribute is false.
type condition struct {
	expression *string
	names      map[string]string
	values     map[string]types.AttributeValue
}

// conditionOf returns the condition of a write; an expired item counts as absent.
func (s *Store) conditionOf(write table.Write) condition {
	now := number(s.now().Unix())
	if write.IfVersion == 0 {
		return condition{
			expression: aws.String("attribute_not_exists(#partition) OR #expires <= :now"),
			names:      map[string]string{"#partition": attribute.Partition, "#expires": attribute.Expires},
			values:     map[string]types.AttributeValue{":now": now},
		}
	}
	return condition{
		expression: aws.String("#version = :version AND (attribute_not_exists(#expires) OR #expires > :now)"),
		names:      map[string]string{"#version": attribute.Version, "#expires": attribute.Expires},
		values:     map[string]types.AttributeValue{":version": number(write.IfVersion), ":now": now},
	}
}
