package casejobs

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/spreadsheet"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/support"
	"github.com/tenantry/tenantry/shared/support/lists"
	"github.com/tenantry/tenantry/shared/support/upload"
)

const (
	exportKind = "cases.export"
	// innerExportKind is the kind of reports with internal fields.
	innerExportKind = "cases.export_inner"
	exportTarget    = "report"
	// maxExportBytes is the maximum size of a report.
	maxExportBytes = 4 << 30
)

// reportLife is how long the file of a report is kept; the store removes it afterwards.
const reportLife = 24 * time.Hour

// HasReport reports whether a job has written a report of cases that is still kept.
func HasReport(j job.Job, now time.Time) bool {
	return (j.Kind == exportKind || j.Kind == innerExportKind) && j.State == job.Done &&
		now.Sub(time.UnixMicro(j.Ended)) < reportLife
}

// Export is a request for a report: the selected cases as a CSV file (RFC 4180).
type Export struct {
	Wanted lists.Query
	Scope  lists.Scope
	// Separator and ByteOrderMark are as in spreadsheet.Format.
	Separator     string
	ByteOrderMark bool
}

func (e Export) format() spreadsheet.Format {
	return spreadsheet.Format{Separator: e.Separator, ByteOrderMark: e.ByteOrderMark}
}

// exportKey is where a report is stored: among the uploads, which the store removes after a day.
func exportKey(jobID string) string { return upload.UploadFolder + "report-" + jobID }

// ExportCases creates a job that writes a report, for principals who see the cases.
func (s *Service) ExportCases(ctx context.Context, by identity.Principal, request Export) (job.Job, error) {
	admission, err := s.lists.Admit(ctx, by, request.Scope, request.Wanted)
	if err != nil {
		return job.Job{}, err
	}
	if err := request.format().Check(); err != nil {
		return job.Job{}, err
	}
	if err := s.lists.CheckValues(ctx, request.Scope, request.Wanted, admission); err != nil {
		return job.Job{}, err
	}
	payload, err := json.Marshal(request)
	if err != nil {
		return job.Job{}, err
	}
	kind := exportKind
	if admission.Agent || request.Wanted.State == support.DeletedList {
		kind = innerExportKind
	}
	return s.jobs.Create(
		ctx,
		by.Actor(),
		admission.Place,
		job.New{
			Kind:    kind,
			Title:   "Report of cases",
			Payload: payload,
			Targets: []string{exportTarget},
			Queue:   queue.CasesJobs,
		},
	)
}

// Exported returns the job of a report, and where its file is stored once it is done. It is for
// principals who see the cases; a report with internal fields is for agents and for the person who
// requested it.
func (s *Service) Exported(
	ctx context.Context,
	by identity.Principal,
	scope lists.Scope,
	id string,
) (job.Job, string, error) {
	place, err := s.jobPlace(ctx, by, scope, identity.SeeCases)
	if err != nil {
		return job.Job{}, "", err
	}
	j, err := s.jobs.Get(ctx, place, id)
	if err != nil {
		return job.Job{}, "", err
	}
	agent := by.IsAgent(place) || place.Scope == identity.PlatformScope
	inner := j.Kind == innerExportKind && (agent || j.Creator.ID == by.UserID)
	if j.Kind != exportKind && !inner {
		return job.Job{}, "", fault.Missing()
	}
	if j.State != job.Done {
		return job.ShownTo(by, place, j), "", nil
	}
	if err := s.stillConsented(ctx, by, place, j); err != nil {
		return job.Job{}, "", err
	}
	return job.ShownTo(by, place, j), exportKey(id), nil
}

// stillConsented refuses a report if it may have more than its reader sees now: over an MSP or direct
// customers, if an organization has withdrawn its cases since it was written; and where people are
// masked, if their organization withdrew its consent since, or if somebody wrote it who sees them.
func (s *Service) stillConsented(ctx context.Context, by identity.Principal, place identity.Place, j job.Job) error {
	withheld, err := s.lists.WithheldAt(ctx, by, place, identity.SeeCases, identity.SeePersonalData)
	if err != nil {
		return err
	}
	for _, since := range withheld[0] {
		if since >= j.Created/1e6 {
			return fault.New(fault.Conflict,
				"An organization has taken its cases out of your sight since this report. Create a new one.")
		}
	}
	for _, since := range withheld[1] {
		if since >= j.Created/1e6 || j.Creator.ID != by.UserID {
			return fault.New(fault.Conflict,
				"The report may name people whose organization has not given its consent %s. Create a new one.",
				identity.PersonalData)
		}
	}
	if place.Scope != identity.MSPScope {
		return nil
	}
	left, err := s.tenants.LeftSince(ctx, place.MSPID)
	for _, since := range left {
		if since >= j.Created/1e6 {
			return fault.New(fault.Conflict, "An organization has left the MSP since this report. Create a new one.")
		}
	}
	return err
}

