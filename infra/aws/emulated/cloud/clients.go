package cloud

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Config returns the configuration of a client of the emulated AWS.
func (i *Installation) Config() aws.Config { return configOf(i.cloud.emulator.url, i.region) }

func configOf(endpoint, region string) aws.Config {
	return aws.Config{
		Region: region, BaseEndpoint: aws.String(endpoint), HTTPClient: whole{},
		Credentials: credentials.NewStaticCredentialsProvider(Account, "test", ""),
	}
}

func (i *Installation) s3() *s3.Client {
	return s3.NewFromConfig(i.Config(), func(o *s3.Options) { o.UsePathStyle = true })
}

// whole is an HTTP client that reads a whole response before it returns it, because MiniStack
// sometimes closes a connection in the middle of one.
type whole struct{}

// Do sends a request.
func (whole) Do(request *http.Request) (*http.Response, error) {
	response, err := http.DefaultClient.Do(request) //nolint:gosec // all addresses are the emulator's
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
