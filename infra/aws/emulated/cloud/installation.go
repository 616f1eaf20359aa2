package cloud

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/infra/aws/emulated/access"
	"github.com/tenantry/tenantry/infra/aws/emulated/mailroom"
	"github.com/tenantry/tenantry/infra/aws/settings"
)

// receivedFolder is where the stacks have SES store mails (infra/aws/stacks).
const receivedFolder = "mail/ses/"

// InstallationSettings configure one installation.
type InstallationSettings struct {
	// Address is the address for HTTP, SMTPAddress the one for incoming mail; port 0 picks a free
	// one.
	Address, SMTPAddress string
	// Sent receives each mail that was sent through SES; if it returns an error, the mail is lost.
	Sent func(mailroom.Outgoing) error
	// Output receives the lines that the functions log.
	Output func(function, line string)
	// Denied is called for each request of a function that its role does not allow. The request
	// fails.
	Denied func(text string)
	// Disturbed makes queues and the stream deliver twice, late, and in another order.
	Disturbed bool
}

// Installation is Tenantry, deployed into a region of its own.
type Installation struct {
	// URL is its address, SMTP the address of the mail server for its domain.
	URL, SMTP string

	cloud    *Cloud
	region   string
	settings InstallationSettings
	stacks   settings.Settings
	gateway  *gateway
	receiver *mailroom.Receiver
	topic    string
	repeated atomic.Int64
	guard    *guard
}

// Repeated returns how many deliveries of queues and of the stream were repeated in a disturbed
// installation.
func (i *Installation) Repeated() int64 { return i.repeated.Load() }

// Install deploys all stacks into an unused region.
func (c *Cloud) Install(ctx context.Context, s InstallationSettings) (*Installation, error) {
	read := map[string]any{}
	for name, value := range c.settings.Context {
		read[name] = value
	}
	stacks, err := settings.Read(read, firstRegion)
	if err != nil {
		return nil, err
	}
	c.mutex.Lock()
	c.last++
	i := &Installation{cloud: c, region: fmt.Sprintf("eu-central-%d", c.last), settings: s, stacks: stacks}
	i.guard = &guard{
		at:       access.Place{Region: i.region, Account: Account},
		policies: map[string]access.Policy{},
		denied:   s.Denied,
	}
	c.installations[i.region] = i
	c.mutex.Unlock()
	if err := i.install(ctx); err != nil {
		i.shut()
		return nil, err
	}
	return i, nil
}

func (i *Installation) install(ctx context.Context) error {
	var err error
	if i.gateway, err = startGateway(ctx, i.settings.Address, i.cloud.emulator.url); err != nil {
		return err
	}
	i.URL = i.gateway.url
	began := time.Now()
	left, err := i.deploy(ctx)
	if err != nil {
		return err
	}
	i.cloud.settings.Log.Info("the stacks are deployed", "region", i.region, "stacks", len(i.cloud.assembly.stacks),
		"took", time.Since(began).Round(10*time.Millisecond), "left_out", strings.Join(left, ", "))
	if err := i.locate(ctx); err != nil {
		return err
	}
	bucket := strings.NewReplacer("${AWS::AccountId}", Account, "${AWS::Region}", i.region).Replace(i.stacks.Bucket())
	i.receiver = &mailroom.Receiver{
		Domain: i.stacks.MailDomain,
		Prefix: receivedFolder,
		Bucket: bucket,
		Topic:  i.topic,
		Now:    i.cloud.settings.Now,
		Log:    i.cloud.settings.Log,
		Put: func(ctx context.Context, key string, raw []byte) error {
			_, err := i.s3().
				PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(bucket), Key: aws.String(key),
					Body: bytes.NewReader(raw)})
			return err
		},
		Publish: func(ctx context.Context, notification []byte) error {
			times := 1
			if i.settings.Disturbed {
				times = 2
				i.repeated.Add(1)
			}
			for range times {
				if _, err := sns.NewFromConfig(i.Config()).Publish(ctx, &sns.PublishInput{
					TopicArn: aws.String(i.topic),
					Subject:  aws.String("Amazon SES Email Receipt Notification"),
					Message:  aws.String(string(notification)),
				}); err != nil {
					return err
				}
			}
			return nil
		},
	}
	i.SMTP, err = i.receiver.Start(ctx, i.settings.SMTPAddress)
	return err
}

// locate finds what the stacks created: the APIs and the topic of received mails.
func (i *Installation) locate(ctx context.Context) error {
	client := cloudformation.NewFromConfig(i.Config())
	for _, one := range i.cloud.assembly.stacks {
		output, err := client.DescribeStackResources(ctx,
			&cloudformation.DescribeStackResourcesInput{StackName: aws.String(one.name)})
		if err != nil {
			return err
		}
		for _, resource := range output.StackResources {
			id := aws.ToString(resource.PhysicalResourceId)
			if aws.ToString(resource.ResourceType) == "AWS::SNS::Topic" && strings.Contains(id, "mail-received") {
				i.topic = id
			}
		}
	}
	if i.topic == "" {
		return fmt.Errorf("the stacks have no topic of received mails")
	}
	paths, err := i.findPaths(ctx)
	if err != nil {
		return err
	}
	i.gateway.paths.Store(&paths)
	return nil
}

// SetupToken returns the first operator's token from the function that creates it.
func (i *Installation) SetupToken(ctx context.Context) (string, error) {
	answer, err := i.Invoke(ctx, catalog.SetupTokenName, []byte("{}"))
	if err != nil {
		return "", err
	}
	var reply struct {
		Token  string `json:"setup_token"`
		Detail string `json:"detail"`
	}
	if err := json.Unmarshal(answer, &reply); err != nil || reply.Token == "" {
		return "", fmt.Errorf("there is no setup token: %s%s", reply.Detail, answer)
	}
	return reply.Token, nil
}

// outgoing delivers a mail that was sent through SES.
func (i *Installation) outgoing(mail mailroom.Outgoing) {
	if err := i.settings.Sent(mail); err != nil {
		i.cloud.settings.Log.Error("a mail did not reach its recipient", "mail", mail.ID, "error", err)
	}
}

// Close deletes the stacks and stops the processes.
func (i *Installation) Close(ctx context.Context) error {
	err := i.remove(ctx)
	i.shut()
	return err
}

// shut stops what runs for the installation.
func (i *Installation) shut() {
	i.cloud.mutex.Lock()
	delete(i.cloud.installations, i.region)
	i.cloud.mutex.Unlock()
	i.cloud.host.Forget(i.region)
	if i.receiver != nil && i.SMTP != "" {
		i.receiver.Close()
	}
	if i.gateway != nil {
		_ = i.gateway.server.Close()
	}
}
