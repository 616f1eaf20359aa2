package diskspace_test

import (
	"io"
	"strings"
	"testing"

	"github.com/tenantry/tenantry/infra/local/diskspace"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/blob/folder"
)

func TestBelowTheReserveFilesAreReadAndDeletedButNotStored(t *testing.T) {
	store, err := folder.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	space := diskspace.Space{Free: 11 << 30, Total: 100 << 30}
	reserve := diskspace.Reserve{
		Percent: 5, Bytes: 10 << 30, Measure: func() (diskspace.Space, error) { return space, nil },
	}
	files := reserve.Keeping(store)
	put := func() error {
		_, err := files.Put(t.Context(), "attachments/a", strings.NewReader("content"), 1<<20)
		return err
	}
	if err := put(); err != nil {
		t.Fatal(err)
	}
	space.Free = 9 << 30
	if err := put(); !fault.Is(err, fault.Full) {
		t.Errorf("below the bytes: %v", err)
	}
	if _, err := files.Put(t.Context(), "mail/headers", strings.NewReader("Subject: x"), 16<<10); err != nil {
		t.Errorf("the headers of a mail whose content is dropped: %v", err)
	}
	content, err := files.Open(t.Context(), "attachments/a")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(content); err != nil || string(text) != "content" {
		t.Errorf("read %q, %v", text, err)
	}
	_ = content.Close()
	if err := files.Delete(t.Context(), "attachments/a"); err != nil {
		t.Errorf("delete: %v", err)
	}
	space = diskspace.Space{Free: 40 << 30, Total: 1000 << 30}
	if err := put(); !fault.Is(err, fault.Full) {
		t.Errorf("below the percentage: %v", err)
	}
}

func TestTheDiskOfAFolderIsMeasured(t *testing.T) {
	space, err := diskspace.Of(t.TempDir())
	if err != nil || space.Total == 0 || space.Free > space.Total {
		t.Errorf("%+v, %v", space, err)
	}
	if _, err := diskspace.Of(t.TempDir() + "/absent"); err == nil {
		t.Error("an absent folder has space")
	}
}
