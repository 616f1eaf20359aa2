// Package export writes the organizations of an MSP, or of the whole platform, into a file, as a job.
// Domains above it add their columns. Reports of cases are in support/casejobs.
package export

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/spreadsheet"
	"github.com/tenantry/tenantry/shared/store/blob"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/tenant"
)

const (
	// kind is that of the jobs, and target their only target.
	kind   = "orgs.export"
	target = "file"
	// maxBytes is the maximum size of a file.
	maxBytes = 4 << 30
	// fileLife is how long a file is kept; the store removes it afterwards.
	fileLife = 24 * time.Hour
)

// Column is a column of the file that another domain knows.
type Column struct {
	Name string
	// Last is set if it comes behind the columns of this package, as every column does that came later.
	Last bool
	// Begin prepares the values of the organizations of an MSP, or of the direct customers ("") of a
	// platform, as the principal may see them.
	Begin func(ctx context.Context, by identity.Principal, mspID string) (Values, error)
}

// Values returns the values of up to a hundred organizations, in their order.
type Values func(ctx context.Context, orgs []tenant.Org) ([]string, error)

// Service creates and performs the jobs. It is safe for concurrent use.
type Service struct {
	accounts *identity.Accounts
	tenants  *tenant.Tenants
	files    blob.Store
	jobs     *job.Ledger
	columns  []Column
}

// New returns the service, with the columns of other domains in the order in which they are shown.
func New(
	accounts *identity.Accounts, tenants *tenant.Tenants, files blob.Store, jobs *job.Ledger, columns ...Column,
) *Service {
	return &Service{accounts: accounts, tenants: tenants, files: files, jobs: jobs, columns: columns}
}

// Columns returns the headings of a file. New ones come at the end.
func (s *Service) Columns() []string {
	columns := []string{
		"id", "name", "msp", "labels", "account_number", "contact_name", "contact_email", "contact_phone", "created",
		"support_access",
	}
	columns = append(columns, s.names(false)...)
	for _, name := range tenant.Switches() {
		columns = append(columns, string(name))
	}
	return append(append(columns, "bastion_state"), s.names(true)...)
}

// names returns the headings of the columns of other domains, of those that come last or of the others.
func (s *Service) names(last bool) []string {
	var names []string
	for _, column := range s.columns {
		if column.Last == last {
			names = append(names, column.Name)
		}
	}
	return names
}

// Create creates a job that writes the organizations of an MSP into a file, for those who see the MSP;
// or of all MSPs and all direct customers (mspID ""), for operators.
func (s *Service) Create(
	ctx context.Context, by identity.Principal, mspID string, format spreadsheet.Format,
) (job.Job, error) {
	place, err := s.place(ctx, by, mspID)
	if err != nil {
		return job.Job{}, err
	}
	if err := format.Check(); err != nil {
		return job.Job{}, err
	}
	payload, err := json.Marshal(format)
	if err != nil {
		return job.Job{}, err
	}
	return s.jobs.Create(ctx, by.Actor(), place, job.New{
		Kind: kind, Title: "Export of organizations", Payload: payload, Targets: []string{target}, Queue: queue.Transfers,
	})
}

func (s *Service) place(ctx context.Context, by identity.Principal, mspID string) (identity.Place, error) {
	if mspID == "" {
		return identity.ThePlatform(), by.Check(identity.RunPlatform, identity.ThePlatform())
	}
	msp, err := s.tenants.MSP(ctx, by, mspID, identity.SeeMSP)
	return msp.Place(), err
}

// Get returns the job of an export, and the key of its file once it is done; "" before. Files are for
// who requested them, because what they have depends on the role. The file of an MSP is refused once an
// organization has withdrawn a consent.
func (s *Service) Get(ctx context.Context, by identity.Principal, mspID, id string) (job.Job, string, error) {
	place, err := s.place(ctx, by, mspID)
	if err != nil {
		return job.Job{}, "", err
	}
	j, err := s.jobs.Get(ctx, place, id)
	if err != nil {
		return job.Job{}, "", err
	}
	if j.Kind != kind || j.Creator.ID != by.UserID {
		return job.Job{}, "", fault.Missing()
	}
	if j.State != job.Done {
		return job.ShownTo(by, place, j), "", nil
	}
	if err := s.stillConsented(ctx, by, place, j); err != nil {
		return job.Job{}, "", err
	}
	return job.ShownTo(by, place, j), FileKey(id), nil
}

