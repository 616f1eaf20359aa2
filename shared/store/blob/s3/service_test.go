package s3_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	service "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/blob/s3"
)

const (
	mebibyte = 1 << 20
	partSize = 8 * mebibyte
)

// wire answers the requests of uploads and records them. It fails those that a test selects.
type wire struct {
	guard sync.Mutex
	asked []string // such as "create", "part 1 of 8388608", "complete", "abort", "put of 5"
	sums  []string // of the parts, in order of arrival
	fails func(asked string) int
	meets func(asked string)
}

func (w *wire) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	sum := sha256.New()
	size, _ := io.Copy(sum, request.Body)
	query, asked := request.URL.Query(), ""
	switch {
	case request.Method == http.MethodPut && query.Has("partNumber"):
		asked = fmt.Sprintf("part %s of %d", query.Get("partNumber"), size)
	case request.Method == http.MethodPut:
		asked = fmt.Sprintf("put of %d", size)
	case request.Method == http.MethodPost && query.Has("uploads"):
		asked = "create"
	case request.Method == http.MethodPost:
		asked = "complete"
	case request.Method == http.MethodDelete && query.Has("uploadId"):
		asked = "abort"
	default:
		asked = request.Method
	}
	w.guard.Lock()
	w.asked = append(w.asked, asked)
	if request.Method == http.MethodPut {
		w.sums = append(w.sums, hex.EncodeToString(sum.Sum(nil)))
	}
	w.guard.Unlock()
	if w.meets != nil {
		w.meets(asked)
	}
	if got := request.Header.Get("x-amz-checksum-sha256"); request.Method == http.MethodPut &&
		got != base64.StdEncoding.EncodeToString(sum.Sum(nil)) {
		response.WriteHeader(http.StatusBadRequest)
		return
	}
	if w.fails != nil && w.fails(asked) != 0 {
		response.WriteHeader(w.fails(asked))
		return
	}
	response.Header().Set("ETag", `"e"`)
	switch asked {
	case "create":
		_, _ = io.WriteString(response,
			`<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>`)
	case "complete":
		_, _ = io.WriteString(response,
			`<CompleteMultipartUploadResult><ETag>"e"</ETag></CompleteMultipartUploadResult>`)
	case "abort", "DELETE":
		response.WriteHeader(http.StatusNoContent)
	}
}

func serve(t *testing.T, w *wire) *s3.Store {
	t.Helper()
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	return storeAt(server.URL)
}

func storeAt(address string) *s3.Store {
	return s3.New(service.New(service.Options{
		BaseEndpoint: aws.String(address), Region: "eu-central-1", HTTPClient: new(http.Client), UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider("id", "secret", "session"),
		Retryer:     retry.AddWithMaxBackoffDelay(retry.NewStandard(), 1),
	}), "files")
}

// random returns content that depends on the size only.
func random(size int64) io.Reader {
	return io.LimitReader(rand.NewChaCha8([32]byte{byte(size)}), size)
}

func sumOf(content io.Reader) string {
	sum := sha256.New()
	_, _ = io.Copy(sum, content)
	return hex.EncodeToString(sum.Sum(nil))
}

func TestAFileIsStoredWholeOrInParts(t *testing.T) {
	for size, want := range map[int64][]string{
		0:            {"put of 0"},
		1:            {"put of 1"},
		partSize - 1: {"put of 8388607"},
		partSize:     {"create", "part 1 of 8388608", "complete"},
		partSize + 1: {"create", "part 1 of 8388608", "part 2 of 1", "complete"},
		20_000_000:   {"create", "part 1 of 8388608", "part 2 of 8388608", "part 3 of 3222784", "complete"},
	} {
		w := &wire{}
		// HalfReader returns less than asked for, as connections do.
		written, err := serve(t, w).Put(t.Context(), "a/b", iotest.HalfReader(random(size)), size)
		if err != nil {
			t.Fatal(size, err)
		}
		if !slices.Equal(w.asked, want) || written.Size != size || written.SHA256 != sumOf(random(size)) {
			t.Errorf("%d: %+v by %v", size, written, w.asked)
		}
	}
}

