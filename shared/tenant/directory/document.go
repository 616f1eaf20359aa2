package directory

import (
	"encoding/json"
	"fmt"

	"github.com/tenantry/tenantry/shared/search"
	"github.com/tenantry/tenantry/shared/tenant"
)

// The fields that organizations are filtered by.
const (
	byLabel         = "label"
	byMSP           = "msp"
	byAccountNumber = "account_number"
)

// The orders of lists.
const (
	ByName     = "name"
	ByCreated  = "created_time"
	ByModified = "modified_time"
)

// Orders lists the orders of lists.
func Orders() []string { return []string{ByName, ByCreated, ByModified} }

// entry is what the index returns of an organization.
type entry struct {
	OrgID string `json:"id"`
	MSPID string `json:"msp_id,omitempty"`
	Name  string `json:"name"`
	// Version is that of the state that was indexed.
	Version int64 `json:"version"`
}

// state is an organization as it is stored at a time.
type state struct {
	tenant.Org
	accountNumber string
	// version grows with each change of the organization or its settings.
	version int64
}

// document returns the organization as stored in the index.
func (s state) document(number int64) (search.Document, error) {
	data, err := json.Marshal(entry{s.ID, s.MSPID, s.Name, s.version})
	terms := []search.Term{{Field: byMSP, Value: mspTerm(s.MSPID)}}
	for _, label := range s.Labels {
		terms = append(terms, search.Term{Field: byLabel, Value: label})
	}
	if s.accountNumber != "" {
		terms = append(terms, search.Term{Field: byAccountNumber, Value: search.Fold(s.accountNumber)})
	}
	return search.Document{
		Number: number, Version: s.version, Changed: s.Modified * 1e6, Terms: terms, Text: s.Name, Data: data,
		Orders: map[string]string{
			ByName: search.Fold(s.Name), ByCreated: seconds(s.Created), ByModified: seconds(s.Modified),
		},
	}, err
}

// mspTerm stands for the MSP of an organization; direct customers have none.
func mspTerm(mspID string) string {
	if mspID == "" {
		return "none"
	}
	return mspID
}

// seconds returns a time in a form that sorts like the times.
func seconds(at int64) string { return fmt.Sprintf("%012d", at) }

// inLists reports whether lists have the organization: not while it is in the bin.
func inLists(org tenant.Org) bool { return org.Deleted == nil }
