package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

type object = map[string]any

// call makes a call, with a session or with the customer's token if there is none, and decodes the
// response into an object.
func (b *bench) call(method, path string, body object, session ...*http.Cookie) (object, []*http.Cookie, error) {
	token := ""
	if len(session) == 0 {
		token = b.token
	}
	return b.do(method, path, body, session, token)
}

// stranger makes a call without credentials.
func (b *bench) stranger(method, path string, body object) (object, []*http.Cookie, error) {
	return b.do(method, path, body, nil, "")
}

func (b *bench) do(
	method, path string,
	body object,
	cookies []*http.Cookie,
	token string,
) (object, []*http.Cookie, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return nil, nil, err
	}
	request, err := http.NewRequestWithContext(b.ctx, method, b.url+"/api/v1"+path, bytes.NewReader(data))
	if err != nil {
		return nil, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	for _, cookie := range cookies {
		request.AddCookie(cookie)
		if cookie.Name == "csrftoken" {
			request.Header.Set("X-CSRFToken", cookie.Value)
		}
	}
	if token != "" {
		request.Header.Set("Authorization", "Token "+token)
	}
	response, err := b.client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, nil, fmt.Errorf("%s %s: %s %s", method, path, response.Status, answer)
	}
	var read object
	if len(answer) > 0 && answer[0] == '{' {
		err = json.Unmarshal(answer, &read)
	}
	return read, response.Cookies(), err
}