func TestOfAFileThatIsNotStoredNothingIsLeft(t *testing.T) {
	broken := errors.New("the caller's connection broke")
	after := func(size int64) io.Reader { return io.MultiReader(random(size), iotest.ErrReader(broken)) }
	for name, test := range map[string]struct {
		content io.Reader
		limit   int64
		fails   string
		asked   []string
		is      error
		code    fault.Code
	}{
		"small, above the limit": {random(101), 100, "", nil, nil, fault.TooLarge},
		"in parts, above": {random(partSize + 101), partSize + 100, "",
			[]string{"create", "part 1 of 8388608", "abort"}, nil, fault.TooLarge},
		"small, reader fails": {after(100), partSize, "", nil, broken, fault.Internal},
		"in parts, reader fails": {after(partSize + 100), 2 * partSize, "",
			[]string{"create", "part 1 of 8388608", "abort"}, broken, fault.Internal},
		"small, refused":   {random(5), 10, "put of 5", []string{"put of 5"}, nil, fault.Unavailable},
		"no upload begins": {random(partSize), partSize, "create", []string{"create"}, nil, fault.Unavailable},
		"a part is refused": {random(partSize + 5), 2 * partSize, "part 2 of 5",
			[]string{"create", "part 1 of 8388608", "part 2 of 5", "abort"}, nil, fault.Unavailable},
		"the end is refused": {random(partSize), partSize, "complete",
			[]string{"create", "part 1 of 8388608", "complete", "abort"}, nil, fault.Unavailable},
		"nor can it be abandoned": {after(partSize), 2 * partSize, "abort",
			[]string{"create", "part 1 of 8388608", "abort"}, broken, fault.Unavailable},
	} {
		w := &wire{fails: func(asked string) int {
			if asked == test.fails {
				return http.StatusForbidden
			}
			return 0
		}}
		_, err := serve(t, w).Put(t.Context(), "a/b", test.content, test.limit)
		if test.is != nil && !errors.Is(err, test.is) || fault.CodeOf(err) != test.code ||
			!slices.Equal(w.asked, test.asked) {
			t.Errorf("%s: %v by %v", name, err, w.asked)
		}
	}
}

func TestAnUploadWhoseCallerIsGoneIsAbandoned(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	w := &wire{meets: func(asked string) {
		if strings.HasPrefix(asked, "part 1") {
			leave()
		}
	}}
	_, err := serve(t, w).Put(ctx, "a/b", random(3*partSize), 3*partSize)
	if !errors.Is(err, context.Canceled) || w.asked[len(w.asked)-1] != "abort" || len(w.asked) != 3 {
		t.Errorf("%v by %v", err, w.asked)
	}
}

func TestWhatFailsForAMomentIsSentAgainUnchanged(t *testing.T) {
	left := 2
	w := &wire{fails: func(asked string) int {
		if strings.HasPrefix(asked, "part 2") && left > 0 {
			left--
			return http.StatusServiceUnavailable
		}
		return 0
	}}
	if _, err := serve(t, w).Put(t.Context(), "a/b", random(partSize+mebibyte), 2*partSize); err != nil {
		t.Fatal(err)
	}
	if len(w.sums) < 3 || w.sums[1] != w.sums[2] {
		t.Errorf("%v, sums %v", w.asked, w.sums)
	}
}

func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	store := serve(t, &wire{})
	used := func(size int64) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := store.Put(t.Context(), "a/b", random(size), size); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	used(1) // makes the connection
	if whole := used(12 * partSize); whole > 2*partSize {
		t.Errorf("a file of 96 MiB takes %d MiB of memory", whole/mebibyte)
	}
	if small := used(10_000); small > mebibyte {
		t.Errorf("a file of 10 kB takes %d kB of memory", small/1000)
	}
}

func TestAConnectionThatBreaksWhileAFileIsReadIsUnavailable(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, _ *http.Request) {
		response.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(response, "half")
	}))
	t.Cleanup(server.Close)
	content, err := storeAt(server.URL).Open(t.Context(), "a/b")
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	if got, err := io.ReadAll(content); !fault.Is(err, fault.Unavailable) || string(got) != "half" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestAServiceThatIsNotThereIsUnavailable(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	store := storeAt(server.URL)
	_, opened := store.Open(t.Context(), "a")
	_, put := store.Put(t.Context(), "a", strings.NewReader("x"), 1)
	for _, err := range []error{opened, put, store.Delete(t.Context(), "a")} {
		if !fault.Is(err, fault.Unavailable) {
			t.Error(err)
		}
	}
}

func TestAKeyThatIsNotOursReachesNobody(t *testing.T) {
	w := &wire{}
	store := serve(t, w)
	for _, key := range []string{"", "/a", "a/", "a//b", "../a", "a.b", "A", "a b", "ž", "${filename}",
		strings.Repeat("a", 65)} {
		_, put := store.Put(t.Context(), key, strings.NewReader("x"), 1)
		_, opened := store.Open(t.Context(), key)
		_, linked := store.Link(t.Context(), key, "a", "text/plain", time.Minute)
		_, _, formed := store.UploadForm(t.Context(), key, "text/plain", 1, time.Minute)
		for _, err := range []error{put, opened, linked, formed, store.Delete(t.Context(), key)} {
			if !errors.Is(err, blob.ErrBadKey) {
				t.Errorf("%q: %v", key, err)
			}
		}
	}
	if len(w.asked) != 0 {
		t.Errorf("asked %v", w.asked)
	}
}
