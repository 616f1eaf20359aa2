package change

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/tenantry/tenantry/shared/store/table"
)

// Entry is one entry of the audit log: who did what to what, when and from where, and the state
// before and after. It is stored in the transaction of the change.
type Entry struct {
	ID string `json:"id"`
	// Time is when it happened, in microseconds since 1970 (UTC).
	Time   int64  `json:"time"`
	Action string `json:"action"` // the endpoint or worker, as in "cases.create"
	// Message is a short sentence about what happened.
	Message string `json:"message"`
	Actor   Actor  `json:"actor"`
	OrgID   string `json:"org_id,omitempty"`
	MSPID   string `json:"msp_id,omitempty"`
	// Target is the object concerned, as in "case:0198…".
	Target string `json:"target,omitempty"`
	// Request is the id of the request that caused the change, directly or through messages; "" if none did.
	Request string `json:"request,omitempty"`
	Refused bool   `json:"refused,omitempty"`
	// Internal entries are hidden from customers.
	Internal bool            `json:"internal,omitempty"`
	Before   json.RawMessage `json:"before,omitempty"`
	After    json.RawMessage `json:"after,omitempty"`
}

// AuditPartition returns the partition of one log. Each entry is in the log of every scope that it
// concerns; a log is read newest first.
//
//	ORG#<id>            what concerns an organization
//	MSP#<id>            what concerns an MSP and its organizations
//	USER#<id>           what one person did, and what was done to the account
//	PLATFORM#<yyyy-mm>  what concerns the platform, by month
//
// What is in no log but a person's is also in that of the day, from which the archive takes it: it
// has files by tenant, and does not know all people.
//
//	PEOPLE#<yyyy-mm-dd>  what is in no log but a person's, by day
func AuditPartition(scope, id string) string { return scope + "#" + id }

// PlatformAudit returns the platform's log for the month of t.
func PlatformAudit(t time.Time) string {
	return AuditPartition("PLATFORM", t.UTC().Format("2006-01"))
}

// PeopleAudit returns the log for the day of t of what is in no log but a person's.
func PeopleAudit(t time.Time) string {
	return AuditPartition("PEOPLE", t.UTC().Format(time.DateOnly))
}

// EntryLife is how long an entry can be read: 60 days, and the rest of the day in which they end. The
// archive has it for longer.
const EntryLife = 61 * 24 * time.Hour

// AuditSort orders a log by time; entries of the same microsecond by ID.
func AuditSort(micros int64, id string) string { return fmt.Sprintf("%016d#%s", micros, id) }

// entryWrites returns the writes that add the entry to the log of every scope it concerns.
func entryWrites(entry Entry, record Record) ([]table.Write, error) {
	data, err := marshal(entry)
	if err != nil {
		return nil, fmt.Errorf("audit entry %s: %w", entry.Action, err)
	}
	partitions := logsOf(entry, record)
	writes := make([]table.Write, 0, len(partitions))
	for _, partition := range partitions {
		key := table.Key{Table: table.Audit, Partition: partition, Sort: AuditSort(entry.Time, entry.ID)}
		expires := time.UnixMicro(entry.Time).Add(EntryLife).Unix()
		writes = append(writes, table.Create(table.Item{Key: key, Data: data, Expires: expires}))
	}
	return writes, nil
}

// logsOf lists the logs of an entry without duplicates.
func logsOf(entry Entry, record Record) []string {
	var partitions []string
	add := func(scope string, ids ...string) {
		for _, id := range ids {
			if partition := AuditPartition(scope, id); id != "" && !slices.Contains(partitions, partition) {
				partitions = append(partitions, partition)
			}
		}
	}
	add("ORG", record.OrgID)
	add("ORG", record.AlsoOrgs...)
	add("MSP", record.MSPID)
	add("MSP", record.AlsoMSPs...)
	ofTenants := len(partitions)
	add("USER", record.UserLog)
	at := time.UnixMicro(entry.Time)
	switch {
	case record.PlatformLog || len(partitions) == 0:
		partitions = append(partitions, PlatformAudit(at))
	case ofTenants == 0:
		partitions = append(partitions, PeopleAudit(at))
	}
	return partitions
}
