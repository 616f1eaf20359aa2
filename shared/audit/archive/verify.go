package archive

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/store/blob"
)

// Check is what to verify.
type Check struct {
	// From and To are the first and the last day; zero for the oldest day of the archive that is still
	// whole, and for the latest day that must be there.
	From, To time.Time
	// Last is the SHA-256 that the manifest of the last day must have; "" for any.
	Last string
	// Now is the present time.
	Now time.Time
}

// Verified is the result of a verification.
type Verified struct {
	From, To             time.Time
	Days, Files, Entries int
	// Last is the SHA-256 of the manifest of the last day; "" if it is missing.
	Last string
	// Faults is the number of faults that were reported.
	Faults int
}

// verification is a verification in progress.
type verification struct {
	store  blob.Reader
	report func(fault string) error
	result Verified
}

// writtenBy is how long after the end of a day its files must be there.
const writtenBy = 2 * time.Hour

// Verify checks the archive against its manifests, and the manifests against each other: it calls
// report with each day or file that is missing, changed or surplus.
func Verify(ctx context.Context, store blob.Reader, check Check, report func(fault string) error) (Verified, error) {
	v := &verification{store: store, report: report}
	if err := v.choose(ctx, check); err != nil {
		return v.result, err
	}
	before := v.result.From.Add(-day).Format(time.DateOnly)
	_, previous, err := manifestOf(ctx, store.Open, before)
	known := err == nil
	if err != nil && !errors.Is(err, blob.ErrAbsent) && !errors.Is(err, errUnreadable) {
		return v.result, err
	}
	// The first day that is kept follows one that has expired.
	kept := check.Now.UTC().Truncate(day).AddDate(0, 0, 1-blob.ArchiveDays)
	for at := v.result.From; !at.After(v.result.To); at = at.Add(day) {
		name := at.Format(time.DateOnly)
		m, sum, err := v.day(ctx, name)
		if err != nil {
			return v.result, err
		}
		switch {
		case m.Day == "": // it is missing or cannot be read
		case known && m.Previous != previous:
			err = v.fault("%s/manifest: changed, or that of the day before: it does not follow it", name)
		case !known && at.Equal(v.result.From) && m.Previous != "" && at.After(kept):
			err = v.fault("%s: missing, though the manifest of %s follows it", before, name)
		}
		if err != nil {
			return v.result, err
		}
		previous, known = sum, sum != ""
		v.result.Last = sum
	}
	if check.Last != "" && !strings.EqualFold(check.Last, v.result.Last) {
		err := v.fault("%s/manifest: changed: its SHA-256 is %q", v.result.To.Format(time.DateOnly), v.result.Last)
		if err != nil {
			return v.result, err
		}
	}
	return v.result, nil
}

// choose sets the range of days, and reports folders that no day has.
func (v *verification) choose(ctx context.Context, check Check) error {
	today := check.Now.UTC().Truncate(day)
	from, to := check.From, check.To
	if to.IsZero() {
		to = check.Now.UTC().Add(-writtenBy).Truncate(day).Add(-day)
	}
	oldest := time.Time{}
	err := v.store.Folders(ctx, blob.ArchiveFolder, func(name string) error {
		at, err := time.Parse(time.DateOnly, name)
		switch {
		case err != nil:
			return v.fault("%s: surplus: it is not named by a day", name)
		case !at.Before(today):
			return v.fault("%s: surplus: the day is not over", name)
		case oldest.IsZero():
			oldest = at
		}
		return nil
	})
	if err != nil {
		return err
	}
	if from.IsZero() {
		if oldest.IsZero() {
			return errors.New("there is no archive here yet")
		}
		// Older files are being removed.
		if from = today.AddDate(0, 0, 1-blob.ArchiveDays); oldest.After(from) {
			from = oldest
		}
	}
	if from.After(to) {
		return fmt.Errorf("the first day, %s, is after the last, %s", from.Format(time.DateOnly), to.Format(time.DateOnly))
	}
	v.result.From, v.result.To = from, to
	return nil
}

func (v *verification) fault(format string, values ...any) error {
	v.result.Faults++
	return v.report(fmt.Sprintf(format, values...))
}

// day checks the files of a day, and returns its manifest, empty if it cannot be read, with its hash; ""
// if there is none.
func (v *verification) day(ctx context.Context, name string) (Manifest, string, error) {
	v.result.Days++
	m, sum, err := manifestOf(ctx, v.store.Open, name)
	switch {
	case errors.Is(err, blob.ErrAbsent):
		return m, "", v.fault("%s/manifest: missing", name)
	case errors.Is(err, errUnreadable):
		return m, sum, v.fault("%s/manifest: changed: it cannot be read", name)
	case err != nil:
		return m, "", err
	}
	if m.Day != name {
		if err := v.fault("%s/manifest: changed: it is that of the day %q", name, m.Day); err != nil {
			return m, "", err
		}
	}
	listed, entries := map[string]bool{manifestName: true}, 0
	for _, file := range m.Files {
		listed[file.Name] = true
		entries += file.Entries
		if err := v.file(ctx, name, file); err != nil {
			return m, "", err
		}
	}
	if entries != m.Entries {
		err := v.fault("%s/manifest: changed: its files have %d entries, not %d", name, entries, m.Entries)
		if err != nil {
			return m, "", err
		}
	}
	return m, sum, v.store.Names(ctx, blob.ArchiveFolder+name+"/", func(one string) error {
		if listed[one] {
			return nil
		}
		return v.fault("%s/%s: surplus: the manifest does not have it", name, one)
	})
}

// file checks one file against its manifest.
func (v *verification) file(ctx context.Context, day string, want File) (err error) {
	v.result.Files++
	if !blob.ValidKey(key(day, want.Name)) {
		return v.fault("%s/manifest: changed: %q is not the name of a file", day, want.Name)
	}
	file, err := v.store.Open(ctx, key(day, want.Name))
	if errors.Is(err, blob.ErrAbsent) {
		return v.fault("%s/%s: missing", day, want.Name)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	digest := sha256.New()
	from := &failing{from: file}
	all := io.TeeReader(from, digest)
	count, broken := lines(all)
	if _, err := io.Copy(io.Discard, all); err != nil && from.err == nil {
		return err
	}
	v.result.Entries += count
	switch sum := hex.EncodeToString(digest.Sum(nil)); {
	case from.err != nil:
		return from.err
	case sum != want.SHA256:
		return v.fault("%s/%s: changed: its SHA-256 is %s, not %s", day, want.Name, sum, want.SHA256)
	case broken != nil:
		return v.fault("%s/%s: changed: it cannot be unpacked", day, want.Name)
	case count != want.Entries:
		return v.fault("%s/%s: changed: it has %d entries, not %d", day, want.Name, count, want.Entries)
	}
	return nil
}

// failing remembers the error of a reader, so that what cannot be read is not taken for changed.
type failing struct {
	from io.Reader
	err  error
}

// Read reads on.
func (f *failing) Read(buffer []byte) (int, error) {
	count, err := f.from.Read(buffer)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return count, err
}

// lines counts the lines of a compressed file.
func lines(from io.Reader) (int, error) {
	zipped, err := gzip.NewReader(bufio.NewReader(from))
	if err != nil {
		return 0, err
	}
	count, buffer := 0, make([]byte, 64<<10)
	for {
		length, err := zipped.Read(buffer)
		for _, one := range buffer[:length] {
			if one == '\n' {
				count++
			}
		}
		if errors.Is(err, io.EOF) {
			return count, nil
		}
		if err != nil {
			return count, err
		}
	}
}