// writeReport performs the job of a report. It reads and writes page by page, so that a report may
// have any size.
func (s *Service) writeReport(ctx context.Context, j job.Job, _ job.Target) error {
	var request Export
	if err := json.Unmarshal(j.Payload, &request); err != nil {
		return fault.Wrap(err, fault.Invalid, "The job cannot be read.")
	}
	person, err := s.accounts.Person(ctx, j.Creator.ID)
	if err != nil {
		return err
	}
	by := person.ForJob(j.Creator)
	admission, err := s.lists.Admit(ctx, by, request.Scope, request.Wanted)
	if err != nil {
		return err
	}
	if j.Kind != innerExportKind {
		admission.Reader.Agent = false // a report requested by a customer has no internal fields
	}
	room := int64(maxExportBytes)
	if request.Scope.OrgID != "" {
		today, err := s.storage.RoomToday(ctx, request.Scope.OrgID)
		if err != nil {
			return err
		}
		room = min(room, today)
	}
	written, err := request.format().Put(ctx, s.files, exportKey(j.ID), room, func(write func([]string) error) error {
		return s.reportRows(ctx, by, write, request, admission)
	})
	if err != nil {
		return err
	}
	if request.Scope.OrgID == "" {
		return nil
	}
	return s.storage.Report(ctx, j.Creator, request.Scope.OrgID, j.ID, written.Size)
}

// reportColumns are the headings of a report.
func reportColumns() []string {
	return []string{
		"number", "subject", "type", "severity", "status", "component", "reason", "version", "environment",
		"custom_tag", "submitter", "submitter_email", "assignee", "organization", "opened", "updated", "solved",
		"closed", "archived",
	}
}

func (s *Service) reportRows(
	ctx context.Context, by identity.Principal, write func([]string) error, request Export, admission lists.Admission,
) error {
	if err := write(reportColumns()); err != nil {
		return err
	}
	names := map[string]string{}
	query := s.lists.SearchQuery(request.Wanted)
	query.Order, query.Descending, query.Limit, query.After = "", false, search.MostHits, ""
	for {
		page, err := s.index.Find(ctx, request.Scope.Space(), query)
		if err != nil {
			return err
		}
		lines := make([]support.Summary, len(page.Hits))
		for i, hit := range page.Hits {
			if err := json.Unmarshal(hit.Data, &lines[i]); err != nil {
				return err
			}
		}
		if lines, err = s.lists.Permitted(ctx, by, request.Scope, admission, lines); err != nil {
			return err
		}
		if err := s.nameOrgs(ctx, lines, names); err != nil {
			return err
		}
		for _, line := range lines {
			if err := write(row(line, names[line.OrgID])); err != nil {
				return err
			}
		}
		if query.After = page.Next; page.Next == "" {
			return nil
		}
	}
}

// maxNamedOrgs limits the organization names cached while a report is written.
const maxNamedOrgs = 10_000

func (s *Service) nameOrgs(ctx context.Context, lines []support.Summary, names map[string]string) error {
	var missing []string
	for _, line := range lines {
		if _, known := names[line.OrgID]; !known {
			missing = append(missing, line.OrgID)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	if len(names) > maxNamedOrgs {
		clear(names)
	}
	loaded, err := s.tenants.Names(ctx, nil, missing)
	for _, id := range missing {
		names[id] = loaded[id]
	}
	return err
}

func row(l support.Summary, org string) []string {
	assignee := ""
	if l.Assignee != nil {
		assignee = l.Assignee.Name
	}
	return []string{
		strconv.FormatInt(l.Number, 10), l.Subject, l.Type, strconv.Itoa(l.Severity), string(l.Status), l.Component,
		l.Reason, l.Version, l.Environment, l.CustomTag, l.Submitter.Name, l.Submitter.Email, assignee, org,
		moment(l.Created), moment(l.Updated), moment(l.Solved), moment(l.Closed), strconv.FormatBool(l.Archived),
	}
}

// moment formats a time for reports (RFC 3339); "" for none.
func moment(micros int64) string {
	if micros == 0 {
		return ""
	}
	return time.UnixMicro(micros).UTC().Format(time.RFC3339)
}
