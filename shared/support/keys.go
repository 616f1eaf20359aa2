package support

import (
	"fmt"

	"github.com/tenantry/tenantry/shared/store/table"
)

// The keys of cases, all in the core table:
//
//	ORG#<org>#CASE#<case>             CASE                  the case
//	                                  DESCRIPTION           its first text
//	                                  COMMENT#<id>          a comment; ids are in the order of time
//	                                  WHOLE#<comment>       the full text of a mail whose comment is a part of it
//	                                  FILE#<id>             an attachment
//	                                  HISTORY#<id>          which fields were changed, by whom
//	                                  MARK#THREAD#<user>    the mails exchanged with one person
//	                                  MARK#NOTICES#<rev>    whom to notify of the change that led to a revision; expires
//	                                  RATE#<user>           when one person's latest mails arrived; expires
//	                                  MARK#MESSAGE#<hash>   the record of a mail about the case; expires
//	                                  PICTURE#<hash>        an inline picture of a mail, by its content
//	                                  REPORT#<hash>         a recorded delivery report; expires
//	ORG#<org>#CASES#<list>            <updated>#<case>      an entry of the organization's list
//	ORG#<org>#CASES#<list>#BY#<user>  <updated>#<case>      an entry of one submitter's list
//	MSP#<msp>#CASES#<list>            <updated>#<case>      an entry of the MSP's list; direct customers: the platform's
//	USER#<user>#CASES#<list>          <updated>#<case>      an entry of all cases that one person opened
//	NUMBER#<number>                   CASE                  the case with the number
//	PLATFORM                          COUNT#CASE            the last number assigned
//	ORG#<org>                         MAIL#<hash>           a mail that was accepted; expires
//	MESSAGE#<hash of a Message-ID>    MARK#CASE             the case of a mail sent or accepted; expires
//	MAILALIAS#<address>               ALIASES               whose further address it is, in which organizations
//	ORG#<org>                         MAILALIAS#<address>   the same, for the organization's list
//	MAILFROM#<address>                RATE                  when a sender's latest mails arrived; expires
//	PLATFORM#BLOCKED                  <address or domain>   a blocked sender
//	MSP#<msp> or PLATFORM             DESK                  how the provider runs its desk
//	MSP#<msp> or PLATFORM             ANSWER#<id>           a prepared answer
//	MSP#<msp> or PLATFORM             POLICY#<version>      a version of the service level policy
//	PLATFORM#DUE                      <time>#<case>         a case with work scheduled at a time
//	PLATFORM#QUARANTINE               <id>                  a quarantined mail
//	PLATFORM#QUARANTINED              BYTES                 how much the quarantine holds
//	PLATFORM#QUARANTINED#<source>     <day>#BYTES, HEADERS  how much of one source was quarantined in a day; expires
//
// <list> is OPEN, CLOSED, ARCHIVED or DELETED. Every change of a case changes its sort keys, so its
// list entries are written again each time: lists are read far more often, and are always
// consistent.
//
//	access pattern              requests (in sequence)            items
//	a page of a list            Get org + Query (1)               1 + page
//	a case with everything      BatchGet + 3 parallel Query (1)    3 + pages of 100
//	create a case               BatchGet, Count, Transact (3)     about 10
//	comment, change             BatchGet, Transact (2)            about 12
//	an answer by mail           BatchGet, Get, BatchGet, Transact (4)   about 28
const (
	OpenName   = "OPEN"
	ClosedName = "CLOSED"
	// ArchivedName and DeletedName are the names of the lists of archived cases and of deleted
	// cases that can still be restored.
	ArchivedName = "ARCHIVED"
	DeletedName  = "DELETED"

	CaseSort        = "CASE"
	DescriptionSort = "DESCRIPTION"
	CommentSort     = "COMMENT#"
	wholeSort       = "WHOLE#"
	FileSort        = "FILE#"
	HistorySort     = "HISTORY#"
	ThreadMark      = "MARK#THREAD#"
	// AnnouncementMark is the prefix of the sort keys of announcements.
	AnnouncementMark = "MARK#NOTICES#"
	MailSort         = "MAIL#"

	QuarantinePartition       = "PLATFORM#QUARANTINE"
	QuarantineBudgetPartition = "PLATFORM#QUARANTINED"
)

// ListNames returns the names of all lists of cases.
func ListNames() []string { return []string{OpenName, ClosedName, ArchivedName, DeletedName} }

// CasePartition is the partition key of everything that belongs to a case.
func CasePartition(orgID, caseID string) string { return "ORG#" + orgID + "#CASE#" + caseID }

// CaseKey is the key of an item in the partition of a case.
func CaseKey(orgID, caseID, sort string) table.Key {
	return table.Key{Partition: CasePartition(orgID, caseID), Sort: sort}
}

// NumberKey is the key of the item that points from a number to its case.
func NumberKey(number int64) table.Key {
	return table.Key{Partition: fmt.Sprintf("NUMBER#%d", number), Sort: CaseSort}
}

// CounterKey is the key of the counter of case numbers.
func CounterKey() table.Key { return table.Key{Partition: "PLATFORM", Sort: "COUNT#CASE"} }

// NumberEntry points from a number to the case.
type NumberEntry struct {
	OrgID  string `json:"org_id"`
	CaseID string `json:"case_id"`
}

// ListName returns the name of the list that the case is in, as in partition keys.
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

// ListKeys returns the keys of the case's entries in lists.
func (c Case) ListKeys() []table.Key {
	sort, list := c.listSort(), "#CASES#"+c.ListName()
	keys := []table.Key{
		{Partition: "ORG#" + c.OrgID + list, Sort: sort},
		{Partition: "ORG#" + c.OrgID + list + "#BY#" + c.Submitter.ID, Sort: sort},
	}
	if c.Binned > 0 {
		return keys
	}
	return append(keys, c.widerKeys()...)
}

// widerKeys returns the keys of the case's entries in lists of more than its organization.
func (c Case) widerKeys() []table.Key {
	return []table.Key{
		{Partition: OwnPartition(c.Submitter.ID, c.ListName()), Sort: c.listSort()},
		c.providerKey(),
	}
}

// listSort is the sort key of the case's entries in lists.
func (c Case) listSort() string { return fmt.Sprintf("%016d#%s", c.Updated, c.ID) }
