// Package s3 keeps files in an Amazon S3 bucket, and makes the links and forms with which browsers
// download and upload files directly. infra/aws creates the bucket; the callers decide who may have
// a link.
package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/blob"
)

// Store is a bucket. It implements blob.Store. It needs the permissions s3:GetObject, s3:PutObject,
// s3:AbortMultipartUpload and s3:DeleteObject on the files, and s3:ListBucket on the bucket:
// without the last, the service does not report that a file is absent (docs.aws.amazon.com,
// GetObject, "Permissions").
type Store struct {
	client *s3.Client
	signer *s3.PresignClient
	bucket string
	// lock is how files of the archive are protected until they expire; "" for not at all.
	lock types.ObjectLockMode
}

// New returns a store on an existing bucket.
func New(client *s3.Client, bucket string) *Store {
	return &Store{client: client, signer: s3.NewPresignClient(client), bucket: bucket}
}

// Locking returns the same store, which protects each file that it writes to the archive by S3 Object
// Lock until the file expires: GOVERNANCE or COMPLIANCE. It needs the permission
// s3:PutObjectRetention, and a bucket where Object Lock is enabled.
func (s *Store) Locking(mode types.ObjectLockMode) *Store {
	other := *s
	other.lock = mode
	return &other
}

// locked returns how a file is protected, and until when.
func (s *Store) locked(key string) (types.ObjectLockMode, *time.Time) {
	if s.lock == "" || !strings.HasPrefix(key, blob.ArchiveFolder) {
		return "", nil
	}
	return s.lock, aws.Time(time.Now().AddDate(0, 0, blob.ArchiveDays))
}

// Open streams a file; see the port. If the connection breaks while the file is read, Read returns
// a fault of code Unavailable.
func (s *Store) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	if err := check(key); err != nil {
		return nil, err
	}
	output, err := s.client.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(s.bucket), Key: aws.String(key)},
		quiet)
	if _, absent := errors.AsType[*types.NoSuchKey](err); absent {
		return nil, blob.ErrAbsent
	}
	if err != nil {
		return nil, unavailable(err)
	}
	return content{output.Body}, nil
}

// quiet stops the SDK from logging a line for each file that was stored in parts, whose checksum it
// cannot verify while reading.
func quiet(options *s3.Options) { options.DisableLogOutputChecksumValidationSkipped = true }

// content is the body of a response; its errors come from the connection.
type content struct{ io.ReadCloser }

func (c content) Read(buffer []byte) (int, error) {
	count, err := c.ReadCloser.Read(buffer)
	if err != nil && !errors.Is(err, io.EOF) {
		err = unavailable(err)
	}
	return count, err
}

// Delete removes a file; see the port.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := check(key); err != nil {
		return err
	}
	_, err := s.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(s.bucket), Key: aws.String(key)})
	if err != nil {
		return unavailable(err)
	}
	return nil
}

func check(key string) error {
	if !blob.ValidKey(key) {
		return fmt.Errorf("%w: %q", blob.ErrBadKey, key)
	}
	return nil
}

func unavailable(cause error) error {
	return fault.Wrap(cause, fault.Unavailable, "The file store does not answer. Try again.")
}
