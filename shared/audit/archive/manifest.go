package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/tenantry/tenantry/shared/store/blob"
)

const (
	manifestName = "manifest"
	// maxManifest is the maximum size of a manifest: far more than all tenants need.
	maxManifest = 256 << 20
)

// Manifest lists the files of a day.
type Manifest struct {
	// Day is the day, as in "2026-11-30".
	Day string `json:"day"`
	// Previous is the SHA-256 of the manifest of the day before; "" for the first day of the archive.
	Previous string `json:"previous"`
	// Entries is the number of entries in all files. An entry that concerns several tenants is in the
	// file of each.
	Entries int `json:"entries"`
	// Files are the files, in the order of their names.
	Files []File `json:"files"`
}

// File is a file of the archive, as a manifest describes it.
type File struct {
	Name    string `json:"name"`
	Entries int    `json:"entries"`
	Bytes   int64  `json:"bytes"`
	SHA256  string `json:"sha256"`
}

func key(day, name string) string { return blob.ArchiveFolder + day + "/" + name }

// opener opens the files of a store.
type opener func(ctx context.Context, key string) (io.ReadCloser, error)

// manifestOf reads the manifest of a day, and its hash; blob.ErrAbsent if there is none.
func manifestOf(ctx context.Context, open opener, day string) (m Manifest, sum string, err error) {
	file, err := open(ctx, key(day, manifestName))
	if err != nil {
		return Manifest{}, "", err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	digest := sha256.New()
	data, err := io.ReadAll(io.TeeReader(io.LimitReader(file, maxManifest), digest))
	if err != nil {
		return Manifest{}, "", err
	}
	sum = hex.EncodeToString(digest.Sum(nil))
	if err := json.Unmarshal(data, &m); err != nil {
		return Manifest{}, sum, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	return m, sum, nil
}

// errUnreadable means that a manifest is not a manifest.
var errUnreadable = errors.New("the manifest cannot be read")

// archive writes the files of a day and its manifest, and moves the head there. It can be repeated: the
// same entries make the same files, and a day that has its manifest is not written again. That matters
// after a table was restored from a backup: it then has fewer entries than the archive.
func (a *Archive) archive(ctx context.Context, at time.Time, end head) (head, error) {
	name := at.Format(time.DateOnly)
	there, sum, err := manifestOf(ctx, a.files.Open, name)
	switch {
	case err == nil && (there.Day != name || there.Previous != end.SHA256):
		return end, errors.New("there is a manifest of this day that does not follow the one of the day before; " +
			"see docs/playbooks/archive.md")
	case errors.Is(err, blob.ErrAbsent):
		if sum, err = a.write(ctx, at, end); err != nil {
			return end, err
		}
	case err != nil:
		return end, err
	}
	moved := head{Day: name, SHA256: sum, Time: a.journal.Now().Unix()}
	return moved, a.journal.Mark(ctx, headKey(), moved, 0)
}

// write writes the files of a day and then its manifest, and returns the hash of the manifest.
func (a *Archive) write(ctx context.Context, at time.Time, end head) (string, error) {
	files, err := a.writeFiles(ctx, at)
	if err != nil {
		return "", err
	}
	m := Manifest{Day: at.Format(time.DateOnly), Previous: end.SHA256, Files: files}
	for _, file := range files {
		m.Entries += file.Entries
	}
	data, err := json.Marshal(m)
	if err != nil {
		return "", err
	}
	written, err := a.files.Put(ctx, key(m.Day, manifestName), bytes.NewReader(append(data, '\n')), maxManifest)
	return written.SHA256, err
}
