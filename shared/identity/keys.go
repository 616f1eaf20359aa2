package identity

import "github.com/tenantry/tenantry/shared/store/table"

// The keys of people and what belongs to them, in the core table unless stated otherwise:
//
//	USER#<id>       PROFILE               the person, with the privileges
//	USER#<id>       SESSION#<id>          a session; expires
//	USER#<id>       TOKEN#<id>            an API token; may expire
//	USER#<id>       MARK#TOKEN#<id>       derived table: when the token was last used; earlier releases kept it in core
//	USER#<id>       MARK#SESSION#<id>     derived table: when the session was last used; expires
//	USER#<id>       MARK#PLACES           derived table: the places that the person opened last; expires
//	USER#<id>       RECOVERY#<id>         a password recovery; expires
//	EMAIL#<address> ACCOUNT               the person with the address
//	PLATFORM        SETUP                 the first start
//	PLATFORM        MARK#REBUILT          since when the derived table has its marks
//	PLATFORM        MARK#WHOLE            derived table: shows that it was not lost since
//	<place>         ADMIN#<user>          a person with a privilege at the place
//	MSP#<id>        ADMIN#<user>#<org>    a person with a privilege at one of the MSP's organizations, or
//	                                      with the ID of a label, at one of its labels
//	<place>         INVITE#<id>           a pending invitation; expires
//	ORG#<id>        CONSENTREQUEST#<kind>#<grantee>  the latest request for a consent
//	MSP#<id>        LIMITED#<org>         an organization that withholds a consent, or gives one with an end,
//	                                      or is leaving; see limitbin.go for those that are deleted
//	MSP#<id>        LEFT#<org>            an organization that left the MSP; expires
//
// A place is PLATFORM, MSP#<id> or ORG#<id>.
//
//	access pattern                  request                   items
//	authenticate (session, token)    1 BatchGet                3
//	log in                          2 Get, 1 Transact         1 + 1, 2
//	administrators of a place       1 Query, 1 BatchGet per 100 people
//	invitations of a place          1 Query
//	tokens of a person              3 Query, 1 Get            tokens, their marks
const (
	profileSort  = "PROFILE"
	sessionSort  = "SESSION#"
	tokenSort    = "TOKEN#"
	tokenMark    = "MARK#TOKEN#"
	sessionMark  = "MARK#SESSION#"
	recentMark   = "MARK#PLACES"
	recoverySort = "RECOVERY#"
	adminSort    = "ADMIN#"
	inviteSort   = "INVITE#"
)

// useKey is the key of a token's last use.
func useKey(userID, tokenID string) table.Key {
	key := userKey(userID, tokenMark+tokenID)
	key.Table = table.Derived
	return key
}

// sessionUseKey is the key of a session's last use.
func sessionUseKey(userID, sessionID string) table.Key {
	key := userKey(userID, sessionMark+sessionID)
	key.Table = table.Derived
	return key
}

// rebuiltKey is the key of the time since which the marks in the derived table are complete;
// wholeKey is the key of a mark in that table whose absence shows that the table was lost.
func rebuiltKey() table.Key { return table.Key{Partition: "PLATFORM", Sort: "MARK#REBUILT"} }

func wholeKey() table.Key {
	return table.Key{Table: table.Derived, Partition: "PLATFORM", Sort: "MARK#WHOLE"}
}

// emailPointer points from an address to the account.
type emailPointer struct {
	UserID string `json:"user_id"`
}

// administrator is a person's entry in the list of a place.
type administrator struct {
	UserID  string `json:"user_id"`
	OrgID   string `json:"org_id,omitempty"`
	LabelID string `json:"orggroup_id,omitempty"`
}

func userKey(userID, sort string) table.Key {
	return table.Key{Partition: "USER#" + userID, Sort: sort}
}

func profileKey(userID string) table.Key { return userKey(userID, profileSort) }

func emailKey(email string) table.Key {
	return table.Key{Partition: "EMAIL#" + email, Sort: "ACCOUNT"}
}

func setupKey() table.Key { return table.Key{Partition: "PLATFORM", Sort: "SETUP"} }

// Partition is the place's partition in the core table.
func (p Place) Partition() string {
	switch p.Scope {
	case MSPScope:
		return "MSP#" + p.MSPID
	case OrgScope:
		return "ORG#" + p.OrgID
	default:
		return "PLATFORM"
	}
}

// adminKeys returns the keys of a privilege's entries in the lists of administrators.
func adminKeys(userID string, privilege Privilege) []table.Key {
	switch privilege.Scope {
	case MSPScope:
		return []table.Key{{Partition: "MSP#" + privilege.MSPID, Sort: adminSort + userID}}
	case LabelScope:
		return []table.Key{{Partition: "MSP#" + privilege.MSPID, Sort: adminSort + userID + "#" + privilege.LabelID}}
	case OrgScope:
		keys := []table.Key{{Partition: "ORG#" + privilege.OrgID, Sort: adminSort + userID}}
		if privilege.MSPID != "" {
			keys = append(
				keys,
				table.Key{Partition: "MSP#" + privilege.MSPID, Sort: adminSort + userID + "#" + privilege.OrgID},
			)
		}
		return keys
	default:
		return []table.Key{{Partition: "PLATFORM", Sort: adminSort + userID}}
	}
}

func inviteKey(place Place, inviteID string) table.Key {
	return table.Key{Partition: place.Partition(), Sort: inviteSort + inviteID}
}
