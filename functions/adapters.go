package main

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/shared/mail"
	"github.com/tenantry/tenantry/shared/mail/paced"
	"github.com/tenantry/tenantry/shared/mail/ses"
	"github.com/tenantry/tenantry/shared/seal"
	files "github.com/tenantry/tenantry/shared/store/blob/s3"
	queues "github.com/tenantry/tenantry/shared/store/queue/sqs"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/dynamo"
	"github.com/tenantry/tenantry/shared/tracing"
)

// attemptTime is how long one request to a service may take: the tables and queues respond within
// milliseconds, and if a response is lost, it is better to retry early.
const attemptTime = 2 * time.Second

// filesClient returns the client for files, whose contents take longer than other responses: only
// the beginning of a response must come in time.
func filesClient() aws.HTTPClient {
	return awshttp.NewBuildableClient().WithTransportOptions(func(transport *http.Transport) {
		transport.ResponseHeaderTimeout = 2 * attemptTime
	})
}

// configuration returns the configuration of all clients. It is built from Lambda's environment
// variables only: the SDK's own search for settings would load services that no function needs.
func configuration(lookup func(string) (string, bool)) aws.Config {
	get := func(name string) string { value, _ := lookup(name); return value }
	config := aws.Config{
		HTTPClient: awshttp.NewBuildableClient().WithTimeout(attemptTime),
		Region:     get("AWS_REGION"),
		Credentials: credentials.NewStaticCredentialsProvider(get("AWS_ACCESS_KEY_ID"), get("AWS_SECRET_ACCESS_KEY"),
			get("AWS_SESSION_TOKEN")),
	}
	if endpoint := get("AWS_ENDPOINT_URL"); endpoint != "" {
		config.BaseEndpoint = aws.String(endpoint)
	}
	return config
}

// connect creates the adapters on AWS; the keyring is nil for a function that needs no secret.
func connect(s settings, keyring *seal.Keyring, traced bool, config aws.Config, log *slog.Logger) catalog.Adapters {
	store := files.New(s3.NewFromConfig(config, func(o *s3.Options) {
		o.UsePathStyle, o.HTTPClient = config.BaseEndpoint != nil, filesClient()
	}), s.bucket).Locking(s.archiveLock)
	waiting := queues.New(sqs.NewFromConfig(config), s.queues)
	var sender mail.Sender = ses.New(sesv2.NewFromConfig(config), s.configurationSet)
	if s.mailsPerSecond > 0 {
		sender = paced.New(sender, s.mailsPerSecond)
	}
	var table table.Store = dynamo.New(dynamodb.NewFromConfig(config), s.tables, time.Now)
	if traced {
		table, sender = tracing.Store{Store: table}, tracing.Sender{Sender: sender}
	}
	return catalog.Adapters{
		Store:  table,
		Queues: waiting, Depths: waiting, Postponer: waiting, Files: store, Links: store, Direct: true,
		Sender:  sender,
		Keyring: keyring, Log: log, Now: time.Now, BaseURL: s.baseURL, MailDomain: s.mailDomain,
		Collect: time.Duration(s.noticeSeconds) * time.Second, Budgets: &s.budgets, NewOrgs: &s.newOrgs,
		Region: s.region,
	}
}