// stillConsented refuses the file of an MSP if an organization has since left it, or withdrawn what the file
// has of it: the number of its cases, or its contact.
func (s *Service) stillConsented(ctx context.Context, by identity.Principal, place identity.Place, j job.Job) error {
	if place.Scope != identity.MSPScope {
		return nil
	}
	withheld, err := s.tenants.WithheldAt(ctx, by, place, identity.SeeCases, identity.SeePersonalData)
	if err != nil {
		return err
	}
	for _, orgs := range withheld {
		for _, since := range orgs {
			if since >= j.Created/1e6 {
				return fault.New(fault.Conflict,
					"What organizations let you see has changed since this export. Create a new one.")
			}
		}
	}
	left, err := s.tenants.LeftSince(ctx, place.MSPID)
	for _, since := range left {
		if since >= j.Created/1e6 {
			return fault.New(fault.Conflict, "An organization has left the MSP since this export. Create a new one.")
		}
	}
	return err
}

// HasFile reports whether a job has written a file that is still kept, for the principal.
func HasFile(j job.Job, by identity.Principal, now time.Time) bool {
	return j.Kind == kind && j.State == job.Done && j.Creator.ID == by.UserID &&
		now.Sub(time.UnixMicro(j.Ended)) < fileLife
}

// FileKey returns the key of the file of an export.
func FileKey(jobID string) string { return blob.DayFolder + "orgs-" + jobID }

// JobKinds returns the kinds of jobs.
func (s *Service) JobKinds() []job.Kind {
	return []job.Kind{{
		Name: kind, See: identity.SeeMSP, Act: identity.SeeMSP,
		At: []identity.ScopeKind{identity.MSPScope, identity.PlatformScope}, Perform: s.write,
	}}
}

// write performs the job: it reads and writes some organizations at a time, so that a file may have
// any size.
func (s *Service) write(ctx context.Context, j job.Job, _ job.Target) error {
	var format spreadsheet.Format
	if err := json.Unmarshal(j.Payload, &format); err != nil {
		return fault.Wrap(err, fault.Invalid, "The job cannot be read.")
	}
	person, err := s.accounts.Person(ctx, j.Creator.ID)
	if err != nil {
		return err
	}
	by := person.ForJob(j.Creator)
	if _, err := s.place(ctx, by, j.MSPID); err != nil {
		return err
	}
	owners := []tenant.MSP{{}}
	if j.MSPID == "" {
		msps, err := s.tenants.MSPs(ctx, by)
		if err != nil {
			return err
		}
		owners = append(owners, msps...)
	} else {
		msp, err := s.tenants.MSP(ctx, by, j.MSPID, identity.SeeMSP)
		if err != nil {
			return err
		}
		owners[0] = msp
	}
	_, err = format.Put(ctx, s.files, FileKey(j.ID), maxBytes, func(write func([]string) error) error {
		if err := write(s.Columns()); err != nil {
			return err
		}
		for _, owner := range owners {
			if err := s.rows(ctx, by, owner, write); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// rows writes the organizations of an MSP, or the direct customers if its ID is "".
func (s *Service) rows(
	ctx context.Context, by identity.Principal, owner tenant.MSP, write func([]string) error,
) error {
	labels := map[string]string{}
	if owner.ID != "" {
		all, err := s.tenants.Labels(ctx, by, owner.ID)
		if err != nil {
			return err
		}
		for _, label := range all {
			labels[label.ID] = label.Name
		}
	}
	values := make([]Values, len(s.columns))
	for i, column := range s.columns {
		var err error
		if values[i], err = column.Begin(ctx, by, owner.ID); err != nil {
			return err
		}
	}
	return s.tenants.EachSettings(ctx, by, owner.ID, func(settings []tenant.Setting) error {
		orgs := make([]tenant.Org, len(settings))
		for i, setting := range settings {
			orgs[i] = setting.Org
		}
		columns := make([][]string, len(values))
		for i, of := range values {
			var err error
			if columns[i], err = of(ctx, orgs); err != nil {
				return err
			}
		}
		for i, setting := range settings {
			row, err := s.row(setting, owner, labels, func(column int) string { return columns[column][i] })
			if err != nil {
				return err
			}
			if err := write(row); err != nil {
				return err
			}
		}
		return nil
	})
}

// row returns the row of an organization, given the names of labels and the value of each column of another
// domain.
func (s *Service) row(
	setting tenant.Setting, owner tenant.MSP, labels map[string]string, value func(column int) string,
) ([]string, error) {
	org := setting.Org
	accountNumber, contact, err := setting.Customer()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, id := range org.Labels {
		names = append(names, labels[id])
	}
	slices.Sort(names)
	row := []string{
		org.ID, org.Name, owner.Name, strings.Join(names, "; "),
		accountNumber, contact.Name, strings.Join(contact.Emails, "; "), contact.Phone,
		time.Unix(org.Created, 0).UTC().Format(time.RFC3339), strconv.FormatBool(org.SupportAccess),
	}
	add := func(last bool) {
		for i, column := range s.columns {
			if column.Last == last {
				row = append(row, value(i))
			}
		}
	}
	add(false)
	for _, name := range tenant.Switches() {
		row = append(row, strconv.FormatBool(org.On(name)))
	}
	row = append(row, string(org.BastionState()))
	add(true)
	return row, nil
}
