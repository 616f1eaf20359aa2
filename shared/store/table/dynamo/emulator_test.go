//go:build emulator

package dynamo_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/emulator"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/dynamo"
	"github.com/tenantry/tenantry/shared/store/table/sqlite"
	"github.com/tenantry/tenantry/shared/store/table/tabletest"
)

// endpoint is a service to test against.
type endpoint struct {
	variable string // holds the address
	emulator bool
	known    tabletest.Options // how an emulator differs from the service; see docs/emulators.md
	serial   bool
}

// endpoints are those that environment variables may name. The last one is any other endpoint, with
// the credentials and the region of the environment.
var endpoints = map[string]endpoint{
	"MiniStack": {
		variable: emulator.MiniStack,
		emulator: true,
		known:    tabletest.Options{LargestItem: table.MaxItemBytes},
	},
	"moto": {
		variable: emulator.Moto,
		emulator: true,
		known:    tabletest.Options{LargestItem: motoItemBytes},
		serial:   true,
	},
	"other": {variable: "TENANTRY_TEST_DYNAMODB", known: tabletest.Options{LargestItem: table.MaxItemBytes}},
}

// motoItemBytes is how many of the 409,600 bytes of an item moto accepts.
const motoItemBytes = 405_000

// onEachEndpoint runs a test against every endpoint named in the environment.
func onEachEndpoint(t *testing.T, test func(t *testing.T, service *service)) {
	tested := 0
	for name, endpoint := range endpoints {
		address := os.Getenv(endpoint.variable)
		if address == "" {
			continue
		}
		tested++
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, &service{endpoint: endpoint, client: connect(t, address, endpoint)})
		})
	}
	if tested == 0 {
		t.Fatalf(
			"These tests need an endpoint of Amazon DynamoDB. Run shared/store/emulators.sh, which starts two "+
				"emulators, or set %s.",
			endpoints["other"].variable,
		)
	}
}

func connect(t *testing.T, address string, endpoint endpoint) *dynamodb.Client {
	t.Helper()
	options := []func(*config.LoadOptions) error{config.WithBaseEndpoint(address)}
	if endpoint.emulator {
		options = append(options, config.WithRegion("us-east-1"),
			config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider("test", "test", "")))
	}
	settings, err := config.LoadDefaultConfig(t.Context(), options...)
	if err != nil {
		t.Fatal(err)
	}
	return dynamodb.NewFromConfig(settings, func(options *dynamodb.Options) {
		if endpoint.emulator {
			options.HTTPClient = &emulator.Client{Serial: endpoint.serial}
		}
	})
}

// service is an endpoint and the tables created on it.
type service struct {
	endpoint
	client *dynamodb.Client
	shared *dynamo.Names
}

// tables creates tables that live as long as the test. Where creation takes long, all tests share
// the tables of the first.
func (s *service) tables(t *testing.T) dynamo.Names {
	t.Helper()
	if s.shared != nil {
		return *s.shared
	}
	prefix := "tenantry-test-" + rand.Text()[:8] + "-"
	names := dynamo.Names{Core: prefix + "core", Audit: prefix + "audit", Derived: prefix + "derived"}
	t.Cleanup(func() { s.drop(t, names) })
	if err := dynamo.CreateTables(t.Context(), s.client, names); err != nil {
		t.Fatal(err)
	}
	if !s.emulator {
		s.shared = &names
	}
	return names
}

func (s *service) drop(t *testing.T, names dynamo.Names) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for _, name := range []string{names.Core, names.Audit, names.Derived} {
		if _, err := s.client.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: aws.String(name)}); err != nil {
			t.Error(err)
		}
	}
}

func TestTheStoreKeepsTheContract(t *testing.T) {
	onEachEndpoint(t, func(t *testing.T, service *service) {
		if !service.emulator {
			service.tables(t)
		}
		tabletest.RunWith(t, service.known, func(t *testing.T, now func() time.Time) table.Store {
			return dynamo.New(service.client, service.tables(t), now)
		})
	})
}

func TestBothStoresGiveTheSameAnswers(t *testing.T) {
	onEachEndpoint(t, func(t *testing.T, service *service) {
		if !service.emulator {
			service.tables(t)
		}
		tabletest.Play(t, func(t *testing.T, now func() time.Time) (left, right table.Store) {
			database, err := embedded.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = database.Close() })
			if left, err = sqlite.New(t.Context(), database, sqlite.Options{Now: now}); err != nil {
				t.Fatal(err)
			}
			return left, dynamo.New(service.client, service.tables(t), now)
		})
	})
}

func TestCreatedTablesAreBilledByRequestAndExpireAndStream(t *testing.T) {
	onEachEndpoint(t, func(t *testing.T, service *service) {
		names := service.tables(t)
		if err := dynamo.CreateTables(t.Context(), service.client, names); err != nil {
			t.Errorf("creating tables that exist: %v", err)
		}
		for name, stream := range map[string]bool{names.Core: true, names.Audit: false, names.Derived: false} {
			described, err := service.client.DescribeTable(t.Context(),
				&dynamodb.DescribeTableInput{TableName: aws.String(name)})
			if err != nil {
				t.Fatal(err)
			}
			if summary := described.Table.BillingModeSummary; summary == nil ||
				summary.BillingMode != types.BillingModePayPerRequest {
				t.Errorf("%s is not billed by request", name)
			}
			specification := described.Table.StreamSpecification
			if streams := specification != nil && aws.ToBool(specification.StreamEnabled); streams != stream {
				t.Errorf("%s streams: %v", name, streams)
			}
			if stream && specification != nil && specification.StreamViewType != types.StreamViewTypeNewAndOldImages {
				t.Errorf("%s streams %v", name, specification.StreamViewType)
			}
			living, err := service.client.DescribeTimeToLive(t.Context(),
				&dynamodb.DescribeTimeToLiveInput{TableName: aws.String(name)})
			if err != nil {
				t.Fatal(err)
			}
			got := fmt.Sprint(aws.ToString(living.TimeToLiveDescription.AttributeName),
				living.TimeToLiveDescription.TimeToLiveStatus)
			if got != "expiresENABLED" && got != "expiresENABLING" {
				t.Errorf("%s expires by %s", name, got)
			}
		}
	})
}
