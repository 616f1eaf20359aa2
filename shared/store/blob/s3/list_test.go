package s3_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"

	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/blob/s3"
)

var _ blob.Reader = (*s3.Store)(nil)

func TestAFolderIsListedPageByPage(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		query := request.URL.Query()
		if query.Get("prefix") != "archive/" || query.Get("delimiter") != "/" {
			response.WriteHeader(http.StatusBadRequest)
			return
		}
		day, rest := "2026-03-01", `<IsTruncated>true</IsTruncated><NextContinuationToken>two</NextContinuationToken>`
		if query.Get("continuation-token") == "two" {
			day, rest = "2026-03-02", `<IsTruncated>false</IsTruncated>`
		}
		_, _ = fmt.Fprintf(response, `<ListBucketResult>%s<Contents><Key>archive/of-%s</Key></Contents>`+
			`<CommonPrefixes><Prefix>archive/%s/</Prefix></CommonPrefixes></ListBucketResult>`, rest, day, day)
	}))
	defer server.Close()
	store := storeAt(server.URL)
	var folders, names []string
	err := errors.Join(
		store.Folders(t.Context(), "archive/", func(name string) error { folders = append(folders, name); return nil }),
		store.Names(t.Context(), "archive/", func(name string) error { names = append(names, name); return nil }),
	)
	if diff := cmp.Diff([]string{"2026-03-01", "2026-03-02"}, folders); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if diff := cmp.Diff([]string{"of-2026-03-01", "of-2026-03-02"}, names); diff != "" {
		t.Error(diff)
	}
	stopped := errors.New("enough")
	if err := store.Names(t.Context(), "archive/", func(string) error { return stopped }); !errors.Is(err, stopped) {
		t.Errorf("the list went on: %v", err)
	}
}

func TestOnlyFilesOfTheArchiveAreLocked(t *testing.T) {
	var guard sync.Mutex
	heads := map[string]http.Header{}
	w := &wire{}
	server := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		guard.Lock()
		if !request.URL.Query().Has("partNumber") && !request.URL.Query().Has("uploadId") {
			heads[strings.TrimPrefix(request.URL.Path, "/files/")] = request.Header
		}
		guard.Unlock()
		w.ServeHTTP(response, request)
	}))
	defer server.Close()
	store := storeAt(server.URL)
	for key, put := range map[string]struct {
		to   *s3.Store
		size int64
		want string
	}{
		"archive/2026-03-01/small": {store.Locking(types.ObjectLockModeGovernance), 5, "GOVERNANCE"},
		"archive/2026-03-01/large": {store.Locking(types.ObjectLockModeCompliance), partSize + 1, "COMPLIANCE"},
		"mail/locking":             {store.Locking(types.ObjectLockModeCompliance), 5, ""},
		"archive/2026-03-01/open":  {store, 5, ""},
	} {
		if _, err := put.to.Put(t.Context(), key, io.LimitReader(random(put.size), put.size), put.size); err != nil {
			t.Fatal(key, err)
		}
		head := heads[key]
		if got := head.Get("X-Amz-Object-Lock-Mode"); got != put.want {
			t.Errorf("%s: locked by %q, want %q", key, got, put.want)
		}
		until, err := time.Parse(time.RFC3339, head.Get("X-Amz-Object-Lock-Retain-Until-Date"))
		if days := time.Until(until).Hours() / 24; put.want != "" && (err != nil || days < 399 || days > 401) {
			t.Errorf("%s: locked for %.1f days, %v", key, days, err)
		}
	}
}
