package identity

import (
	"context"

	"github.com/tenantry/tenantry/shared/change"
	"github.com/tenantry/tenantry/shared/fault"
	"github.com/tenantry/tenantry/shared/store/queue"
	"github.com/tenantry/tenantry/shared/store/table"
)

// maxLabelRoles is the maximum number of people whose roles end with a label: each is two writes and a
// message of one transaction.
const maxLabelRoles = 10

// Ending is what ends the roles at a label.
type Ending struct {
	Writes   []table.Write
	Messages []queue.Message
	// Ended are the roles, for the audit log.
	Ended []EndedRole
}

// EndedRole is a role that a person loses with a label.
type EndedRole struct {
	UserID string `json:"user_id"`
	Role   Role   `json:"role"`
}

// EndLabel returns the writes and messages that end the roles at a label that is being deleted; a fault of
// code Conflict if more than ten people have one. It reads the MSP's list of administrators. It checks no
// permission: it is for the deletion of the label.
func (a *Accounts) EndLabel(ctx context.Context, mspID, labelID string) (Ending, error) {
	query := table.WithPrefix(table.Core, "MSP#"+mspID, adminSort)
	var ids []string
	for {
		page, err := a.journal.Query(ctx, query)
		if err != nil {
			return Ending{}, err
		}
		entries, err := change.DecodePage[administrator](page)
		if err != nil {
			return Ending{}, err
		}
		for _, entry := range entries {
			if entry.LabelID == labelID {
				ids = append(ids, entry.UserID)
			}
		}
		if len(ids) > maxLabelRoles {
			return Ending{}, fault.New(fault.Conflict,
				"More than %d people have a role at the label. Take the roles from them first.", maxLabelRoles)
		}
		if query.After = page.Next; page.Next == "" {
			break
		}
	}
	var ending Ending
	at := Privilege{Scope: LabelScope, MSPID: mspID, LabelID: labelID}
	for _, id := range ids {
		p, err := a.loadProfile(ctx, id)
		if err != nil {
			return Ending{}, err
		}
		had := p.indexOf(at)
		if had < 0 {
			ending.Writes = append(ending.Writes, dropEntries(id, at)...)
			continue // somebody took it in the meantime
		}
		ending.Ended = append(ending.Ended, EndedRole{UserID: id, Role: p.Privileges[had].Role})
		dropped, err := replacePrivilege(&p, had, nil)
		if err != nil {
			return Ending{}, err
		}
		if len(p.Privileges) == 0 {
			p.endCredentials()
		}
		p.Modified = a.journal.Now().Unix()
		write, err := storeProfile(p)
		if err != nil {
			return Ending{}, err
		}
		ended, err := accessEndedMessages(Place{Scope: MSPScope, MSPID: mspID}, id)
		if err != nil {
			return Ending{}, err
		}
		ending.Writes = append(append(ending.Writes, dropped...), write)
		ending.Messages = append(ending.Messages, ended...)
	}
	return ending, nil
}
