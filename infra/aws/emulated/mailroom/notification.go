package mailroom

import (
	"bytes"
	"net/mail"
	"slices"
	"time"
)

// maxHeaders is the maximum size of a notification's headers in bytes ("Contents of notifications
// for Amazon SES email receiving": they are truncated at 10 KB).
const maxHeaders = 10 << 10

type object = map[string]any

// notification returns what SES publishes about a mail that an S3 action stored ("Contents of
// notifications for Amazon SES email receiving").
func (r *Receiver) notification(id, from string, to []string, received time.Time, raw []byte) object {
	headers, common, cut := headersOf(raw)
	common["returnPath"] = from
	stamp := received.Format("2006-01-02T15:04:05.000Z")
	pass := object{"status": "PASS"}
	return object{
		"notificationType": "Received",
		"mail": object{
			"timestamp": stamp, "source": from, "messageId": id, "destination": to,
			"headersTruncated": cut, "headers": headers, "commonHeaders": common,
		},
		"receipt": object{
			"timestamp": stamp, "processingTimeMillis": 20, "recipients": to,
			"spamVerdict": pass, "virusVerdict": pass, "spfVerdict": pass, "dkimVerdict": pass, "dmarcVerdict": pass,
			"action": object{
				"type":            "S3",
				"topicArn":        r.Topic,
				"bucketName":      r.Bucket,
				"objectKeyPrefix": r.Prefix,
				"objectKey":       r.Prefix + id,
			},
		},
	}
}

// headersOf lists the headers of a mail, and those that SES parses. A mail that cannot be parsed
// has none.
func headersOf(raw []byte) (list []object, common object, cut bool) {
	list, common = []object{}, object{}
	read, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return list, common, false
	}
	size := 0
	for name, values := range read.Header {
		for _, value := range values {
			if size += len(name) + len(value); size > maxHeaders {
				cut = true
				continue
			}
			list = append(list, object{"name": name, "value": value})
		}
	}
	slices.SortStableFunc(list,
		func(a, b object) int { return bytes.Compare([]byte(a["name"].(string)), []byte(b["name"].(string))) })
	for name, key := range map[string]string{"From": "from", "To": "to", "Cc": "cc"} {
		if values := read.Header[name]; len(values) > 0 {
			common[key] = values
		}
	}
	for name, key := range map[string]string{"Date": "date", "Message-Id": "messageId", "Subject": "subject"} {
		if value := read.Header.Get(name); value != "" {
			common[key] = value
		}
	}
	return list, common, cut
}
