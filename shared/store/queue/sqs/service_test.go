package sqs_test

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	service "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tenantry/tenantry/functions/worker"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/queue/sqs"
)

// batch is a request as the service receives it.
type batch struct {
	QueueURL string `json:"QueueUrl"`
	Entries  []struct {
		ID    string `json:"Id"`
		Body  string `json:"MessageBody"`
		Group string `json:"MessageGroupId"`
	}
}

// wire speaks the service's protocol (AWS JSON 1.0) and accepts the messages that its rule selects.
type wire struct {
	guard   sync.Mutex
	batches []batch
	// takes reports whether a message is accepted; status is the response to a whole request.
	takes  func(request int, body string) bool
	status func(request int) int
}

func (w *wire) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	w.guard.Lock()
	defer w.guard.Unlock()
	var got batch
	if err := json.NewDecoder(request.Body).Decode(&got); err != nil {
		response.WriteHeader(http.StatusBadRequest)
		return
	}
	w.batches = append(w.batches, got)
	response.Header().Set("Content-Type", "application/x-amz-json-1.0")
	if w.status != nil && w.status(len(w.batches)) != http.StatusOK {
		response.WriteHeader(w.status(len(w.batches)))
		_, _ = response.Write([]byte(`{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"no such queue"}`))
		return
	}
	answer := map[string][]any{"Successful": {}, "Failed": {}}
	for _, entry := range got.Entries {
		if w.takes != nil && !w.takes(len(w.batches), entry.Body) {
			answer["Failed"] = append(answer["Failed"],
				map[string]any{"Id": entry.ID, "Code": "InternalError", "Message": "later", "SenderFault": false})
			continue
		}
		sum := md5.Sum([]byte(entry.Body))
		answer["Successful"] = append(answer["Successful"],
			map[string]any{"Id": entry.ID, "MessageId": "m", "MD5OfMessageBody": hex.EncodeToString(sum[:])})
	}
	_ = json.NewEncoder(response).Encode(answer)
}

func serve(t *testing.T, w *wire) *sqs.Queues {
	t.Helper()
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	return queuesAt(server.URL)
}

func queuesAt(address string) *sqs.Queues {
	client := service.New(service.Options{
		BaseEndpoint: aws.String(address), Region: "us-east-1", HTTPClient: new(http.Client),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		Retryer:     retry.AddWithMaxBackoffDelay(retry.NewStandard(), 1),
	})
	return sqs.New(client, map[string]string{
		queue.MailSend: address + "/000000000000/mail-send", queue.MailReceive: address + "/000000000000/mail-receive",
	})
}

func messages(count int, body string) []queue.Message {
	messages := make([]queue.Message, count)
	for i := range messages {
		messages[i] = queue.Message{
			ID:    fmt.Sprintf("m-%d", i),
			Queue: queue.MailSend,
			Group: "ORG#1",
			Body:  json.RawMessage(body),
		}
	}
	return messages
}

