// Package attribute names the attributes of a DynamoDB item, for packages that read items without
// the AWS SDK: the change feed and the cost rules.
package attribute

// The attributes of an item.
const (
	Partition = "partition" // string: the partition key
	Sort      = "sort"      // string: the sort key
	Version   = "version"   // number
	Expires   = "expires"   // number: epoch seconds, the time-to-live attribute; absent if never
	Data      = "data"      // string: the item's content; absent on a counter
	Total     = "total"     // number: a counter's value; absent on all other items
)
