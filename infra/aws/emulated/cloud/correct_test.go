package cloud

import (
	"encoding/json"
	"io"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAnEventOfTheGatewayHasItsCookiesInAListAndTheCallersAddress(t *testing.T) {
	raw := `{"rawPath":"/x","headers":{"cookie":"a=1; b=2","x-forwarded-for":"203.0.113.9, 192.0.2.1"},"requestContext":{"http":{"method":"GET","sourceIp":"127.0.0.1"},"timeEpoch":1795335568000}}`
	want := `{"cookies":["a=1","b=2"],"headers":{"x-forwarded-for":"203.0.113.9, 192.0.2.1"},"rawPath":"/x","requestContext":{"http":{"method":"GET","sourceIp":"192.0.2.1"},"timeEpoch":1795335568000}}`
	c := &Cloud{}
	got, twice := c.before("eu-central-1", []byte(raw))
	if string(got) != want || twice {
		t.Errorf("the event became %s, %v", got, twice)
	}
}

func TestAnEventOfTheGatewayHasTheVariablesOfItsStage(t *testing.T) {
	i := &Installation{gateway: &gateway{}}
	i.gateway.paths.Store(&paths{variables: map[string]object{"orgs": {"prefix": "/api/v1/orgs"}}})
	c := &Cloud{installations: map[string]*Installation{"eu-central-1": i}}
	for id, want := range map[string]any{"orgs": object{"prefix": "/api/v1/orgs"}, "rest": nil} {
		raw := `{"rawPath":"/","requestContext":{"apiId":"` + id + `","http":{"method":"GET"}}}`
		got, _ := c.before("eu-central-1", []byte(raw))
		var event object
		check(t, json.Unmarshal(got, &event))
		if difference := cmp.Diff(want, event["stageVariables"]); difference != "" {
			t.Errorf("%s (-want +got):\n%s", id, difference)
		}
	}
}

func TestEventsOfQueuesAreLeftAloneUnlessTheyAreToBeDisturbed(t *testing.T) {
	raw := `{"Records":[{"eventSource":"aws:sqs","messageId":"1"},{"eventSource":"aws:sqs","messageId":"2"},{"eventSource":"aws:sqs","messageId":"3"}]}`
	i := &Installation{}
	c := &Cloud{installations: map[string]*Installation{"eu-central-1": i}}
	if got, twice := c.before("eu-central-1", []byte(raw)); string(got) != raw || twice {
		t.Errorf("an undisturbed event became %s, %v", got, twice)
	}
	i.settings.Disturbed = true
	orders := map[string]bool{}
	for range 300 {
		got, _ := c.before("eu-central-1", []byte(raw))
		var event struct {
			Records []struct{ MessageID string }
		}
		check(t, json.Unmarshal(got, &event))
		order := ""
		for _, record := range event.Records {
			order += record.MessageID
		}
		orders[order] = true
	}
	if len(orders) != 6 || i.Repeated() == 0 {
		t.Errorf("300 disturbed deliveries had %d orders of three messages, and %d came twice",
			len(orders), i.Repeated())
	}
}

func TestAStreamsFailureFailsTheWholeCallAndNoFailuresAreAnEmptyList(t *testing.T) {
	stream, queue := `{"Records":[{"eventSource":"aws:dynamodb"}]}`, `{"Records":[{"eventSource":"aws:sqs"}]}`
	failure, none := `{"batchItemFailures":[{"itemIdentifier":"7"}]}`, `{"batchItemFailures":[]}`
	for _, one := range []struct{ event, answer, want string }{
		{stream, failure, ""}, {stream, none, none}, {stream, `null`, none},
		{queue, `{"batchItemFailures":null}`, none},
		{queue, failure, failure}, {queue, ``, ``}, {`{}`, `{"a":1}`, `{"a":1}`},
	} {
		if got, err := after([]byte(one.event), []byte(one.answer)); string(got) != one.want ||
			(err != nil) != (one.event == stream && one.answer == failure) {
			t.Errorf("%s answered %s: %s, %v", one.event, one.answer, got, err)
		}
	}
}

func TestEveryMessageOfADisturbedBatchIsDelayed(t *testing.T) {
	seen := map[float64]bool{}
	for range 200 {
		for _, sent := range []string{`{"QueueUrl":"q","Entries":[{"Id":"0","MessageBody":"a"},{"Id":"1","MessageBody":"b"}]}`, `{"QueueUrl":"q","MessageBody":"a"}`} {
			body, length := delayed([]byte(sent))
			changed, err := io.ReadAll(body)
			check(t, err)
			if int64(len(changed)) != length {
				t.Fatalf("the length is %d, the request has %d bytes", length, len(changed))
			}
			var request object
			check(t, json.Unmarshal(changed, &request))
			entries, batch := request["Entries"].([]any)
			if !batch {
				entries = []any{request}
			}
			for _, entry := range entries {
				seen[entry.(object)["DelaySeconds"].(float64)] = true
			}
		}
	}
	var delays []float64
	for delay := range seen {
		delays = append(delays, delay)
	}
	slices.Sort(delays)
	if difference := cmp.Diff([]float64{0, 1, 2, 3}, delays); difference != "" {
		t.Errorf("the delays (-want +got):\n%s", difference)
	}
}
