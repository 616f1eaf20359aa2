// Package directorybench measures lists of organizations on one machine. It runs the same requests in an
// installation whose MSP has a thousand organizations and in one where it has a hundred thousand, and
// reports ratios, which are comparable between machines. The requests alternate between the two, after a
// warm-up of each kind, so that caches and other load affect both alike.
package directorybench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/store/embedded"
	"github.com/tenantry/tenantry/shared/store/table/sqlite"
	"github.com/tenantry/tenantry/shared/tenant"
	"github.com/tenantry/tenantry/shared/tenant/directory"
)

const (
	small   = 1000
	samples = 60
	// creators is how many organizations are created at the same time.
	creators = 16
)

// Run creates two installations in files in dir, and writes the measurements to out.
func Run(ctx context.Context, out io.Writer, dir string, many int) error {
	return compare(ctx, out, dir, min(small, many), many, samples)
}

func compare(ctx context.Context, out io.Writer, dir string, few, many, samples int) (err error) {
	var pair [2]*installation
	for i, size := range []int{few, many} {
		began := time.Now()
		made, err := create(ctx, filepath.Join(dir, fmt.Sprintf("orgs-%d-%d.db", i, size)), size)
		if err != nil {
			return fmt.Errorf("create %d organizations: %w", size, err)
		}
		defer func() { err = errors.Join(err, made.database.Close()) }()
		if _, err := fmt.Fprintf(out, "(created and indexed %d organizations in %v)\n", size,
			time.Since(began).Round(time.Second/10)); err != nil {
			return err
		}
		pair[i] = made
	}
	for i, kind := range kinds(pair[0]) {
		var medians [2]time.Duration
		random := [2]*rand.Rand{rand.New(rand.NewPCG(1, 2)), rand.New(rand.NewPCG(1, 2))}
		var times [2][]time.Duration
		for sample := range samples + samples/3 {
			for side, in := range pair {
				query, total := kinds(in)[i].query(random[side])
				began := time.Now()
				page, err := in.orgs.List(ctx, in.operator, directory.Scope{MSPID: in.mspID}, query)
				took := time.Since(began)
				if err != nil {
					return fmt.Errorf("%s: %w", kind.name, err)
				}
				if page.Total != int64(total) || !page.Exact {
					return fmt.Errorf("%s among %d: a total of %d, want %d", kind.name, in.size, page.Total, total)
				}
				if sample >= samples/3 {
					times[side] = append(times[side], took)
				}
			}
		}
		for side := range pair {
			slices.Sort(times[side])
			medians[side] = times[side][samples/2].Round(time.Microsecond)
		}
		_, err := fmt.Fprintf(out, "%-52s p50 %9v → %9v, ratio %6.2f\n", kind.name, medians[0], medians[1],
			float64(medians[1])/float64(medians[0]))
		if err != nil {
			return err
		}
	}
	return nil
}

// installation is an MSP with organizations, in a file of its own.
type installation struct {
	database        *embedded.Database
	orgs            *directory.Service
	operator        identity.Principal
	mspID, labelID  string
	size, withLabel int
}

// nameOf returns the name of an organization: half of them have a word in common, one in a hundred has
// another, and each has its number.
func nameOf(number int) string {
	kind := []string{"Hotel", "Pharmacy"}[number%2]
	if number%100 == 0 {
		kind += " Lido"
	}
	return fmt.Sprintf("%s No. %06d", kind, number)
}

func create(ctx context.Context, path string, size int) (made *installation, err error) {
	made = &installation{size: size, operator: identity.Principal{
		Kind: change.Person, UserID: "bench", Email: "bench@platform.example",
		Privileges: []identity.Privilege{{Scope: identity.PlatformScope, Role: identity.Operator}},
	}}
	if made.database, err = embedded.Open(ctx, path); err != nil {
		return nil, err
	}
	store, err := sqlite.New(ctx, made.database, sqlite.Options{Now: time.Now})
	if err != nil {
		return nil, errors.Join(err, made.database.Close())
	}
	journal := change.NewJournal(store, time.Now)
	tenants := tenant.NewTenants(journal)
	made.orgs = directory.New(journal, tenants, search.New(store, time.Now))
	if err := made.fill(ctx, tenants); err != nil {
		return nil, errors.Join(err, made.database.Close())
	}
	return made, nil
}

func (i *installation) fill(ctx context.Context, tenants *tenant.Tenants) error {
	tier := tenant.AdvancedTier
	msp, err := tenants.NewMSP(ctx, i.operator, tenant.MSPChange{Name: new("Adria Networks"), Tier: &tier})
	if err != nil {
		return err
	}
	i.mspID = msp.ID
	label, err := tenants.NewLabel(ctx, i.operator, msp.ID, tenant.LabelChange{Name: new("Coast")})
	if err != nil {
		return err
	}
	i.labelID = label.ID
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(creators)
	for number := range i.size {
		request := tenant.OrgChange{Name: new(nameOf(number))}
		if number%50 == 0 { // changes of a label wait for each other
			request.Labels = &[]string{label.ID}
			i.withLabel++
		}
		group.Go(func() error {
			for attempt := 0; ; attempt++ {
				_, err := tenants.NewOrg(groupCtx, i.operator, msp.ID, request)
				if err == nil || attempt == 20 {
					return err
				}
			}
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return i.orgs.Begin(ctx, time.Hour)
}

// kind is a kind of request.
type kind struct {
	name string
	// query returns a request, and the total that it must have.
	query func(random *rand.Rand) (directory.Query, int)
}

// page is the limit of each query.
const page = 50

func kinds(in *installation) []kind {
	fixed := func(query directory.Query, total int) func(*rand.Rand) (directory.Query, int) {
		query.Limit = page
		return func(*rand.Rand) (directory.Query, int) { return query, total }
	}
	return []kind{
		{"list by name", fixed(directory.Query{}, in.size)},
		{"list by time of change, latest first", fixed(directory.Query{Sort: "-modified_time"}, in.size)},
		{"a page in the middle, by its number", fixed(directory.Query{Offset: in.size / 2}, in.size)},
		{"a label, by name", fixed(directory.Query{LabelID: in.labelID}, in.withLabel)},
		{"search one by a part of its name", func(random *rand.Rand) (directory.Query, int) {
			return directory.Query{Name: fmt.Sprintf("%06d", random.IntN(in.size)), Limit: page}, 1
		}},
		{"search a word that one in a hundred has", fixed(directory.Query{Name: "lido"}, (in.size+99)/100)},
		{"search a word that every second has", fixed(directory.Query{Name: "hotel"}, (in.size+1)/2)},
		{"search it within a label, by time of creation", fixed(
			directory.Query{Name: "hotel", LabelID: in.labelID, Sort: "-created_time"}, in.withLabel)},
	}
}
