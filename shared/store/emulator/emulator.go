//go:build emulator

// Package emulator lets the tests of the AWS adapters run against emulators of Amazon
// Web Services whose addresses the environment names. shared/emulators.sh starts
// them. What an adapter must do is in its own tests.
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

// The variables of the environment that name the emulators' addresses.
const (
	MiniStack = "TENANTRY_TEST_AWS_MINISTACK"
	Moto      = "TENANTRY_TEST_AWS_MOTO"
)

// Region is where the emulators are taken to be.
const Region = "us-east-1"

// Each runs a test against every emulator that the environment names; at names it by
// its variable.
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
			"These tests need an emulator of AWS. Run shared/emulators.sh, which starts two, or name one in %s or %s.",
			MiniStack,
			Moto,
		)
	}
}

// Settings are those of a client of the emulator at an address.
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

// Client reads an answer to its end before it hands it over, since MiniStack's
// connections now and then end in between.
type Client struct {
	// Serial makes it send one request at a time, for an emulator that mixes up what it
	// gets together.
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
