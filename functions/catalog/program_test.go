//go:build emulator

package catalog_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/uuid"

	"github.com/tenantry/tenantry/functions/catalog"
	"github.com/tenantry/tenantry/infra/aws/emulated/processes"
	"github.com/tenantry/tenantry/shared/mail/ses"
	"github.com/tenantry/tenantry/shared/seal"
	files "github.com/tenantry/tenantry/shared/store/blob/s3"
	"github.com/tenantry/tenantry/shared/store/emulator"
	"github.com/tenantry/tenantry/shared/store/queue"
	queues "github.com/tenantry/tenantry/shared/store/queue/sqs"
	"github.com/tenantry/tenantry/shared/store/table/dynamo"
)

// TestTheProgramAnswersEverySampleEvent sends each function's sample event to the deployed program,
// through Lambda's runtime API, on an emulated AWS.
func TestTheProgramAnswersEverySampleEvent(t *testing.T) {
	address := os.Getenv(emulator.MiniStack)
	if address == "" {
		t.Fatalf("This test needs an emulator of AWS. Run shared/store/emulators.sh, or set %s.", emulator.MiniStack)
	}
	adapters, environment := onEmulator(t, address)
	i := populated(t, adapters)
	folder := t.TempDir()
	build := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", filepath.Join(folder, "bootstrap"),
		"github.com/tenantry/tenantry/functions")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the program cannot be built: %v\n%s", err, output)
	}
	functions, err := catalog.Functions(catalog.ByEndpoint)
	check(t, err)
	for _, function := range functions {
		t.Run(function.Name, func(t *testing.T) {
			i.t = t
			program := processes.NewProgram(processes.Function{
				ARN:         "arn:aws:lambda:" + emulator.Region + ":123456789012:function:" + function.Name,
				Name:        function.Name,
				Handler:     function.Name,
				Version:     "1",
				Timeout:     function.Timeout,
				Memory:      function.Memory,
				Environment: environment,
				Folder:      folder,
			}, processes.Account{ID: "test", Region: emulator.Region, Endpoint: address},
				func(_, line string) { t.Log(line) })
			defer program.Close()
			event, want := i.event(function)
			answer, err := program.Call(context.Background(), event)
			check(t, err)
			if bytes.Contains(answer, []byte(`"statusCode":503`)) { // "Try again."
				answer, err = program.Call(context.Background(), event)
				check(t, err)
			}
			wants(t, function, answer, want)
		})
	}
}

// onEmulator creates tables, queues, a bucket and a secret, and returns the adapters on them and
// the environment with which the program finds them.
func onEmulator(t testing.TB, address string) (catalog.Adapters, map[string]string) {
	t.Helper()
	ctx, settings := context.Background(), emulator.Settings(t, address)
	name := "t" + strings.ReplaceAll(uuid.NewString(), "-", "")
	environment := map[string]string{
		"TENANTRY_BASE_URL":       "http://portal.example.com",
		"TENANTRY_MAIL_DOMAIN":    "help.example.com",
		"TENANTRY_CALLS_PER_HOUR": "5000", "TENANTRY_NOTICE_SECONDS": "0",
	}
	names := dynamo.Names{Core: name + "-core", Audit: name + "-audit", Derived: name + "-derived"}
	environment["TENANTRY_TABLE_CORE"] = names.Core
	environment["TENANTRY_TABLE_AUDIT"] = names.Audit
	environment["TENANTRY_TABLE_DERIVED"] = names.Derived
	database := dynamodb.NewFromConfig(settings)
	check(t, dynamo.CreateTables(ctx, database, names))
	sending, urls := sqs.NewFromConfig(settings), map[string]string{}
	for _, one := range queue.Names() {
		created, err := sending.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String(name + "-" + one)})
		check(t, err)
		urls[one] = aws.ToString(created.QueueUrl)
		environment["TENANTRY_QUEUE_"+strings.ToUpper(strings.ReplaceAll(one, "-", "_"))] = urls[one]
	}
	bucket := s3.NewFromConfig(settings, func(o *s3.Options) { o.UsePathStyle = true })
	_, err := bucket.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(name)})
	check(t, err)
	environment["TENANTRY_BUCKET"] = name
	text := strings.Repeat("s3cret-", 10)
	secret, err := secretsmanager.NewFromConfig(settings).
		CreateSecret(ctx, &secretsmanager.CreateSecretInput{Name: aws.String(name), SecretString: aws.String(text)})
	check(t, err)
	environment["TENANTRY_SECRET_ARN"] = aws.ToString(secret.ARN)
	mails := sesv2.NewFromConfig(settings)
	_, err = mails.CreateEmailIdentity(ctx,
		&sesv2.CreateEmailIdentityInput{EmailIdentity: aws.String("help.example.com")})
	check(t, err)
	sum := sha256.Sum256([]byte(text))
	keyring, err := seal.NewKeyring(sum[:])
	check(t, err)
	store, waiting := files.New(bucket, name), queues.New(sending, urls)
	return catalog.Adapters{
		Store:   dynamo.New(database, names, time.Now),
		Queues:  waiting,
		Depths:  waiting,
		Files:   store,
		Links:   store,
		Sender:  ses.New(mails, ""),
		Keyring: keyring,
	}, environment
}
