package dynamo_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/table"
)

// sortsSent returns what one BatchWriteItem request stores and removes, by sort key.
func sortsSent(t *testing.T, body string) (sorts []string) {
	t.Helper()
	type keyed map[string]struct{ S string }
	var sent struct {
		RequestItems map[string][]struct {
			PutRequest    *struct{ Item keyed }
			DeleteRequest *struct{ Key keyed }
		}
	}
	if err := json.Unmarshal([]byte(body), &sent); err != nil {
		t.Fatal(err)
	}
	for _, one := range sent.RequestItems["derived"] {
		if one.PutRequest != nil {
			sorts = append(sorts, "put "+one.PutRequest.Item["sort"].S)
		} else {
			sorts = append(sorts, "remove "+one.DeleteRequest.Key["sort"].S)
		}
	}
	slices.Sort(sorts)
	return sorts
}

func TestItemsLeftUnwrittenAreSentAgain(t *testing.T) {
	put := func(sort string, version int64) table.Item {
		item := table.Item{Key: table.Key{Table: table.Derived, Partition: "P", Sort: sort}, Version: version}
		if version != 0 {
			item.Data = []byte(`{}`)
		}
		return item
	}
	const (
		putB    = `{"PutRequest":{"Item":{"partition":{"S":"P"},"sort":{"S":"b"},"version":{"N":"1"},"data":{"S":"{}"}}}}`
		removeC = `{"DeleteRequest":{"Key":{"partition":{"S":"P"},"sort":{"S":"c"}}}}`
	)
	left := func(requests string) answer {
		return answer{200, `{"UnprocessedItems":{"derived":[` + requests + `]}}`}
	}
	store, script := play(t, left(putB+","+removeC), throttled, left(removeC), done)
	if err := store.BatchPut(t.Context(), []table.Item{put("a", 1), put("b", 1), put("c", 0)}); err != nil {
		t.Fatal(err)
	}
	var sent [][]string
	for _, body := range script.bodies {
		sent = append(sent, sortsSent(t, body))
	}
	rest := []string{"put b", "remove c"}
	if diff := cmp.Diff([][]string{{"put a", "put b", "remove c"}, rest, rest, {"remove c"}}, sent); diff != "" {
		t.Error(diff)
	}
	store, script = play(t, left(putB))
	if err := store.BatchPut(t.Context(), []table.Item{put("b", 1)}); !fault.Is(err, fault.Unavailable) ||
		len(script.actions) != 10 {
		t.Errorf("error %v after %d requests", err, len(script.actions))
	}
}
