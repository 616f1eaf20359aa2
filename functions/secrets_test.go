package main

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/tenantry/tenantry/shared/seal"
)

func TestAFunctionReadsTheSecretsAgainEveryFiveMinutes(t *testing.T) {
	first := strings.Repeat("s3cret-", 10)
	var stored atomic.Value
	var reads atomic.Int32
	stored.Store(first)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		reads.Add(1)
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		answer, err := json.Marshal(map[string]any{"SecretString": stored.Load()})
		if err != nil {
			t.Error(err)
		}
		if stored.Load() == "" {
			w.WriteHeader(http.StatusBadRequest)
			answer = []byte(`{"__type":"ResourceNotFoundException","message":"as the test wants it"}`)
		}
		if _, err := w.Write(answer); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	config := aws.Config{
		Region: "eu-central-1", BaseEndpoint: aws.String(server.URL),
		Credentials: credentials.NewStaticCredentialsProvider("id", "key", ""),
	}
	known, err := loadSecrets(t.Context(), config, "installation", slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	known.now = func() time.Time { return now }
	renewed := func(when string, wantReads int32, opens string, want bool) {
		t.Helper()
		known.renew(t.Context())
		if got := reads.Load(); got != wantReads {
			t.Errorf("%s: read %d times, want %d", when, got, wantReads)
		}
		if _, err := known.keyring.Open("link", "", opens); (err == nil) != want {
			t.Errorf("%s: opened: %v", when, err)
		}
	}
	rotated, err := seal.Rotate(first, strings.Repeat("another", 10), now, now.Add(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	secrets, err := seal.ReadSecrets(rotated, seal.RandomText)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, err := seal.NewRotated(secrets, func() time.Time { return now.Add(time.Hour) })
	if err != nil {
		t.Fatal(err)
	}
	made := elsewhere.Seal("link", "", []byte("x"))
	stored.Store(rotated)
	renewed("at once", 1, made, false)
	now = now.Add(renewEvery)
	stored.Store("")
	renewed("while Secrets Manager fails", 2, made, false)
	stored.Store(rotated)
	renewed("afterwards", 3, made, true)
	renewed("and no sooner again", 3, made, true)
}