func TestABatchHasTenMessagesAndAQuarterOfAMebibyteAtTheMost(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		want []int
	}{
		"small": {`"x"`, []int{10, 10, 3}},
		// The characters are escaped, so each body grows from 24 KiB to 144 KiB.
		"great": {`"` + strings.Repeat("<", queue.MaxBody-2) + `"`,
			[]int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
	} {
		w := &wire{}
		if err := serve(t, w).Send(t.Context(), messages(23, test.body)); err != nil {
			t.Fatal(name, err)
		}
		var got []int
		for _, sent := range w.batches {
			size := 0
			for _, entry := range sent.Entries {
				size += len(entry.Body)
			}
			if got = append(got, len(sent.Entries)); size > 256<<10 {
				t.Errorf("%s: a batch of %d bytes", name, size)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAMessageIsSentAsTheWorkersReadIt(t *testing.T) {
	w := &wire{}
	message := queue.Message{
		ID:    "m-1",
		Queue: queue.MailReceive,
		Group: "ORG#1",
		Body:  json.RawMessage(`{"subject":"No Wi-Fi <&> ž"}`),
	}
	if err := serve(t, w).Send(t.Context(), []queue.Message{message}); err != nil {
		t.Fatal(err)
	}
	record, err := worker.Record(message, 1)
	if err != nil {
		t.Fatal(err)
	}
	got := w.batches[0]
	if got.Entries[0].Body != record.Body || got.Entries[0].Group != "ORG#1" ||
		!strings.HasSuffix(got.QueueURL, "/mail-receive") {
		t.Errorf("sent %+v, want the body %s", got, record.Body)
	}
}

// TestEveryTextArrivesInCharactersThatTheServiceTakes checks the characters against the
// documentation of SendMessage: #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to
// #x10FFFF.
func TestEveryTextArrivesInCharactersThatTheServiceTakes(t *testing.T) {
	w := &wire{}
	queues := serve(t, w)
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.SampledFrom([]rune{0, 7, 0x7f, 0xfffd, 0xfffe, 0xffff,
			0x10ffff, 'a', '\\', '"'}), 0, 20, -1)).
			Draw(r, "text")
		body, err := json.Marshal(text)
		if err != nil {
			r.Fatal(err)
		}
		w.batches = nil
		err = queues.Send(t.Context(), []queue.Message{{ID: "m", Queue: queue.MailSend, Group: text, Body: body}})
		if err != nil {
			r.Fatal(err)
		}
		entry := w.batches[0].Entries[0]
		for _, sign := range entry.Body {
			if sign < 0x20 && !strings.ContainsRune("\t\n\r", sign) || sign == 0xfffe || sign == 0xffff ||
				sign == utf8.RuneError && !strings.ContainsRune(text, sign) {
				r.Errorf("%U in %q", sign, entry.Body)
			}
		}
		var message queue.Message
		var received string
		err = json.Unmarshal([]byte(entry.Body), &message)
		if err != nil || json.Unmarshal(message.Body, &received) != nil || received != text || message.Group != text {
			r.Errorf("%q arrives as %q in %+v, %v", text, received, message, err)
		}
		if len(entry.Group) > 128 ||
			strings.ContainsFunc(entry.Group, func(sign rune) bool { return sign <= ' ' || sign > '~' }) ||
			(entry.Group == "") != (text == "") {
			r.Errorf("the group %q", entry.Group)
		}
	})
}

func TestWhatABatchLeavesIsSentAgain(t *testing.T) {
	w := &wire{takes: func(request int, body string) bool {
		return request > 2 || strings.Contains(body, fmt.Sprintf(`"m-%d"`, request))
	}}
	if err := serve(t, w).Send(t.Context(), messages(4, `"x"`)); err != nil {
		t.Fatal(err)
	}
	var counts []int
	for _, sent := range w.batches {
		counts = append(counts, len(sent.Entries))
	}
	if diff := cmp.Diff([]int{4, 3, 2}, counts); diff != "" {
		t.Errorf("messages in each request (-want +got):\n%s", diff)
	}
}

func TestAMessageThatIsNeverTakenIsAFaultThatMayPass(t *testing.T) {
	w := &wire{takes: func(_ int, body string) bool { return !strings.Contains(body, `"m-1"`) }}
	err := serve(t, w).Send(t.Context(), messages(3, `"x"`))
	if !fault.Is(err, fault.Unavailable) ||
		!strings.Contains(err.Error(), "1 of 1 messages were not accepted\nInternalError: later") ||
		len(w.batches) != 5 {
		t.Errorf("%v after %d requests", err, len(w.batches))
	}
}

func TestAServiceThatFailsOrIsAbsentIsUnavailable(t *testing.T) {
	for status, requests := range map[int]int{http.StatusBadRequest: 1, http.StatusServiceUnavailable: 3} {
		w := &wire{status: func(int) int { return status }}
		if err := serve(t, w).Send(t.Context(), messages(1, `"x"`)); !fault.Is(err, fault.Unavailable) ||
			len(w.batches) != requests {
			t.Errorf("%d: %v after %d requests", status, err, len(w.batches))
		}
	}
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	if err := queuesAt(server.URL).Send(t.Context(), messages(1, `"x"`)); !fault.Is(err, fault.Unavailable) {
		t.Errorf("nobody there: %v", err)
	}
}

func TestOfMessagesWithAWrongOneNoneIsSent(t *testing.T) {
	for name, wrong := range map[string]queue.Message{
		"an unknown queue": {ID: "m", Queue: "unheard-of", Body: []byte(`{}`)},
		"no id":            {Queue: queue.MailSend, Body: []byte(`{}`)},
		"a great body":     {ID: "m", Queue: queue.MailSend, Body: make([]byte, queue.MaxBody+1)},
		"no JSON":          {ID: "m", Queue: queue.MailSend, Body: []byte(`{`)},
	} {
		w := &wire{}
		err := serve(t, w).Send(t.Context(), append(messages(1, `"x"`), wrong))
		if err == nil || fault.Is(err, fault.Unavailable) || len(w.batches) != 0 {
			t.Errorf("%s: %v, %d requests", name, err, len(w.batches))
		}
	}
}
