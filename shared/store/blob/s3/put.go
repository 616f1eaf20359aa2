package s3

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/blob"
)

// partSize is the size of a part, and so how much of a file is held in memory. It is above the
// minimum of 5 MiB for all parts but the last, and allows files of 78 GiB in 10,000 parts
// (docs.aws.amazon.com, "Amazon S3 multipart upload limits").
const partSize = 8 << 20

// abortTime limits how long aborting an unfinished upload may take.
const abortTime = 10 * time.Second

// Put streams a file into the store; see the port. A file that fits into one part takes one
// request, a larger one is sent part by part. The service verifies the SHA-256 of everything it
// receives. The bucket's lifecycle rule removes parts of uploads that could not be aborted.
func (s *Store) Put(ctx context.Context, key string, content io.Reader, limit int64) (blob.Written, error) {
	if err := check(key); err != nil {
		return blob.Written{}, err
	}
	from := &source{ctx: ctx, content: content, limit: limit, sum: sha256.New()}
	part, err := from.next()
	if err != nil {
		return blob.Written{}, err
	}
	if from.ended {
		err = s.putWhole(ctx, key, part, from.sum.Sum(nil))
	} else {
		err = s.putParts(ctx, key, part, from)
	}
	if err != nil {
		return blob.Written{}, err
	}
	return blob.Written{Size: from.size, SHA256: hex.EncodeToString(from.sum.Sum(nil))}, nil
}

func (s *Store) putWhole(ctx context.Context, key string, content, sum []byte) error {
	mode, until := s.locked(key)
	_, err := s.client.PutObject(ctx, &s3.PutObjectInput{
		ObjectLockMode: mode, ObjectLockRetainUntilDate: until,
		Bucket: aws.String(s.bucket), Key: aws.String(key), Body: bytes.NewReader(content),
		ChecksumAlgorithm: types.ChecksumAlgorithmSha256, ChecksumSHA256: encoded(sum),
	})
	if err != nil {
		return unavailable(err)
	}
	return nil
}

func (s *Store) putParts(ctx context.Context, key string, part []byte, from *source) error {
	mode, until := s.locked(key)
	begun, err := s.client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
		ObjectLockMode: mode, ObjectLockRetainUntilDate: until,
		Bucket: aws.String(s.bucket), Key: aws.String(key),
		ChecksumAlgorithm: types.ChecksumAlgorithmSha256, ChecksumType: types.ChecksumTypeComposite,
	})
	if err != nil {
		return unavailable(err)
	}
	upload := upload{store: s, key: aws.String(key), id: begun.UploadId}
	if err := upload.all(ctx, part, from); err != nil {
		return errors.Join(err, upload.abort(ctx))
	}
	return nil
}

// upload is a multipart upload in progress.
type upload struct {
	store   *Store
	key, id *string
	parts   []types.CompletedPart
}

func (u *upload) all(ctx context.Context, part []byte, from *source) error {
	for len(part) > 0 {
		if err := u.send(ctx, part); err != nil {
			return err
		}
		var err error
		if part, err = from.next(); err != nil {
			return err
		}
	}
	_, err := u.store.client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
		Bucket:          aws.String(u.store.bucket),
		Key:             u.key,
		UploadId:        u.id,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: u.parts},
	})
	if err != nil {
		return unavailable(err)
	}
	return nil
}

func (u *upload) send(ctx context.Context, part []byte) error {
	digest := sha256.Sum256(part)
	number, sum := aws.Int32(int32(len(u.parts)+1)), encoded(digest[:])
	output, err := u.store.client.UploadPart(ctx, &s3.UploadPartInput{
		Bucket: aws.String(u.store.bucket), Key: u.key, UploadId: u.id, PartNumber: number, Body: bytes.NewReader(part),
		ChecksumAlgorithm: types.ChecksumAlgorithmSha256, ChecksumSHA256: sum,
	})
	if err != nil {
		return unavailable(err)
	}
	u.parts = append(u.parts, types.CompletedPart{PartNumber: number, ETag: output.ETag, ChecksumSHA256: sum})
	return nil
}

// abort discards the parts, even if the caller's context has ended.
func (u *upload) abort(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abortTime)
	defer cancel()
	_, err := u.store.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{
		Bucket: aws.String(u.store.bucket), Key: u.key, UploadId: u.id,
	})
	if _, noSuchUpload := errors.AsType[*types.NoSuchUpload](err); err != nil && !noSuchUpload {
		return unavailable(err)
	}
	return nil
}

// source reads a file in parts until its context ends, and hashes it.
type source struct {
	ctx     context.Context
	content io.Reader
	limit   int64
	sum     hash.Hash
	size    int64
	ended   bool
	buffer  []byte // grows to at most partSize, and is reused for every part
}

// next returns the next part. Every part is full except the last; after the end it is empty. The
// part is valid until the next call. The reader's own errors are returned unchanged.
func (s *source) next() ([]byte, error) {
	part := s.buffer[:0]
	for !s.ended && len(part) < partSize {
		if len(part) == cap(part) {
			part = append(make([]byte, 0, min(max(4*cap(part), 64<<10), partSize)), part...)
		}
		if err := s.ctx.Err(); err != nil {
			return nil, err
		}
		count, err := s.content.Read(part[len(part):cap(part)])
		part = part[:len(part)+count]
		if s.size += int64(count); s.size > s.limit {
			return nil, fault.New(fault.TooLarge, "The file is larger than %d bytes.", s.limit)
		}
		if s.ended = errors.Is(err, io.EOF); err != nil && !s.ended {
			return nil, err
		}
	}
	s.buffer = part
	s.sum.Write(part)
	return part, nil
}

// encoded returns a checksum in the service's format.
func encoded(sum []byte) *string { return aws.String(base64.StdEncoding.EncodeToString(sum)) }
