package support

import (
	"fmt"

	"github.com/tenantry/tenantry/shared/store/table"
	"github.com/tenantry/tenantry/shared/support/desk"
)

// The keys of cases, all in the core table:
//
//	ORG#<org>#CASE#<case>             CASE                  the case
//	                                  DESCRIPTION           its first text
//	                                  COMMENT#<id>          a comment; ids are in the order of time
//	                                  WHOLE#<comment>       all of a mail's text where the comment is a part
//	                                  FILE#<id>             an attachment
//	                                  HISTORY#<id>          which fields were changed, by whom
//	                                  MARK#THREAD#<user>    the mails exchanged with one person
//	                                  RATE#<user>           when one person's latest mails came; expires
//	                                  PICTURE#<hash>        a picture that stood in a mail's text, by its content
//	                                  REPORT#<hash>         a report about a mail of ours that was noted; expires
//	ORG#<org>#CASES#<list>            <updated>#<case>      a line of the organization's list
//	ORG#<org>#CASES#<list>#BY#<user>  <updated>#<case>      a line of one submitter's list
//	MSP#<msp>#CASES#<list>            <updated>#<case>      a line of the MSP's list; of the platform's for direct customers
//	USER#<user>#CASES#<list>          <updated>#<case>      a line of all that one person opened
//	NUMBER#<number>                   CASE                  which case has the number
//	PLATFORM                          COUNT#CASE            the last number given
//	ORG#<org>                         MAIL#<hash>           a mail that was taken in; expires
//	MESSAGE#<hash of a Message-ID>    MARK#CASE             the case of a mail that was sent or taken in; expires
//	MAILFROM#<address>                RATE                  when a sender's latest mails came; expires
//	PLATFORM#BLOCKED                  <address or domain>   a sender whose mails are kept out
//	MSP#<msp> or PLATFORM             DESK                  how the provider runs its desk
//	MSP#<msp> or PLATFORM             ANSWER#<id>           a prepared answer
//	MSP#<msp> or PLATFORM             POLICY#<version>      what the provider promised
//	PLATFORM#DUE                      <time>#<case>         a case that something is to be done with at a time
//	PLATFORM#QUARANTINE               <id>                  a mail that was not taken in
//
// <list> is OPEN, CLOSED, ARCHIVED or DELETED. What a case is found by changes with every change of
// the case, so its lines are written anew each time: lists are read far more often, and always
// consistent.
//
//	access pattern              requests (in sequence)            items
//	a page of a list            Get org + Query (1)               1 + page
//	a case with all of it       BatchGet + 3 Query at once (1)    3 + pages of 100
//	create a case               BatchGet, Count, Transact (3)     about 10
//	comment, change             BatchGet, Transact (2)            about 12
//	an answer by mail           BatchGet, Get, BatchGet, Transact (4)   about 28
const (
	OpenName   = "OPEN"
	ClosedName = "CLOSED"
	// ArchivedName and deletedList are those of what was put away, and of what can still be
	// restored.
	ArchivedName = "ARCHIVED"
	DeletedName  = "DELETED"

	CaseSort        = "CASE"
	DescriptionSort = "DESCRIPTION"
	CommentSort     = "COMMENT#"
	wholeSort       = "WHOLE#"
	FileSort        = "FILE#"
	HistorySort     = "HISTORY#"
	ThreadMark      = "MARK#THREAD#"
	MailSort        = "MAIL#"

	QuarantinePartition = "PLATFORM#QUARANTINE"
)

// CasePartition is the partition key of everything that belongs to a case.
func CasePartition(orgID, caseID string) string { return "ORG#" + orgID + "#CASE#" + caseID }

// CaseKey is the key of an item in the partition of a case.
func CaseKey(orgID, caseID, sort string) table.Key {
	return table.Key{Partition: CasePartition(orgID, caseID), Sort: sort}
}

// NumberKey is the key of the item that leads from a number to its case.
func NumberKey(number int64) table.Key {
	return table.Key{Partition: fmt.Sprintf("NUMBER#%d", number), Sort: CaseSort}
}

// CounterKey is the key of the counter of case numbers.
func CounterKey() table.Key { return table.Key{Partition: "PLATFORM", Sort: "COUNT#CASE"} }

// NumberEntry leads from a number to the case.
type NumberEntry struct {
	OrgID  string `json:"org_id"`
	CaseID string `json:"case_id"`
}

// ListName is the name, within partition keys, of the list that the case is in.
func (c Case) ListName() string {
	switch {
	case c.Deleted > 0:
		return DeletedName
	case c.Archived:
		return ArchivedName
	case c.Status.Done():
		return ClosedName
	}
	return OpenName
}

// OwnPartition is the partition key of the list of the cases that one person opened.
func OwnPartition(userID, list string) string { return "USER#" + userID + "#CASES#" + list }

// ListKeys are the keys of the lines that a case has in lists.
func (c Case) ListKeys() []table.Key {
	sort := fmt.Sprintf("%016d#%s", c.Updated, c.ID)
	list := "#CASES#" + c.ListName()
	return []table.Key{
		{Partition: "ORG#" + c.OrgID + list, Sort: sort},
		{Partition: "ORG#" + c.OrgID + list + "#BY#" + c.Submitter.ID, Sort: sort},
		{Partition: OwnPartition(c.Submitter.ID, c.ListName()), Sort: sort},
		{Partition: desk.Partition(c.MSPID) + list, Sort: sort},
	}
}
