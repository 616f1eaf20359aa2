package s3

import (
	"context"
	"path"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Folders lists the folders in a folder; see the port.
func (s *Store) Folders(ctx context.Context, folder string, do func(name string) error) error {
	return s.each(ctx, folder, func(page *s3.ListObjectsV2Output) error {
		for _, one := range page.CommonPrefixes {
			if err := do(path.Base(aws.ToString(one.Prefix))); err != nil {
				return err
			}
		}
		return nil
	})
}

// Names lists the files in a folder; see the port.
func (s *Store) Names(ctx context.Context, folder string, do func(name string) error) error {
	return s.each(ctx, folder, func(page *s3.ListObjectsV2Output) error {
		for _, one := range page.Contents {
			if err := do(strings.TrimPrefix(aws.ToString(one.Key), folder)); err != nil {
				return err
			}
		}
		return nil
	})
}

// each reads the list of a folder page by page.
func (s *Store) each(ctx context.Context, folder string, do func(*s3.ListObjectsV2Output) error) error {
	pages := s3.NewListObjectsV2Paginator(s.client, &s3.ListObjectsV2Input{
		Bucket: aws.String(s.bucket), Prefix: aws.String(folder), Delimiter: aws.String("/"),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return unavailable(err)
		}
		if err := do(page); err != nil {
			return err
		}
	}
	return nil
}
