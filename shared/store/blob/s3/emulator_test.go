//go:build emulator

package s3_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	service "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/blob/s3"
	"github.com/tenantry/tenantry/shared/store/emulator"
)

// bucket is a bucket in an emulator, and the store on it.
type bucket struct {
	*s3.Store
	at     string
	name   string
	client *service.Client
}

func onEachEmulator(t *testing.T, test func(t *testing.T, b bucket)) {
	emulator.Each(t, func(t *testing.T, at string, settings aws.Config) {
		client := service.NewFromConfig(settings, func(options *service.Options) { options.UsePathStyle = true })
		name := "tenantry-test-" + strings.ToLower(rand.Text())
		_, err := client.CreateBucket(t.Context(), &service.CreateBucketInput{Bucket: aws.String(name)})
		if err != nil {
			t.Fatal(err)
		}
		test(t, bucket{s3.New(client, name), at, name, client})
	})
}

func (b bucket) content(t *testing.T, key string) string {
	t.Helper()
	content, err := b.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	got, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

func TestAFileIsReadAsItWasWritten(t *testing.T) {
	onEachEmulator(t, func(t *testing.T, b bucket) {
		for _, size := range []int64{0, 1, 100_000, partSize, 2*partSize + 7} {
			want := sumOf(random(size))
			written, err := b.Put(t.Context(), "a/b", random(size), size)
			if err != nil || written != (blob.Written{Size: size, SHA256: want}) {
				t.Fatalf("%d: %+v, %v", size, written, err)
			}
			if got := sumOf(strings.NewReader(b.content(t, "a/b"))); got != want {
				t.Errorf("%d: content differs", size)
			}
		}
	})
}

func TestAFileThatIsNotStoredLeavesTheOldOneAndNoParts(t *testing.T) {
	onEachEmulator(t, func(t *testing.T, b bucket) {
		if _, err := b.Put(t.Context(), "a/b", strings.NewReader("old"), 3); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Put(t.Context(), "a/b", random(2*partSize+1), 2*partSize); !fault.Is(err, fault.TooLarge) {
			t.Error(err)
		}
		uploads, err := b.client.ListMultipartUploads(t.Context(),
			&service.ListMultipartUploadsInput{Bucket: aws.String(b.name)})
		if err != nil || len(uploads.Uploads) != 0 || b.content(t, "a/b") != "old" {
			t.Errorf("parts left: %+v, %v", uploads, err)
		}
	})
}

func TestWhatIsAbsentIsSaidToBe(t *testing.T) {
	onEachEmulator(t, func(t *testing.T, b bucket) {
		if _, err := b.Put(t.Context(), "a/b", strings.NewReader("x"), 1); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := b.Delete(t.Context(), "a/b"); err != nil {
				t.Error(err)
			}
		}
		_, opened := b.Open(t.Context(), "a/b")
		if !errors.Is(opened, blob.ErrAbsent) {
			t.Errorf("opened: %v", opened)
		}
		missing := s3.New(b.client, b.name+"-gone")
		if _, err := missing.Open(t.Context(), "a/b"); !fault.Is(err, fault.Unavailable) {
			t.Errorf("no bucket: %v", err)
		}
		if _, err := missing.Put(t.Context(), "a/b", strings.NewReader("x"), 1); !fault.Is(err, fault.Unavailable) {
			t.Errorf("no bucket: %v", err)
		}
	})
}

func TestALinkGivesTheFileAsADownload(t *testing.T) {
	onEachEmulator(t, func(t *testing.T, b bucket) {
		if _, err := b.Put(t.Context(), "a/b", strings.NewReader("hello"), 5); err != nil {
			t.Fatal(err)
		}
		link, err := b.Link(t.Context(), "a/b", "Žiga.txt", "text/plain; charset=utf-8", time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.Get(link)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK || string(body) != "hello" ||
			response.Header.Get("Content-Disposition") != "attachment; filename*=utf-8''%C5%BDiga.txt" ||
			response.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("%s: %v, %q, %v", response.Status, response.Header, body, err)
		}
	})
}

// post sends a form as a browser does and returns the status of the response.
func post(t *testing.T, address string, fields map[string]string, content string) int {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		if err := form.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	file, err := form.CreateFormFile("file", "shot.png")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(file, content); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	response, err := http.Post(address, form.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode
}

// refuses checks that no form stores a file if it asks for more than was signed.
func (b bucket) refuses(t *testing.T, address string, fields map[string]string) {
	t.Helper()
	for name, test := range map[string]struct{ field, value, content string }{
		"six bytes":            {"", "", "longer"},
		"another key":          {"key", "a/d", "hello"},
		"another content type": {"Content-Type", "text/html", "hello"},
	} {
		changed := maps.Clone(fields)
		if test.field != "" {
			changed[test.field] = test.value
		}
		if status := post(t, address, changed, test.content); status < 400 {
			t.Errorf("%s: status %d", name, status)
		}
	}
	for _, key := range []string{"a/c", "a/d"} {
		if _, err := b.Open(t.Context(), key); !errors.Is(err, blob.ErrAbsent) {
			t.Errorf("%s is stored: %v", key, err)
		}
	}
}

func TestAFormStoresUpToItsLimit(t *testing.T) {
	onEachEmulator(t, func(t *testing.T, b bucket) {
		address, fields, err := b.UploadForm(t.Context(), "a/c", "image/png", 5, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if b.at != emulator.Moto { // moto does not check the conditions; see docs/emulators.md
			b.refuses(t, address, fields)
		}
		if status := post(t, address, fields, "hello"); status >= 300 {
			t.Fatalf("five bytes: status %d", status)
		}
		if got := b.content(t, "a/c"); got != "hello" {
			t.Errorf("stored is %q", got)
		}
	})
}
