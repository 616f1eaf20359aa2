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

// maxProgram is how large a program may be when it is unpacked, in bytes ("Lambda quotas": 250 MB).
const maxProgram = 250 << 20

// find asks the emulated AWS Lambda for a function that was deployed: its configuration and its
// code.
func (c *Cloud) find(ctx context.Context, arn string) (processes.Function, processes.Account, error) {
	parts := strings.Split(arn, ":")
	if len(parts) < 7 {
		return processes.Function{}, processes.Account{}, fmt.Errorf("%q is no function", arn)
	}
	account := processes.Account{ID: parts[4], Region: parts[3], Endpoint: c.front.url}
	found, err := lambda.NewFromConfig(configOf(c.emulator.url, account.Region)).
		GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: aws.String(parts[6])})
	if err != nil {
		return processes.Function{}, processes.Account{}, err
	}
	configuration := found.Configuration
	made := processes.Function{
		ARN:     arn,
		Name:    aws.ToString(configuration.FunctionName),
		Handler: aws.ToString(configuration.Handler),
		Version: aws.ToString(configuration.Version),
		Timeout: time.Duration(aws.ToInt32(configuration.Timeout)) * time.Second,
		Memory:  int(aws.ToInt32(configuration.MemorySize)),
	}
	if configuration.Environment != nil {
		made.Environment = maps.Clone(configuration.Environment.Variables)
		delete(made.Environment, proxyVariable)
	}
	made.Folder, err = c.codes.unpack(ctx, aws.ToString(configuration.CodeSha256), aws.ToString(found.Code.Location))
	return made, account, err
}

// codes are the programs of the functions, unpacked once each.
type codes struct {
	folder string
	mutex  sync.Mutex
}

// unpack gives the folder of the code with a checksum, which is downloaded from a place when it is
// needed for the first time.
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
	defer func() { _ = response.Body.Close() }() // it was only read
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
	defer func() { _ = reader.Close() }() // it was only read
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
