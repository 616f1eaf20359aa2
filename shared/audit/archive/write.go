package archive

import (
	"cmp"
	"compress/gzip"
	"context"
	"io"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/store/table"
)

const (
	// atOnce is how many files are written at the same time: most tenants have few entries, and reading
	// and storing them is mostly waiting.
	atOnce = 8
	// readAtOnce is how many entries of a log are in memory.
	readAtOnce = 200
	// maxFile is the maximum size of a file, more than a log can have in a day.
	maxFile = 1 << 40
)

// source is a log, and the file for its entries.
type source struct{ partition, name string }

// writeFiles writes the files of a day, and returns those that have entries, in the order of their
// names.
func (a *Archive) writeFiles(ctx context.Context, at time.Time) ([]File, error) {
	var mutex sync.Mutex
	files := []File{}
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	add := func(from source) {
		group.Go(func() error {
			file, err := a.writeFile(groupCtx, at, from)
			if err != nil || file.Entries == 0 {
				return err
			}
			mutex.Lock()
			defer mutex.Unlock()
			files = append(files, file)
			return nil
		})
	}
	add(source{change.PlatformAudit(at), "platform"})
	add(source{change.PeopleAudit(at), "people"})
	err := a.tenants.EachPlace(groupCtx, func(place identity.Place) error {
		name := "msp-" + place.MSPID
		if place.Scope == identity.OrgScope {
			name = "org-" + place.OrgID
		}
		add(source{place.Partition(), name})
		return groupCtx.Err()
	})
	if failed := group.Wait(); failed != nil {
		return nil, failed
	}
	if err != nil {
		return nil, err
	}
	slices.SortFunc(files, func(x, y File) int { return cmp.Compare(x.Name, y.Name) })
	// A tenant that came twice has written the same file twice.
	return slices.CompactFunc(files, func(x, y File) bool { return x.Name == y.Name }), nil
}

// writeFile writes the entries of a log on a day, if there are any.
func (a *Archive) writeFile(ctx context.Context, at time.Time, from source) (File, error) {
	query := table.Query{
		Table: table.Audit, Partition: from.partition, Limit: readAtOnce,
		From: change.AuditSort(at.UnixMicro(), ""), To: change.AuditSort(at.Add(day).UnixMicro(), ""),
	}
	first, err := a.journal.Query(ctx, query)
	if err != nil || len(first.Items) == 0 {
		return File{}, err
	}
	file := File{Name: from.name}
	reader, writer := io.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		count, err := a.copyEntries(ctx, writer, query, first)
		file.Entries = count
		writer.CloseWithError(err) // nil ends the file
	}()
	written, err := a.files.Put(ctx, key(at.Format(time.DateOnly), from.name), reader, maxFile)
	_ = reader.Close() // ends the copying if storing failed; it cannot fail
	<-done
	file.Bytes, file.SHA256 = written.Size, written.SHA256
	return file, err
}

// copyEntries writes the entries of a page of a query and of those behind it as compressed lines, and
// returns their number.
func (a *Archive) copyEntries(ctx context.Context, out io.Writer, query table.Query, page table.Page) (int, error) {
	zipped := gzip.NewWriter(out) // without a time in its head, so that the same entries make the same file
	count := 0
	for {
		for _, item := range page.Items {
			if _, err := zipped.Write(item.Data); err != nil {
				return count, err
			}
			if _, err := zipped.Write([]byte{'\n'}); err != nil {
				return count, err
			}
			count++
		}
		if query.After = page.Next; page.Next == "" {
			return count, zipped.Close()
		}
		var err error
		if page, err = a.journal.Query(ctx, query); err != nil {
			return count, err
		}
	}
}
