package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/tenantry/tenantry/shared/seal"
)

// renewEvery is how often a running function reads the installation's secrets again: at least once
// between the moment when a rotation adds a secret and the moment when that comes into use.
const renewEvery = 5 * time.Minute

// readSecret reads a secret from AWS Secrets Manager.
func readSecret(ctx context.Context, config aws.Config, id string) (string, error) {
	output, err := secretsmanager.NewFromConfig(config).
		GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: aws.String(id)})
	if err != nil {
		return "", fmt.Errorf("the secret %s cannot be read: %w", id, err)
	}
	return aws.ToString(output.SecretString), nil
}

// secrets are the installation's secrets in AWS Secrets Manager.
type secrets struct {
	config  aws.Config
	id      string
	log     *slog.Logger
	now     func() time.Time
	keyring *seal.Keyring

	mutex sync.Mutex
	read  time.Time // when they were read last
}

// loadSecrets reads the installation's secrets.
func loadSecrets(ctx context.Context, config aws.Config, id string, log *slog.Logger) (*secrets, error) {
	s := &secrets{config: config, id: id, log: log, now: time.Now}
	stored, err := s.load(ctx)
	if err != nil {
		return nil, err
	}
	if s.keyring, err = seal.NewRotated(stored, s.now); err != nil {
		return nil, err
	}
	s.read = s.now()
	return s, nil
}

func (s *secrets) load(ctx context.Context) ([]seal.Secret, error) {
	text, err := readSecret(ctx, s.config, s.id)
	if err != nil {
		return nil, err
	}
	stored, err := seal.ReadSecrets(text, seal.RandomText)
	if err != nil {
		return nil, fmt.Errorf("the installation's secret: %w", err)
	}
	return stored, nil
}

// renew reads the secrets again if they were read too long ago. If that fails, those read before
// stay in use until the next call.
func (s *secrets) renew(ctx context.Context) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.now().Sub(s.read) < renewEvery {
		return
	}
	stored, err := s.load(ctx)
	if err == nil {
		err = s.keyring.Replace(stored)
	}
	if err != nil {
		s.log.WarnContext(ctx, "the secrets were not read again", "error", err)
		return
	}
	s.read = s.now()
}

// renewing is a handler that keeps the secrets up to date.
type renewing struct {
	lambda.Handler
	secrets *secrets
}

// Invoke reads the secrets again if it is time, and calls the function.
func (r renewing) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	r.secrets.renew(ctx)
	return r.Handler.Invoke(ctx, payload)
}
