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

// EndLabel returns the writes and messages that end the roles at a label that is being deleted; a fault of
// code Conflict if more than ten people have one. It reads the MSP's list of administrators. It checks no
// permission: it is for the deletion of the label.
func (a *Accounts) EndLabel(ctx context.Context, mspID, labelID string) ([]table.Write, []queue.Message, error) {
	query := table.WithPrefix(table.Core, "MSP#"+mspID, adminSort)
	var ids []string
	for {
		page, err := a.journal.Query(ctx, query)
		if err != nil {
			return nil, nil, err
		}
		entries, err := change.DecodePage[administrator](page)
		if err != nil {
			return nil, nil, err
		}
		for _, entry := range entries {
			if entry.LabelID == labelID {
				ids = append(ids, entry.UserID)
			}
		}
		if len(ids) > maxLabelRoles {
			return nil, nil, fault.New(fault.Conflict,
				"More than %d people have a role at the label. Take the roles from them first.", maxLabelRoles)
		}
		if query.After = page.Next; page.Next == "" {
			break
		}
	}
	var writes []table.Write
	var messages []queue.Message
	at := Privilege{Scope: LabelScope, MSPID: mspID, LabelID: labelID}
	for _, id := range ids {
		p, err := a.loadProfile(ctx, id)
		if err != nil {
			return nil, nil, err
		}
		dropped, err := replacePrivilege(&p, p.indexOf(at), nil)
		if err != nil {
			return nil, nil, err
		}
		if len(p.Privileges) == 0 {
			p.endCredentials()
		}
		p.Modified = a.journal.Now().Unix()
		write, err := storeProfile(p)
		if err != nil {
			return nil, nil, err
		}
		ended, err := accessEndedMessages(Place{Scope: MSPScope, MSPID: mspID}, id)
		if err != nil {
			return nil, nil, err
		}
		writes, messages = append(append(writes, dropped...), write), append(messages, ended...)
	}
	return writes, messages, nil
}
