//go:build emulator

// Package emulator lets the tests of the AWS adapters run against emulators of Amazon Web Services.
// Environment variables hold their addresses; shared/store/emulators.sh starts the emulators and
// sets them. The adapters' own tests say what an adapter must do.
package emulator

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// The environment variables that hold the emulators' addresses.
const (
	MiniStack = "TENANTRY_TEST_AWS_MINISTACK"
	Moto      = "TENANTRY_TEST_AWS_MOTO"
)

// Region is the region that the emulators claim to be in.
const Region = "us-east-1"

// Each runs a test against every emulator named in the environment; at maps its variable to its
// address.
func Each(t *testing.T, test func(t *testing.T, at string, settings aws.Config)) {
	tested := 0
	for _, at := range []string{MiniStack, Moto} {
		address := os.Getenv(at)
		if address == "" {
			continue
		}
		tested++
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			test(t, at, Settings(t, address))
		})
	}
	if tested == 0 {
		t.Fatalf(
			"These tests need an emulator of AWS. Run shared/store/emulators.sh, which starts two, or set %s or %s.",
			MiniStack, Moto)
	}
}

// Settings returns the configuration of a client of the emulator at an address.
func Settings(t testing.TB, address string) aws.Config {
	t.Helper()
	settings, err := config.LoadDefaultConfig(t.Context(), config.WithBaseEndpoint(address), config.WithRegion(Region),
		config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider("test", "test", "")))
	if err != nil {
		t.Fatal(err)
	}
	settings.HTTPClient = new(Client)
	return settings
}

// Client reads a whole response before it returns it, because MiniStack sometimes closes a
// connection in the middle of one.
type Client struct {
	// Serial makes the client send one request at a time, for an emulator that mixes up concurrent
	// requests.
	Serial bool
	guard  sync.Mutex
	client http.Client
}

// Do sends a request.
func (c *Client) Do(request *http.Request) (*http.Response, error) {
	if c.Serial {
		c.guard.Lock()
		defer c.guard.Unlock()
	}
	response, err := c.client.Do(request) //nolint:gosec // whoever runs the tests names the address
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}
