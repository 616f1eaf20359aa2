package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// client calls an installation's API.
type client struct{ url, token string }

// callTime is the time limit of a call.
const callTime = time.Minute

// call calls the API; in and out are JSON documents, nil for none. The path may be one that a
// response contained.
func (c client) call(ctx context.Context, method, path string, in, out any) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(data)
	}
	const prefix = "/api/v1"
	target, err := url.Parse(strings.TrimRight(c.url, "/") + prefix + strings.TrimPrefix(path, prefix))
	if err != nil {
		return fmt.Errorf("the URL of the installation: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, method, target.String(), body)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Token "+c.token)
	if in != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("the installation does not respond: %w; set its address with -url", err)
	}
	defer func() { _ = response.Body.Close() }() // only read, so errors do not matter
	answer, err := io.ReadAll(io.LimitReader(response.Body, 16<<20))
	if err != nil {
		return fmt.Errorf("read the response: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		var failure struct {
			Detail string `json:"detail"`
		}
		if err := json.Unmarshal(answer, &failure); err != nil || failure.Detail == "" {
			failure.Detail = "no reason was given"
		}
		return fmt.Errorf("%s %s: %s (%d)", method, target.Path, failure.Detail, response.StatusCode)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("the response cannot be read: %w", err)
	}
	return nil
}
