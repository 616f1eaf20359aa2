package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/tenantry/tenantry/shared/seal"
)

// notice is how long a new secret is known before it is used: on one machine it is read again every
// minute, by functions on AWS every five minutes.
const notice = 15 * time.Minute

// keeper keeps the installation's secrets.
type keeper interface {
	read(ctx context.Context) (string, error)
	write(ctx context.Context, text string) error
	form() seal.Form
}

// rotateSecret adds a secret that replaces the current one after the notice, or forgets all but the
// current one.
func rotateSecret(ctx context.Context, arguments []string, now time.Time, out io.Writer) error {
	flags := flag.NewFlagSet("rotate-secret", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	path := flags.String("file", "", "the file of the secret")
	id := flags.String("aws", "", "the name of the secret in AWS Secrets Manager")
	forget := flags.Bool("forget", false, "forget all secrets but the current one")
	if err := flags.Parse(arguments); err != nil || flags.NArg() > 0 || (*path == "") == (*id == "") {
		return fmt.Errorf("use -file data/secret.key, or -aws tenantry/installation\n\n%s", usage)
	}
	var kept keeper = file{*path}
	if *id != "" {
		loaded, err := config.LoadDefaultConfig(ctx)
		if err != nil {
			return fmt.Errorf("the AWS credentials cannot be read: %w", err)
		}
		kept = secretsManager{secretsmanager.NewFromConfig(loaded), *id}
	}
	if *forget {
		return forgetSecrets(ctx, kept, now, out)
	}
	return addSecret(ctx, kept, now, out)
}

func addSecret(ctx context.Context, kept keeper, now time.Time, out io.Writer) error {
	stored, err := kept.read(ctx)
	if err != nil {
		return err
	}
	random := make([]byte, seal.SecretBytes)
	if _, err := rand.Read(random); err != nil {
		return err
	}
	from := now.Add(notice)
	rotated, err := seal.Rotate(stored, hex.EncodeToString(random), now, from)
	if err != nil {
		return err
	}
	// What the installation could not read must not be stored.
	secrets, err := seal.ReadSecrets(rotated, kept.form())
	if err != nil {
		return err
	}
	if err := kept.write(ctx, rotated); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "secret %s will be used from %s; former secrets that stay valid: %d\n"+
		"Back the secrets up now. To end what the former ones protect, run this with -forget after that time.\n",
		secrets[len(secrets)-1].ID(), from.UTC().Format(time.RFC3339), len(secrets)-1)
	return err
}

func forgetSecrets(ctx context.Context, kept keeper, now time.Time, out io.Writer) error {
	stored, err := kept.read(ctx)
	if err != nil {
		return err
	}
	rest, dropped, err := seal.Forget(stored, now)
	if err != nil {
		return err
	}
	if dropped == 0 {
		return errors.New("there is no former secret to forget; rotate the secret first, and wait until the new one is used")
	}
	if _, err := seal.ReadSecrets(rest, kept.form()); err != nil {
		return err
	}
	if err := kept.write(ctx, rest); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "former secrets that are forgotten: %d; links and reply addresses in mails sent before are invalid\n",
		dropped)
	return err
}

// file keeps the secrets of an installation on one machine.
type file struct{ path string }

func (f file) read(context.Context) (string, error) {
	text, err := os.ReadFile(f.path)
	if err != nil {
		return "", fmt.Errorf("the secret cannot be read: %w; name the file secret.key of the data folder", err)
	}
	return string(text), nil
}

// write replaces the file at once. It keeps its owner, who alone can read it.
func (f file) write(_ context.Context, text string) error {
	present, err := os.Stat(f.path)
	if err != nil {
		return err
	}
	made, err := os.CreateTemp(filepath.Dir(f.path), ".new-*") // CreateTemp uses mode 0600
	if err != nil {
		return err
	}
	_, err = made.WriteString(text)
	err = errors.Join(err, keepOwner(present, made.Name()), made.Sync(), made.Close())
	if err == nil {
		err = os.Rename(made.Name(), f.path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("the secret was not changed: %w", err), os.Remove(made.Name()))
	}
	return nil
}

func (f file) form() seal.Form { return seal.Hexadecimal }

// secretsManager keeps the secrets of an installation on AWS.
type secretsManager struct {
	client *secretsmanager.Client
	id     string
}

func (s secretsManager) read(ctx context.Context) (string, error) {
	output, err := s.client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: aws.String(s.id)})
	if err != nil {
		return "", fmt.Errorf("the secret %s cannot be read: %w", s.id, err)
	}
	return aws.ToString(output.SecretString), nil
}

func (s secretsManager) write(ctx context.Context, text string) error {
	_, err := s.client.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{
		SecretId: aws.String(s.id), SecretString: aws.String(text),
	})
	if err != nil {
		return fmt.Errorf("the secret %s was not changed: %w", s.id, err)
	}
	return nil
}

func (s secretsManager) form() seal.Form { return seal.RandomText }
