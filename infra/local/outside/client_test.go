package outside

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// client is a client of the API.
type client struct {
	t     testing.TB
	url   string
	http  *http.Client
	token string
	// key, if any, is sent with each call as the key by which it takes effect once.
	key string
}

func newClient(t testing.TB, i *installation) *client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &client{t: t, url: i.url, http: &http.Client{Jar: jar}}
}

// answer is a response.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// object is a JSON object.
type object = map[string]any

func (a answer) object(t testing.TB) object {
	t.Helper()
	var o object
	if err := json.Unmarshal(a.body, &o); err != nil {
		t.Fatalf("not a JSON object: %q", a.body)
	}
	return o
}

// results returns the entries of a paged list.
func (a answer) results(t testing.TB) []object {
	t.Helper()
	var entries []object
	for _, entry := range a.object(t)["results"].([]any) {
		entries = append(entries, entry.(object))
	}
	return entries
}

// send makes a call exactly as given.
func (c *client) send(method, path, contentType string, body io.Reader) answer {
	c.t.Helper()
	target := path
	if strings.HasPrefix(path, "/") {
		target = c.url + path
	}
	request, err := http.NewRequest(method, target, body)
	if err != nil {
		c.t.Fatal(err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if c.key != "" {
		request.Header.Set("Idempotency-Key", c.key)
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Token "+c.token)
	}
	if base, err := url.Parse(c.url); err == nil {
		for _, cookie := range c.http.Jar.Cookies(base) {
			if cookie.Name == "csrftoken" {
				request.Header.Set("X-CSRFToken", cookie.Value)
			}
		}
	}
	response, err := c.http.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{status: response.StatusCode, header: response.Header, body: data}
}

// call makes a call with a JSON body (nil for none) and checks the status.
func (c *client) call(want int, method, path string, body any) answer {
	c.t.Helper()
	var reader io.Reader
	contentType := ""
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		reader, contentType = bytes.NewReader(data), "application/json"
	}
	got := c.send(method, "/api/v1"+path, contentType, reader)
	if got.status != want {
		c.t.Fatalf("%s %s: status %d, want %d: %s", method, path, got.status, want, got.body)
	}
	return got
}

func (c *client) get(path string) answer { c.t.Helper(); return c.call(200, "GET", path, nil) }
func (c *client) post(path string, body any) answer {
	c.t.Helper()
	return c.call(200, "POST", path, body)
}
func (c *client) put(path string, body any) answer {
	c.t.Helper()
	return c.call(200, "PUT", path, body)
}

// upload sends form data with texts and files.
func (c *client) upload(path string, texts map[string]string, files map[string][]byte) answer {
	c.t.Helper()
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	for name, text := range texts {
		if err := writer.WriteField(name, text); err != nil {
			c.t.Fatal(err)
		}
	}
	for name, content := range files {
		header := textproto.MIMEHeader{}
		header.Set("Content-Disposition", `form-data; name="file"; filename="`+name+`"`)
		header.Set("Content-Type", "application/octet-stream")
		part, err := writer.CreatePart(header)
		if err != nil {
			c.t.Fatal(err)
		}
		if _, err := part.Write(content); err != nil {
			c.t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		c.t.Fatal(err)
	}
	return c.send("POST", "/api/v1"+path, writer.FormDataContentType(), &form)
}

// all reads all pages of a list.
func (c *client) all(path string) []object {
	c.t.Helper()
	var entries []object
	for path != "" {
		page := c.get(path)
		entries = append(entries, page.results(c.t)...)
		path = strings.TrimPrefix(text(page.object(c.t), "next"), "/api/v1")
	}
	return entries
}

func text(o object, name string) string {
	value, _ := o[name].(string)
	return value
}

// jsonNumber returns a whole number as JSON.
func jsonNumber(value any) string {
	number, _ := value.(float64)
	return strconv.FormatFloat(number, 'f', -1, 64)
}

// array returns the IDs of a response that is a JSON array.
func array(t *testing.T, a answer) []string {
	t.Helper()
	var objects []object
	if err := json.Unmarshal(a.body, &objects); err != nil {
		t.Fatalf("not an array: %s", a.body)
	}
	return ids(objects)
}

// ids returns the IDs of objects.
func ids(objects []object) []string {
	all := make([]string, len(objects))
	for i, one := range objects {
		all[i] = text(one, "id")
	}
	return all
}
