package cloud

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/tenantry/tenantry/infra/aws/emulated/processes"
)

// maxProgram is the maximum size of an unpacked program in bytes ("Lambda quotas": 250 MB).
const maxProgram = 250 << 20

// find asks the emulated AWS Lambda for the configuration and the code of a deployed function.
func (c *Cloud) find(ctx context.Context, arn string) (processes.Function, processes.Account, error) {
	parts := strings.Split(arn, ":")
	if len(parts) < 7 {
		return processes.Function{}, processes.Account{}, fmt.Errorf("%q is not a function", arn)
	}
	account := processes.Account{ID: parts[4], Region: parts[3], Endpoint: c.front.url}
	output, err := lambda.NewFromConfig(configOf(c.emulator.url, account.Region)).
		GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: aws.String(parts[6])})
	if err != nil {
		return processes.Function{}, processes.Account{}, err
	}
	configuration := output.Configuration
	function := processes.Function{
		ARN:     arn,
		Name:    aws.ToString(configuration.FunctionName),
		Handler: aws.ToString(configuration.Handler),
		Version: aws.ToString(configuration.Version),
		Timeout: time.Duration(aws.ToInt32(configuration.Timeout)) * time.Second,
		Memory:  int(aws.ToInt32(configuration.MemorySize)),
	}
	if configuration.Environment != nil {
		function.Environment = maps.Clone(configuration.Environment.Variables)
		delete(function.Environment, proxyVariable)
	}
	function.Folder, err = c.codes.unpack(ctx, aws.ToString(configuration.CodeSha256),
		aws.ToString(output.Code.Location))
	return function, account, err
}

// codes holds the programs of the functions, each unpacked once.
type codes struct {
	folder string
	mutex  sync.Mutex
}

// unpack returns the folder of the code with a checksum, downloading it on first use.
func (c *codes) unpack(ctx context.Context, sum, location string) (string, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	name := sha256.Sum256([]byte(sum))
	folder := filepath.Join(c.folder, hex.EncodeToString(name[:]))
	if _, err := os.Stat(folder); err == nil {
		return folder, nil
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, location, nil)
	if err != nil {
		return "", err
	}
	response, err := (whole{}).Do(request)
	if err != nil {
		return "", fmt.Errorf("the code of a function: %w", err)
	}
	defer func() { _ = response.Body.Close() }() // only read, so errors do not matter
	packed, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("the code of a function: status %d, %w", response.StatusCode, err)
	}
	files, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return "", fmt.Errorf("the code of a function: %w", err)
	}
	return folder, extract(files, folder)
}

func extract(files *zip.Reader, folder string) error {
	fresh := folder + ".new"
	if err := os.MkdirAll(fresh, 0o750); err != nil {
		return err
	}
	for _, one := range files.File {
		if !filepath.IsLocal(one.Name) || one.FileInfo().IsDir() {
			continue
		}
		if err := extractOne(one, filepath.Join(fresh, filepath.Base(one.Name))); err != nil {
			return err
		}
	}
	return os.Rename(fresh, folder)
}

func extractOne(from *zip.File, to string) error {
	reader, err := from.Open()
	if err != nil {
		return err
	}
	defer func() { _ = reader.Close() }() // only read, so errors do not matter
	file, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, from.Mode().Perm())
	if err != nil {
		return err
	}
	if _, err := io.Copy(file, io.LimitReader(reader, maxProgram)); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}
