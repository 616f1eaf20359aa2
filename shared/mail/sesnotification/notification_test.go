package sesnotification_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/mail/received"
	"github.com/tenantry/tenantry/shared/mail/sesnotification"
	"github.com/tenantry/tenantry/shared/store/queue"
)

// notification has the form of the examples in the service's documentation.
const notification = `{
	"notificationType": "Received",
	"receipt": {
		"timestamp": "2026-09-11T20:32:34.100Z", "processingTimeMillis": 222, "recipients": ["support@help.example", "support+x@help.example"],
		"spamVerdict": {"status": "PASS"}, "virusVerdict": {"status": "GRAY"}, "spfVerdict": {"status": "FAIL"},
		"dkimVerdict": {"status": "PROCESSING_FAILED"}, "dmarcVerdict": {"status": "FAIL"}, "dmarcPolicy": "reject",
		"action": {"type": "S3", "topicArn": "arn:aws:sns:us-east-1:012345678912:mail", "bucketName": "files", "objectKeyPrefix": "mail/ses/", "objectKey": "mail/ses/d6iitobk75ur44p8kdnnp7g2n800"}
	},
	"mail": {
		"timestamp": "2026-09-11T20:32:33.936Z", "source": "ana@customer.example", "messageId": "d6iitobk75ur44p8kdnnp7g2n800",
		"destination": ["support@help.example", "boss@customer.example"], "headersTruncated": false,
		"headers": [
			{"name": "Return-Path", "value": "<ana@customer.example>"},
			{"name": "Received", "value": "from mx.customer.example (mx.customer.example [203.0.113.7]) by inbound-smtp.us-east-1.amazonaws.com with SMTP id d6iitobk75ur44p8kdnnp7g2n800 for support@help.example; Fri, 11 Sep 2026 20:32:33 +0000 (UTC)"},
			{"name": "Received", "value": "from liar (liar [198.51.100.1]) by inbound-smtp.us-east-1.amazonaws.com with SMTP id x; Fri, 11 Sep 2026 20:32:33 +0000 (UTC)"},
			{"name": "Subject", "value": "No Wi-Fi"}
		],
		"commonHeaders": {"returnPath": "ana@customer.example", "from": ["Ana <ana@customer.example>"], "subject": "No Wi-Fi"}
	}
}`

