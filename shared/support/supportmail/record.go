package supportmail

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/identity"
	"github.com/tenantry/tenantry/shared/job"
	"github.com/tenantry/tenantry/shared/store/table"
)

// The keys of support mails, in the core table:
//
//	ORG#<id>               SUPPORTMAIL#<serial>   what became of a mail, by recipient; as long as its job
//	MSP#<id> or PLATFORM   SUPPORTMAILS#<day>     how many recipients were written to on a day
//
//	access pattern                                request
//	send to an organization                       1 Query, 1 BatchGet for its people, 4 Gets, 1 transaction
//	write down what became of one recipient       1 Get, 1 transaction

const (
	recordSort = "SUPPORTMAIL#"
	daySort    = "SUPPORTMAILS#"
)

// State is what became of the mail to a recipient.
type State string

// The states.
const (
	Waiting State = ""
	Sent    State = "sent"
	Failed  State = "failed"
)

// Recipient is somebody who gets the mail.
type Recipient struct {
	// UserID is the person; "" for a contact address, which Name belongs to.
	UserID  string `json:"user_id,omitempty"`
	Address string `json:"address"`
	Name    string `json:"name,omitempty"`
	State   State  `json:"state,omitempty"`
	// Reason is why it failed.
	Reason string `json:"reason,omitempty"`
}

// Record is a support mail to one organization.
type Record struct {
	OrgID string `json:"org_id"`
	// Serial tells the mails to the organization apart, in addresses that have little room.
	Serial int64 `json:"serial"`
	// Scope and MSPID are the place of the job; JobID, Part and Index say which of its targets it is.
	Scope      identity.ScopeKind `json:"scope"`
	MSPID      string             `json:"msp_id,omitempty"`
	JobID      string             `json:"job_id"`
	Part       int                `json:"part"`
	Index      int                `json:"index"`
	Sender     string             `json:"sender"`
	Recipients []Recipient        `json:"recipients"`
	// Version grows with each change.
	Version int64 `json:"-"`
}

func recordKey(orgID string, serial int64) table.Key {
	return table.Key{Partition: "ORG#" + orgID, Sort: fmt.Sprintf("%s%010d", recordSort, serial)}
}

// place returns the place of the job.
func (r Record) place() identity.Place {
	return identity.Place{Scope: r.Scope, MSPID: r.MSPID}
}

func (r Record) target() job.Target { return job.Target{Name: r.OrgID, Part: r.Part, Index: r.Index} }

// firstSerial returns the serial that the mail of a job usually has.
func firstSerial(jobID string) int64 {
	sum := sha256.Sum256([]byte(jobID))
	return int64(binary.BigEndian.Uint32(sum[:]))
}

// maxProbes is how many serials are tried for a mail. Two mails to an organization hardly ever want the
// same one: there are 2³².
const maxProbes = 5

// find returns the record of a job's mail to an organization, or an empty one with the serial to use.
func (s *Service) find(ctx context.Context, orgID, jobID string) (Record, error) {
	for probe := range int64(maxProbes) {
		serial := (firstSerial(jobID) + probe) % (1 << 32)
		found, err := s.load(ctx, orgID, serial)
		switch {
		case fault.Is(err, fault.NotFound):
			return Record{OrgID: orgID, Serial: serial}, nil
		case err != nil:
			return Record{}, err
		case found.JobID == jobID:
			return found, nil
		}
	}
	return Record{}, fault.New(fault.Conflict, "There are too many mails to this organization. Try again in some days.")
}

// load reads a record; a fault of code NotFound if there is none.
func (s *Service) load(ctx context.Context, orgID string, serial int64) (Record, error) {
	var found Record
	version, err := s.journal.Get(ctx, recordKey(orgID, serial), &found)
	if errors.Is(err, table.ErrAbsent) {
		return Record{}, fault.Missing()
	}
	found.Version = version
	return found, err
}

// write returns the write of a record.
func (s *Service) write(r Record) (table.Write, error) {
	item, err := change.Encode(recordKey(r.OrgID, r.Serial), r)
	if err != nil {
		return table.Write{}, err
	}
	item.Expires = s.journal.Now().Add(job.Kept).Unix()
	if r.Version == 0 {
		return table.Create(item), nil
	}
	item.Version = r.Version
	return table.Update(item), nil
}

// counts returns how many recipients are in each state.
func (r Record) counts() map[State]int {
	counts := map[State]int{}
	for _, one := range r.Recipients {
		counts[one.State]++
	}
	return counts
}

// masked returns the address of a recipient, masked: whoever reads of it need not be somebody whom the
// organization lets see its people.
func (r Record) masked(recipient int) string {
	return identity.MaskEmail(r.Recipients[recipient].Address)
}

// summary says to how many the mail went, and whom it did not reach and why, with masked addresses.
func (r Record) summary() string {
	counts := r.counts()
	sentences := []string{fmt.Sprintf("Sent to %d of %d addresses.", counts[Sent], len(r.Recipients))}
	for i, one := range r.Recipients {
		if one.State == Failed {
			reason := strings.TrimRight(identity.MaskText(one.Reason), ".")
			sentences = append(sentences, fmt.Sprintf("%s: %s.", r.masked(i), reason))
		}
	}
	return strings.Join(sentences, " ")
}
