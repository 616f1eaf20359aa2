package access

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/mail"
	"net/url"
	"slices"
	"strings"
)

// Call is one action on one resource, by IAM's names ("Actions, resources, and condition keys for
// AWS services").
type Call struct{ Action, Resource string }

// Place is the partition, region and account of resources that a request names by name only.
type Place struct{ Region, Account string }

func (p Place) arn(service, resource string) string {
	return "arn:aws:" + service + ":" + p.Region + ":" + p.Account + ":" + resource
}

// Calls returns the actions that an SDK request performs. Requests that Tenantry does not make are
// an error.
func Calls(r *http.Request, body []byte, at Place) ([]Call, error) {
	target := r.Header.Get("X-Amz-Target")
	service, operation, _ := strings.Cut(target, ".")
	var input object
	if target != "" || strings.HasPrefix(r.URL.Path, "/v2/email/") {
		if err := json.Unmarshal(body, &input); err != nil {
			return nil, fmt.Errorf("%s: %w", target, err)
		}
	}
	switch {
	case service == "DynamoDB_20120810":
		return table(operation, input, at)
	case service == "AmazonSQS":
		return queue(operation, input, at)
	case target == "secretsmanager.GetSecretValue":
		return []Call{{"secretsmanager:GetSecretValue", text(input["SecretId"])}}, nil
	case r.URL.Path == "/v2/email/outbound-emails":
		return send(input, at)
	case target == "" && !strings.HasPrefix(r.URL.Path, "/v2/"):
		return file(r)
	}
	return nil, fmt.Errorf("%s %s %s is not supported", r.Method, r.URL.Path, target)
}

func text(value any) string {
	s, _ := value.(string)
	return s
}

// table reads a request to DynamoDB. A transaction needs the permissions of each of its parts.
func table(operation string, input object, at Place) ([]Call, error) {
	call := func(operation string, name any) Call {
		return Call{"dynamodb:" + operation, at.arn("dynamodb", "table/"+text(name))}
	}
	switch operation {
	case "GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query":
		return []Call{call(operation, input["TableName"])}, nil
	case "BatchGetItem", "BatchWriteItem":
		items, _ := input["RequestItems"].(object)
		var calls []Call
		for _, name := range slices.Sorted(maps.Keys(items)) {
			calls = append(calls, call(operation, name))
		}
		return calls, nil
	case "TransactWriteItems", "TransactGetItems":
		names := map[string]string{
			"Put":            "PutItem",
			"Update":         "UpdateItem",
			"Delete":         "DeleteItem",
			"ConditionCheck": "ConditionCheckItem",
			"Get":            "GetItem",
		}
		var calls []Call
		items, _ := input["TransactItems"].([]any)
		for _, item := range items {
			for kind, part := range item.(object) {
				calls = append(calls, call(names[kind], part.(object)["TableName"]))
			}
		}
		return calls, nil
	}
	return nil, fmt.Errorf("the operation %s of DynamoDB is not supported", operation)
}

func queue(operation string, input object, at Place) ([]Call, error) {
	url := text(input["QueueUrl"])
	resource := at.arn("sqs", url[strings.LastIndex(url, "/")+1:])
	switch operation {
	case "SendMessage", "SendMessageBatch":
		return []Call{{"sqs:SendMessage", resource}}, nil
	case "GetQueueAttributes", "ChangeMessageVisibility":
		return []Call{{"sqs:" + operation, resource}}, nil
	}
	return nil, fmt.Errorf("the operation %s of SQS is not supported", operation)
}

// send reads a request to SES: a raw mail needs an action of its own, on the sender's identity and
// on the configuration set. The sender is the one in the request, or else in the mail itself.
func send(input object, at Place) ([]Call, error) {
	content, _ := input["Content"].(object)
	raw, isRaw := content["Raw"].(object)
	action, from := "ses:SendEmail", text(input["FromEmailAddress"])
	if isRaw {
		action = "ses:SendRawEmail"
	}
	if from == "" && isRaw {
		read, err := mail.ReadMessage(base64.NewDecoder(base64.StdEncoding, strings.NewReader(text(raw["Data"]))))
		if err != nil {
			return nil, fmt.Errorf("the mail of a call of SES: %w", err)
		}
		from = read.Header.Get("From")
	}
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("the sender of a call of SES: %w", err)
	}
	calls := []Call{{action, at.arn("ses", "identity/"+sender.Address[strings.LastIndex(sender.Address, "@")+1:])}}
	if set := text(input["ConfigurationSetName"]); set != "" {
		calls = append(calls, Call{action, at.arn("ses", "configuration-set/"+set)})
	}
	return calls, nil
}

// file reads a request to S3 with the bucket in the path.
func file(r *http.Request) ([]Call, error) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	one := "arn:aws:s3:::" + bucket + "/" + key
	query := r.URL.Query()
	switch {
	case key == "" && r.Method == http.MethodGet && query.Get("list-type") == "2":
		return []Call{{"s3:ListBucket", "arn:aws:s3:::" + bucket}}, nil
	case key == "":
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return []Call{{"s3:GetObject", one}}, nil
	case r.Method == http.MethodDelete && query.Has("uploadId"):
		return []Call{{"s3:AbortMultipartUpload", one}}, nil
	case r.Method == http.MethodDelete:
		return []Call{{"s3:DeleteObject", one}}, nil
	case r.Method == http.MethodPut || r.Method == http.MethodPost && (query.Has("uploads") || query.Has("uploadId")):
		calls := []Call{{"s3:PutObject", one}}
		if source := r.Header.Get("X-Amz-Copy-Source"); source != "" {
			source, err := url.PathUnescape(strings.TrimPrefix(source, "/"))
			if err != nil {
				return nil, err
			}
			calls = append(calls, Call{"s3:GetObject", "arn:aws:s3:::" + source})
		}
		return calls, nil
	}
	return nil, fmt.Errorf("%s %s of S3 is not supported", r.Method, r.URL)
}
