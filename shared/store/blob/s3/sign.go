package s3

import (
	"context"
	"mime"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Link returns a URL from which anybody can download a file for a limited time, under the given
// name (RFC 6266) and content type. It does not check that the file exists. The link expires no
// later than the credentials that signed it.
func (s *Store) Link(ctx context.Context, key, name, contentType string, valid time.Duration) (string, error) {
	if err := check(key); err != nil {
		return "", err
	}
	signed, err := s.signer.PresignGetObject(ctx, &s3.GetObjectInput{
		Bucket: aws.String(s.bucket), Key: aws.String(key), ResponseContentType: aws.String(contentType),
		ResponseContentDisposition: aws.String(mime.FormatMediaType("attachment", map[string]string{"filename": name})),
	}, s3.WithPresignExpires(valid))
	if err != nil {
		return "", unavailable(err)
	}
	return signed.URL, nil
}

// UploadForm returns the address and the fields with which a browser can store one file under the
// key for a limited time. The browser sends a form of type multipart/form-data whose last field,
// "file", is the content. The service refuses more than limit bytes, any other key and any other
// content type (docs.aws.amazon.com, "POST policy").
func (s *Store) UploadForm(
	ctx context.Context,
	key, contentType string,
	limit int64,
	valid time.Duration,
) (url string, fields map[string]string, err error) {
	if err := check(key); err != nil {
		return "", nil, err
	}
	input := &s3.PutObjectInput{Bucket: aws.String(s.bucket), Key: aws.String(key)}
	signed, err := s.signer.PresignPostObject(ctx, input, func(options *s3.PresignPostOptions) {
		options.Expires = valid
		options.Conditions = []any{
			[]any{"content-length-range", 0, limit},
			map[string]string{"Content-Type": contentType},
		}
	})
	if err != nil {
		return "", nil, unavailable(err)
	}
	signed.Values["Content-Type"] = contentType
	return signed.URL, signed.Values, nil
}