// enveloped is a notification as Amazon SNS puts it on a queue by itself.
func enveloped(t *testing.T, message string) string {
	t.Helper()
	text, err := json.Marshal(map[string]string{
		"Type":             "Notification",
		"MessageId":        "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
		"TopicArn":         "arn:aws:sns:us-east-1:012345678912:mail",
		"Subject":          "Amazon SES Email Receipt Notification",
		"Message":          message,
		"Timestamp":        "2026-09-11T20:32:34.200Z",
		"SignatureVersion": "1",
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestANotificationIsReadWithAndWithoutItsEnvelope(t *testing.T) {
	want := sesnotification.Notification{
		MessageID:     "d6iitobk75ur44p8kdnnp7g2n800",
		Key:           "mail/ses/d6iitobk75ur44p8kdnnp7g2n800",
		From:          "ana@customer.example",
		Recipients:    []string{"support@help.example", "support+x@help.example"},
		SourceAddress: "203.0.113.7",
		Time:          time.Date(2026, 9, 11, 20, 32, 33, 936e6, time.UTC),
		Verdicts: received.Verdicts{
			Virus:       "GRAY",
			Spam:        "PASS",
			SPF:         "FAIL",
			DKIM:        "PROCESSING_FAILED",
			DMARC:       "FAIL",
			DMARCPolicy: "reject",
		},
	}
	for name, body := range map[string]string{
		"raw": notification, "in an envelope": enveloped(t, notification),
		"with the mail's content": strings.Replace(notification, `"mail": {`, `"content": "From: x", "mail": {`, 1),
	} {
		got, ours, err := sesnotification.Read(body)
		if diff := cmp.Diff(want, got); err != nil || !ours || diff != "" {
			t.Errorf("%s: %v, %v (-want +got):\n%s", name, ours, err, diff)
		}
	}
}

func TestTheMessageIsTheReceivingWorkersAndTheSameEachTime(t *testing.T) {
	message, ours, err := sesnotification.Message(notification)
	if err != nil || !ours {
		t.Fatal(ours, err)
	}
	again, _, err := sesnotification.Message(enveloped(t, notification))
	if diff := cmp.Diff(message, again); err != nil || diff != "" {
		t.Errorf("delivered again: %v\n%s", err, diff)
	}
	var got received.Mail
	if err := json.Unmarshal(message.Body, &got); err != nil {
		t.Fatal(err)
	}
	want := received.Mail{
		ID:           message.ID,
		RawKey:       "mail/ses/d6iitobk75ur44p8kdnnp7g2n800",
		EnvelopeFrom: "ana@customer.example",
		Recipients: []string{
			"support@help.example", "support+x@help.example",
		},
		SourceAddress: "203.0.113.7",
		Time:          1789158753,
		Verdicts: received.Verdicts{
			Virus:       "GRAY",
			Spam:        "PASS",
			SPF:         "FAIL",
			DKIM:        "PROCESSING_FAILED",
			DMARC:       "FAIL",
			DMARCPolicy: "reject",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" || message.Queue != queue.MailReceive ||
		message.Group != "FROM#ana@customer.example" {
		t.Errorf("%+v (-want +got):\n%s", message, diff)
	}
}

func TestTheIDIsOneOfItsTimeAndItsOwn(t *testing.T) {
	id := func(notification string) uuid.UUID {
		message, _, err := sesnotification.Message(notification)
		if err != nil {
			t.Fatal(err)
		}
		id, err := uuid.Parse(message.ID)
		if err != nil || id.Version() != 7 || id.Variant() != uuid.RFC4122 {
			t.Fatalf("%s: version %d, %v", message.ID, id.Version(), err)
		}
		return id
	}
	first := id(notification)
	if seconds, nanoseconds := first.Time().UnixTime(); seconds != 1789158753 || nanoseconds != 936e6 {
		t.Errorf("%s is of %d.%d", first, seconds, nanoseconds)
	}
	if other := id(strings.ReplaceAll(notification, "d6iitobk", "e6iitobk")); other == first {
		t.Errorf("two mails have the id %s", first)
	}
	if later := id(strings.ReplaceAll(notification, "33.936Z", "33.937Z")); later.String() <= first.String() {
		t.Errorf("%s of later sorts before %s", later, first)
	}
}

func TestWhatIsNoNotificationIsLeftToOthers(t *testing.T) {
	own, err := received.Mail{ID: "m-1", RawKey: "mail/m-1"}.QueueMessage()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(own)
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{string(text), "", "hello", "[]", "{}", `"x"`, "null", `{"notificationType":7}`, enveloped(t, "hello"), enveloped(t, "{}"), `{"Type":"SubscriptionConfirmation"}`} {
		if message, ours, err := sesnotification.Message(body); ours || err != nil {
			t.Errorf("%s: %+v, %v", body, message, err)
		}
	}
}

func TestANotificationThatLeadsToNoMailIsAFaultForGood(t *testing.T) {
	for name, change := range map[string][]string{
		"a bounce":        {`"notificationType": "Received"`, `"notificationType": "Bounce"`},
		"another action":  {`"type": "S3"`, `"type": "SNS"`},
		"a key with dots": {`"objectKey": "mail/ses/d6`, `"objectKey": "mail/../d6`},
		"no key":          {`"objectKey"`, `"key"`},
		"no id":           {`"messageId"`, `"message"`},
		"no time": {`"mail": {
		"timestamp"`, `"mail": {"at"`},
		"a time of a kind": {"2026-09-11T20:32:33.936Z", "yesterday"},
		"no recipients":    {`"recipients"`, `"people"`},
		"another form":     {`"receipt": {`, `"receipt": 7, "x": {`},
	} {
		changed := strings.Replace(notification, change[0], change[1], 1)
		if changed == notification {
			t.Fatalf("%s: nothing changed", name)
		}
		if _, ours, err := sesnotification.Message(changed); !ours || !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, %v", name, ours, err)
		}
	}
}

func TestAnEmptyReturnPathIsNone(t *testing.T) {
	for _, source := range []string{"", "<>"} {
		read, _, err := sesnotification.Read(
			strings.Replace(notification, `"source": "ana@customer.example"`, `"source": "`+source+`"`, 1),
		)
		if err != nil || read.From != "" {
			t.Errorf("%q: %q, %v", source, read.From, err)
		}
	}
}

func TestTheSourceIsBelievedFromTheServiceAlone(t *testing.T) {
	line := "from mx.customer.example (mx.customer.example [203.0.113.7]) by inbound-smtp.us-east-1.amazonaws.com with"
	for first, want := range map[string]string{
		line: "203.0.113.7",
		"from [203.0.113.7] ([203.0.113.7]) by inbound-smtp.eu-west-1.amazonaws.com with":          "203.0.113.7",
		"from mx (mx [2001:db8::1]) by inbound-smtp.us-east-1.amazonaws.com with":                  "2001:db8::1",
		"from mx (mx [203.0.113.700]) by inbound-smtp.us-east-1.amazonaws.com with":                "",
		"from liar (liar [203.0.113.7]) by mx.liar.example with":                                   "",
		"from liar (liar [203.0.113.7]) by inbound-smtp.us-east-1.amazonaws.com.liar.example with": "",
		"by liar from mx (mx [203.0.113.7]) by inbound-smtp.us-east-1.amazonaws.com with":          "",
	} {
		read, _, err := sesnotification.Read(strings.Replace(notification, line, first, 1))
		if err != nil || read.SourceAddress != want {
			t.Errorf("%s: %q, %v, want %q", first, read.SourceAddress, err, want)
		}
	}
}

func TestASenderIsProvenOnlyWhereNoDoubtIsLeft(t *testing.T) {
	const signature = `{"name": "DKIM-Signature", "value": "v=1; a=rsa-sha256; d=mail.customer.example;\n s=x; h=from; bh=x; b=x"}`
	const foreign = `{"name": "DKIM-Signature", "value": "v=1; d=attacker.example; s=x; b=x"}`
	from := func(value string) string { return `{"name": "From", "value": "` + value + `"}` }
	const ana = "Ana <ana@Customer.example>"
	for _, test := range []struct {
		name             string
		spf, dkim, dmarc string
		headers          []string
		source           string
		truncated        bool
		want             bool
		domain           string
	}{
		{"DMARC passes", "FAIL", "GRAY", "PASS", []string{from(ana)}, "", false, true, "customer.example"},
		{"DMARC fails", "PASS", "PASS", "FAIL", []string{from(ana), signature}, "", false, false, "customer.example"},
		{"DMARC could not be asked", "PASS", "PASS", "PROCESSING_FAILED", []string{from(ana), signature}, "", false, false, "customer.example"},
		{"SPF for the sender's domain", "PASS", "GRAY", "GRAY", []string{from(ana)}, "", false, true, "customer.example"},
		{"SPF for a domain of the same organization", "PASS", "GRAY", "GRAY", []string{from(ana)}, "bounce@mail.customer.example", false, true, "customer.example"},
		{"SPF for another domain", "PASS", "GRAY", "GRAY", []string{from(ana)}, "x@attacker.example", false, false, "customer.example"},
		{"SPF for no domain", "PASS", "GRAY", "GRAY", []string{from(ana)}, "<>", false, false, "customer.example"},
		{"the one signature is the sender's", "GRAY", "PASS", "GRAY", []string{from(ana), signature}, "x@list.example", false, true, "customer.example"},
		{"one of two signatures passed", "GRAY", "PASS", "GRAY", []string{from(ana), signature, foreign}, "x@list.example", false, false, "customer.example"},
		{"some headers are not told", "GRAY", "PASS", "GRAY", []string{from(ana), signature}, "x@list.example", true, false, "customer.example"},
		{"no signature", "GRAY", "PASS", "GRAY", []string{from(ana)}, "x@list.example", false, false, "customer.example"},
		{"two From headers", "PASS", "PASS", "PASS", []string{from(ana), from("x@attacker.example")}, "", false, false, ""},
		{"two senders", "PASS", "PASS", "PASS", []string{from(ana + ", x@attacker.example")}, "", false, false, ""},
		{"no sender", "PASS", "PASS", "PASS", nil, "", false, false, ""},
	} {
		text := notification
		for old, value := range map[string]string{
			`"spfVerdict": {"status": "FAIL"}`: `"spfVerdict": {"status": "` + test.spf + `"}`, `"dkimVerdict": {"status": "PROCESSING_FAILED"}`: `"dkimVerdict": {"status": "` + test.dkim + `"}`,
			`"dmarcVerdict": {"status": "FAIL"}`:       `"dmarcVerdict": {"status": "` + test.dmarc + `"}`,
			`{"name": "Subject", "value": "No Wi-Fi"}`: strings.Join(append(test.headers, `{"name": "Subject", "value": "No Wi-Fi"}`), ","),
		} {
			if !strings.Contains(text, old) {
				t.Fatalf("no %s", old)
			}
			text = strings.Replace(text, old, value, 1)
		}
		if test.source != "" {
			text = strings.Replace(text, `"source": "ana@customer.example"`, `"source": "`+test.source+`"`, 1)
		}
		if test.truncated {
			text = strings.Replace(text, `"headersTruncated": false`, `"headersTruncated": true`, 1)
		}
		read, _, err := sesnotification.Read(text)
		if err != nil || read.Authenticated != test.want || read.Domain != test.domain {
			t.Errorf("%s: %v for %q, %v", test.name, read.Authenticated, read.Domain, err)
		}
		if inbound := read.Received(); inbound.Authenticated != test.want || inbound.Domain != test.domain {
			t.Errorf("%s: it is not passed on", test.name)
		}
	}
}
