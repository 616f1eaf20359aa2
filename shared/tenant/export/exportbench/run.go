// Package exportbench measures the export of all organizations on one machine. It compares the export with
// the bare requests that read the same items, and many rows with a tenth of them, and reports ratios, which
// are comparable between machines.
package exportbench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"runtime"
	"time"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/seal"
	"github.com/tenantry/tenantry/shared/spreadsheet"
	"github.com/tenantry/tenantry/shared/store/blob/folder"
	"github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/store/table/sqlite"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/export"
	"github.com/tenantry/tenantry/shared/tenant/profile"
)

// perMSP is how many organizations an MSP has at most.
const perMSP = 100_000

// rounds is how often each is measured, in turns; the fastest counts, because other work only adds.
const rounds = 3

// Run creates two installations in dir, one with many organizations and one with a tenth of them, and writes
// the measurements to out.
func Run(ctx context.Context, out io.Writer, dir string, many int) (err error) {
	var heaps [2]uint64
	var each [2]time.Duration
	for i, rows := range []int{max(many/10, 1), many} {
		made, err := create(ctx, filepath.Join(dir, fmt.Sprintf("export-%d-%d", i, rows)), rows)
		if err != nil {
			return fmt.Errorf("create %d organizations: %w", rows, err)
		}
		raw, written, heap, err := made.measure(ctx)
		if err = errors.Join(err, made.database.Close()); err != nil {
			return err
		}
		heaps[i], each[i] = heap, written/time.Duration(rows)
		_, err = fmt.Fprintf(out, "export %d organizations: %v, the bare requests %v, speed ratio %.2f (at least 0.5), "+
			"at most %d MiB of heap\n", rows, written.Round(time.Millisecond), raw.Round(time.Millisecond),
			raw.Seconds()/written.Seconds(), heap>>20)
		if err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(out, "  export: ratio of ten times as many, time for each %.2f, heap %.2f\n",
		each[1].Seconds()/each[0].Seconds(), float64(heaps[1])/float64(heaps[0]))
	return err
}

// installation has MSPs with organizations, in a folder of its own.
type installation struct {
	database *embedded.Database
	store    table.Store
	files    *folder.Store
	exports  *export.Service
	operator identity.Principal
	msps     []string
	rows     int
}

func create(ctx context.Context, dir string, rows int) (made *installation, err error) {
	made = &installation{rows: rows}
	if made.files, err = folder.Open(dir); err != nil {
		return nil, err
	}
	if made.database, err = embedded.OpenVolatile(ctx, filepath.Join(dir, "tenantry.db")); err != nil {
		return nil, err
	}
	if err := made.fill(ctx); err != nil {
		return nil, errors.Join(err, made.database.Close())
	}
	return made, nil
}

func (i *installation) fill(ctx context.Context) error {
	store, err := sqlite.New(ctx, i.database, sqlite.Options{Now: time.Now})
	if err != nil {
		return err
	}
	i.store = store
	keyring, err := seal.NewRotated([]seal.Secret{{Bytes: []byte("the secret of the benchmark only")}}, time.Now)
	if err != nil {
		return err
	}
	journal := change.NewJournal(store, time.Now)
	accounts := identity.NewAccounts(journal, keyring, slog.New(slog.DiscardHandler))
	token, err := accounts.PrepareSetup(ctx, "")
	if err != nil {
		return err
	}
	person, err := accounts.Setup(ctx, token, "bench@platform.example", "seven quiet lighthouses 42", "Ben", "Bench", "")
	if err != nil {
		return err
	}
	i.operator = person.Principal("api", "")
	tenants := tenant.NewTenants(journal)
	i.exports = export.New(accounts, tenants, i.files, job.NewLedger(journal), profile.New(journal, tenants).Column())
	for first := 0; first < i.rows; first += perMSP {
		msp, err := tenants.NewMSP(ctx, i.operator, tenant.MSPChange{Name: new(fmt.Sprintf("MSP %d", len(i.msps)))})
		if err != nil {
			return err
		}
		i.msps = append(i.msps, msp.ID)
		if err := i.fillMSP(ctx, msp.ID, first, min(first+perMSP, i.rows)); err != nil {
			return err
		}
	}
	return nil
}

// fillMSP stores organizations with their settings as they are stored by the product, without their audit
// entries, which no export reads.
func (i *installation) fillMSP(ctx context.Context, mspID string, first, end int) error {
	var writes []table.Write
	for number := first; number < end; number++ {
		id := fmt.Sprintf("%08x-0000-7000-8000-%012x", number, number)
		org := tenant.Org{
			ID: id, Name: fmt.Sprintf("Hotel No. %07d", number), MSPID: mspID, SupportAccess: true,
			Consents: identity.FormerConsents(true), Created: 1_700_000_000, Modified: 1_700_000_000,
		}
		stored, err := change.Encode(tenant.OrgKey(id), org)
		if err != nil {
			return err
		}
		setting := table.Item{Key: tenant.SettingKey(id), Data: fmt.Appendf(nil,
			`{"fields":{"account_number":"A-%d","contact":{"name":"Ana Novak","email":["it%d@hotel.example"]}}}`, number, number)}
		listed := table.Item{Key: table.Key{Partition: "MSP#" + mspID, Sort: "ORG#" + id}, Data: []byte("{}")}
		writes = append(writes, table.Create(stored), table.Create(setting), table.Create(listed))
		if len(writes) > table.MaxWrites-3 || number == end-1 {
			if err := i.store.Transact(ctx, writes); err != nil {
				return err
			}
			writes = writes[:0]
		}
	}
	return nil
}

// measure returns the shortest times of the bare requests and of the export, and the most heap that the
// export had.
func (i *installation) measure(ctx context.Context) (raw, written time.Duration, heap uint64, err error) {
	for round := range rounds {
		began := time.Now()
		if err := i.readRaw(ctx); err != nil {
			return 0, 0, 0, err
		}
		read := time.Since(began)
		peak := watch()
		began = time.Now()
		err := i.export(ctx, fmt.Sprintf("00000000-0000-4000-8000-%012x", round))
		took := time.Since(began)
		most := peak()
		if err != nil {
			return 0, 0, 0, err
		}
		if round == 0 {
			raw, written = read, took
		}
		raw, written, heap = min(raw, read), min(written, took), max(heap, most)
	}
	return raw, written, heap, nil
}

// readRaw reads what an export reads with the same requests, and does nothing with it.
func (i *installation) readRaw(ctx context.Context) error {
	seen := 0
	for _, msp := range i.msps {
		query := table.WithPrefix(table.Core, "MSP#"+msp, "ORG#")
		query.Limit = table.MaxBatch
		for more := true; more; more = query.After != "" {
			page, err := i.store.Query(ctx, query)
			if err != nil {
				return err
			}
			var orgs, settings []table.Key
			for _, item := range page.Items {
				id := item.Sort[len("ORG#"):]
				orgs, settings = append(orgs, tenant.OrgKey(id)), append(settings, tenant.SettingKey(id))
			}
			for _, keys := range [][]table.Key{orgs, settings} {
				items, err := i.store.BatchGet(ctx, keys)
				if err != nil {
					return err
				}
				seen += len(items)
			}
			query.After = page.Next
		}
	}
	if seen != 2*i.rows {
		return fmt.Errorf("the bare requests read %d items of %d", seen, 2*i.rows)
	}
	return nil
}

// export writes the file as the job does, and counts its lines.
func (i *installation) export(ctx context.Context, id string) error {
	payload, err := json.Marshal(spreadsheet.Format{})
	if err != nil {
		return err
	}
	asked := job.Job{ID: id, Scope: identity.PlatformScope, Creator: i.operator.Actor(), Payload: payload}
	if err := i.exports.JobKinds()[0].Perform(ctx, asked, job.Target{}); err != nil {
		return err
	}
	file, err := i.files.Open(ctx, export.FileKey(id))
	if err != nil {
		return err
	}
	defer file.Close()
	lines, scanner := 0, bufio.NewScanner(file)
	for scanner.Scan() {
		lines++
	}
	if err := scanner.Err(); err != nil {
		return err
	}
	if lines != i.rows+1 {
		return fmt.Errorf("the export has %d lines for %d organizations", lines, i.rows)
	}
	return nil
}

// watch looks at the heap until the result is called, which returns the most bytes that were in use.
func watch() func() uint64 {
	runtime.GC()
	end, most := make(chan struct{}), make(chan uint64)
	go func() {
		ticker := time.NewTicker(20 * time.Millisecond)
		defer ticker.Stop()
		var peak uint64
		for {
			var now runtime.MemStats
			runtime.ReadMemStats(&now)
			peak = max(peak, now.HeapInuse)
			select {
			case <-ticker.C:
			case <-end:
				most <- peak
				return
			}
		}
	}()
	return func() uint64 { close(end); return <-most }
}
