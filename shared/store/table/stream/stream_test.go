package stream_test

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/stream"
)

func TestAChangeSurvivesTheWayThroughALambdaEvent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := table.Key{
			Partition: rapid.StringN(1, 10, -1).Draw(t, "partition"), Sort: rapid.StringN(1, 10, -1).Draw(t, "sort"),
		}
		item := func(name string) table.Item {
			return table.Item{
				Key: key, Version: rapid.Int64Min(1).Draw(t, name+" version"),
				Expires: rapid.Int64Min(0).Draw(t, name+" expires"), Data: []byte(rapid.String().Draw(t, name+" data")),
			}
		}
		change := table.Change{Sequence: rapid.Int64Range(1, 1e18-1).Draw(t, "sequence"), Key: key}
		want := "MODIFY"
		switch kind := rapid.IntRange(0, 2).Draw(t, "kind"); kind {
		case 0:
			change.New, want = item("new"), "INSERT"
		case 1:
			change.Old, want = item("old"), "REMOVE"
		default:
			change.Old, change.New = item("old"), item("new")
		}
		record := stream.Record(change)
		if record.EventName != want {
			t.Errorf("event %s, want %s", record.EventName, want)
		}
		encoded, err := json.Marshal(record)
		if err != nil {
			t.Fatal(err)
		}
		var decoded events.DynamoDBEventRecord
		if err := json.Unmarshal(encoded, &decoded); err != nil {
			t.Fatal(err)
		}
		got, err := stream.Change(decoded)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(change, got); diff != "" {
			t.Errorf("(-change +got):\n%s", diff)
		}
	})
}

// record is a record as the service sends it, with placeholders for the images.
func record(t *testing.T, old, new string) events.DynamoDBEventRecord {
	t.Helper()
	var decoded events.DynamoDBEventRecord
	const keys = `"partition":{"S":"ORG#1"},"sort":{"S":"CASE#1"}`
	image := func(rest string) string {
		if rest == "" {
			return `{}`
		}
		return `{` + keys + `,` + rest + `}`
	}
	err := json.Unmarshal(
		[]byte(`{"eventID":"c81e728d9d4c2f636f067f89cc14862c","eventName":"MODIFY","eventVersion":"1.1",
		"eventSource":"aws:dynamodb","awsRegion":"us-east-1","dynamodb":{"ApproximateCreationDateTime":1428537600,
		"Keys":{`+keys+`},"NewImage":`+image(new)+`,"OldImage":`+image(old)+`,
		"SequenceNumber":"4421584500000000017450439092","SizeBytes":59,"StreamViewType":"NEW_AND_OLD_IMAGES"}}`),
		&decoded,
	)
	if err != nil {
		t.Fatal(err)
	}
	return decoded
}

func TestARecordOfTheServiceIsReadAsAChange(t *testing.T) {
	key := table.Key{Partition: "ORG#1", Sort: "CASE#1"}
	one := table.Item{Key: key, Version: 1, Data: []byte(`{}`)}
	const oneText, counter = `"version":{"N":"1"},"data":{"S":"{}"}`, `"version":{"N":"7"},"total":{"N":"-12"}`
	expiring := func(at int64) table.Item { return table.Item{Key: key, Version: 1, Expires: at, Data: []byte(`{}`)} }
	for name, test := range map[string]struct {
		old, new string
		want     table.Change
	}{
		"created": {"", oneText, table.Change{New: one}},
		"deleted": {oneText, "", table.Change{Old: one}},
		"counted": {oneText, counter,
			table.Change{Old: one, New: table.Item{Key: key, Version: 7, Data: []byte("-12")}}},
		"created over an expired item": {oneText + `,"expires":{"N":"1428537600"}`, oneText, table.Change{New: one}},
		"updated before it expires": {oneText + `,"expires":{"N":"1428537601"}`, oneText,
			table.Change{Old: expiring(1428537601), New: one}},
		"deleted since it expired": {oneText + `,"expires":{"N":"1428537600"}`, "",
			table.Change{Old: expiring(1428537600)}},
	} {
		t.Run(name, func(t *testing.T) {
			test.want.Key, test.want.Sequence = key, 17450439092
			got, err := stream.Change(record(t, test.old, test.new))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestARecordThatIsNotOursIsAnErrorAndNoPanic(t *testing.T) {
	const good = `"version":{"N":"1"},"data":{"S":"{}"}`
	broken := map[string]events.DynamoDBEventRecord{
		"empty":             {},
		"no images":         record(t, "", ""),
		"no version":        record(t, "", `"data":{"S":"{}"}`),
		"version as text":   record(t, "", `"version":{"S":"1"}`),
		"data as number":    record(t, "", `"version":{"N":"1"},"data":{"N":"1"}`),
		"version of reals":  record(t, "", `"version":{"N":"1.5"},"data":{"S":"{}"}`),
		"expires as list":   record(t, good+`,"expires":{"L":[]}`, good),
		"another key in it": record(t, good, good+`,"sort":{"S":"CASE#2"}`),
	}
	sequence := record(t, good, good)
	sequence.Change.SequenceNumber = "12a"
	broken["sequence"] = sequence
	keys := record(t, good, good)
	keys.Change.Keys = nil
	broken["no keys"] = keys
	for name, record := range broken {
		if change, err := stream.Change(record); err == nil {
			t.Errorf("%s: %+v", name, change)
		}
	}
}
