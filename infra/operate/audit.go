package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/tenantry/tenantry/shared/audit/archive"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/blob/folder"
	files "github.com/tenantry/tenantry/shared/store/blob/s3"
)

// verifyAudit checks the archive of the audit log, and prints what is missing, changed or surplus.
func verifyAudit(ctx context.Context, arguments []string, now time.Time, out io.Writer) error {
	flags := flag.NewFlagSet("verify-audit", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	data := flags.String("data", "", "the data folder")
	bucket := flags.String("aws", "", "the bucket of files on AWS")
	last := flags.String("last", "", "the SHA-256 of the manifest of the last day")
	check := archive.Check{Now: now}
	flags.Func("from", "the first day", dayInto(&check.From))
	flags.Func("to", "the last day", dayInto(&check.To))
	err := flags.Parse(arguments)
	if err != nil || flags.NArg() > 0 || (*data == "") == (*bucket == "") {
		return fmt.Errorf("use -data data, or -aws BUCKET; days are written as in 2026-11-30\n\n%s", usage)
	}
	check.Last = *last
	store, err := archiveIn(ctx, *data, *bucket)
	if err != nil {
		return err
	}
	result, err := archive.Verify(ctx, store, check, func(fault string) error {
		_, err := fmt.Fprintln(out, fault)
		return err
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s to %s: %d days, %d files, %d entries compared; faults: %d\n"+
		"SHA-256 of the last manifest: %s\n",
		result.From.Format(time.DateOnly), result.To.Format(time.DateOnly), result.Days, result.Files, result.Entries,
		result.Faults, result.Last)
	if err == nil && result.Faults > 0 {
		err = errors.New("the archive is not as it was written")
	}
	return err
}

// dayInto returns a function that reads a day into at.
func dayInto(at *time.Time) func(string) error {
	return func(text string) (err error) {
		*at, err = time.Parse(time.DateOnly, text)
		return err
	}
}

// archiveIn opens the archive in a data folder or, if there is none, in a bucket.
func archiveIn(ctx context.Context, data, bucket string) (blob.Reader, error) {
	if data != "" {
		kept, err := folder.OpenArchive(filepath.Join(data, "files"))
		if err != nil {
			return nil, fmt.Errorf("the data folder cannot be read: %w; name it with -data", err)
		}
		return kept, nil
	}
	loaded, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("the AWS credentials cannot be read: %w", err)
	}
	// An emulator has the buckets in the path.
	client := s3.NewFromConfig(loaded, func(options *s3.Options) { options.UsePathStyle = loaded.BaseEndpoint != nil })
	return files.New(client, bucket), nil
}
